"""Retrieval: by hand, against its definition, and CSLS against the hubs it is meant for."""

import numpy as np
import pytest
from numpy.typing import NDArray

from interlingua.core.errors import BadInput
from interlingua.measures.retrieval import retrieval

Array = NDArray[np.float64]


def by_definition(pivot: Array, other: Array, csls: int) -> tuple[float, float]:
    """One layer, sentence by sentence."""
    a, b = (side / np.linalg.norm(side, axis=1, keepdims=True) for side in (pivot, other))
    n = len(a)

    def near(vector: Array, side: Array) -> float:
        return sum(sorted(float(vector @ one) for one in side)[-csls:]) / csls if csls else 0.0

    def score(i: int, j: int) -> float:
        plain = float(a[i] @ b[j])
        return 2 * plain - near(a[i], b) - near(b[j], a) if csls else plain

    found = [max(range(n), key=lambda j: score(i, j)) == i for i in range(n)]
    back = [max(range(n), key=lambda i: score(i, j)) == j for j in range(n)]
    return sum(found) / n, sum(back) / n


@pytest.mark.parametrize("csls", [0, 1, 4])
def test_agrees_with_the_definition(csls: int) -> None:
    rng = np.random.default_rng(0)
    pivot = rng.normal(size=(3, 25, 6))
    other = pivot + 1.2 * rng.normal(size=pivot.shape)
    result = retrieval(pivot, other, csls=csls)
    wanted = [by_definition(a, b, csls) for a, b in zip(pivot, other, strict=True)]
    assert list(zip(result.found, result.back, strict=True)) == wanted
    assert result.mean == pytest.approx(np.mean(wanted))
    assert result.max == pytest.approx(np.mean(wanted, axis=1).max())
    assert result.n == 25


def test_csls_takes_a_hub_its_catch() -> None:
    """All of the pivot's lie nearest to other 0: .45, .4, .4, where 1 and 2 have .35 with their own.

    With 2 neighbours, 1 scores .7 - .375 - .2 with its own and .8 - .375 - .425 with the hub; so does 2.
    """
    cosines = np.array([[0.45, 0.4, 0.4], [0.05, 0.35, 0], [0.05, 0, 0.35]])
    rest = np.sqrt(1 - (cosines**2).sum(1))
    pivot, other = np.hstack([np.eye(3), np.zeros((3, 3))])[None], np.hstack([cosines, np.diag(rest)])[None]
    assert retrieval(pivot, other).found == (1 / 3,)
    assert retrieval(pivot, other, csls=2).found == (1.0,)
    assert retrieval(pivot, other).back == (1.0,)


def test_noise_finds_what_chance_gives_and_copies_nothing() -> None:
    rng = np.random.default_rng(2)
    noise = retrieval(rng.normal(size=(400, 5, 16)), rng.normal(size=(400, 5, 16)))
    assert noise.mean == pytest.approx(1 / 5, abs=0.03)
    vectors = rng.normal(size=(1, 20, 33))
    vectors[0, 10:15] = 3 * vectors[0, :5]
    assert retrieval(vectors, vectors).found == retrieval(vectors, vectors).back == (0.5,)


def test_plain_values() -> None:
    axes = np.eye(3)[None]
    assert retrieval(axes, axes).as_dict() == {
        "found": [1.0], "back": [1.0], "mean": 1.0, "max": 1.0, "n": 3,
    }  # fmt: skip


def test_what_has_no_answer_is_refused() -> None:
    good = np.ones((1, 3, 2))
    with pytest.raises(BadInput, match="Retrieval needs two arrays"):
        retrieval(good, good[:, :2])
    for csls in (-1, 4):
        with pytest.raises(BadInput, match=f"1 to 3 neighbours .* got {csls}"):
            retrieval(good, good, csls=csls)
