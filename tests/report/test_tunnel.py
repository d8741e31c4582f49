"""The tunnel's page, tables and figures tell the record's numbers, and name what is missing."""

import copy
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from interlingua.core.errors import BadInput
from interlingua.report import tunnel_figures as figures
from interlingua.report.reading import Gain
from interlingua.report.tunnel import tunnel_page, write_tunnel_page
from interlingua.report.tunnel_markdown import markdown
from interlingua.report.tunnel_reading import (
    absent,
    best,
    board,
    claimed,
    correction,
    headline,
    in_order,
    judged,
    lead,
    measured,
    oracle,
)
from interlingua.report.tunnel_tables import (
    arm_levels,
    arms,
    by_world,
    claims,
    judged_claims,
    leaderboard,
    over_arms,
    own_numbers,
    reported,
    tally,
)
from interlingua.report.tunnel_text import text
from interlingua.report.tunnel_words import change_words, claim_words, figure, gain_line, short


def size(mean: float, half: float = 0.05) -> dict[str, Any]:
    """A mean over three worlds with its interval."""
    return {
        "mean": mean, "low": mean - half, "high": mean + half, "n": 3, "level": 0.95, "p": 0.01,
        "worlds": [mean - 0.01, mean, mean + 0.01],
    }  # fmt: skip


def arm(role: str, seconds: float) -> dict[str, Any]:
    """An arm's cost."""
    return {
        "role": role, "changes": {} if role == "method" else {"signal": "x|y"}, "seconds": seconds,
        "seconds_asking": 1.0, "facts": {"steps": 600.0, "tokens": 1234.0}, "pivot_change": size(-0.01),
    }  # fmt: skip


def claim(quantity: str, versus: str, found: Any, same: str, **more: Any) -> dict[str, Any]:
    """A claim with what was found of it."""
    said = {
        "on": "unseen", "direction": "rises", "bound": 0.0, "paper": "<b>+5</b>", "arm": "", "check": False,
        **more,
    }  # fmt: skip
    return {"quantity": quantity, "versus": versus, "found": found, "same": same, **said}


def verdict_on(quantity: str, versus: str = "base", *rivals: str, **more: Any) -> dict[str, Any]:
    """A claim that gets a verdict, and what it has to beat."""
    return {
        "quantity": quantity, "on": "unseen", "versus": versus, "direction": "rises", "bound": 0.0,
        "rivals": list(rivals), "untouched": [], "compared": 1 + len(rivals), "clear": False, **more,
    }  # fmt: skip


def recipe(name: str, gain: float, verdict: str, seconds: float) -> dict[str, Any]:
    """A recipe with direct answers and a control."""
    over = {"base": size(gain), "shuffled": size(gain - 0.02)}
    return {
        "name": name, "blurb": f"What {name} does.", "paper": "arXiv:1", "standing": "faithful",
        "family": "question alignment", "kind": "judge", "needs": ["questions", "tasks"],
        "changes": ["attention"], "failed_on": [], "worlds": ["lab:judge-1", "lab:judge-2", "lab:judge-3"],
        "accuracies": ["direct"],
        "judged": [verdict_on("direct", "base", "shuffled")],
        "claims": [claim("direct", "base", size(gain), "yes")],
        "gains": {"direct": {"unseen": over, "seen": {"base": size(gain + 0.2)}}},
        "levels": {"direct": {"unseen": {a: size(0.4) for a in ("base", "method", "shuffled")}}},
        "pivot_change": size(-0.01), "verdicts": {"direct": verdict} if verdict else {},
        "arms": {"method": arm("method", seconds), "shuffled": arm("control", seconds)},
    }  # fmt: skip


