"""Held-out texts: nothing is on both sides, enough is left to learn."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.data.holdout import hold_out

TEXTS = [f"line {number % 30}" for number in range(60)]  # each twice


def test_no_text_is_on_both_sides_and_doubles_go_together() -> None:
    learn, aside = hold_out(TEXTS, 5, 0)
    assert len(aside) == len(set(aside)) == 5
    assert len(learn) == 50
    assert not set(learn) & set(aside)


def test_a_quarter_at_most_and_two_at_least() -> None:
    assert len(hold_out(TEXTS, 1000, 0)[1]) == 30 // 4
    assert len(hold_out(["a", "b", "c"], 1, 0)[1]) == 2


def test_the_seed_decides() -> None:
    assert hold_out(TEXTS, 5, 0) == hold_out(TEXTS, 5, 0)
    assert hold_out(TEXTS, 5, 0)[1] != hold_out(TEXTS, 5, 1)[1]


@pytest.mark.parametrize(("texts", "count"), [([], 5), (["a", "a", "b", " "], 5), (["a", "b", "c"], 0)])
def test_too_few_texts_are_refused(texts, count) -> None:
    with pytest.raises(BadInput, match="cannot be divided"):
        hold_out(texts, count, 0)
