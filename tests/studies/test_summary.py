"""The summary of measured arms, worked by hand on ten questions in four languages."""

from dataclasses import replace
from typing import Any

import pytest

from interlingua.core.errors import BadInput
from interlingua.studies.measured import Measured
from interlingua.studies.summary import kept_tasks, summarise

PIVOT, SEEN, UNSEEN = "qaa_Latn", "qab_Cyrl", ("qac_Arab", "qad_Deva")


def answers(seen: int, one: int, two: int, pivot: int = 10) -> dict[str, list[int]]:
    """So many of ten right in each language."""
    counts = {PIVOT: pivot, SEEN: seen, UNSEEN[0]: one, UNSEEN[1]: two}
    return {lang: [1] * count + [0] * (10 - count) for lang, count in counts.items()}


@pytest.fixture
def measured(arm: Any) -> dict[str, Measured]:
    """Restating gains 4 of ten questions in the seen, 2 and 6 in the unseen languages, direct none."""
    base = arm("base", direct=answers(5, 5, 5), restate=answers(4, 4, 4))
    tuned = arm("question_translation", direct=answers(5, 5, 5, pivot=9), restate=answers(8, 6, 10))
    shuffled = arm("shuffled", direct=answers(5, 5, 5), restate=answers(4, 5, 3))
    few = arm("few_shot", restate=answers(4, 4, 6))
    return {found.arm: found for found in (base, tuned, shuffled, few)}


def test_gains_by_hand(measured: dict[str, Measured], tiny: Any) -> None:
    told = summarise(measured, tiny, [SEEN])
    assert (told["world"], told["pivot"], told["chance"]) == ("lab:tiny", PIVOT, 0.5)
    assert (told["tuned_languages"], told["unseen_languages"]) == ([SEEN], list(UNSEEN))
    assert told["gain_seen"]["restate"]["mean"] == pytest.approx(0.4)
    assert told["gain_unseen"]["restate"]["mean"] == pytest.approx(0.4)
    assert told["gain_unseen"]["direct"] == {"mean": 0.0, "low": 0.0, "high": 0.0}
    assert told["over_controls"]["restate"].keys() == {"shuffled", "few_shot"}
    assert told["over_controls"]["restate"]["shuffled"]["mean"] == pytest.approx(0.4)
    assert told["over_controls"]["restate"]["few_shot"]["mean"] == pytest.approx(0.3)
    assert told["over_controls"]["direct"].keys() == {"shuffled"}
    assert told["pivot_change"].keys() == {"direct"}
    assert told["pivot_change"]["direct"]["mean"] == pytest.approx(-0.1)
    assert told["verdicts"] == {"direct": "negligible", "restate": "works"}
    assert told["cost"]["shuffled"] == {"steps": 2.0, "seconds": 1.2}


def test_languages_tell_what_they_are_and_every_arm(measured: dict[str, Measured], tiny: Any) -> None:
    told = summarise(measured, tiny, [SEEN])["languages"]
    one = told[UNSEEN[0]]
    assert list(told) == list(tiny.languages)
    assert (one["script"], one["direction"], one["order"], one["family"]) == ("Arab", "rtl", "SOV", "north")
    assert (one["share"], one["bilingual_share"]) == tiny.shares[UNSEEN[0]]
    assert one["base"] == {"direct": 0.5, "restate": 0.4, "word_accuracy": 0.5}
    assert one["tuned"] == {"direct": 0.5, "restate": 0.6, "word_accuracy": 0.5}
    assert one["controls"] == {"shuffled": {"direct": 0.5, "restate": 0.5}, "few_shot": {"restate": 0.4}}
    assert [told[lang]["seen"] for lang in told] == [False, True, False, False]
    assert "word_accuracy" not in told[PIVOT]["base"]