@pytest.fixture
def record() -> dict[str, Any]:
    """Two recipes on judging worlds, and one on newcomers that measures bits itself."""
    words = recipe("new_words", 0.0, "", 50.0)
    fell = {"base": size(-0.5), "random": size(-0.25)}
    words |= {
        "kind": "newcomer", "worlds": ["lab:new-1", "lab:new-2", "lab:new-3"],
        "judged": [verdict_on("bits_per_byte", on="seen", direction="falls")],
        "claims": [
            claim("bits_per_byte", "base", size(-0.5), "yes", on="seen", direction="falls"),
            claim("precision", "", size(0.03), "yes", on="seen", bound=0.9),
            claim("recall", "base", None, "not measured", on="seen"),
        ],
        "gains": {"direct": words["gains"]["direct"], "bits_per_byte": {"seen": fell}},
        "levels": {"bits_per_byte": {"seen": {"base": size(2.0), "method": size(1.5), "random": size(1.75)}}},
        "verdicts": {"bits_per_byte": "works"},
        "arms": {"method": arm("method", 50.0), "random": arm("baseline", 50.0)},
    }  # fmt: skip
    langs = {code: {"bilingual_share": share} for code, share in {"a": None, "b": 0.1, "c": 0.0}.items()}
    world = {
        "world": "lab:judge-1", "kind": "judge", "pivot": "a", "tuned_languages": ["b"], "languages": langs,
        "asked": ["topic"], "items": 300, "pivot_accuracy": {"topic": 0.98}, "base": "f00d",
    }  # fmt: skip
    kinds = {
        "judge": {"title": "Languages that were read", "why": "Why <judge>."},
        "newcomer": {"title": "Languages never seen", "why": "Why newcomer."},
    }
    return {
        "study": "tunnel", "kinds": kinds, "worlds": [world], "failed": [], "left_out": {}, "seed": 0,
        "recipes": {
            "slow_one": recipe("slow_one", 0.3, "works", 400.0),
            "quick_one": recipe("quick_one", 0.1, "undecided", 20.0),
            "new_words": words,
        },
        "changes": {}, "command": "interlingua tunnel", "commit": "abc", "commits": {"abc": 5},
        "machine": "m", "versions": {},
        "seconds": 100.0, "seconds_all": 500.0, "items_per_task": None,
    }  # fmt: skip


def test_the_best_verdict_leads_and_recipes_stay_with_their_kind(record: dict[str, Any]) -> None:
    assert [entry.recipe for entry in board(record, "judge")] == ["slow_one", "quick_one"]
    assert [(entry.recipe, entry.verdict_words) for entry in board(record, "newcomer")] == [
        ("new_words", "no claim")
    ]


def test_the_headline_leads_with_what_is_judged_and_says_what_is_proved(record: dict[str, Any]) -> None:
    proved = "Proved to work: slow one and new words."
    assert headline(record) == (
        "The clearest gain in answers is slow one: direct answers, never tuned on, +30.0 points (95% +25.0 "
        "to +35.0) against the base and +28.0 against shuffled pairs, its best control. " + proved
    )
    for name in ("slow_one", "quick_one"):
        record["recipes"][name]["judged"] = []
    assert headline(record) == (
        "The clearest result is new words: bits per byte, tuned on, −0.500 (−0.550 to −0.450) against the "
        f"base. {proved}"
    )
    for told in record["recipes"].values():
        told["verdicts"] = {}
        told["worlds"] = told["worlds"][:1]
    assert headline(record) == "One world gives no intervals, and so no verdicts."
    assert absent(record)[0] == "Intervals and verdicts: they need at least two worlds."
    assert headline({"recipes": {}}) == "No recipe has finished yet."


def test_a_large_gain_where_nothing_is_claimed_does_not_lead(record: dict[str, Any]) -> None:
    boasting = record["recipes"]["quick_one"]
    boasting["gains"]["direct"]["unseen"]["base"] = size(0.9)
    boasting["judged"][0]["on"] = boasting["claims"][0]["on"] = "seen"
    boasting["gains"]["direct"]["seen"] = {"base": size(0.3), "shuffled": size(-0.1)}
    assert [each.recipe for each in best(record)] == ["slow_one", "new_words"]
    assert lead(boasting) == judged(boasting)[0]
    assert lead(boasting).ahead == Gain(-0.1, pytest.approx(-0.15), pytest.approx(-0.05))


