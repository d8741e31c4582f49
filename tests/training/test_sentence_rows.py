"""Sentence rows: what becomes an anchor, a right and a wrong sentence, and what a shuffle leaves."""

from interlingua.data.items import Pair
from interlingua.data.sentence_pairs import Graded
from interlingua.training.sentence_rows import likeness_rows, ranking_rows, translation_rows

PAIRS = [
    Graded("0", "x", "t", "rain", "wet", 1.0),
    Graded("1", "x", "t", "rain", "dry", 0.0),
    Graded("2", "x", "t", "sun", "warm", 1.0),
    Graded("3", "x", "t", "sun", "day", 0.5),
]


def test_rows_by_hand() -> None:
    assert ranking_rows(PAIRS) == [("rain", "wet", "dry", 1.0), ("sun", "warm", "", 1.0)]
    assert likeness_rows(PAIRS) == [
        ("rain", "wet", "", 1.0), ("rain", "dry", "", 0.0), ("sun", "warm", "", 1.0), ("sun", "day", "", 0.5),
    ]  # fmt: skip


def test_translations_stand_behind_the_pivot() -> None:
    assert translation_rows([Pair("0", "x", "p", "pluie", "rain")]) == [("rain", "pluie", "", 1.0)]


def test_a_shuffle_gives_every_row_the_first_sentence_of_another() -> None:
    assert ranking_rows(PAIRS, 0) == [("sun", "wet", "dry", 1.0), ("rain", "warm", "", 1.0)]
    moved = likeness_rows(PAIRS, 0)
    assert [row[1:] for row in moved] == [row[1:] for row in likeness_rows(PAIRS)]
    assert [row[0] for row in moved] == ["sun", "sun", "rain", "rain"]
