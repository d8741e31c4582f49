"""Token vectors: like company makes like vectors; sparsemax worked by hand."""

import numpy as np
import pytest

from interlingua.core.errors import BadInput
from interlingua.models.surgery.token_vectors import sparsemax, token_vectors, unit


def test_tokens_of_like_company_are_alike():
    # 1 and 2 stand between 5 and 6, tokens 3 and 4 between 7 and 8; 9 is never met.
    rng = np.random.default_rng(0)
    rows = [[5, int(rng.integers(1, 3)), 6] for _ in range(50)] + [
        [7, int(rng.integers(3, 5)), 8] for _ in range(50)
    ]
    vectors = token_vectors(rows, 10, width=4)
    assert vectors.shape == (10, 4)
    likeness = unit(vectors) @ unit(vectors).T
    assert likeness[1, 2] > 0.9
    assert likeness[3, 4] > 0.9
    assert abs(likeness[1, 3]) < 0.3
    assert not vectors[9].any()
    assert np.array_equal(vectors, token_vectors(rows, 10, width=4))


def test_sparsemax_by_hand():
    scores = np.array([[0.6, 0.4], [2.0, 0.0], [1.0, 1.0], [0.5, 0.0]])
    # Two equal or close scores share; one that is ahead by 1 or more takes all; 0.5 and 0: (1.5, 0.5) / 2.
    assert sparsemax(scores) == pytest.approx(np.array([[0.6, 0.4], [1.0, 0.0], [0.5, 0.5], [0.75, 0.25]]))


def test_lengths_are_one_or_nothing():
    assert unit(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [[0.6, 0.8], [0.0, 0.0]]


def test_single_tokens_are_no_company():
    with pytest.raises(BadInput, match="no two tokens beside each other"):
        token_vectors([[1], [2]], 3)