def test_a_control_that_gains_as_much_takes_the_lead_away(record: dict[str, Any]) -> None:
    record["recipes"] = {"quick_one": record["recipes"]["quick_one"]}
    assert headline(record).startswith("The clearest gain in answers is quick one")
    record["recipes"]["quick_one"]["gains"]["direct"]["unseen"]["shuffled"] = size(0.01)
    assert best(record) == []
    assert headline(record) == "No judged claim is clear of zero. No recipe is proved to work yet."


def test_the_rival_is_the_closest_control_or_baseline_that_a_claim_names(record: dict[str, Any]) -> None:
    told = record["recipes"]["new_words"]
    told["arms"] |= {"shuffled": arm("control", 1.0), "gold": arm("oracle", 1.0)}
    over = told["gains"]["bits_per_byte"]["seen"]
    over |= {"random": size(-0.02), "shuffled": size(-0.3), "gold": size(0.2)}
    told["judged"][0] |= {"rivals": ["shuffled"], "compared": 2}
    [found] = judged(told)
    assert (found.rival, found.role, found.wanted, found.compared) == ("shuffled", "control", "falls", 2)
    told["judged"][0] |= {"rivals": ["random", "shuffled"], "compared": 3}
    [found] = judged(told)
    assert (found.rival, found.role, found.tier) == ("random", "baseline", 0)
    assert found.clarity == pytest.approx(0.02 / 0.05)


def test_a_bound_stands_where_the_base_has_no_such_number(record: dict[str, Any]) -> None:
    told = record["recipes"]["new_words"]
    told["judged"] = [verdict_on("precision", "", on="seen", bound=0.9)]
    [found] = judged(told)
    assert (found.wanted, found.rival) == ("above 0.900", "")
    assert found.shown(found.gain) == "+0.0300 (−0.0200 to +0.0800)"
    assert "precision > 0.9, seen" in text(record)
    told["judged"][0] |= {"quantity": "recall", "versus": "base"}
    [found] = judged(told)
    assert (found.gain, found.ahead, found.tier) == (None, None, 2)


def test_own_numbers_are_told_in_their_own_unit(record: dict[str, Any]) -> None:
    lines = {line.quantity: line for line in measured(record, "newcomer")}
    assert (lines["bits_per_byte"].before, lines["bits_per_byte"].after) == (2.0, 1.5)
    assert (lines["bits_per_byte"].rival, lines["bits_per_byte"].beside) == ("", None)
    assert lines["precision"].wanted == "above 0.900"
    record["recipes"]["new_words"]["claims"][0]["versus"] = "random"
    wanted = ("new words", "bits per byte, tuned on", "falls", "2.00", "1.50", "1.75", "random (baseline)")
    assert own_numbers(record, "newcomer").rows[0] == wanted
    assert change_words(Gain(-0.5, -0.55, -0.45)) == "−0.500 (−0.550 to −0.450)"
    assert own_numbers(record, "judge").rows == ()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (0.123456, "0.123"),
        (12.3456, "12.3"),
        (1234.6, "1,235"),
        (-0.002, "−0.00200"),
        (None, "–"),
    ],
)
def test_numbers_have_three_digits_that_count(value: float | None, shown: str) -> None:
    assert figure(value) == shown


def test_numbers_without_a_claim_are_reported_with_their_intervals(record: dict[str, Any]) -> None:
    told = record["recipes"]["new_words"]
    assert reported(told).rows == ()
    told["reported"] = {"estimate_error": {"all": size(0.4)}, "forgetting": {"seen": {"mean": 0.1, "n": 1}}}
    assert reported(told).rows == (
        ("estimate error", "0.400 (0.350 to 0.450)"), ("forgetting, tuned on", "0.100"),
    )  # fmt: skip
    assert "Reported, without a claim:\n\n| Quantity" in markdown(record)
    assert "Reported, without a claim" in tunnel_page(record)


