"""Held-out texts: nothing is on both sides, enough is left to learn."""

from typing import Any

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.builders import draw
from interlingua.data.holdout import hold_out, pairs_held_out, text_held_out
from interlingua.data.items import Pair

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


class Toy:
    """The same texts in every language, and beside another one; none beside z."""

    name = "toy"

    def text(self, lang: str, split: str = "train") -> list[str]:
        return [f"{lang} {text}" for text in TEXTS]

    def pairs(self, a: str, b: str, split: str = "train") -> list[Pair]:
        texts = TEXTS if b != "z" else []
        return [Pair(f"{at}", a, b, f"{a} {text}", f"{b} {at}") for at, text in enumerate(texts)]


def toy() -> Any:
    """The source, of which other methods do not matter here."""
    return Toy()


def test_documents_are_drawn_and_then_divided() -> None:
    assert text_held_out(toy(), "x", 20, 5, 1) == hold_out(draw(toy().text("x"), 20, 1), 5, 1)


def test_pairs_are_divided_by_their_source_side() -> None:
    learn, aside = pairs_held_out(toy(), "x", "y", 100, 5, 0)
    assert (len(learn), len(aside)) == (50, 10)  # each text twice, with two translations
    assert not {pair.source for pair in learn} & {pair.source for pair in aside}
    assert {pair.source for pair in aside} == set(hold_out(toy().text("x"), 5, 0)[1])
    assert [int(pair.id) for pair in learn] == sorted(int(pair.id) for pair in learn)
    assert sum(map(len, pairs_held_out(toy(), "x", "y", 20, 5, 0))) == 20
    with pytest.raises(MissingResource, match="toy has no parallel sentences of x and z"):
        pairs_held_out(toy(), "x", "z", 20, 5, 0)
