"""Cognates: letters that differ counted by hand, and scripts that have none in common."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.data.cognates import cognate_share


def test_a_word_counts_when_a_third_of_its_letters_differ_and_no_more():
    words = {
        "umuntu": ("umuhanga", "umuntu"),  # the same
        "inzu": ("inzo",),  # one of four
        "kurya": ("gufya",),  # two of five
        "abc": ("abcd",),  # one more of four
        "abcdef": ("bcde",),  # two less of six
        "Inka": ("inka",),  # case is no letter
    }
    assert cognate_share(words) == 5 / 6
    assert cognate_share(words, most=0) == 2 / 6


def test_nothing_is_alike_across_scripts_and_forms_of_one_letter_are():
    assert cognate_share({"mama": ("мама",)}) == 0
    assert cognate_share({"\u00e9t\u00e9": ("e\u0301te\u0301",)}, most=0) == 1
    assert cognate_share({"a": ("",), "b": ("c",)}) == 0


def test_no_words_are_refused():
    with pytest.raises(BadInput, match="without words"):
        cognate_share({})
