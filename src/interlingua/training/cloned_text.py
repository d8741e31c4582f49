"""Cloned text: rows of tokens of a language that has the same words under other numbers."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from interlingua.core.seeds import derive
from interlingua.data.items import Example
from interlingua.models.lm import LM
from interlingua.models.surgery.tokens import size_of
from interlingua.training.batches import SFTBatches
from interlingua.training.text_batches import text_batches

Rows = Sequence[Sequence[int]]


def clone_rows(lm: LM, texts: Sequence[str], clone: int, length: int) -> list[list[int]]:
    """Rows of at most `length` tokens, as `text_batches` makes them, in clone 0, 1, ... of the language.

    Token v of a tokenizer of V tokens is v + `clone` V, special ones too. Raises as `text_batches` does.
    Source: the released code of arXiv:2404.07982.
    """
    plain, by = text_batches(lm, texts, length, 1, 1, 0), clone * size_of(lm.tokenizer)
    return [(plain.row(number)[0] + by).tolist() for number in range(len(plain.examples))]


def scrambled(rows: Rows, seed: int = 0) -> list[list[int]]:
    """Control: each row's tokens in random order behind its first, so that words are left and no grammar."""
    rng = np.random.default_rng(derive(seed, "scrambled"))
    return [[row[0], *rng.permutation(row[1:]).tolist()] for row in rows]


def row_batches(lm: LM, rows: Rows, batch_size: float, steps: int, seed: int) -> SFTBatches:
    """`steps` batches of rows of tokens, all learned but the first of each, every epoch in a new order.

    A fraction in `batch_size`, 1 at least, is met on average.
    """
    shown = [Example("", f"row {number} of tokens {row[:8]}", "text") for number, row in enumerate(rows)]
    learned = [(list(row), 1) for row in rows]
    return SFTBatches(shown, learned, Counter(), batch_size, steps, seed, 4, lm.filler)
