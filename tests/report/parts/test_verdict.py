"""The sentence at the head of the page, for results small enough to be read at a glance."""

from typing import Any

import pytest

from interlingua.report.parts.verdict import headline, scale, verdict


def interval(mean: float, half: float = 0.02) -> dict[str, float]:
    return {"mean": mean, "low": mean - half, "high": mean + half}


def pair(gain: dict[str, float] | None, **more: Any) -> dict[str, Any]:
    """Two models in three languages, tuned on German."""
    langs = {"eng_Latn": ("English", False), "deu_Latn": ("German", True), "swh_Latn": ("Swahili", False)}
    return {
        "before": {"name": "old"},
        "after": {"name": "new"},
        "pivot": "eng_Latn",
        "tuned_languages": ["deu_Latn"],
        "source": "data/xnli",
        "languages": {code: {"name": name, "seen": seen} for code, (name, seen) in langs.items()},
        "accuracy": {"direct": {"chance": 0.25, "gain_unseen": gain, "languages": {
            "eng_Latn": {"before": interval(0.75), "after": interval(0.75)},
            "swh_Latn": {"before": interval(0.5), "after": interval(0.6)},
        }}},
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("gain", "begins", "ends"),
    [
        (interval(0.1), "raises", " by 10.0 points (95% interval 8.0 to 12.0)."),
        (interval(-0.1), "lowers", " by 10.0 points (95% interval 8.0 to 12.0)."),
        (interval(0.005), "leaves", " about where it was: +0.5 points (95% interval −1.5 to +2.5)."),
        (interval(0.05, 0.1), "moves", " by +5.0 points (95% interval −5.0 to +15.0): undecided, as the "
         "interval includes zero."),
        ({"mean": 0.05}, "moves", " by +5.0 points: undecided, as no interval was computed."),
    ],
)  # fmt: skip
def test_a_pair_is_judged_by_its_interval(gain: dict[str, float], begins: str, ends: str) -> None:
    where = "the accuracy of direct answers in 1 language never tuned on"
    assert verdict(pair(gain)) == f"Tuning on German {begins} {where}{ends}"


def test_without_a_gain_there_is_no_verdict() -> None:
    assert (
        verdict(pair(None))
        == "No mean gain of direct answers is given in this result, so there is no verdict."
    )


def test_without_tuned_languages_the_mean_is_over_all_but_the_pivot() -> None:
    result = pair(None, tuned_languages=[])
    told = result["accuracy"]["direct"]
    told["gain_joint"] = interval(0.1)
    told["languages"]["deu_Latn"] = told["languages"]["swh_Latn"]
    where = "the accuracy of direct answers in 2 languages other than English"
    assert verdict(result).startswith(f"The change from before to after raises {where} by 10.0 points")


def test_languages_without_a_score_are_not_counted() -> None:
    result = pair(interval(0.1))
    result["languages"] |= {code: {"seen": False} for code in ("zul_Latn", "yor_Latn")}  # alignment only
    assert " in 1 language never tuned on by 10.0 points" in verdict(result)


def test_one_model_is_set_beside_its_pivot() -> None:
    one = pair(None, after=None)
    top = "; in English 75.0% (95% interval 73.0 to 77.0)."
    assert verdict(one) == f"old is right in 50.0% of direct answers, in Swahili{top}"
    one["accuracy"]["direct"]["languages"]["deu_Latn"] = {"before": interval(0.7)}
    mean = "mean over 2 languages, from 50.0% in Swahili to 70.0% in German"
    assert verdict(one) == f"old is right in 60.0% of direct answers, {mean}{top}"


def test_the_interval_of_the_mean_is_told_where_the_result_has_one() -> None:
    result = pair(None, after=None)
    result["accuracy"]["direct"]["average"] = interval(0.5, 0.05)
    assert "right in 50.0% of direct answers (95% interval 45.0 to 55.0)" in verdict(result)


def test_without_tasks_alignment_speaks_and_without_that_nothing() -> None:
    result = pair(None, accuracy={}, after=None)
    assert verdict(result) == "old: no task was scored and no alignment measured, so there is no verdict."
    result["alignment"] = {"languages": {"swh_Latn": {"before": {"weighted": {"mexa_mean": 0.4}}}}}
    said = "old finds the translation of 40.0% of sentences (MEXA), in Swahili; no task was scored."
    assert verdict(result) == said


def test_scale_and_tiles() -> None:
    result = pair(interval(0.1))
    assert scale(result) == (
        "Measured on data/xnli in 1 language never tuned on and 1 tuned on, and English; chance 25.0%; "
        "English, the pivot, 75.0%."
    )
    assert '<p class="big">+10.0 <small>points</small></p>' in headline(result)
    assert "1 of 1 languages clearly above chance (25.0%)" in headline(pair(None, after=None))
    assert headline(pair(None, accuracy={})) == ""
