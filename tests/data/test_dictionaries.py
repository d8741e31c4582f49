"""Dictionaries: what they tell where they are, and entries as text."""

from collections.abc import Mapping
from typing import Any

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.dictionaries import (
    dictionary_if_any,
    entries_twice,
    known_cognates,
    known_precision,
    twice_in_a_row,
    twice_links,
)

WORDS: dict[str, tuple[str, ...]] = {"haus": ("house", "home"), "maus": ("mouse",), "weg": ("path",)}


class Toy:
    """A source with or without a dictionary."""

    name = "toy"

    def __init__(self, words: Mapping[str, tuple[str, ...]] | None) -> None:
        self._words = words

    def dictionary(self, a: str, b: str) -> Mapping[str, tuple[str, ...]]:
        if self._words is None:
            raise MissingResource("none")
        return self._words


def toy(words: Mapping[str, tuple[str, ...]] | None = WORDS) -> Any:
    """The source, of which other methods do not matter here."""
    return Toy(words)


def test_a_dictionary_or_none() -> None:
    assert dictionary_if_any(toy(), "a", "b") == WORDS
    assert dictionary_if_any(toy(None), "a", "b") is None


def test_cognates_are_known_where_there_is_a_dictionary() -> None:
    assert known_cognates(toy({"haus": ("hause",), "weg": ("path",)}), "a", "b") == 1 / 2
    assert known_cognates(toy(None), "a", "b") is None
    with pytest.raises(BadInput, match="without words"):
        known_cognates(toy({}), "a", "b")


def test_precision_is_known_where_a_dictionary_knows_an_aligned_word() -> None:
    pairs = [(["haus", "weg"], ["house", "mouse"]), (["und"], ["and"])]
    assert known_precision(toy(), "a", "b", pairs, [[(0, 0), (1, 1)], [(0, 0)]]) == 1 / 2
    assert known_precision(toy(), "a", "b", pairs, [[], [(0, 0)]]) is None
    assert known_precision(toy(None), "a", "b", pairs, [[(0, 0)], []]) is None


def test_entries_stand_twice_in_a_row_and_single_words_are_linked() -> None:
    assert twice_in_a_row({"haus": ("house", "home"), "im": ("in the",)}) == [
        ("haus haus", "house house"), ("haus haus", "home home"), ("im im", "in the in the"),
    ]  # fmt: skip
    pairs = [(["haus"] * 2, ["house"] * 2), (["im"] * 2, ["in", "the"] * 2), ([], [])]
    assert twice_links(pairs) == [[(0, 0), (1, 1)], [], []]


def test_entries_of_a_source_are_there_or_named_as_lacking() -> None:
    assert entries_twice(toy(), "a", "b") == twice_in_a_row(WORDS)
    with pytest.raises(BadInput, match="dictionary of a and b in toy is empty"):
        entries_twice(toy({}), "a", "b")
    with pytest.raises(MissingResource, match="none"):
        entries_twice(toy(None), "a", "b")
