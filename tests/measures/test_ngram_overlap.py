"""n-gram overlap: by hand, and what makes words the same."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.measures.ngram_overlap import ngram_overlap


def test_shares_by_hand() -> None:
    """Of a b c, b c d and c d e the first two stand in one document; none across two of them."""
    assert ngram_overlap(["a b c d e"], ["x a b c d"], 3) == [pytest.approx(2 / 3)]
    assert ngram_overlap(["a b c d e"], ["x a b", "c d y"], 3) == [0.0]
    assert ngram_overlap(["a b", "b a"], ["a b"], 2) == [1.0, 0.0]


def test_case_and_punctuation_make_no_difference() -> None:
    assert ngram_overlap(["The dog, barks."], ["the DOG barks!"], 3) == [1.0]
    assert ngram_overlap(["caf\u00e9 noir"], ["cafe\u0301 noir"], 2) == [1.0]


def test_a_short_text_is_one_ngram_and_an_empty_one_none() -> None:
    assert ngram_overlap(["a b", "a c", "?!"], ["x a b y", "a a"], 8) == [1.0, 0.0, 0.0]
    assert ngram_overlap(["a b"], [], 8) == [0.0]


def test_characters_are_words_where_no_spaces_are_written() -> None:
    assert ngram_overlap(["\u72d7\u5728\u53eb"], ["\u5927\u72d7\u5728\u5403"], 2) == [0.5]


def test_nothing_to_look_for_is_refused() -> None:
    for texts, n in (([], 3), (["a"], 0)):
        with pytest.raises(BadInput, match="not defined"):
            ngram_overlap(texts, ["a"], n)