def test_claims_and_gains_in_words(record: dict[str, Any]) -> None:
    falls, bounded, _ = record["recipes"]["new_words"]["claims"]
    assert claim_words(falls) == "bits per byte, tuned on: lower than the base"
    assert claim_words(bounded) == "precision, tuned on: above 0.900"
    kept = {"quantity": "restate", "on": "unseen", "accuracy": True, "verdict": "works", **size(0.3)}
    told = "works: restated answers, never tuned on +30.0 points (95% +25.0 to +35.0)"
    assert gain_line({**kept, "versus": "base"}) == told
    assert gain_line({**kept, "versus": "pivot_only"}) == f"{told} against pivot only"
    assert gain_line({**kept, "versus": ""}) == f"{told} against its bound"
    assert (
        claim_words({**falls, "arm": "merge_rows"})
        == "merge rows: bits per byte, tuned on: lower than the base"
    )
    assert short(told, "", False) == told
    assert short(told, "Too small.", False) == f"not reproduced at lab scale: {told}. Too small."
    assert short(told, "The peak.", True) == f"reproduced in part: {told}. The peak."


def test_tables_hold_the_records_numbers(record: dict[str, Any]) -> None:
    table = leaderboard(record, "judge")
    first = {column.title: cell for column, cell in zip(table.columns, table.rows[0], strict=True)}
    assert (first["Recipe"], first["Verdict"], first["seconds"]) == ("slow one", "works", 400.0)
    alone = by_world(record, "judge")
    assert alone is not None
    assert alone.rows[0][2:] == pytest.approx((0.29, 0.3, 0.31))
    assert by_world({**record, "recipes": {}}, "judge") is None
    rows = arms(record["recipes"]["slow_one"]).rows
    assert [row[0] for row in rows] == ["base", "slow one", "shuffled pairs"]
    told = record["recipes"]["new_words"]
    assert [row[-1] for row in claims(told).rows] == ["same", "same", "not measured"]
    assert [column.title for column in claims(told).columns][1] == "The paper says"
    assert tally(told) == "2 same, 1 not measured"
    told["claims"][0]["paper"], told["claims"][1] = "", {**told["claims"][1], "paper": "", "check": True}
    assert [row[1] for row in claims(told).rows] == ["(ours)", "(a check)", "<b>+5</b>"]


def test_the_correction_spans_every_comparison_behind_a_verdict(record: dict[str, Any]) -> None:
    told = correction(record, "judge")  # two recipes, each against the base and one control
    assert "(Holm) for 4 comparisons at once. With 3 worlds" in told
    assert "at least 2.1 times half its interval" in told  # Student's t, 2 degrees: 8.86 / 4.30
    for each in record["recipes"].values():
        each["verdicts"] = {}
    assert correction(record, "judge") == ""


def test_a_control_that_cannot_touch_a_number_is_no_rival_and_has_no_row(record: dict[str, Any]) -> None:
    told = record["recipes"]["slow_one"]
    told["gains"]["direct"]["unseen"]["shuffled"] = {**size(0.0), "worlds": [0.0, 0.0, 0.0]}
    assert [row[1] for row in over_arms(told).rows] == ["the base", "shuffled pairs"]  # a tie is not hidden
    told["judged"][0] |= {"rivals": [], "untouched": ["shuffled"]}
    assert [row[1] for row in over_arms(told).rows] == ["the base"]
    assert [each.rival for each in judged(told)] == [""]


def test_an_oracle_stands_beside_the_quantities_that_it_is_one_of(record: dict[str, Any]) -> None:
    told = record["recipes"]["slow_one"]
    told["arms"]["gold"] = {**arm("oracle", 1.0), "bounds": []}
    told["gains"]["direct"]["unseen"]["gold"] = size(-0.1)
    [each] = judged(told)
    assert oracle(told, each) == (Gain(-0.1, pytest.approx(-0.15), pytest.approx(-0.05)), "gold")
    told["arms"]["gold"]["bounds"] = ["restate"]
    assert oracle(told, each) == (None, "")
    assert "gold" not in [row[1] for row in over_arms(told).rows]


