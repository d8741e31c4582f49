"""Sentence batches: rows of two or three sentences, no text twice in a batch."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from interlingua.core.errors import BadInput
from interlingua.core.fingerprint import fingerprint
from interlingua.core.seeds import derive
from interlingua.models.lm import LM
from interlingua.models.pooling import token_rows
from interlingua.training.loss import Batch

SIDES = ("first", "second", "third")
Row = tuple[str, str, str, float]
"""Two sentences, a third or "", and how alike the first two are."""


class SentenceBatches:
    """Batches of sentences; see `sentence_batches`."""

    def __init__(
        self, rows: Sequence[Row], ids: dict[str, list[int]], size: int, steps: int, seed: int, pad: int
    ) -> None:
        self._rows, self._ids, self._size, self._steps = rows, ids, size, steps
        self._seed, self._pad = seed, pad

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, index: int, /) -> Batch:
        """`first_ids`, `first_mask` (batch, pos), the same of `second` and `third`, and `grade` (batch,).

        A row without a third sentence has an empty mask there.
        """
        rows = [self._rows[at] for at in self.indices(index)]
        batch: dict[str, Tensor] = {"grade": torch.tensor([row[3] for row in rows])}
        for at, side in enumerate(SIDES):
            ids = [self._ids[text] if (text := str(row[at])) else [] for row in rows]
            width = max(1, *map(len, ids))
            lengths = torch.tensor([len(one) for one in ids])
            batch[f"{side}_ids"] = torch.tensor([[*one, *(width - len(one)) * [self._pad]] for one in ids])
            batch[f"{side}_mask"] = (torch.arange(width) < lengths[:, None]).long()
        return batch

    def indices(self, index: int) -> list[int]:
        """Rows of batch `index`, drawn anew for each batch; none shares a text with another.

        So a batch is smaller than asked where the rows have too few different texts.
        """
        if not 0 <= index < self._steps:
            raise IndexError(f"batch {index} of {self._steps}")
        order = np.random.default_rng(derive(self._seed, "batch", index)).permutation(len(self._rows))
        chosen: list[int] = []
        met: set[str] = set()
        for at in order:
            texts = {text for text in self._rows[at][:3] if text}
            if met.isdisjoint(texts):
                chosen.append(int(at))
                met |= texts
                if len(chosen) == self._size:
                    break
        return chosen

    @property
    def tokens(self) -> int:
        """Tokens that all steps together read, padding not counted."""
        sizes = [sum(len(self._ids[text]) for text in row[:3] if text) for row in self._rows]
        return sum(sizes[at] for index in range(self._steps) for at in self.indices(index))

    def describe(self, index: int) -> str:
        """The first rows of a batch by their opening words."""
        chosen = self.indices(index)
        shown = ", ".join(f"#{at} {self._rows[at][0][:40]!r}" for at in chosen[:3])
        return f"{len(chosen)} rows of sentences: {shown}{', ...' if len(chosen) > 3 else ''}"

    def fingerprint(self) -> str:
        """Hash of rows, ids, order and shape."""
        rows = [list(row) for row in self._rows]
        ids = [self._ids[text] for text in sorted(self._ids)]
        return fingerprint(rows, ids, self._size, self._steps, self._seed, self._pad)


def sentence_batches(
    lm: LM, rows: Sequence[Row], batch_size: int, steps: int, seed: int, max_tokens: int = 128
) -> SentenceBatches:
    """`steps` batches of at most `batch_size` rows; each text becomes its `token_rows`.

    Drawing no text twice keeps a sentence from being its own wrong answer, as the sampler without duplicates
    of sentence-transformers does. Raises `BadInput` without rows or for a batch of fewer than two rows.
    """
    if batch_size < 1 or steps < 1:
        raise BadInput(f"batch_size and steps must be at least 1, not {batch_size}, {steps}.")
    if not rows:
        raise BadInput("No sentence pairs to train on.")
    texts = list(dict.fromkeys(text for row in rows for text in row[:3] if text))
    ids = dict(zip(texts, token_rows(lm, texts, max_tokens), strict=True))
    return SentenceBatches(rows, ids, batch_size, steps, seed, lm.filler)
