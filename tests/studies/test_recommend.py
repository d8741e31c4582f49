"""Recipes whose needs are met, best first; lab and paper told apart; costs worked by hand."""

import ast
import inspect
from dataclasses import dataclass
from typing import Any

import pytest

from interlingua.core.errors import BadInput, UnknownName
from interlingua.recipes.recipe import RECIPES, Claim, Outcome, Recipe
from interlingua.studies.recommend import (
    ROW_TOKENS,
    recommend,
    seconds_of,
    tokens_of,
    trainings_of,
)

BILLION = 1_000_000_000


@dataclass(frozen=True)
class Knobs:
    """Knobs that tell how long it trains."""

    steps: int | None = None
    epochs: float = 2.0
    limit: int = 1000
    batch_size: int = 10
    own_steps: int | None = 100


@dataclass(frozen=True)
class Rows:
    """Knobs with a length of rows."""

    steps: int = 50
    batch_size: int = 4
    length: int = 512


@dataclass(frozen=True)
class Filled:
    """Texts that fill rows of a length, read in epochs."""

    steps: int | None = None
    epochs: float = 2.0
    limit: int = 8000
    batch_size: int = 10
    length: int = 512


@dataclass(frozen=True)
class NoSteps:
    """Knobs of a recipe that trains nothing."""

    sentences: int = 100


def made(knobs: type, *needs: str, **more: Any) -> Recipe:
    """A recipe that needs these."""
    claim = Claim("direct", on="unseen", versus="base", paper="+5 (table 2)")
    said: dict[str, Any] = {"family": "question alignment", "expects": (claim,), **more}
    return Recipe(
        lambda ctx, knobs: Outcome(), knobs, paper="ours", needs=set(needs), changes={"attention"},
        standing="lab-only", **said,
    )  # fmt: skip


SHELF = {
    "proved": made(Knobs, "questions"),
    "likely": made(Knobs, "questions"),
    "paper_only": made(Knobs, "text"),
    "harmful": made(Knobs, "questions"),
    "long_rows": made(Rows, "text"),
    "looking": made(NoSteps, "pairs", family="measurement"),
}


