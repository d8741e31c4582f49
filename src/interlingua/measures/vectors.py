"""Parallel vectors: the same sentences in two languages, layer by layer, as directions."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from interlingua.core.errors import BadInput

Array = NDArray[np.float64]
TIE = 1e-12
"""Cosines closer than this differ only by the order of summation."""


def parallel(name: str, pivot: ArrayLike, other: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Both arrays `(layer, item, d_model)`, checked to be alike.

    Raises `BadInput`, beginning with the measure's `name`, for another or unequal shape, or fewer than two
    sentences.
    """
    a, b = np.asarray(pivot), np.asarray(other)
    if a.ndim != 3 or a.shape != b.shape:
        raise BadInput(f"{name} needs two arrays (layer, item, d_model) alike, got {a.shape} and {b.shape}.")
    if a.shape[0] < 1 or a.shape[1] < 2:
        raise BadInput(f"{name} needs a layer and 2 sentences, got shape {a.shape}; give more sentences.")
    return a, b


def directions(pivot: NDArray[Any], other: NDArray[Any]) -> Iterator[tuple[Array, Array]]:
    """Per layer the vectors `(item, d_model)` of both sides at length one.

    Raises `BadInput` for a vector that is zero or not finite, since it has no direction.
    """
    for at, (x, y) in enumerate(zip(pivot, other, strict=True)):
        yield _unit(x, "pivot", at), _unit(y, "other", at)


def _unit(vectors: NDArray[Any], side: str, layer: int) -> Array:
    wide = vectors.astype(np.float64)
    lengths = np.linalg.norm(wide, axis=1)
    bad = ~(np.isfinite(lengths) & (lengths > 0))
    if bad.any():
        raise BadInput(
            f"Vector {int(np.argmax(bad))} ({side}, layer {layer}) has length {lengths[bad][0]};"
            " leave out empty sentences and look for overflow."
        )
    unit: Array = wide / lengths[:, None]
    return unit
