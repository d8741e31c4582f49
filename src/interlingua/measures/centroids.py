"""Centroids: how far the middle of a language lies from the pivot's, in units of its own spread."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from interlingua.measures.by_language import Vectors, at_layer, checked, varies
from interlingua.measures.measure import KnownTruth, Measure
from interlingua.measures.vectors import Array, parallel

_DIGITS = 12  # what is left is the order of summation


@dataclass(frozen=True, slots=True)
class Centroids:
    """Distance of two languages' centroids per layer `(layer,)`, layer 0 being the embeddings.

    `distance` is Euclidean, in the unit of the states. `relative` divides it by the spread within languages
    (root mean squared distance of a sentence to its language's centroid): the size of states grows from layer
    to layer, so only this is comparable between layers and models. None where no sentence differs from
    another; `mean` is over the layers that have one.
    """

    distance: tuple[float, ...]
    relative: tuple[float | None, ...]
    mean: float | None
    n: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def centroids(pivot: ArrayLike, other: ArrayLike) -> Centroids:
    """How far apart the means of two languages lie, layer by layer.

    `pivot` and `other` `(layer, item, d_model)` hold vectors of the same sentences in the same order. From
    the squared distance goes what chance alone adds to it in so few sentences, so languages of one centroid
    have 0 on average and not the more the wider their vectors are.
    Raises `BadInput` for arrays of other or unequal shape, fewer than two sentences, or numbers that are not
    finite.
    Source: Libovický et al. 2020, arXiv:2004.05160, for languages as centroids; the correction is the usual
    one of a squared mean.
    """
    a, b = parallel("Centroids", pivot, other)
    found = [_pair(*at_layer({"pivot": a, "other": b}, layer).values()) for layer in range(len(a))]
    distance = tuple(round(one, _DIGITS) for one, _ in found)
    relative = tuple(None if one is None else round(one, _DIGITS) for _, one in found)
    known = [one for one in relative if one is not None]
    return Centroids(distance, relative, round(float(np.mean(known)), _DIGITS) if known else None, a.shape[1])


def centroid_distances(vectors: Vectors) -> NDArray[np.float64]:
    """`relative` distances of all languages from each other, `(layer, lang, lang)`; NaN where nothing varies.

    `vectors` hold the same sentences in every language, `(layer, item, d_model)`. Raises `BadInput` as
    `centroids` does, and for languages of other sentences.
    """
    arrays = checked("Centroids", vectors)
    layers = next(iter(arrays.values())).shape[0]
    return np.stack([_all_pairs(np.stack(list(at_layer(arrays, layer).values()))) for layer in range(layers)])


def _pair(a: Array, b: Array) -> tuple[float, float | None]:
    """Distance and relative distance of two languages in one layer."""
    squared, spread, sizes = _squares(np.stack([a, b]))
    distance = float(np.sqrt(squared[0, 1]))
    return distance, distance / float(np.sqrt(spread[0, 1])) if varies(spread[0, 1], sizes) else None


def _all_pairs(layer: Array) -> Array:
    squared, spread, sizes = _squares(layer)
    known = np.array([[varies(one, sizes) for one in row] for row in spread])
    return np.sqrt(np.divide(squared, spread, out=np.full_like(squared, np.nan), where=known))


def _squares(layer: Array) -> tuple[Array, Array, float]:
    """Squared distances and spreads `(lang, lang)` of vectors `(lang, item, d_model)`, and their size."""
    items = layer.shape[1]
    means = layer.mean(1)
    moved = (layer - means[:, None]).reshape(len(layer), -1)
    within = moved @ moved.T
    own = within.diagonal()
    apart = np.square(means[:, None] - means).sum(-1)
    noise = (own[:, None] + own - 2 * within) / (items * (items - 1))
    squared = np.maximum(apart - noise, 0.0)
    np.fill_diagonal(squared, 0.0)
    spread = (own[:, None] + own) / (2 * (items - 1))
    return squared, spread, float(np.square(layer).sum() / items)


def _known_truth() -> KnownTruth:
    """Layer 0: points 0 and 2 on a line, and both 3 further: distance 3, spread the square root of 2.

    Layer 1: 0 and 2, and 3 and 7 (means 1 and 5, differences 3 and 5): 4² less (1 + 1) / (2 · 1) is 15;
    spread² is (2 + 8) / 2.
    """
    pivot = np.array([[[0.0], [2.0]], [[0.0], [2.0]]])
    other = np.array([[[3.0], [5.0]], [[3.0], [7.0]]])
    return KnownTruth(
        {"pivot": pivot, "other": other},
        {
            "distance.0": 3.0,
            "relative.0": round(3 / 2**0.5, _DIGITS),
            "distance.1": round(15**0.5, _DIGITS),
            "relative.1": round(3**0.5, _DIGITS),
            "n": 2.0,
        },
    )


MEASURE = Measure(centroids, "vectors", "lower", "spreads", "arXiv:2004.05160", _known_truth)
