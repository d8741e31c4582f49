"""Sentence encoders by hand: axes that meet and axes that are exchanged, ranks that agree and turn round."""

import numpy as np
import pytest

from interlingua.measures.sentence_encoders import encoder_numbers, graded_similarity, retrieval_numbers

AXES = np.eye(4, dtype=np.float32)
TURNED = AXES[[1, 0, 2, 3]]  # two of four are exchanged


def leaning(*cosines: float) -> np.ndarray:
    """Vectors of length one with these cosines to the first axis."""
    return np.array([[cosine, (1 - cosine**2) ** 0.5, 0, 0] for cosine in cosines], np.float32)


def test_retrieval_with_the_pivot_and_between_the_others() -> None:
    found = retrieval_numbers("p", [{"p": AXES, "x": AXES, "y": TURNED, "z": TURNED}])
    assert found["retrieval"] == {"x": 1.0, "y": 0.5, "z": 0.5}
    # x meets y and z half, y and z meet each other wholly
    assert found["retrieval_between"] == {"x": 0.5, "y": 0.75, "z": 0.75}


def test_languages_with_other_sentences_do_not_meet() -> None:
    found = retrieval_numbers("p", [{"p": AXES, "x": TURNED}, {"p": AXES[:2], "y": AXES[:2]}])
    assert found == {"retrieval": {"x": 0.5, "y": 1.0}, "retrieval_between": {}}


def test_similarity_by_hand() -> None:
    first = np.repeat(AXES[:1], 4, 0)
    assert graded_similarity(first, leaning(0.9, 0.5, 0.2, -0.1), [1, 0.5, 0.4, 0]) == pytest.approx(1)
    assert graded_similarity(first, leaning(-0.1, 0.2, 0.5, 0.9), [1, 0.5, 0.4, 0]) == pytest.approx(-1)
    # cosine ranks 4 3 2 1, grade ranks 4 3 1 2: 1 - 6 x 2 / (4 x 15)
    assert graded_similarity(first, leaning(0.9, 0.5, 0.2, -0.1), [1, 0.5, 0, 0.4]) == pytest.approx(0.8)


def test_where_similarity_is_not_defined() -> None:
    first, varied = np.repeat(AXES[:1], 4, 0), leaning(0.9, 0.5, 0.2, -0.1)
    assert graded_similarity(first[:3], varied[:3], [1, 0.5, 0]) is None
    assert graded_similarity(first, varied, [1, 1, 1, 1]) is None
    assert graded_similarity(first, leaning(*[0.5 + at * 1e-8 for at in range(4)]), [1, 0.5, 0.4, 0]) is None


def test_numbers_that_there_are_stand_by_quantity() -> None:
    pairs = (np.repeat(AXES[:1], 4, 0), leaning(0.9, 0.5, 0.2, -0.1), [1, 0.5, 0.4, 0])
    few = (AXES[:1], AXES[:1], [1])
    found = encoder_numbers("p", [{"p": AXES, "x": AXES}], {"p": pairs, "x": pairs}, {"x": few})
    assert found.keys() == {"retrieval", "similarity"}
    assert found["similarity"] == {"p": pytest.approx(1), "x": pytest.approx(1)}
