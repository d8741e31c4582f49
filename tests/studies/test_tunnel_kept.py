"""What is kept of whole records: the fullest one of a recipe, in few words, and what speaks for it."""

import json
from pathlib import Path
from typing import Any

from interlingua.recipes.recipe import RECIPES, Claim
from interlingua.studies.tunnel_kept import FILE, claim_key, condensed, kept, lead, shows

SIZE = {"mean": 0.2, "low": 0.1, "high": 0.3, "n": 3, "level": 0.95, "p": 0.01, "worlds": [0.1, 0.2, 0.3]}


def record(worlds: int, verdict: str = "works") -> dict[str, Any]:
    """A record of one recipe, with an accuracy that is judged and a number without a base."""
    claims = [
        {"quantity": "direct", "on": "unseen", "versus": "base", "direction": "rises", "bound": 0.0,
         "paper": "x", "found": SIZE, "same": "yes"},
        {"quantity": "rho", "on": "all", "versus": "", "direction": "rises", "bound": 0.5, "paper": "",
         "found": SIZE, "same": "open"},
    ]  # fmt: skip
    told = ("quantity", "on", "versus", "direction", "bound")
    beside = {"rivals": [], "untouched": [], "compared": 1, "clear": False}
    judged = [{**{key: claim[key] for key in told}, **beside} for claim in claims]
    method = {"role": "method", "facts": {"steps": 6.0}, "seconds": 7.0, "seconds_asking": 3.0}
    told = {
        "kind": "judge", "worlds": [f"lab:judge-{n}" for n in range(1, worlds + 1)], "claims": claims,
        "judged": judged, "accuracies": ["direct"], "pivot_change": SIZE, "verdicts": {"direct": verdict},
        "gains": {"direct": {"unseen": {"base": SIZE}, "seen": {"base": SIZE}}, "rho": {"all": {}}},
        "arms": {"method": method, "shuffled": method, "gold": {**method, "role": "oracle"}},
    }  # fmt: skip
    return {"commit": "abc", "recipes": {"made": told}}


def write(folder: Path, **records: Any) -> list[Path]:
    """Records as files of these names."""
    for name, content in records.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return list(folder.glob("*.json"))


def test_the_record_with_most_worlds_is_kept_and_the_later_of_equals(tmp_path: Path) -> None:
    files = write(tmp_path, tunnel=record(5), tunnel_b=record(3), tunnel_a=record(5, "undecided"))
    found = condensed(files, tmp_path)["made"]
    assert (found["file"], len(found["worlds"])) == ("tunnel_a.json", 5)
    assert condensed([], tmp_path) == {}


def test_what_is_kept(tmp_path: Path) -> None:
    found = condensed(write(tmp_path, tunnel=record(3)), tmp_path)["made"]
    gains = {(gain["quantity"], gain["on"]): gain for gain in found["gains"]}
    assert gains.keys() == {("direct", "unseen"), ("direct", "seen"), ("rho", "all")}
    assert (gains["direct", "unseen"]["verdict"], gains["direct", "seen"]["verdict"]) == ("works", "")
    assert gains["rho", "all"]["mean"] == 0.2  # beyond the bound, where there is no base
    assert (gains["rho", "all"]["versus"], gains["direct", "seen"]["versus"]) == ("", "base")
    assert "worlds" not in gains["direct", "unseen"]
    assert found["seconds_all"] == 20.0
    assert found["claims"][0]["found"] == {key: SIZE[key] for key in SIZE if key != "worlds"}
    best = lead(found)
    assert best is not None
    assert (best["quantity"], best["on"]) == ("direct", "unseen")


def test_what_is_judged_against_another_arm_stands_over_that_arm(tmp_path: Path) -> None:
    told = record(3)["recipes"]["made"]
    for claim in (told["claims"][1], told["judged"][1]):
        claim["versus"] = "random"
    found = condensed(write(tmp_path, tunnel={"recipes": {"made": told}}), tmp_path)["made"]
    gain = next(gain for gain in found["gains"] if gain["quantity"] == "rho")
    assert (gain["versus"], gain["mean"]) == ("random", 0.2)


def test_an_effect_shows_where_a_judged_claim_is_clear_of_all_it_has_to_beat(tmp_path: Path) -> None:
    told = record(3)
    assert not shows(condensed(write(tmp_path, tunnel=told), tmp_path)["made"])
    told["recipes"]["made"]["judged"][1]["clear"] = True
    assert shows(condensed(write(tmp_path, tunnel=told), tmp_path)["made"])


def test_what_judges_nothing_is_not_kept(tmp_path: Path) -> None:
    tuning, changed, few = record(3), record(3), record(3)
    tuning["recipes"]["made"]["worlds"] = ["lab:standard"]
    changed["changes"] = {"steps": "3"}
    few["items_per_task"] = 4
    assert condensed(write(tmp_path, tunnel=tuning, tunnel_b=changed, tunnel_c=few), tmp_path) == {}


def test_recipes_that_miss_what_they_claim_say_why() -> None:
    for name, found in kept().items():
        recipe, same = RECIPES.get(name), {claim_key(claim): claim["same"] for claim in found["claims"]}
        quoted = [same.get(claim_key(claim)) for claim in recipe.expects if claim.paper]
        missed = not shows(found) or "no" in same.values() or any(each != "yes" for each in quoted)
        assert bool(recipe.shortfall) == missed, name


def test_a_claim_is_known_again() -> None:
    claim = Claim("direct", on="unseen", versus="base", paper="said otherwise since")
    assert claim_key(claim) == claim_key(record(3)["recipes"]["made"]["claims"][0])
    assert claim_key(Claim("direct", on="seen", versus="base")) != claim_key(claim)


def test_the_shipped_file_is_about_recipes_there_are() -> None:
    assert FILE.is_file()
    assert kept().keys() <= set(RECIPES.names())
    assert kept(Path("nowhere.json")) == {}
