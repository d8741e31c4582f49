"""MEXA: share of parallel sentences whose vectors are nearest to each other, per layer."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from interlingua.core.errors import BadInput
from interlingua.measures.measure import KnownTruth, Measure
from interlingua.measures.vectors import TIE, Array, directions, parallel

Pool = Literal["mean", "max"]


@dataclass(frozen=True, slots=True)
class Mexa:
    """Alignment of one language with the pivot: `layers` `(layer,)`, and `mean` and `max` over them."""

    layers: tuple[float, ...]
    mean: float
    max: float
    n: int

    def estimate(self, score: float, pool: Pool = "mean") -> float:
        """What a task's `score` in the pivot lets expect in this language: alignment times score.

        Raises `BadInput` for another way to pool the layers than `mean` and `max`.
        """
        if pool not in get_args(Pool):
            raise BadInput(f"MEXA pools layers by 'mean' or 'max', got {pool!r}.")
        return score * (self.mean if pool == "mean" else self.max)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"layers": list(self.layers), "mean": self.mean, "max": self.max, "n": self.n}


def mexa(pivot: ArrayLike, other: ArrayLike, *, embeddings: bool = True) -> Mexa:
    """Share of sentences i whose cosine with their translation beats all others, in its row and its column.

    `pivot` and `other` `(layer, item, d_model)` hold vectors of the same sentences in the same order. In
    `mean` and `max` layer 0, the embeddings, counts as in the authors' code, unless `embeddings` is False.
    The cosine must be strictly greater, so copies of a sentence do not count. Pure noise scores about
    1 / (2 items - 1).
    Raises `BadInput` for arrays of other or unequal shape, no layer that counts, fewer than two sentences, or
    a vector that is zero or not finite, since it has no direction.
    Source: Kargaran et al. 2024, arXiv:2410.05873, and code cisnlp/MEXA; `mean` over layers is their default.
    """
    a, b = parallel("MEXA", pivot, other)
    layers = tuple(_aligned(x, y) for x, y in directions(a, b))
    counted = layers if embeddings else layers[1:]
    if not counted:
        raise BadInput("MEXA without the embeddings (layer 0) needs the layers above them; give them too.")
    return Mexa(layers, float(np.mean(counted)), max(counted), a.shape[1])


def permuted_mexa(
    pivot: ArrayLike, other: ArrayLike, *, pool: Pool = "mean", permutations: int = 1000, seed: int = 0
) -> Array:
    """MEXA `(permutation,)` with the other language's sentences in random orders, the same in all layers.

    What MEXA is where nothing is aligned: a hundredth and less, with a hundred sentences. Cosines are taken
    once; each order only picks from the pairs that are nearest to each other, whatever their places.
    Raises `BadInput` as `mexa` does, and for fewer than one permutation or another `pool`.
    """
    a, b = parallel("MEXA", pivot, other)
    if permutations < 1 or pool not in get_args(Pool):
        raise BadInput(
            f"MEXA takes permutations of 1 or more and pool 'mean' or 'max', got {permutations}, {pool!r}."
        )
    rng, n = np.random.default_rng(seed), a.shape[1]
    orders = rng.permuted(np.tile(np.arange(n), (permutations, 1)), axis=1)
    shares = np.stack([_mutual(x, y)[np.arange(n), orders].mean(1) for x, y in directions(a, b)])
    pooled: Array = shares.mean(0) if pool == "mean" else shares.max(0)
    return pooled


def _aligned(a: Array, b: Array) -> float:
    """Share of rows whose own cosine is the strict maximum of its row and column."""
    return float(np.mean(_mutual(a, b).diagonal()))


def _mutual(a: Array, b: Array) -> NDArray[np.bool_]:
    """Which cosines `(row, column)` are the strict maximum of their row and of their column."""
    cosines = a @ b.T
    best = np.ones(cosines.shape, bool)
    for axis in (0, 1):
        second, first = np.moveaxis(np.partition(cosines, -2, axis=axis), axis, 0)[-2:]
        clear = np.where(first > second + TIE, first, np.inf)
        best &= cosines >= np.expand_dims(clear, axis)
    return best


def _known_truth() -> KnownTruth:
    """First layer: four axes, the last two swapped, so 2/4. Second: the same vectors, so 4/4."""
    axes = np.eye(4)
    return KnownTruth(
        {"pivot": np.stack([axes, axes]), "other": np.stack([axes[[0, 1, 3, 2]], axes])},
        {"layers.0": 0.5, "layers.1": 1.0, "mean": 0.75, "max": 1.0, "n": 4},
    )


MEASURE = Measure(mexa, "vectors", "higher", "fraction", "arXiv:2410.05873", _known_truth)
