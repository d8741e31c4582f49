"""Text cost: what a language costs in tokens, by itself and against the pivot's for the same sentences."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from interlingua.core.counts import COUNTS
from interlingua.core.errors import BadInput
from interlingua.measures.bootstrap import Fact, cluster_bootstrap
from interlingua.measures.interval import Interval
from interlingua.measures.measure import KnownTruth, Measure


@dataclass(frozen=True, slots=True)
class TextCost:
    """Tokens per unit of text; `unknown` and `pieces` are shares of them; `n` counts texts.

    `per_word` is None where most texts are in a script without spaces; `to_pivot` is tokens of all texts
    divided by those of the same texts in the pivot, None where those were not given. `split` is the share
    of graphemes in more than one token, None where nobody knows; `changed` and `lost` are shares of texts
    that do not come back from their tokens (`COUNTS`).
    """

    per_character: float
    per_byte: float
    per_text: float
    per_word: float | None
    unknown: float
    pieces: float
    split: float | None
    changed: float
    lost: float
    to_pivot: Interval | None
    n: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; what there is not is left out."""
        values = {name: getattr(self, name) for name in self.__slots__}
        if self.to_pivot is not None:
            values["to_pivot"] = self.to_pivot.as_dict()
        return {name: value for name, value in values.items() if value is not None}


def text_cost(
    counts: ArrayLike,
    pivot: ArrayLike | None = None,
    *,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> TextCost:
    """Fertility and kin, sums over all texts divided by each other; the ratio's interval draws texts anew.

    `counts` and `pivot` are `(count, text)` in the order of `COUNTS`, of the same texts in the same order.
    Raises `BadInput` for arrays of another or unequal shape, texts without characters or tokens, or a single
    text where there is a pivot.
    Source: tokens per word as in Rust et al. 2021, arXiv:2012.15613; the ratio to the pivot is the premium of
    Petrov et al. 2023, arXiv:2305.15425.
    """
    own = _checked(counts)
    found = dict(zip(COUNTS, own, strict=True))
    tokens = int(found["tokens"].sum())
    spaced = found["words"] > 0
    words = 2 * np.count_nonzero(spaced) >= len(spaced)
    return TextCost(
        per_character=tokens / int(found["characters"].sum()),
        per_byte=tokens / int(found["bytes"].sum()),
        per_text=tokens / len(spaced),
        per_word=int(found["tokens"][spaced].sum()) / int(found["words"].sum()) if words else None,
        unknown=int(found["unknown"].sum()) / tokens,
        pieces=int(found["pieces"].sum()) / tokens,
        split=int(found["split"].sum()) / graphemes if (graphemes := int(found["graphemes"].sum())) else None,
        changed=float(found["changed"].mean()),
        lost=float(found["lost"].mean()),
        to_pivot=None if pivot is None else _to_pivot(own, _checked(pivot), resamples, level, seed),
        n=len(spaced),
    )


def bits_per_byte(
    nats: ArrayLike, sizes: ArrayLike, *, resamples: int = 2000, level: float = 0.95, seed: int = 0
) -> Interval:
    """Bits that a model needs for a byte of text, sums over all texts divided by each other; less is better.

    `nats` are minus natural log-probabilities `(text,)`, `sizes` UTF-8 bytes `(text,)` of the same texts.
    It compares tokenizers; of languages it also says how many bytes their script takes for the same text.
    Raises `BadInput` for unequal shapes, fewer than two texts, values that are not finite, texts of no bytes.
    Source: Gao et al. 2020, arXiv:2101.00027 (the Pile).
    """
    bits, whole = np.asarray(nats, np.float64) / math.log(2), np.asarray(sizes, np.float64)
    if bits.ndim != 1 or bits.shape != whole.shape or len(bits) < 2:
        raise BadInput(f"Bits per byte takes at least 2 texts, got {bits.shape} and {whole.shape}.")
    return _ratio(bits.tolist(), whole.tolist(), "bytes", resamples, level, seed)


def _checked(counts: ArrayLike) -> NDArray[np.int64]:
    """Counts of at least one text with something in it."""
    found = np.asarray(counts)
    if found.ndim != 2 or len(found) != len(COUNTS):
        raise BadInput(f"Token counts are an array ({len(COUNTS)}, text), got {found.shape}.")
    for name in ("tokens", "characters"):
        if not found[COUNTS.index(name)].any():
            raise BadInput(f"The {found.shape[1]} texts have no {name}; give some text.")
    return found.astype(np.int64)


def _to_pivot(
    own: NDArray[np.int64], pivot: NDArray[np.int64], resamples: int, level: float, seed: int
) -> Interval:
    """Tokens of all texts by those of the pivot's."""
    if own.shape != pivot.shape or own.shape[1] < 2:
        raise BadInput(
            f"Texts are compared with the same texts in the pivot, at least 2: got {own.shape[1]} and "
            f"{pivot.shape[1]}."
        )
    return _ratio(own[0].tolist(), pivot[0].tolist(), "pivot", resamples, level, seed)


def _ratio(
    above: Sequence[float], below: Sequence[float], what: str, resamples: int, level: float, seed: int
) -> Interval:
    """One sum by another, texts drawn anew; messages call the divisor `what`."""
    pairs = sorted(zip(above, below, strict=True))  # whatever order they came in
    facts = [
        Fact("text", (f"{at:09}",), side, float(count))
        for at, pair in enumerate(pairs)
        for side, count in zip(("own", what), pair, strict=True)
    ]
    return cluster_bootstrap(facts, resamples=resamples, seed=seed).ratio("own", what, level=level)


def _known_truth() -> KnownTruth:
    """12 tokens against 4: 3 times as many. Per character 12/24, per byte 12/48, per word 12/4; 3 unknown."""
    return KnownTruth(
        {
            "counts": _counts(
                tokens=(4, 8),
                characters=(10, 14),
                bytes=(20, 28),
                words=(2, 2),
                unknown=(1, 2),
                pieces=(0, 6),
                graphemes=(6, 10),
                split=(1, 3),
                changed=(1, 1),
                lost=(0, 1),
            ),
            "pivot": _counts(tokens=(1, 3), characters=(4, 12), bytes=(4, 12), words=(1, 3)),
        },
        {
            "per_character": 0.5,
            "per_byte": 0.25,
            "per_text": 6.0,
            "per_word": 3.0,
            "unknown": 0.25,
            "pieces": 0.5,
            "split": 0.25,
            "changed": 1.0,
            "lost": 0.5,
            "to_pivot.mean": 3.0,
            "n": 2,
        },
    )


def _counts(**known: tuple[int, int]) -> NDArray[np.int64]:
    return np.array([known.get(name, (0, 0)) for name in COUNTS])


MEASURE = Measure(text_cost, "token counts", "lower", "tokens", "arXiv:2012.15613, 2305.15425", _known_truth)
