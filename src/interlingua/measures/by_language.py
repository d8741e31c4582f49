"""Vectors of several languages, checked to belong together, and taken layer by layer."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from interlingua.core.errors import BadInput
from interlingua.measures.vectors import Array

Vectors = Mapping[str, ArrayLike]
"""Language to vectors `(layer, item, d_model)`; memory maps are read layer by layer."""


def checked(name: str, vectors: Vectors, *, parallel: bool = True) -> dict[str, NDArray[Any]]:
    """The arrays by language, in the order given; `parallel` ones hold the same sentences in the same order.

    Raises `BadInput`, beginning with the measure's `name`, for no language, other than three axes, other
    numbers of layers, of widths or (parallel) of sentences, and fewer than two sentences.
    """
    arrays = {lang: np.asarray(own) for lang, own in vectors.items()}
    if not arrays:
        raise BadInput(f"{name} needs the vectors of at least one language.")
    first, model = next(iter(arrays.items()))
    for lang, own in arrays.items():
        if own.ndim != 3 or 0 in (own.shape[0], own.shape[-1]) or own.shape[1] < 2:
            raise BadInput(
                f"{name} needs vectors (layer, item, d_model) of 2 sentences or more, {lang} has {own.shape}."
            )
        same = (0, 1, 2) if parallel else (0, 2)
        if any(own.shape[axis] != model.shape[axis] for axis in same):
            what = (
                "the same sentences in all languages" if parallel else "one model's layers in all languages"
            )
            raise BadInput(f"{name} needs {what}: {first} has {model.shape}, {lang} {own.shape}.")
    return arrays


def at_layer(vectors: Mapping[str, NDArray[Any]], layer: int) -> dict[str, Array]:
    """One layer's vectors `(item, d_model)` by language, in double precision.

    Raises `BadInput` for a number that is not finite.
    """
    found = {}
    for lang, own in vectors.items():
        wide = own[layer].astype(np.float64)
        bad = ~np.isfinite(wide).all(1)
        if bad.any():
            raise BadInput(
                f"Vector {int(np.argmax(bad))} in {lang} (layer {layer}) is not finite; look for overflow."
            )
        found[lang] = wide
    return found


def varies(part: float, whole: float) -> bool:
    """Whether a sum of squares is more than what rounding leaves of one that is `whole`."""
    return part > 1e-24 * whole
