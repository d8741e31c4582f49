"""The average over languages of parallel test sets."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.measures.average import average
from interlingua.measures.measure import example_row


def rows(*answers: tuple[str, list[int]]):
    return [
        example_row("topic", str(at), lang, 1 - right)
        for lang, rights in answers
        for at, right in enumerate(rights)
    ]


def test_mean_over_the_languages_named() -> None:
    some = rows(("swh_Latn", [1, 0, 0, 0]), ("tha_Thai", [1, 1, 0, 0]), ("eng_Latn", [1, 1, 1, 1]))
    found = average(some, ["swh_Latn", "tha_Thai"])
    assert (found.mean, found.n) == (0.375, 2)
    assert found.low < 0.375 < found.high
    assert average(some).n == 3


def test_parallel_questions_are_not_counted_as_independent_ones() -> None:
    answers = [1, 0] * 20
    one, twenty = (
        rows(("swh_Latn", answers)),
        rows(*((f"q{a}{b}_Latn", answers) for a in "ab" for b in "abcdefghij")),
    )
    alone, together = average(one), average(twenty)
    assert alone.resampled is None
    assert together.high - together.low == pytest.approx(alone.high - alone.low)


def test_a_language_without_items_is_refused() -> None:
    with pytest.raises(BadInput, match="hin_Deva"):
        average(rows(("swh_Latn", [1, 0])), ["hin_Deva"])
