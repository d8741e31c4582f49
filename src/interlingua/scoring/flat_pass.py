"""Prompts through a model each for itself: rows of a left-padded batch, logits of the asked places."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from interlingua.models.lm import LM
from interlingua.scoring.batches import forward, pad_left, reading
from interlingua.scoring.reads import Reads


def read_flat(
    lm: LM,
    rows: Sequence[Sequence[int]],
    places: Sequence[Sequence[int]],
    reads: Reads,
    which: NDArray[np.int64],
) -> int:
    """Answer the reads `which`, asked at `places` of each row in turn; how many rows of logits there were.

    A single row is read without padding. The head runs on the columns where any row is asked.
    """
    width = max(map(len, rows))
    asked = [width - len(row) + place for row, some in zip(rows, places, strict=True) for place in some]
    columns, column = np.unique(asked, return_inverse=True)
    row = np.repeat(np.arange(len(rows)), [len(some) for some in places])
    with reading(lm):
        keep = torch.from_numpy(columns).to(lm.device)
        logits: Tensor = forward(lm, pad_left(lm, rows), keep=keep).logits.flatten(0, 1)
        reads.fill(which, logits, row * len(columns) + column)
    return len(logits)
