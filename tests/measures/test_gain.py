"""Paired gain, by hand."""

from dataclasses import replace

import pytest

from interlingua.core.errors import BadInput
from interlingua.core.rows import Row
from interlingua.measures.gain import gain
from interlingua.measures.measure import example_row
from interlingua.measures.paired_tests import mcnemar, sign_flip


def rows(lang: str, answers: str, task: str = "topic") -> list[Row]:
    """One row per character; `+` is right, `-` wrong."""
    return [example_row(task, f"{at:03}", lang, int(answer == "-")) for at, answer in enumerate(answers)]


BEFORE = (
    rows("eng_Latn", "++++") + rows("deu_Latn", "+---") + rows("swh_Latn", "----") + rows("tha_Thai", "++--")
)
AFTER = (
    rows("eng_Latn", "+++-") + rows("deu_Latn", "++++") + rows("swh_Latn", "++--") + rows("tha_Thai", "++--")
)


def test_seen_unseen_and_pivot_are_apart() -> None:
    found = gain(BEFORE, AFTER, seen={"deu_Latn"}, pivot="eng_Latn")
    assert {lang: (one.before, one.after, one.mean) for lang, one in found.languages.items()} == {
        "deu_Latn": (0.25, 1.0, 0.75),
        "eng_Latn": (1.0, 0.75, -0.25),
        "swh_Latn": (0.0, 0.5, 0.5),
        "tha_Thai": (0.5, 0.5, 0.0),
    }
    assert found.seen is not None
    assert found.unseen is not None
    assert (found.seen.mean, found.seen.n, found.seen.resampled) == (0.75, 1, None)
    assert (found.unseen.mean, found.unseen.n) == (0.25, 2)
    assert found.unseen.resampled is not None
    assert found.unseen.resampled.mean == 0.25


def test_a_side_without_languages_is_missing_not_zero() -> None:
    found = gain(BEFORE, AFTER, pivot="eng_Latn")
    assert found.seen is None
    assert "seen" not in found.as_dict()
    assert found.as_dict()["unseen"]["n"] == 3


def test_tests_per_language_with_holm_over_the_table() -> None:
    """swh: 10 better; tha: 5 better, 5 worse. Holm doubles the smaller one."""
    before = rows("swh_Latn", "-" * 10) + rows("tha_Thai", "-" * 5 + "+" * 5)
    after = rows("swh_Latn", "+" * 10) + rows("tha_Thai", "+" * 5 + "-" * 5)
    found = gain(before, after).languages
    assert found["swh_Latn"].p == mcnemar(10, 0)
    assert found["swh_Latn"].p_holm == pytest.approx(2 * mcnemar(10, 0))
    assert (found["tha_Thai"].p, found["tha_Thai"].p_holm) == (1.0, 1.0)


def test_clusters_of_several_items_are_tested_by_sign_flips() -> None:
    def in_pairs(some: list[Row]) -> list[Row]:
        return [replace(row, cluster=str(int(row.group) // 2)) for row in some]

    found = gain(in_pairs(rows("swh_Latn", "------")), in_pairs(rows("swh_Latn", "+++---")))
    assert found.languages["swh_Latn"].p == sign_flip([2, 1, 0])


def test_intervals_draw_clusters_not_items() -> None:
    """200 items, half of them gained in clusters of ten: deviation .5 / sqrt(20), not .5 / sqrt(200)."""

    def in_tens(some: list[Row]) -> list[Row]:
        return [replace(row, cluster=str(int(row.group) // 10)) for row in some]

    before, after = rows("swh_Latn", "-" * 200), rows("swh_Latn", ("+" * 10 + "-" * 10) * 10)
    found = gain(in_tens(before), in_tens(after)).languages["swh_Latn"]
    assert (found.low, found.high) == pytest.approx((0.5 - 0.22, 0.5 + 0.22), abs=0.04)


def test_pairing_makes_the_interval_narrow() -> None:
    """Both models right on the same half: 10 of 200 items gained, deviation sqrt(.05 x .95 / 200) = .0154."""
    found = gain(rows("swh_Latn", "+-" * 100), rows("swh_Latn", "+-" * 90 + "++" * 10)).languages["swh_Latn"]
    assert found.mean == pytest.approx(0.05)
    assert (found.low, found.high) == pytest.approx((0.05 - 0.030, 0.05 + 0.030), abs=0.008)


def test_tasks_weigh_the_same() -> None:
    """Topic +1/2 over two items, sentiment 0 over eight: +1/4."""
    before = rows("swh_Latn", "--") + rows("swh_Latn", "+" * 8, "sentiment")
    after = rows("swh_Latn", "+-") + rows("swh_Latn", "+" * 8, "sentiment")
    assert gain(before, after).languages["swh_Latn"].mean == 0.25


def test_other_modes_and_models_are_compared_by_question() -> None:
    restated = [replace(row, mode="restate", model="tuned", id=f"r{row.id}") for row in AFTER]
    assert gain(BEFORE, restated).unseen == gain(BEFORE, AFTER).unseen


def test_nothing_changed_is_zero_and_sure() -> None:
    found = gain(BEFORE, BEFORE, pivot="eng_Latn").unseen
    assert found is not None
    assert (found.mean, found.low, found.high, found.p) == (0, 0, 0, 1)


def test_rows_without_a_partner_are_refused() -> None:
    with pytest.raises(
        BadInput, match=r"1 of 16 rows before have no partner, first question '003'.*tha_Thai"
    ):
        gain(BEFORE, AFTER[:-1])
    with pytest.raises(BadInput, match="16 of 16 rows before"):
        gain(BEFORE, [replace(row, split="dev") for row in AFTER])
    with pytest.raises(BadInput, match="1 of 16 rows after"):
        gain(BEFORE[1:], AFTER)


@pytest.mark.parametrize("what", [{"gold": 1}, {"cluster": "other"}])
def test_partners_that_differ_in_the_question_are_refused(what: dict[str, int | str]) -> None:
    other = replace(AFTER[0], **what)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match=f"differ in {next(iter(what))}"):
        gain(BEFORE, [other, *AFTER[1:]])
