"""Sentence vectors: texts as an encoder of sentences sees them, the mean of the last layer."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from interlingua.models.lm import LM
from interlingua.models.pooling import mean_states, token_rows
from interlingua.scoring.batches import halving, plan, reading, reading_tokens

Vectors = NDArray[np.float32]


def encoded(
    lm: LM, texts: Sequence[str], *, max_tokens: int = 128, batch_tokens: int | None = None
) -> Vectors:
    """Vectors (item, d_model) of `mean_states`, texts cut after `max_tokens` tokens as in tuning.

    Raises `OutOfRoom` when a single text does not fit, `ModelError`.
    """
    rows = token_rows(lm, texts, max_tokens)
    vectors = np.empty((len(rows), lm.model.config.get_text_config().hidden_size), np.float32)

    def read(batch: list[int]) -> list[NDArray[np.float32]]:
        width = max(len(rows[at]) for at in batch)
        ids = torch.tensor([[*rows[at], *(width - len(rows[at])) * [lm.filler]] for at in batch])
        mask = (torch.arange(width) < torch.tensor([len(rows[at]) for at in batch])[:, None]).long()
        with reading(lm):
            return list(mean_states(lm, ids.to(lm.device), mask.to(lm.device)).cpu().numpy())

    for batch in plan([len(row) for row in rows], batch_tokens or reading_tokens(lm)):
        vectors[batch] = halving(read, batch)
    return vectors


def unit_vectors(lm: LM, texts: Sequence[str], *, max_tokens: int = 128) -> Vectors:
    """Vectors (item, d_model) of `encoded` at length one, so that products are cosines; raises likewise."""
    vectors = encoded(lm, texts, max_tokens=max_tokens)
    units: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return units
