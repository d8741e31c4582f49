"""What a result says in words, and what it does not hold."""

import math
from typing import Any

import pytest

from interlingua.report.reading import (
    MODES,
    Gain,
    absent,
    codes,
    controls,
    gain,
    interval,
    listing,
    mean,
    modes,
    name_of,
    note_of,
    number,
    oracles,
    percent,
    pivot_accuracy,
    pivot_name,
    points,
    share,
    verdict,
    whole,
)


@pytest.mark.parametrize(
    ("value", "shown"), [(0.382, "38.2"), (1.0, "100.0"), (-0.004, "−0.4"), (-0.0001, "0.0"), (None, "–")]
)
def test_percent(value: float | None, shown: str) -> None:
    assert percent(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.406, "+40.6"), (-0.013, "−1.3"), (0.0, "0.0"), (-0.0002, "0.0"), (None, "–")]
)
def test_points(value: float | None, shown: str) -> None:
    assert points(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.72, "72%"),
        (0.05, "5.0%"),
        (0.0021, "0.21%"),
        (0.00042, "0.042%"),
        (0.0, "none"),
        (None, "–"),
        (1.0, "100%"),
    ],
)
def test_share_keeps_two_digits_that_count(value: float | None, shown: str) -> None:
    assert share(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(124479.0, "124,479"), (32.6, "33"), (0.0, "0"), (None, "–")])
def test_counts_are_written_in_full(value: float | None, shown: str) -> None:
    assert whole(value) == shown


