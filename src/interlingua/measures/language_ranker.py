"""Language Ranker: cosine of parallel sentences with the pivot, per layer, beside that of unrelated ones."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from interlingua.core.errors import BadInput
from interlingua.measures.measure import KnownTruth, Measure
from interlingua.measures.vectors import Array, directions, parallel

_DIGITS = 12  # what is left is the order of summation


@dataclass(frozen=True, slots=True)
class LanguageRanker:
    """Cosines with the pivot: `layers` and `baseline` `(layer,)`, layer 0 being the embeddings.

    `baseline` is the mean cosine of sentences that are no translations of each other: where all vectors point
    one way it is high, and so is every language's cosine. `mean` and `mean_baseline` are means over
    layers 1 and up; `above` is what lies between them.
    """

    layers: tuple[float, ...]
    baseline: tuple[float, ...]
    mean: float
    mean_baseline: float
    above: float
    n: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def language_ranker(pivot: ArrayLike, other: ArrayLike) -> LanguageRanker:
    """Mean cosine of sentences with their translations, and of all other pairs of the two languages.

    `pivot` and `other` `(layer, item, d_model)` hold vectors of the same sentences in the same order, the
    paper's being those of the last token.
    Raises `BadInput` for arrays of other or unequal shape, layer 0 alone, fewer than two sentences, or a
    vector that is zero or not finite.
    Source: Li et al. 2024, arXiv:2404.11553; the baseline is ours, against its blindness to anisotropy.
    """
    a, b = parallel("Language Ranker", pivot, other)
    if len(a) < 2:
        raise BadInput("Language Ranker leaves layer 0 (the embeddings) out; give the layers above it too.")
    pairs = [_cosines(x, y) for x, y in directions(a, b)]
    layers, baseline = (tuple(values) for values in np.round(pairs, _DIGITS).T.tolist())
    mean, unrelated = (float(np.round(np.mean(one[1:]), _DIGITS)) for one in (layers, baseline))
    above = round(mean - unrelated, _DIGITS)
    return LanguageRanker(layers, baseline, mean, unrelated, above, a.shape[1])


def _cosines(a: Array, b: Array) -> tuple[float, float]:
    """Mean cosine of pairs in step, and of all pairs out of step."""
    n = len(a)
    own = float(np.einsum("id,id->", a, b))
    every = float(a.sum(0) @ b.sum(0))
    return own / n, (every - own) / (n * (n - 1))


def _known_truth() -> KnownTruth:
    """Layer 1: two axes and themselves, 1 and 0. Layer 2: one direction for all, 1 and 1."""
    axes, line = np.eye(2), np.ones((2, 2))
    return KnownTruth(
        {"pivot": np.stack([axes, axes, line]), "other": np.stack([axes[::-1], axes, 3 * line])},
        {
            "layers.0": 0.0,
            "layers.1": 1.0,
            "baseline.0": 1.0,
            "baseline.1": 0.0,
            "baseline.2": 1.0,
            "mean": 1.0,
            "mean_baseline": 0.5,
            "above": 0.5,
            "n": 2,
        },
    )


MEASURE = Measure(language_ranker, "vectors", "higher", "cosine", "arXiv:2404.11553", _known_truth)
