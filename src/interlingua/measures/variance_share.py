"""Variance share: how much of the spread of sentence vectors is the language, and how much what is said."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from interlingua.core.errors import BadInput
from interlingua.measures.by_language import Vectors, at_layer, checked, varies
from interlingua.measures.measure import KnownTruth, Measure

_DIGITS = 12  # what is left is the order of summation


@dataclass(frozen=True, slots=True)
class VarianceShare:
    """Shares of the variance per layer `(layer,)`, layer 0 being the embeddings; the first three add up to 1.

    `language` is that between the means of languages (R² of the language), `meaning` that between the means
    of sentences over languages, `rest` what neither explains. `control` is what `language` is on average over
    all ways of shuffling, sentence by sentence, which language a vector is of: what few sentences give by
    chance. A layer in which nothing varies has 0 throughout.
    """

    language: tuple[float, ...]
    meaning: tuple[float, ...]
    rest: tuple[float, ...]
    control: tuple[float, ...]
    n: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def variance_share(vectors: Vectors) -> VarianceShare:
    """Split the summed variance of all dimensions into language, meaning and rest, layer by layer.

    `vectors` hold the same sentences in every language, `(layer, item, d_model)`. The control is exact, not
    drawn: shuffling within sentences leaves `meaning` alone, and spreads all else over `n` sentences.
    Raises `BadInput` for fewer than two languages or sentences, other sentences in one of the languages, or
    numbers that are not finite.
    Source: two-way analysis of variance without repetition (Fisher 1925), summed over dimensions.
    """
    arrays = checked("Variance share", vectors)
    if len(arrays) < 2:
        raise BadInput(f"Variance share needs 2 languages or more, got {', '.join(arrays)}.")
    layers, items, _ = next(iter(arrays.values())).shape
    shares = np.round([_shares(at_layer(arrays, layer)) for layer in range(layers)], _DIGITS) + 0.0
    language, meaning, rest, control = (tuple(part) for part in shares.T.tolist())
    return VarianceShare(language, meaning, rest, control, items)


def _shares(vectors: dict[str, Any]) -> tuple[float, float, float, float]:
    """Language, meaning, rest and control of one layer."""
    moved = np.stack(list(vectors.values()))  # (lang, item, d_model)
    whole = float(np.square(moved).sum())
    moved -= moved.mean((0, 1))
    langs, items, _ = moved.shape
    total = float(np.square(moved).sum())
    if not varies(total, whole):
        return 0.0, 0.0, 0.0, 0.0
    language = items * float(np.square(moved.mean(1)).sum()) / total
    meaning = langs * float(np.square(moved.mean(0)).sum()) / total
    return language, meaning, 1 - language - meaning, (1 - meaning) / items


def _known_truth() -> KnownTruth:
    """Sentences at 0 and 2 in one language, 4 and 10 in the other.

    Around the mean 4 the squares are 16 + 4 + 0 + 36 = 56. Languages have the means 1 and 7: 4 x 9 = 36.
    Sentences have the means 2 and 6: 4 x 4 = 16. Shuffled, the languages' 40 spread over two sentences: 20.
    """
    one, other = np.array([[[0.0], [2.0]]]), np.array([[[4.0], [10.0]]])
    return KnownTruth(
        {"vectors": {"swh_Latn": one, "tha_Thai": other}},
        {
            "language.0": round(36 / 56, _DIGITS),
            "meaning.0": round(16 / 56, _DIGITS),
            "rest.0": round(4 / 56, _DIGITS),
            "control.0": round(20 / 56, _DIGITS),
            "n": 2.0,
        },
    )


MEASURE = Measure(
    variance_share, "vectors by language", "lower", "fraction", "Fisher 1925, two-way table", _known_truth
)
