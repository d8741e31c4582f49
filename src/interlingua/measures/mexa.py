"""MEXA: share of parallel sentences whose vectors are nearest to each other, per layer."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from interlingua.core.errors import BadInput
from interlingua.measures.measure import KnownTruth, Measure
from interlingua.measures.vectors import TIE, Array, directions, parallel

Pool = Literal["mean", "max"]


@dataclass(frozen=True, slots=True)
class Mexa:
    """Alignment of one language with the pivot: `layers` `(layer,)`, and `pooled` over them."""

    layers: tuple[float, ...]
    pooled: float
    n: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"layers": list(self.layers), "pooled": self.pooled, "n": self.n}


def mexa(pivot: ArrayLike, other: ArrayLike, *, pool: Pool = "mean") -> Mexa:
    """Share of sentences i whose cosine with their translation beats all others, in its row and its column.

    `pivot` and `other` `(layer, item, d_model)` hold vectors of the same sentences in the same order; layer 0
    (the embeddings) counts. The cosine must be strictly greater, so copies of a sentence do not count. Pure
    noise scores about 1 / (2 items - 1).
    Raises `BadInput` for arrays of other or unequal shape, fewer than two sentences, or a vector that is zero
    or not finite, since it has no direction.
    Source: Kargaran et al. 2024, arXiv:2410.05873, and code cisnlp/MEXA; `mean` over layers is their default.
    """
    a, b = parallel("MEXA", pivot, other)
    if pool not in ("mean", "max"):
        raise BadInput(f"MEXA pools layers by 'mean' or 'max', got {pool!r}.")
    layers = tuple(_aligned(x, y) for x, y in directions(a, b))
    return Mexa(layers, float(np.mean(layers) if pool == "mean" else np.max(layers)), a.shape[1])


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
        {"layers.0": 0.5, "layers.1": 1.0, "pooled": 0.75, "n": 4},
    )


MEASURE = Measure(mexa, "vectors", "higher", "fraction", "arXiv:2410.05873", _known_truth)