@pytest.fixture(autouse=True)
def shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The made recipes instead of the published ones."""
    monkeypatch.setattr(RECIPES, "get", SHELF.__getitem__)
    monkeypatch.setattr(RECIPES, "names", lambda: list(SHELF))
    monkeypatch.setattr(RECIPES, "declared", lambda name: {"needs": SHELF[name].needs})
    monkeypatch.setattr(RECIPES, "blurb", lambda name: f"What {name} does.")


def lab(verdict: str, low: float, high: float) -> dict[str, Any]:
    """A kept result."""
    gain = {
        "quantity": "direct", "on": "unseen", "versus": "base", "accuracy": True, "judged": True,
        "direction": "rises", "clear": low > 0,
        "mean": (low + high) / 2, "low": low, "high": high, "verdict": verdict,
    }  # fmt: skip
    return {"file": "f.json", "worlds": ["a"] * 5, "gains": [gain], "pivot_change": None, "facts": {}}


KNOWN = {
    "proved": lab("works", 0.1, 0.2),
    "likely": lab("undecided", 0.05, 0.5),
    "harmful": lab("hurts", -0.2, -0.1),
    "long_rows": lab("works", 0.2, 0.3),
}


def asked(*have: str, **more: Any) -> dict[str, Any]:
    """What is recommended for Swahili with a model of a billion parameters."""
    settings: dict[str, Any] = {"parameters": BILLION, "operations": 1e12, "known": KNOWN, **more}
    return recommend("sw", have, **settings)


def test_proved_then_likely_then_papers_then_what_hurts() -> None:
    told = asked("questions", "text")
    assert told["language"] == {"code": "swh_Latn", "name": "Swahili"}
    ranked = [(entry["recipe"], entry["evidence"]) for entry in told["ranked"]]
    assert ranked == [
        ("long_rows", "works"), ("proved", "works"), ("likely", "likely"), ("paper_only", "paper"),
        ("harmful", "hurts"),
    ]  # fmt: skip
    [lacking] = told["lacking"]
    assert (lacking["recipe"], lacking["lacking"]) == ("looking", ["pairs"])


def test_lab_and_paper_are_kept_apart() -> None:
    found = {entry["recipe"]: entry for entry in asked("questions", "text")["ranked"]}
    assert found["paper_only"]["lab"] is None
    assert found["paper_only"]["claims"][0]["paper"] == "+5 (table 2)"
    assert found["proved"]["lab"]["file"] == "f.json"


def test_only_what_the_paper_says_of_its_method_is_its_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = (
        Claim("direct", on="unseen", versus="base"),  # ours
        Claim("direct", on="seen", versus="base", paper="built so", check=True),
        Claim("direct", on="seen", versus="base", paper="the other is worse", arm="other"),
        Claim("restate", on="unseen", versus="base", paper="+5 (table 2)"),
    )
    monkeypatch.setitem(SHELF, "made", made(Knobs, "text", expects=claims))
    found = {entry["recipe"]: entry for entry in asked("text")["ranked"]}
    assert found["made"]["claims"] == [
        {"claim": "restated answers, never tuned on: higher than the base", "paper": "+5 (table 2)"}
    ]


def test_of_recipes_never_run_those_with_a_claim_of_the_paper_stand_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = (Claim("direct", on="unseen", versus="base"),)
    monkeypatch.setitem(SHELF, "unclaimed", made(Rows, "text", expects=ours))  # and much cheaper
    unrun = [
        (entry["recipe"], entry["evidence"])
        for entry in asked("text", "questions")["ranked"]
        if entry["lab"] is None
    ]
    assert unrun == [("paper_only", "paper"), ("unclaimed", "none")]
    assert asked("text", "questions")["ranked"][-1]["recipe"] == "harmful"


@pytest.mark.parametrize(
    ("change", "loses"),
    [
        (None, False),
        ({"mean": -0.2}, False),  # one world, no interval
        ({"mean": -0.01, "low": -0.015, "high": -0.005}, True),  # the whole interval is below
        ({"mean": -0.06, "low": -0.14, "high": 0.02}, True),  # more than three points
        ({"mean": -0.02, "low": -0.06, "high": 0.02}, False),
        ({"mean": 0.1, "low": 0.05, "high": 0.15}, False),
    ],
)
def test_what_the_pivot_lost_is_known(change: dict[str, float] | None, loses: bool) -> None:
    found = {**lab("works", 0.1, 0.2), "pivot_change": change}
    [entry] = [e for e in asked("questions", known={"proved": found})["ranked"] if e["recipe"] == "proved"]
    assert entry["lab"]["pivot_change"] == change
    assert entry["lab"]["pivot_loses"] is loses


def test_what_falls_short_in_the_lab_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SHELF, "short", made(Knobs, "questions", shortfall="Too small a world."))

    def mark(low: float) -> str:
        known = {name: lab("undecided", low, 0.5) for name in ("short", "proved")}
        found = {entry["recipe"]: entry["lab"] for entry in asked("questions", known=known)["ranked"]}
        assert found["proved"]["falls_short"] == ""
        return str(found["short"]["falls_short"])

    assert (mark(-0.1), mark(0.1)) == ("not reproduced at lab scale", "reproduced in part")


def test_what_changes_no_model_is_not_ranked() -> None:
    told = asked("pairs")
    assert told["ranked"] == []
    assert [entry["recipe"] for entry in told["to_look_with"]] == ["looking"]
    assert told["to_look_with"][0]["seconds"] is None


def test_costs() -> None:
    assert tokens_of(SHELF["proved"], None) == (200 + 100) * 10 * ROW_TOKENS  # 2 epochs of 1000 rows by 10
    assert tokens_of(SHELF["long_rows"], None) == 50 * 4 * 512
    assert tokens_of(made(Filled, "text"), None) == 2 * 8000 * ROW_TOKENS  # eight texts in a row of 512
    assert tokens_of(SHELF["looking"], None) is None
    assert tokens_of(SHELF["long_rows"], None, 3.0) == 3 * 50 * 4 * 512
    entry = next(e for e in asked("text")["ranked"] if e["recipe"] == "long_rows")
    assert entry["seconds"] == pytest.approx(6 * 1e9 * 102_400 / 1e12)


NEW = {"worlds": ["lab:new-1", "lab:new-2"]}
"""Worlds that are tuned on two languages each."""


@pytest.mark.parametrize(
    ("anew", "steps", "times"),
    [
        (None, 30.0, 3.0),  # all languages in one: three stages are three stages
        (0, 20.0, 1.0),  # once for each of two languages
        (0, 60.0, 3.0),  # three models for each of two languages
        (1, 30.0, 2.0),  # once in the target, and once for each of two languages
        (0, 10.0, 1.0),  # fewer than once is once
    ],
)
def test_what_trains_anew_for_each_language_costs_one_language(
    monkeypatch: pytest.MonkeyPatch, anew: int | None, steps: float, times: float
) -> None:
    name = "made"
    monkeypatch.setitem(SHELF, name, made(Rows, "text", presets={"small": Rows(steps=10)}, anew=anew))
    found = {**lab("works", 0.1, 0.2), **NEW, "facts": {"steps": steps}}
    assert trainings_of(name, found) == times
    assert trainings_of(name, None) == 1
    entry = next(e for e in asked("text", known={name: found})["ranked"] if e["recipe"] == name)
    assert entry["tokens"] == times * 50 * 4 * 512


def test_every_recipe_that_trains_anew_for_each_language_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    def anew(name: str) -> bool:
        tree = ast.parse(inspect.getsource(inspect.getmodule(RECIPES.get(name).run)))
        loops = [node for node in ast.walk(tree) if isinstance(node, ast.For)]
        return any(ast.unparse(loop.iter) == "ctx.languages" for loop in loops)

    assert {name for name in RECIPES.names() if anew(name)} == {
        name for name in RECIPES.names() if RECIPES.get(name).anew is not None
    }


def test_what_fits_the_budget_stands_first() -> None:
    told = asked("questions", "text", budget=900.0)
    fits = {entry["recipe"]: entry["fits"] for entry in told["ranked"]}
    assert fits == {
        "long_rows": True,
        "proved": False,
        "likely": False,
        "paper_only": False,
        "harmful": False,
    }
    assert asked("questions", budget=1e9)["ranked"][0]["recipe"] == "proved"


def test_a_budget_is_a_number_and_a_unit() -> None:
    assert [seconds_of(text) for text in ("90m", "1h", "2 d", "1.5H", "30s")] == [
        5400, 3600, 172_800, 5400, 30,
    ]  # fmt: skip
    for text in ("1", "h", "0h", "-1h", "1 fortnight", ""):
        with pytest.raises(BadInput, match="such as 90m, 1h or 2d"):
            seconds_of(text)


def test_what_cannot_be_answered_is_refused() -> None:
    with pytest.raises(UnknownName, match=r"No resource called 'txt'\. Did you mean text"):
        asked("txt")
    with pytest.raises(UnknownName, match="language"):
        recommend("xxyyzz", ["text"], parameters=1, operations=1.0)
    with pytest.raises(BadInput, match="What data is there in sw"):
        asked()
    with pytest.raises(BadInput, match="above 0"):
        asked("text", parameters=0)
