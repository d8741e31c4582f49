"""The page holds every claim of every recipe, run or not, and no claim that a recipe no longer makes."""

from typing import Any

from interlingua.recipes.recipe import RECIPES
from interlingua.studies.fidelity import NOT_RUN, fidelity, fidelity_page
from interlingua.studies.tunnel_kept import claim_key

NAME = "question_translation"


def known(same: str = "yes", **changed: Any) -> dict[str, Any]:
    """A kept result for the first claim of a recipe."""
    claim = RECIPES.get(NAME).expects[0]
    key = dict(zip(("quantity", "on", "versus", "direction", "bound", "arm"), claim_key(claim), strict=True))
    found = {"mean": 0.1, "low": 0.05, "high": 0.15, "n": 5}
    claims = [{**key, "found": found, "same": same, **changed}]
    return {NAME: {"file": "docs/results/tunnel.json", "worlds": ["a", "b"], "claims": claims, "gains": []}}


def test_every_claim_has_a_line() -> None:
    lines = fidelity({})
    assert len(lines) == sum(len(RECIPES.get(name).expects) for name in RECIPES.names())
    assert {line["same"] for line in lines} == {NOT_RUN}
    assert {line["recipe"] for line in lines} == set(RECIPES.names())


def test_a_judged_claim_has_its_interval_and_file() -> None:
    first, *rest = [line for line in fidelity(known("no")) if line["recipe"] == NAME]
    assert (first["same"], first["found"]["low"], first["worlds"]) == ("no", 0.05, 2)
    assert first["file"] == "docs/results/tunnel.json"
    assert {line["same"] for line in rest} == {NOT_RUN}


def test_a_claim_changed_since_counts_as_not_run() -> None:
    assert {line["same"] for line in fidelity(known(bound=0.5))} == {NOT_RUN}


def test_the_page_keeps_misses_and_says_what_was_not_run() -> None:
    page = fidelity_page("note", known("no"))
    assert "| +10.0 points (95% +5.0 to +15.0) | opposite |" in page
    assert "1 opposite, " in page
    assert "[docs/results/tunnel.json](results/tunnel.json)" in page
    assert page.count("Not run through the tunnel yet.") == len(RECIPES.names()) - 1
    assert all(f"\n## {name}\n" in page for name in RECIPES.names())
