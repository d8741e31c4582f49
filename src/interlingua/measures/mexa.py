"""MEXA: share of parallel sentences whose vectors are nearest to each other, per layer."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

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


def _aligned(a: Array, b: Array) -> float:
    """Share of rows whose own cosine is the strict maximum of its row and column."""
    cosines = a @ b.T
    own = cosines.diagonal().copy()
    np.fill_diagonal(cosines, -np.inf)
    rival = np.maximum(cosines.max(0), cosines.max(1))
    return float(np.mean(own > rival + TIE))


def _known_truth() -> KnownTruth:
    """First layer: four axes, the last two swapped, so 2/4. Second: the same vectors, so 4/4."""
    axes = np.eye(4)
    return KnownTruth(
        {"pivot": np.stack([axes, axes]), "other": np.stack([axes[[0, 1, 3, 2]], axes])},
        {"layers.0": 0.5, "layers.1": 1.0, "mean": 0.75, "max": 1.0, "n": 4},
    )


MEASURE = Measure(mexa, "vectors", "higher", "fraction", "arXiv:2410.05873", _known_truth)