def test_a_recipe_that_failed_somewhere_does_not_lead(record: dict[str, Any]) -> None:
    record["recipes"]["slow_one"]["failed_on"] = ["lab:judge-3"]
    assert [each.recipe for each in best(record)] == ["new_words", "quick_one"]


def test_what_a_recipe_cost_is_told_without_a_claim_on_answers(record: dict[str, Any]) -> None:
    told = record["recipes"]["slow_one"]
    told |= {"accuracies": [], "judged": [], "claims": []}
    told["gains"] = {}
    assert [entry.recipe for entry in board(record, "judge")] == ["quick_one", "slow_one"]
    row = leaderboard(record, "judge").rows[1]
    assert row[:3] == ("slow one", "–", "no claim")
    assert (row[7], row[8]) == (-0.01, 400.0)
    assert [entry.recipe for entry in claimed(record, "judge")] == ["quick_one"]


def test_what_shows_in_part_says_what_does_not(record: dict[str, Any]) -> None:
    told = record["recipes"]["quick_one"]
    told |= {"shortfall": "The peak."}
    told["judged"][0]["clear"] = True
    assert '<div class="note"><p>Reproduced in part</p>The peak.</div>' in tunnel_page(record)
    assert [row[-1] for row in judged_claims(record, "judge").rows] == ["works", "undecided"]


def test_what_is_not_reproduced_is_marked_and_explained(record: dict[str, Any]) -> None:
    record["recipes"]["quick_one"]["shortfall"] = "Too <small> a base."
    assert [row[-1] for row in judged_claims(record, "judge").rows] == [
        "works",
        "undecided, not reproduced at lab scale",
    ]
    page = tunnel_page(record)
    assert '<div class="note"><p>Not reproduced at lab scale</p>Too &lt;small&gt; a base.</div>' in page
    assert "**Not reproduced at lab scale:** Too <small> a base." in markdown(record)
    assert "\nquick one (not reproduced at lab scale)\n direct answers" in text(record)


def test_cards_follow_the_ranking_and_unjudged_recipes_come_last(record: dict[str, Any]) -> None:
    record["recipes"] = dict(reversed(record["recipes"].items()))
    record["recipes"]["new_words"]["judged"] = []
    assert [told["name"] for told in in_order(record)] == ["slow_one", "quick_one", "new_words"]
    shown = re.findall(r'<div class="panel" id="recipe-(\w+)"', tunnel_page(record))
    assert shown == ["slow_one", "quick_one", "new_words"]


def test_the_page_is_whole_and_escaped(record: dict[str, Any], tmp_path: Path) -> None:
    page = write_tunnel_page(record, tmp_path / "deep" / "page.html").read_text(encoding="utf-8")
    for key in ("kind-judge", "kind-newcomer", "recipes", "claims", "run", "again"):
        assert f'<section id="{key}">' in page
    assert "Why &lt;judge&gt;." in page
    assert "&lt;b&gt;+5&lt;/b&gt;" in page
    assert "new words: not measured: recall, tuned on: higher than the base." in page
    assert not re.search(r"(src|href)=\"http", page)
    assert "NaN" not in page


def test_a_failure_is_named_and_an_empty_record_refused(record: dict[str, Any]) -> None:
    failed = [{"recipe": "gone", "world": "lab:judge-1", "message": "no <text>"}]
    empty = {**record, "recipes": {}, "kinds": {}, "failed": failed}
    assert "gone on lab:judge-1 failed: no &lt;text&gt;" in tunnel_page(empty)
    with pytest.raises(BadInput, match="holds no recipe"):
        tunnel_page({**empty, "failed": []})


