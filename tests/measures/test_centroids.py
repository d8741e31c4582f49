"""Centroids: planted shifts come back in units of spread, chance alone gives none."""

import numpy as np
import pytest

from interlingua.core.errors import BadInput
from interlingua.measures.centroids import centroid_distances, centroids


def cloud(seed: int, items: int = 100, width: int = 64) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(2, items, width)).astype(np.float32)


@pytest.mark.parametrize("shift", [0.0, 0.5, 3.0])
def test_a_planted_shift_comes_back(shift: float) -> None:
    """Moved along one axis: the distance is the shift, the spread the root of the width."""
    pivot = cloud(0).astype(np.float64)
    other = pivot.copy()
    other[1, :, 5] += shift
    found = centroids(pivot, other)
    assert found.distance == pytest.approx((0, shift), abs=1e-6)
    assert found.relative == pytest.approx((0, shift / 8), rel=0.05, abs=1e-6)
    assert found.mean == pytest.approx(sum(found.relative) / 2)
    assert found.n == 100


def test_noise_of_translations_is_no_shift() -> None:
    """Plain distances of means would say 0.09 spreads and more, and the more the fewer sentences."""
    found, plain = [], []
    for seed in range(40):
        pivot = cloud(seed, 20)
        other = pivot + cloud(1000 + seed, 20)
        found.append(np.square(centroids(pivot, other).relative).mean())
        plain.append(np.square(np.linalg.norm((pivot - other).mean(1), axis=1) / 8).mean())
    assert np.mean(plain) > 0.04
    assert np.mean(found) < 0.006


def test_a_shift_in_noise_comes_back() -> None:
    pivot = cloud(1, 200)
    other = pivot + cloud(2, 200) + 0.5  # 4 along the diagonal of 64 numbers
    found = centroids(pivot, other)
    assert found.distance == pytest.approx((4, 4), rel=0.05)
    assert found.relative == pytest.approx((4 / 96**0.5,) * 2, rel=0.05)  # variances 1 and 2, mean 3/2


def test_scaling_changes_the_distance_but_not_the_relative_one() -> None:
    pivot, other = cloud(3), cloud(3) + 1
    once, twice = centroids(pivot, other), centroids(2 * pivot, 2 * other)
    assert twice.distance == pytest.approx([2 * one for one in once.distance])
    assert twice.relative == pytest.approx(once.relative)


def test_a_layer_in_which_no_sentence_differs_has_no_relative_distance() -> None:
    """As the embeddings of the last token, where every sentence ends with the same full stop."""
    same = np.repeat(cloud(4)[:, :1], 10, axis=1)
    found = centroids(same, same + 1)
    assert found.relative == (None, None)
    assert found.mean is None
    assert found.distance == pytest.approx((8, 8))
    assert np.isnan(centroid_distances({"a": same, "b": same + 1})).all()
    assert found.as_dict()["relative"] == [None, None]


def test_all_pairs_agree_with_each_pair() -> None:
    vectors = {lang: cloud(at) + 0.2 * at for at, lang in enumerate("abc")}
    every = centroid_distances(vectors)
    assert every.shape == (2, 3, 3)
    for i, one in enumerate(vectors.values()):
        for j, other in enumerate(vectors.values()):
            assert every[:, i, j] == pytest.approx(centroids(one, other).relative, abs=1e-9)
    assert np.array_equal(np.diagonal(every, axis1=1, axis2=2), np.zeros((2, 3)))


def test_bad_input_is_one_clear_line() -> None:
    bad = cloud(0)
    bad[1, 3, 0] = np.nan
    for one, other, told in (
        (cloud(0), cloud(0)[:, :50], "needs two arrays"),
        (cloud(0)[:, :1], cloud(0)[:, :1], "2 sentences"),
        (cloud(0), bad, r"Vector 3 in other \(layer 1\) is not finite"),
    ):
        with pytest.raises(BadInput, match=told) as error:
            centroids(one, other)
        assert "\n" not in str(error.value)
    with pytest.raises(
        BadInput, match=r"the same sentences in all languages: a has \(2, 100, 64\), b \(2, 50, 64\)"
    ):
        centroid_distances({"a": cloud(0), "b": cloud(0)[:, :50]})
