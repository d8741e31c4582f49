"""MEXA: share of parallel sentences whose vectors are nearest to each other, per layer."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from interlingua.core.errors import BadInput
from interlingua.measures.measure import KnownTruth, Measure

Pool = Literal["mean", "max"]
_TIE = 1e-12  # cosines closer than this differ only by the order of summation


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
    a, b = np.asarray(pivot), np.asarray(other)
    if a.ndim != 3 or a.shape != b.shape:
        raise BadInput(f"MEXA needs two arrays (layer, item, d_model) alike, got {a.shape} and {b.shape}.")
    if a.shape[0] < 1 or a.shape[1] < 2:
        raise BadInput(f"MEXA needs a layer and 2 sentences, got shape {a.shape}; give more sentences.")
    if pool not in ("mean", "max"):
        raise BadInput(f"MEXA pools layers by 'mean' or 'max', got {pool!r}.")
    layers = tuple(
        _aligned(_directions(x, "pivot", at), _directions(y, "other", at))
        for at, (x, y) in enumerate(zip(a, b, strict=True))
    )
    return Mexa(layers, float(np.mean(layers) if pool == "mean" else np.max(layers)), a.shape[1])


def _directions(vectors: NDArray[Any], side: str, layer: int) -> NDArray[np.float64]:
    """Vectors `(item, d_model)` at length one."""
    wide = vectors.astype(np.float64)
    lengths = np.linalg.norm(wide, axis=1)
    bad = ~(np.isfinite(lengths) & (lengths > 0))
    if bad.any():
        raise BadInput(
            f"Vector {int(np.argmax(bad))} ({side}, layer {layer}) has length {lengths[bad][0]};"
            " leave out empty sentences and look for overflow."
        )
    unit: NDArray[np.float64] = wide / lengths[:, None]
    return unit


def _aligned(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Share of rows whose own cosine is the strict maximum of its row and column."""
    cosines = a @ b.T
    own = cosines.diagonal().copy()
    np.fill_diagonal(cosines, -np.inf)
    rival = np.maximum(cosines.max(0), cosines.max(1))
    return float(np.mean(own > rival + _TIE))


def _known_truth() -> KnownTruth:
    """First layer: four axes, the last two swapped, so 2/4. Second: the same vectors, so 4/4."""
    axes = np.eye(4)
    return KnownTruth(
        {"pivot": np.stack([axes, axes]), "other": np.stack([axes[[0, 1, 3, 2]], axes])},
        {"layers.0": 0.5, "layers.1": 1.0, "pooled": 0.75, "n": 4},
    )


MEASURE = Measure(mexa, "vectors", "higher", "fraction", "arXiv:2410.05873", _known_truth)
