"""Language Ranker: by hand, against its definition written out, and what it cannot see by itself."""

import math

import numpy as np
import pytest

from interlingua.core.errors import BadInput
from interlingua.measures.language_ranker import language_ranker


def test_agrees_with_the_definition() -> None:
    rng = np.random.default_rng(0)
    pivot = rng.normal(size=(3, 12, 5))
    other = pivot + rng.normal(size=pivot.shape)
    found = language_ranker(pivot, other)

    def cosine(layer: int, i: int, j: int) -> float:
        a, b = pivot[layer, i], other[layer, j]
        return float(a @ b) / math.sqrt(float(a @ a) * float(b @ b))

    for layer in range(3):
        own = [cosine(layer, i, i) for i in range(12)]
        unrelated = [cosine(layer, i, j) for i in range(12) for j in range(12) if i != j]
        assert found.layers[layer] == pytest.approx(np.mean(own))
        assert found.baseline[layer] == pytest.approx(np.mean(unrelated))
    assert found.mean == pytest.approx(np.mean(found.layers[1:]))  # the embeddings do not count
    assert found.above == pytest.approx(found.mean - np.mean(found.baseline[1:]))
    assert found.n == 12


def test_a_direction_common_to_all_vectors_shows_in_the_baseline() -> None:
    """Unrelated languages in a narrow cone: cosine near 1, nothing above the baseline."""
    rng = np.random.default_rng(1)
    cone = 20 * np.eye(16)[0]
    pivot, other = (rng.normal(size=(2, 200, 16)) + cone for _ in range(2))
    found = language_ranker(pivot, other)
    assert found.mean > 0.9
    assert found.above == pytest.approx(0, abs=0.01)


def test_plain_values() -> None:
    found = language_ranker(np.stack([np.eye(2)] * 2), np.stack([np.eye(2)] * 2)).as_dict()
    assert found["layers"] == [1.0, 1.0]
    assert found["baseline"] == [0.0, 0.0]
    assert set(found) == {"layers", "baseline", "mean", "mean_baseline", "above", "n"}


def test_what_has_no_answer_is_refused() -> None:
    good = np.ones((2, 3, 2))
    with pytest.raises(BadInput, match="leaves layer 0"):
        language_ranker(good[:1], good[:1])
    with pytest.raises(BadInput, match=r"Language Ranker needs two arrays .* \(2, 3, 2\) and \(2, 2, 2\)"):
        language_ranker(good, good[:, :2])
    with pytest.raises(BadInput, match="2 sentences"):
        language_ranker(good[:, :1], good[:, :1])
    other = good.copy()
    other[1, 2] = math.nan
    with pytest.raises(BadInput, match=r"Vector 2 \(other, layer 1\)"):
        language_ranker(good, other)
