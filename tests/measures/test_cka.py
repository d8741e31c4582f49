"""CKA: by hand, against both definitions written out, and what must not change it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from interlingua.core.errors import BadInput
from interlingua.measures.cka import cka

Array = NDArray[np.float64]


def by_definition(a: Array, b: Array) -> tuple[float, float]:
    """One layer: products of all sentences, centred by a matrix; then with the diagonal left out."""
    n = len(a)
    whole = np.eye(n) - 1 / n
    k, l = a @ a.T, b @ b.T  # noqa: E741

    def hsic(x: Array, y: Array) -> float:
        return float(np.trace(whole @ x @ whole @ whole @ y @ whole))

    def unbiased(x: Array, y: Array) -> float:
        x, y, one = x - np.diag(np.diag(x)), y - np.diag(np.diag(y)), np.ones(n)
        sums = (one @ x @ one) * (one @ y @ one) / ((n - 1) * (n - 2))
        return float(np.trace(x @ y) + sums - 2 / (n - 2) * (one @ x @ y @ one))

    return tuple(of(k, l) / np.sqrt(of(k, k) * of(l, l)) for of in (hsic, unbiased))  # type: ignore[return-value]


@pytest.mark.parametrize("width", [3, 12, 40], ids=["narrow", "square", "wide"])
@pytest.mark.parametrize("noise", [0.0, 0.5, 5.0])
def test_agrees_with_the_definitions(width: int, noise: float) -> None:
    rng = np.random.default_rng(0)
    pivot = rng.normal(size=(2, 12, width)) + 3
    other = pivot + noise * rng.normal(size=pivot.shape)
    found = cka(pivot, other)
    wanted = [by_definition(a, b) for a, b in zip(pivot, other, strict=True)]
    assert list(zip(found.layers, found.unbiased, strict=True)) == [pytest.approx(one) for one in wanted]
    assert (found.mean, found.mean_unbiased) == pytest.approx(tuple(np.mean(wanted, axis=0)))
    assert found.n == 12


def test_turning_moving_and_scaling_a_side_change_nothing() -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(1, 30, 8))
    turn, _ = np.linalg.qr(rng.normal(size=(8, 8)))
    found = cka(vectors, 7 * vectors @ turn - 2)
    assert found.layers == found.unbiased == (1.0,)


def test_unrelated_layouts_look_alike_only_to_the_usual_estimate() -> None:
    """20 sentences of 500 numbers: the usual estimate is close to 1, the unbiased one to 0."""
    rng = np.random.default_rng(2)
    found = cka(rng.normal(size=(50, 20, 500)), rng.normal(size=(50, 20, 500)))
    assert found.mean > 0.9
    assert found.mean_unbiased == pytest.approx(0, abs=0.02)


def test_a_permuted_language_is_unrelated() -> None:
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(20, 40, 6))
    assert cka(vectors, vectors).mean_unbiased == 1.0
    assert cka(vectors, vectors[:, rng.permutation(40)]).mean_unbiased == pytest.approx(0, abs=0.05)


def test_a_side_that_does_not_vary_or_lies_evenly_has_no_layout() -> None:
    """The last token of all sentences may be the same full stop; corners of a simplex are all equally far."""
    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(1, 10, 16)).astype(np.float32)
    same = np.repeat(vectors[:, :1], 10, axis=1)
    assert cka(vectors, same).layers == cka(same, same).unbiased == (0.0,)
    corners = 0.3 * np.eye(10)[None]
    assert cka(corners, corners).unbiased == (0.0,)
    assert cka(corners, corners).layers == (1.0,)


def test_plain_values() -> None:
    vectors = np.random.default_rng(5).normal(size=(1, 5, 2))
    assert cka(vectors, vectors).as_dict() == {
        "layers": [1.0], "unbiased": [1.0], "mean": 1.0, "mean_unbiased": 1.0, "n": 5,
    }  # fmt: skip


def test_what_has_no_answer_is_refused() -> None:
    good = np.ones((2, 5, 2))
    with pytest.raises(BadInput, match=r"CKA needs two arrays .* \(2, 5, 2\) and \(2, 4, 2\)"):
        cka(good, good[:, :4])
    with pytest.raises(BadInput, match="CKA needs 4 sentences, got 3"):
        cka(good[:, :3], good[:, :3])
    for bad in (np.nan, np.inf):
        other = good.copy()
        other[1, 2, 0] = bad
        with pytest.raises(BadInput, match=r"Vector 2 \(other, layer 1\) is not finite"):
            cka(good, other)
