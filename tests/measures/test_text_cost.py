"""Text cost: by hand; the ratio's interval against theory."""

import numpy as np
import pytest
from numpy.typing import NDArray

from interlingua.core.counts import COUNTS
from interlingua.core.errors import BadInput
from interlingua.measures.text_cost import bits_per_byte, text_cost


def counted(tokens: list[int], **more: list[int]) -> NDArray[np.int64]:
    """Texts of ten characters each, or as given."""
    ten = {"characters": [10] * len(tokens), "bytes": [10] * len(tokens)}
    values = {"tokens": tokens, **ten, **more}
    return np.array([values.get(name, [0] * len(tokens)) for name in COUNTS])


def test_sums_are_divided_not_single_texts() -> None:
    """1 of 10 and 9 of 10 tokens: .5 per character; 10 by 4 of the pivot's, not the mean of ratios."""
    found = text_cost(counted([1, 9], words=[1, 1]), counted([2, 2]))
    assert (found.per_character, found.per_byte, found.per_word) == (0.5, 0.5, 5.0)
    assert found.to_pivot is not None
    assert found.to_pivot.mean == 2.5
    assert found.to_pivot.p is None
    assert found.n == 2


def test_words_count_where_most_texts_have_some() -> None:
    assert text_cost(counted([5, 7, 6], words=[2, 2, 0])).per_word == 3.0
    assert text_cost(counted([5, 7, 6], words=[2, 0, 0])).per_word is None


def test_the_interval_is_as_wide_as_theory_says() -> None:
    """A pivot of 10 tokens everywhere, 10 or 30 here: ratio 2, standard error 1 / sqrt(400) = .05."""
    found = text_cost(counted([10, 30] * 200), counted([10] * 400)).to_pivot
    assert found is not None
    assert (found.mean, found.low, found.high) == pytest.approx((2, 1.902, 2.098), abs=0.012)


def test_the_pivot_against_itself_is_one() -> None:
    same = counted([3, 5, 9])
    found = text_cost(same, same).to_pivot
    assert found is not None
    assert (found.mean, found.low, found.high) == (1, 1, 1)


def test_graphemes_and_round_trips_are_shares() -> None:
    """1 of 4 and 2 of 8 graphemes are split; one of two texts is changed, none lost."""
    found = text_cost(counted([5, 5], graphemes=[4, 8], split=[1, 2], changed=[0, 1]))
    assert (found.split, found.changed, found.lost) == (0.25, 0.5, 0.0)
    assert text_cost(counted([5, 5])).split is None


def test_bits_per_byte() -> None:
    """8 and 16 bits for 4 bytes each: 24 by 8; the interval lies between the two texts' own."""
    nats = np.array([8, 16]) * np.log(2)
    found = bits_per_byte(nats, [4, 4])
    assert (found.mean, found.low, found.high) == pytest.approx((3, 2, 4))
    assert found.n == 2
    with pytest.raises(BadInput, match=r"at least 2 texts, got \(1,\) and \(1,\)"):
        bits_per_byte(nats[:1], [4])
    with pytest.raises(BadInput, match="the value nan"):
        bits_per_byte([np.nan, 1.0], [4, 4])
    with pytest.raises(BadInput, match="not above zero everywhere"):
        bits_per_byte(nats, [0, 4])


def test_plain_values() -> None:
    assert text_cost(counted([5, 5])).as_dict() == {
        "per_character": 0.5, "per_byte": 0.5, "per_text": 5.0, "unknown": 0.0, "pieces": 0.0, "changed": 0.0,
        "lost": 0.0, "n": 2,
    }  # fmt: skip
    assert text_cost(counted([5, 5]), counted([5, 5])).as_dict()["to_pivot"]["mean"] == 1.0


def test_what_has_no_answer_is_refused() -> None:
    good = counted([5, 5])
    with pytest.raises(BadInput, match=r"array \(10, text\), got \(5, 2\)"):
        text_cost(good[:5])
    with pytest.raises(BadInput, match="The 2 texts have no tokens"):
        text_cost(counted([0, 0]))
    with pytest.raises(BadInput, match="no characters"):
        text_cost(counted([1, 1], characters=[0, 0]))
    with pytest.raises(BadInput, match="at least 2: got 2 and 1"):
        text_cost(good, good[:, :1])
    with pytest.raises(BadInput, match="at least 2: got 1 and 1"):
        text_cost(good[:, :1], good[:, :1])
    with pytest.raises(BadInput, match="pivot is not above zero everywhere"):
        text_cost(good, counted([0, 1]))