def test_own_answers_are_compared_with_direct_answers(
    arm: Any, measured: dict[str, Measured], tiny: Any
) -> None:
    more = {
        "own_answers": arm("own_answers", direct=answers(9, 8, 8), restate=answers(8, 6, 10)),
        "own_answers_untranslated": arm("own_answers_untranslated", direct=answers(5, 6, 5)),
        "own_answers_gold": arm("own_answers_gold", direct=answers(10, 10, 10)),
    }
    told = summarise({**measured, **more}, tiny, [SEEN])
    assert told["gain_unseen"]["own_answers"]["mean"] == pytest.approx(0.3)
    assert told["over_controls"]["own_answers"].keys() == {"own_answers_untranslated"}
    assert told["over_controls"]["own_answers"]["own_answers_untranslated"]["mean"] == pytest.approx(0.25)
    assert told["pivot_change"]["own_answers"]["mean"] == 0.0
    controls = told["languages"][UNSEEN[0]]["controls"]
    assert controls["own_answers_untranslated"] == {"own_answers": 0.6}
    assert controls["own_answers_gold"] == {"own_answers": 1.0}


def test_a_task_the_base_has_not_learned_is_told_and_left_out(arm: Any, tiny: Any) -> None:
    def both(name: str, topic: dict[str, list[int]], **modes: Any) -> Measured:
        first, second = arm(name, **modes), arm(name, "topic", **dict.fromkeys(modes, topic))
        return replace(first, rows={mode: first.rows[mode] + second.rows[mode] for mode in modes})

    base = both("base", answers(0, 0, 0, pivot=8), direct=answers(5, 5, 5), restate=answers(4, 4, 4))
    tuned = both(
        "question_translation", answers(10, 10, 10), direct=answers(5, 5, 5), restate=answers(8, 6, 10)
    )
    told = summarise({"base": base, "question_translation": tuned}, tiny, [SEEN])
    assert told["gain_unseen"]["restate"]["mean"] == pytest.approx(0.4)
    left = told["tasks"][1]
    assert (left["name"], left["kept"], left["pivot_accuracy"], left["chance"]) == ("topic", False, 0.8, 0.25)
    assert left["reason"] == "the base itself answers 80% in the pivot, below 90%"
    assert told["verdicts"] == {}


def test_the_rule_keeps_ninety_percent(arm: Any) -> None:
    rows = arm("base", direct=answers(0, 0, 0, pivot=9)).rows["direct"]
    assert kept_tasks(rows, ["sentiment"], PIVOT) == [
        {"name": "sentiment", "chance": 0.5, "pivot_accuracy": 0.9, "kept": True, "reason": ""}
    ]


def test_a_base_that_has_learned_nothing_is_refused(arm: Any, tiny: Any) -> None:
    base = arm("base", direct=answers(5, 5, 5, pivot=6), restate=answers(5, 5, 5, pivot=6))
    with pytest.raises(BadInput, match=r"lab:tiny answers no task 90% right in its pivot \(sentiment 60%\)"):
        summarise({"base": base}, tiny, [SEEN])


def test_without_unseen_languages_there_is_no_gain_of_them(measured: dict[str, Measured], tiny: Any) -> None:
    told = summarise(measured, tiny, [SEEN, *UNSEEN])
    assert told["gain_unseen"] == {"direct": None, "restate": None}
    assert told["over_controls"]["restate"] == {"shuffled": None, "few_shot": None}
    assert told["verdicts"] == {}
    assert told["gain_seen"]["restate"]["mean"] == pytest.approx(0.4)


def test_a_base_alone_has_no_gains(measured: dict[str, Measured], tiny: Any) -> None:
    told = summarise({"base": measured["base"]}, tiny, [SEEN])
    assert told["gain_unseen"] == told["over_controls"] == told["verdicts"] == {}
    assert told["samples"] == []


def test_samples_are_of_unseen_languages_one_each(measured: dict[str, Measured], tiny: Any) -> None:
    samples = summarise(measured, tiny, [SEEN])["samples"]
    assert [sample["lang"] for sample in samples] == list(UNSEEN)
    assert samples[0]["tuned"] == samples[0]["base"] == "x y"
    assert samples[0]["reference"] == "x z"


def test_alignment_before_and_after(measured: dict[str, Measured], tiny: Any) -> None:
    scores = {"base": 0.25, "question_translation": 0.5}
    found = {
        name: replace(one, alignment={lang: (scores[name], 1.0) for lang in UNSEEN})
        if name in scores
        else one
        for name, one in measured.items()
    }
    told = summarise(found, tiny, [SEEN])["alignment"]
    assert told["before"] == dict.fromkeys(UNSEEN, 0.625)
    assert told["after"] == dict.fromkeys(UNSEEN, 0.75)
    assert told["per_layer"] == {"before": [0.25, 1.0], "after": [0.5, 1.0]}