@pytest.mark.parametrize("wide", [True, False])
def test_figures_are_well_formed_and_inside_their_box(record: dict[str, Any], wide: bool) -> None:
    drawn = [
        figures.ranking(record, "judge", wide=wide), figures.gain_and_cost(record, "judge", wide=wide),
        figures.against(record["recipes"]["slow_one"], wide=wide),
        figures.levels(record["recipes"]["new_words"], "bits_per_byte", "seen", wide=wide),
    ]  # fmt: skip
    for each in drawn:
        root = ElementTree.fromstring(each)
        width, height = map(float, root.attrib["viewBox"].split()[2:])
        places = [float(e.attrib[k]) for e in root.iter() for k in ("x", "cx", "x1", "x2") if k in e.attrib]
        heights = [float(e.attrib[k]) for e in root.iter() for k in ("y", "cy", "y1", "y2") if k in e.attrib]
        assert 0 <= min(places) <= max(places) <= width
        assert 0 <= min(heights) <= max(heights) <= height
    assert figures.gain_and_cost(record, "newcomer", wide=wide) == ""
    assert figures.has_levels(record["recipes"]["new_words"]) == [("bits_per_byte", "seen")]


def test_equal_levels_can_be_drawn(record: dict[str, Any]) -> None:
    told = copy.deepcopy(record["recipes"]["new_words"])
    flat = {"mean": 0.0, "n": 1, "worlds": [0.0]}
    told["levels"]["bits_per_byte"]["seen"] = {"base": flat, "method": flat}
    ElementTree.fromstring(figures.levels(told, "bits_per_byte", "seen"))


def test_terminal_and_markdown_tell_the_same(record: dict[str, Any]) -> None:
    lines, page = text(record), markdown(record)
    assert lines.startswith(headline(record)[:60])
    assert max(map(len, lines.splitlines())) <= 100
    assert "slow one\n direct answers ↑, unseen" in lines
    assert "+30.0 (+25.0 to +35.0)  +28.0, shuffled pairs   works" in lines
    assert "−0.500 (−0.550 to −0.450)" in lines
    told = "direct answers, never tuned on | rises | +30.0 (+25.0 to +35.0) | +28.0, shuffled pairs |"
    assert told in page
    assert "-0.500" not in page
    assert "signal=x\\|y" in page
    assert "interlingua tunnel" in page
    assert all(line.count("|") > 2 for line in page.splitlines() if line.startswith("|"))


def test_judged_claims_stand_beside_their_oracle_where_one_was_run(record: dict[str, Any]) -> None:
    titles = [column.title for column in judged_claims(record, "judge").columns]
    assert "against its oracle" not in titles
    told = record["recipes"]["slow_one"]
    told["arms"]["gold_answers"] = {**told["arms"]["method"], "role": "oracle"}
    told["gains"]["direct"]["unseen"]["gold_answers"] = {"mean": -0.25, "n": 2, "worlds": [-0.25, -0.25]}
    table = judged_claims(record, "judge")
    place = [column.title for column in table.columns].index("against its oracle")
    assert [row[place] for row in table.rows] == ["−25.0, gold answers", "–"]


def test_numbers_by_layer_stand_in_a_map_and_not_among_the_others(
    record: dict[str, Any], tmp_path: Path
) -> None:
    told = record["recipes"]["slow_one"]
    told["reported"] = {
        name: {"all": {"mean": value, "n": 1, "worlds": [value]}}
        for name, value in {"change_0": 0.5, "change_1": 0.25, "error": 0.125}.items()
    }
    assert [row[0] for row in reported(told).rows] == ["error"]
    assert "| change | 0.500 | 0.250 |" in markdown(record)
    write_tunnel_page(record, tmp_path / "page.html")
    assert "slow one by layer" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_every_arm_stands_with_its_own_numbers(record: dict[str, Any]) -> None:
    table = arm_levels(record["recipes"]["new_words"])
    assert table.rows[0][:3] == ("base", "", "2.00")
    assert table.rows[1][:3] == ("new words", "", "1.50")
    assert table.rows[2][1:3] == ("baseline", "1.75")
    assert not arm_levels(record["recipes"]["slow_one"]).rows


def test_the_commits_of_arms_are_told(record: dict[str, Any], tmp_path: Path) -> None:
    assert "- arms run at: abc (5 arms)" in markdown(record)
    write_tunnel_page(record, tmp_path / "page.html")
    assert "abc (5 arms)" in (tmp_path / "page.html").read_text(encoding="utf-8")
