"""Sentence tests, encoded: every text has its own vector of length one, no list is read twice."""

import numpy as np
import pytest

from interlingua.data.sentence_tests import GradedTexts, SentenceTests
from interlingua.scoring import sentence_tests
from interlingua.scoring.sentence_tests import encoded_tests
from interlingua.scoring.sentence_vectors import encoded, unit_vectors

PIVOT, OWN = ("is the river long ?", "yes"), ("der fluss ist lang .", "ja")
TESTS = SentenceTests(
    "eng_Latn",
    ({"eng_Latn": PIVOT, "deu_Latn": OWN},),
    {"eng_Latn": GradedTexts(PIVOT, PIVOT[::-1], (1.0, 0.0)), "deu_Latn": GradedTexts(OWN, OWN, (0.5, 1.0))},
    {"deu_Latn": GradedTexts(OWN, PIVOT[::-1], (0.5, 1.0))},
)


def test_unit_vectors_point_where_the_vectors_do(lm) -> None:
    vectors, units = encoded(lm, OWN), unit_vectors(lm, OWN)
    assert np.linalg.norm(units, axis=1) == pytest.approx(np.ones(2))
    np.testing.assert_allclose(units * np.linalg.norm(vectors, axis=1, keepdims=True), vectors, atol=1e-6)
    short = unit_vectors(lm, OWN, max_tokens=2)
    assert not np.allclose(short[0], units[0])


def test_vectors_stand_where_their_texts_did_and_are_read_once(lm, monkeypatch) -> None:
    read = []

    def heard(model, texts, **more):
        read.append(texts)
        return unit_vectors(model, texts, **more)

    monkeypatch.setattr(sentence_tests, "unit_vectors", heard)
    found = encoded_tests(lm, TESTS)
    assert len(read) == len(set(read)) == 3
    pivot, own = unit_vectors(lm, PIVOT), unit_vectors(lm, OWN)
    assert found.pivot == "eng_Latn"
    np.testing.assert_array_equal(found.parallel[0]["eng_Latn"], pivot)
    np.testing.assert_array_equal(found.parallel[0]["deu_Latn"], own)
    first, second, grades = found.across["deu_Latn"]
    np.testing.assert_array_equal(first, own)
    np.testing.assert_allclose(second, pivot[::-1], atol=1e-6)
    assert grades == (0.5, 1.0)
    assert found.within.keys() == {"eng_Latn", "deu_Latn"}
