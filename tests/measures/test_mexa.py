"""MEXA: by hand, and against its definition written out as a loop."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from interlingua.core.errors import BadInput
from interlingua.measures.mexa import Pool, mexa, permuted_mexa

Array = NDArray[np.float64]


def by_definition(pivot: Array, other: Array) -> float:
    """One layer, one pair of sentences at a time, in plain Python."""

    def cosine(a: Array, b: Array) -> float:
        return float(a @ b) / math.sqrt(float(a @ a) * float(b @ b))

    n = len(pivot)
    aligned = 0
    for i in range(n):
        own = cosine(pivot[i], other[i])
        in_row = all(own > cosine(pivot[i], other[j]) for j in range(n) if j != i)
        in_column = all(own > cosine(pivot[j], other[i]) for j in range(n) if j != i)
        aligned += in_row and in_column
    return aligned / n


def test_both_directions_are_asked() -> None:
    """Pivot 0 prefers other 0, but other 0 lies nearer to pivot 1; other 1 is pivot 1: so 1 of 2."""
    pivot = np.array([[[1.0, 0.0], [1.0, 1.0]]])
    other = np.array([[[1.0, 0.9], [1.0, 1.0]]])
    assert mexa(pivot, other).layers == (0.5,)
    assert mexa(other, pivot).layers == (0.5,)


@pytest.mark.parametrize("noise", [0.1, 0.6, 1.0, 3.0])
def test_agrees_with_the_definition(noise: float) -> None:
    rng = np.random.default_rng(0)
    pivot = rng.normal(size=(4, 30, 8))
    other = pivot + noise * rng.normal(size=pivot.shape)
    found = mexa(pivot, other)
    assert found.layers == pytest.approx([by_definition(a, b) for a, b in zip(pivot, other, strict=True)])
    assert found.n == 30


def test_pooling_over_layers_with_and_without_the_embeddings() -> None:
    axes = np.eye(4)
    pivot, other = np.stack([axes, axes, axes]), np.stack([axes, axes[::-1], axes[[0, 1, 3, 2]]])
    whole = mexa(pivot, other)
    assert (whole.layers, whole.mean, whole.max) == ((1.0, 0.0, 0.5), 0.5, 1.0)
    above = mexa(pivot, other, embeddings=False)
    assert (above.layers, above.mean, above.max) == ((1.0, 0.0, 0.5), 0.25, 0.5)
    with pytest.raises(BadInput, match=r"needs the layers above them"):
        mexa(pivot[:1], other[:1], embeddings=False)


def test_the_estimate_is_alignment_times_the_score_of_the_pivot() -> None:
    found = mexa(np.stack([np.eye(4)] * 2), np.stack([np.eye(4), np.eye(4)[[0, 1, 3, 2]]]))
    assert found.estimate(0.8) == pytest.approx(0.75 * 0.8)
    assert found.estimate(0.8, "max") == 0.8
    with pytest.raises(BadInput, match="'mean' or 'max', got 'min'"):
        found.estimate(0.8, "min")  # type: ignore[arg-type]


def test_the_same_language_is_aligned_and_a_permuted_one_is_not() -> None:
    vectors = np.random.default_rng(1).normal(size=(2, 100, 16)).astype(np.float32)
    assert mexa(vectors, vectors).mean == 1.0
    assert mexa(vectors, np.roll(vectors, 1, axis=1)).mean == 0.0


def test_a_permuted_language_has_about_one_aligned_sentence() -> None:
    """Of n sentences in random order one lies in its place, on average: MEXA 1 / n."""
    rng = np.random.default_rng(6)
    vectors = rng.normal(size=(1, 25, 16))
    found = [mexa(vectors, vectors[:, rng.permutation(25)]).mean for _ in range(400)]
    assert np.mean(found) == pytest.approx(1 / 25, abs=0.01)


def test_noise_scores_what_chance_gives() -> None:
    rng = np.random.default_rng(2)
    found = mexa(rng.normal(size=(400, 5, 16)), rng.normal(size=(400, 5, 16)))
    assert found.mean == pytest.approx(1 / 9, abs=0.03)


def test_lengths_of_vectors_change_nothing() -> None:
    rng = np.random.default_rng(3)
    pivot, other = rng.normal(size=(1, 20, 8)), rng.normal(size=(1, 20, 8))
    assert mexa(pivot, other * rng.uniform(0.1, 10, size=(1, 20, 1))).layers == mexa(pivot, other).layers


def test_copies_of_a_sentence_are_ties_and_do_not_count() -> None:
    """Ten sentences come twice, at another length: their cosines are 1 up to the last bit, and no proof."""
    vectors = np.random.default_rng(4).normal(size=(1, 64, 33))
    vectors[0, 40:50] = vectors[0, :10] * np.linspace(0.1, 7, 10)[:, None]
    assert mexa(vectors, vectors).mean == 44 / 64


def test_plain_values() -> None:
    axes = np.eye(2)[None]
    assert mexa(axes, axes).as_dict() == {"layers": [1.0], "mean": 1.0, "max": 1.0, "n": 2}


def test_what_has_no_answer_is_refused() -> None:
    good = np.ones((1, 3, 2))
    with pytest.raises(BadInput, match=r"\(1, 3, 2\) and \(1, 2, 2\)"):
        mexa(good, good[:, :2])
    with pytest.raises(BadInput, match=r"\(3, 2\)"):
        mexa(good[0], good[0])
    with pytest.raises(BadInput, match="2 sentences"):
        mexa(good[:, :1], good[:, :1])
    for bad in (0.0, math.nan, math.inf):
        other = good.copy()
        other[0, 1] = bad
        with pytest.raises(BadInput, match=r"Vector 1 \(other, layer 0\)"):
            mexa(good, other)


def test_random_orders_by_hand() -> None:
    """All four pairs of one layer are mutual: of 24 orders 9 keep none, 8 one, 6 two, 1 four; mean 1/4."""
    axes = np.eye(4)[None]
    found = permuted_mexa(axes, axes, permutations=20_000)
    shares = [float(np.mean(found == part / 4)) for part in range(5)]
    assert shares == pytest.approx([9 / 24, 8 / 24, 6 / 24, 0, 1 / 24], abs=0.015)
    assert np.mean(found) == pytest.approx(1 / 4, abs=0.01)


@pytest.mark.parametrize("pool", ["mean", "max"])
def test_random_orders_are_mexa_of_sentences_in_these_orders(pool: Pool) -> None:
    rng = np.random.default_rng(7)
    pivot = rng.normal(size=(3, 12, 6))
    other = pivot + rng.normal(size=pivot.shape)
    orders = np.random.default_rng(5).permuted(np.tile(np.arange(12), (50, 1)), axis=1)
    loop = [getattr(mexa(pivot, other[:, order]), pool) for order in orders]
    assert permuted_mexa(pivot, other, pool=pool, permutations=50, seed=5) == pytest.approx(loop)


def test_a_thousand_orders_lie_near_zero_and_below_what_is_aligned() -> None:
    rng = np.random.default_rng(8)
    pivot = rng.normal(size=(4, 100, 16))
    other = pivot + 0.5 * rng.normal(size=pivot.shape)
    found = permuted_mexa(pivot, other, pool="max")
    assert found.shape == (1000,)
    assert found.mean() < 0.03
    assert found.max() < 0.1 < mexa(pivot, other).max


def test_orders_that_cannot_be_drawn_are_refused() -> None:
    axes = np.eye(4)[None]
    with pytest.raises(BadInput, match="permutations of 1 or more"):
        permuted_mexa(axes, axes, permutations=0)
    with pytest.raises(BadInput, match="pool 'mean' or 'max'"):
        permuted_mexa(axes, axes, pool="min")  # type: ignore[arg-type]
