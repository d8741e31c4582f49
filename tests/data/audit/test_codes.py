"""Code points, words and numbers of texts."""

import numpy as np

from interlingua.data.audit.codes import CONTROL, DIGIT, LETTER, Codes


def test_counts_by_text() -> None:
    codes = Codes.of(["ab 1", "", "ж\u0007२३"])
    assert codes.lengths.tolist() == [4, 0, 4]
    assert codes.count(LETTER).tolist() == [2, 0, 1]
    assert codes.count(DIGIT).tolist() == [1, 0, 2]
    assert codes.count(CONTROL).tolist() == [0, 0, 1]
    names, letters = codes.scripts()
    assert dict(zip(names, letters.sum(axis=0).tolist(), strict=True)) == {"Latn": 2, "Cyrl": 1}
    assert codes[2:3].count(LETTER).tolist() == [1]


def test_words_are_plain_and_lower_case() -> None:
    rows, hashes = Codes.of(["Élan élan", "elan", "elans ab"]).words()
    assert rows.tolist() == [0, 0, 1, 2, 2]
    assert len(set(hashes[:3].tolist())) == 1
    assert len(set(hashes.tolist())) == 3


def test_pairs_of_letters_where_there_are_no_spaces() -> None:
    rows, hashes = Codes.of(["我们看", "们看"]).words()
    assert rows.tolist() == [0, 0, 1]
    assert hashes[1] == hashes[2]
    assert hashes[0] != hashes[1]


def test_numbers_in_any_digits() -> None:
    rows, hashes = Codes.of(["12 or 7", "१२", "١٢"]).numbers()
    assert rows.tolist() == [0, 0, 1, 2]
    assert hashes[0] == hashes[2] == hashes[3]
    assert hashes[0] != hashes[1]


def test_lone_surrogates_are_read() -> None:
    assert Codes.of(["a\ud800"]).count(CONTROL).tolist() == [1]
    assert np.array_equal(Codes.of([]).count(LETTER), np.zeros(0))
