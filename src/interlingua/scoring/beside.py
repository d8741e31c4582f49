"""Beside the pivot: vectors of each language's sentences and of their versions in the pivot, in turn."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from interlingua.data.sentences import Beside
from interlingua.models.lm import LM
from interlingua.scoring.hidden import Position, sentence_vectors
from interlingua.scoring.tokens import encode

Vectors = NDArray[np.float32]


def vectors_beside(
    lm: LM, sentences: Mapping[str, Beside], position: Position
) -> Iterator[tuple[str, Vectors, Vectors]]:
    """Language, vectors `[layer, item, d_model]` of the pivot's sentences, and those of its own.

    The pivot is read again only where a language has other sentences than the one before; no more than two
    languages are held at a time. Raises what `sentence_vectors` does.
    """
    texts, pivot = tuple[str, ...](), np.empty(0, np.float32)
    for lang, beside in sentences.items():
        if beside.pivot != texts:
            texts = beside.pivot
            pivot = sentence_vectors(lm, texts, position, title="States of the pivot")
        yield lang, pivot, sentence_vectors(lm, beside.own, position, title=f"States of {lang}")


def tokens_beside(lm: LM, sentences: Mapping[str, Beside]) -> int:
    """Tokens of all sentences, those of the pivot once."""
    chosen = dict.fromkeys(beside.pivot for beside in sentences.values())
    own = (beside.own for beside in sentences.values())
    return sum(len(ids) for texts in (*chosen, *own) for ids in encode(lm, texts))
