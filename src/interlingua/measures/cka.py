"""Linear CKA: whether two languages lay the same sentences out alike, turned or moved as they may be."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from interlingua.core.errors import BadInput
from interlingua.measures.measure import KnownTruth, Measure
from interlingua.measures.vectors import Array, parallel

_DIGITS = 12  # what is left is the order of summation
_LEAST = 4
_ROUNDING = 1e-12  # shares of a sum below this are rounding only


@dataclass(frozen=True, slots=True)
class Cka:
    """Likeness of two layouts per layer `(layer,)`, layer 0 being the embeddings.

    `layers` is the usual estimate, 0 to 1, which nears 1 for unrelated layouts where vectors have more
    numbers than there are sentences; `unbiased` is 0 on average for unrelated ones. `mean` and
    `mean_unbiased` are over all layers. A layer in which one side does not vary has 0.
    """

    layers: tuple[float, ...]
    unbiased: tuple[float, ...]
    mean: float
    mean_unbiased: float
    n: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def cka(pivot: ArrayLike, other: ArrayLike) -> Cka:
    """Linear centred kernel alignment of two languages, layer by layer.

    `pivot` and `other` `(layer, item, d_model)` hold vectors of the same sentences in the same order.
    Turning, mirroring, moving or scaling all vectors of one side changes nothing: unlike MEXA this sees that
    distances between sentences agree, not that the sentences lie at one place.
    Raises `BadInput` for arrays of other or unequal shape, fewer than four sentences, or numbers that are not
    finite.
    Source: Kornblith et al. 2019, arXiv:1905.00414; `unbiased` with the HSIC of Song et al. 2012, JMLR 13.
    """
    a, b = parallel("CKA", pivot, other)
    if a.shape[1] < _LEAST:
        raise BadInput(f"CKA needs {_LEAST} sentences, got {a.shape[1]}; give more.")
    for side, vectors in (("pivot", a), ("other", b)):
        if len(bad := np.argwhere(~np.isfinite(vectors))):
            layer, item, _ = bad[0]
            raise BadInput(f"Vector {item} ({side}, layer {layer}) is not finite; look for overflow.")
    both = np.round([_alike(_centred(x), _centred(y)) for x, y in zip(a, b, strict=True)], _DIGITS)
    layers, unbiased = (tuple(values) for values in both.T.tolist())
    mean, mean_unbiased = np.round(both.mean(0), _DIGITS).tolist()
    return Cka(layers, unbiased, mean, mean_unbiased, a.shape[1])


def _centred(vectors: NDArray[Any]) -> Array:
    """Vectors around their mean; exactly zero where they do not vary."""
    wide = vectors.astype(np.float64)
    moved: Array = wide - wide.mean(0)
    return moved if np.square(moved).sum() > _ROUNDING**2 * np.square(wide).sum() else np.zeros_like(moved)


def _alike(a: Array, b: Array) -> tuple[float, float]:
    """The usual estimate and the unbiased one, of centred vectors."""
    # With fewer sentences than numbers the products of sentences are the smaller matrices.
    if len(a) < a.shape[1]:
        x, y = a @ a.T, b @ b.T
        products = [float(np.vdot(one, two)) for one, two in ((x, y), (x, x), (y, y))]
    else:
        products = [float(np.square(one.T @ two).sum()) for one, two in ((a, b), (a, a), (b, b))]
    u, v = (np.square(side).sum(1) for side in (a, b))
    unbiased = [_unbiased(*of) for of in zip(products, (u, u, v), (v, u, v), strict=True)]
    return _ratio(*products), _ratio(*unbiased)


def _unbiased(product: float, a: Array, b: Array) -> float:
    """`product` without the part that sentences' products with themselves, `a` and `b`, have in it."""
    n = len(a)
    own, sums = float(a @ b) * n / (n - 2), float(a.sum() * b.sum()) / ((n - 1) * (n - 2))
    value = product - own + sums
    return value if abs(value) > _ROUNDING * (product + own + sums) else 0.0


def _ratio(both: float, one: float, other: float) -> float:
    return both / float(np.sqrt(one * other)) if one > 0 < other else 0.0


def _known_truth() -> KnownTruth:
    """Layer 0: corners of a square, and their first coordinate alone. Layer 1: the square, turned and moved.

    With products 16 between the two, 32 and 16 within, the first has 16 / sqrt(32 * 16). The corners'
    squared lengths are 2 and 1, so without them 16 - 16 + 32/6 between, 64/6 and 8 + 16/6 within: 1/2.
    """
    square = np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
    turned = 3 * square @ np.array([[0.0, 1], [-1, 0]]) + 5
    return KnownTruth(
        {"pivot": np.stack([square, square]), "other": np.stack([square * [1, 0], turned])},
        {
            "layers.0": round(0.5**0.5, _DIGITS),
            "unbiased.0": 0.5,
            "layers.1": 1.0,
            "unbiased.1": 1.0,
            "mean_unbiased": 0.75,
            "n": 4,
        },
    )


MEASURE = Measure(cka, "vectors", "higher", "fraction", "arXiv:1905.00414", _known_truth)