def test_interval_and_listing() -> None:
    assert interval(Gain(0.1, 0.05, 0.15)) == "+5.0 to +15.0"
    assert interval(Gain(0.1, 0.05, 0.15), signed=False) == "5.0 to 15.0"
    assert interval(Gain(0.1, None, None)) == "no interval"
    assert [listing(list("abc")[:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]


def test_a_missing_number_stays_missing() -> None:
    held = {"a": {"b": math.nan, "c": True, "d": "0.5", "e": 1}}
    assert [number(held, "a", key) for key in "bcdex"] == [None, None, None, 1.0, None]
    assert gain(
        {"gain_unseen": {"restate": {"mean": 0.1, "low": math.nan, "high": 0.2}}}, "gain_unseen", "restate"
    ) == (Gain(0.1, None, 0.2))
    assert gain({}, "gain_unseen", "restate") is None
    assert mean([0.5, None]) is None
    assert mean([]) is None
    assert mean([0.5, 1.0]) == 0.75


def test_groups_leave_the_pivot_out(result: dict[str, Any]) -> None:
    assert codes(result, seen=True) == ["qab_Cyrl", "qad_Deva"]
    assert len(codes(result, seen=False)) == 9
    assert "qaa_Latn" not in codes(result, seen=False)


def test_pivot_accuracy_is_over_kept_tasks(result: dict[str, Any]) -> None:
    assert pivot_accuracy(result) == pytest.approx((0.987 + 0.973 + 0.92) / 3)
    del result["tasks"]
    assert pivot_accuracy(result) == result["languages"]["qaa_Latn"]["base"]["direct"]


def test_verdict_works(result: dict[str, Any]) -> None:
    result["gain_unseen"]["restate"] = {"mean": 0.406, "low": 0.35, "high": 0.461}
    assert verdict(result) == (
        "Tuning on question translations from Borevian and Dharani raises the accuracy of restated answers "
        "in 9 languages never tuned on by 40.6 points (95% interval 35.0 to 46.1), more than any control."
    )
    result["over_controls"] = {}
    for language in result["languages"].values():
        del language["controls"]
    assert verdict(result).endswith("with no control run beside it.")


@pytest.mark.parametrize(
    ("word", "low", "says"),
    [
        ("hurts", -0.20, "lowers the accuracy of restated answers"),
        ("negligible", -0.20, "about where it was"),
        ("undecided", -0.20, "undecided, as the interval includes zero."),
        ("undecided", 0.01, "undecided, as it is not clear of the control few-shot base."),
        (None, 0.01, "no verdict was computed"),
    ],
)
def test_verdict_in_other_cases(result: dict[str, Any], word: str | None, low: float, says: str) -> None:
    result["gain_unseen"]["restate"] = {"mean": 0.05, "low": low, "high": 0.2}
    result["over_controls"]["restate"]["few_shot"] = {"mean": 0.01, "low": -0.04, "high": 0.06}
    result["verdicts"]["restate"] = word
    assert says in verdict(result)


def test_without_restating_the_verdict_is_about_direct_answers(result: dict[str, Any]) -> None:
    for table in ("gain_unseen", "gain_seen", "over_controls", "verdicts"):
        del result[table]["restate"]
    for language in result["languages"].values():
        del language["tuned"]["restate"]
    assert [mode.name for mode in modes(result)] == ["direct", "own_answers"]
    assert "direct answers" in verdict(result)
    assert "Restated answers: not measured." in absent(result)


def test_without_any_gain_there_is_no_verdict(result: dict[str, Any]) -> None:
    del result["gain_unseen"]
    assert "there is no verdict" in verdict(result)


def test_controls_are_found_by_gain_or_by_score(result: dict[str, Any]) -> None:
    restate = MODES["restate"]
    assert controls(result, restate) == ["shuffled", "pivot_only", "reverse", "few_shot"]
    assert controls(result, MODES["own_answers"]) == ["own_answers_untranslated"]
    result["languages"]["qac_Grek"]["controls"]["another"] = {"restate": 0.9}
    assert controls(result, restate)[-1] == "another"


def test_an_oracle_is_no_control(result: dict[str, Any]) -> None:
    mode = MODES["own_answers"]
    assert oracles(result, mode) == []
    result["languages"]["qac_Grek"]["controls"] = {"own_answers_gold": {"own_answers": 0.9}}
    assert oracles(result, mode) == ["own_answers_gold"]
    assert oracles(result, MODES["direct"]) == []
    assert controls(result, mode) == ["own_answers_untranslated"]
    for table in ("gain_unseen", "verdicts"):
        result[table] = {"own_answers": result[table]["own_answers"]}
    for language in result["languages"].values():
        language["controls"] = {"own_answers_gold": {"own_answers": 0.9}}
        language["tuned"] = {"own_answers": language["tuned"]["own_answers"]}
    result["over_controls"] = {}
    assert verdict(result).endswith("with no control run beside it.")


def test_lab_languages_are_called_by_the_first_part_of_their_code(result: dict[str, Any]) -> None:
    assert (name_of(result, "qab_Cyrl"), note_of(result, "qab_Cyrl")) == ("Borevian", "qab_Cyrl")
    result["languages"]["qab_Cyrl"]["name"] = "Lab language qab"
    assert (name_of(result, "qab_Cyrl"), note_of(result, "qab_Cyrl")) == ("qab", "Cyrl")
    assert verdict(result).startswith("Tuning on question translations from qab and Dharani")
    del result["languages"]["qab_Cyrl"]["name"]
    assert name_of(result, "qab_Cyrl") == "qab_Cyrl"
    result["languages"]["qaa_Latn"]["name"] = "Lab language qaa"
    assert pivot_name(result) == "qaa"
    assert pivot_name({"pivot": "eng_Latn", "pivot_name": "English"}) == "English"


def test_a_full_result_lacks_nothing_but_the_control_that_was_not_run(result: dict[str, Any]) -> None:
    assert absent(result) == ["Controls not run: general text."]


def test_every_missing_part_is_named(result: dict[str, Any]) -> None:
    bare = {"languages": {"qac_Grek": {"seen": False, "base": {"direct": 0.4}, "tuned": {"direct": 0.5}}}}
    said = "\n".join(absent(bare))
    modes, parts = (
        ("Restated answers", "Own answers"),
        ("Alignment", "Sample restatements", "Tasks", "Settings"),
    )
    for part in (
        *modes,
        *parts,
        "shuffled pairs",
        "Versions",
        "Command",
        "Change in the pivot",
        "bilingual text",
    ):
        assert part in said
