"""Retrieval: how often the nearest sentence of the other language is the translation, both ways."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from interlingua.core.errors import BadInput
from interlingua.measures.measure import KnownTruth, Measure
from interlingua.measures.vectors import TIE, Array, directions, parallel


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Shares per layer `(layer,)`: `found` starts from the pivot's sentences, `back` from the other's.

    `mean` is the mean of both ways over the layers, `max` the mean of both ways in the best layer.
    """

    found: tuple[float, ...]
    back: tuple[float, ...]
    mean: float
    max: float
    n: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def retrieval(pivot: ArrayLike, other: ArrayLike, *, csls: int = 0) -> Retrieval:
    """Share of sentences whose translation is nearest by cosine, from the pivot and from the other language.

    `pivot` and `other` `(layer, item, d_model)` hold vectors of the same sentences in the same order; chance
    is 1 / items. The translation must be strictly nearest, so copies of a sentence do not count. With `csls`,
    sentences that are near to all others lose: from twice the cosine, each side's mean cosine with its `csls`
    nearest neighbours (10 in the paper) is taken away.
    Raises `BadInput` for arrays of other or unequal shape, fewer than two sentences, a vector that is zero or
    not finite, or more neighbours than sentences.
    Source: top-1 retrieval as in LASER's Tatoeba test, arXiv:1812.10464; CSLS: arXiv:1710.04087.
    """
    a, b = parallel("Retrieval", pivot, other)
    if not 0 <= csls <= a.shape[1]:
        raise BadInput(f"CSLS takes 1 to {a.shape[1]} neighbours (0: plain cosine), got {csls}.")
    ways = [_both_ways(x @ y.T, csls) for x, y in directions(a, b)]
    found, back = (tuple(way) for way in zip(*ways, strict=True))
    both = np.mean(ways, axis=1)
    return Retrieval(found, back, float(both.mean()), float(both.max()), a.shape[1])


def _both_ways(similar: Array, csls: int) -> tuple[float, float]:
    """Shares of rows, and of columns, whose own entry is the strict maximum."""
    if csls:
        rows, columns = (np.sort(side, axis=1)[:, -csls:].mean(1) for side in (similar, similar.T))
        similar = 2 * similar - rows[:, None] - columns
    own = similar.diagonal().copy()
    rivals = similar.copy()
    np.fill_diagonal(rivals, -np.inf)
    there, back = (float(np.mean(own > rivals.max(axis) + TIE)) for axis in (1, 0))
    return there, back


def _known_truth() -> KnownTruth:
    """Layer 0: of three axes two are swapped, 1/3 both ways. Layer 1: other 1 leans to pivot 0 (.8, .6).

    From the pivot all find their own (0: 1 before .8; 1: .6 before 0); back, other 1 finds pivot 0: 2/3.
    """
    axes = np.eye(3)
    turned = np.array([[1.0, 0, 0], [0.8, 0.6, 0], [0, 0, 1]])
    return KnownTruth(
        {"pivot": np.stack([axes, axes]), "other": np.stack([axes[[0, 2, 1]], turned])},
        {
            "found.0": 1 / 3,
            "back.0": 1 / 3,
            "found.1": 1.0,
            "back.1": 2 / 3,
            "mean": 7 / 12,
            "max": 5 / 6,
            "n": 3,
        },
    )


MEASURE = Measure(retrieval, "vectors", "higher", "fraction", "arXiv:1812.10464", _known_truth)
