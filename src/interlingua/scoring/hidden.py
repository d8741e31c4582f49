"""One vector per text and layer, pooled over its tokens."""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from interlingua.core.errors import BadInput
from interlingua.core.progress import progress
from interlingua.models.lm import LM
from interlingua.scoring.batches import (
    Padded,
    forward,
    halving,
    pad_left,
    plan,
    reading,
    reading_tokens,
    room,
)
from interlingua.scoring.tokens import cut_left, encode

Pool = Literal["weighted", "last", "mean"]


def sentence_vectors(
    lm: LM,
    texts: Sequence[str],
    pool: Pool = "weighted",
    *,
    batch_tokens: int | None = None,
    title: str = "Hidden states",
) -> NDArray[np.float32]:
    """Vectors [layers + 1, n, d]; layer 0 is the embedding output, the last one is after the final norm.

    `weighted` is MEXA's pooling, Σ t·h_t / Σ t with t = 1, 2, ... over the tokens of the text, special
    tokens included; `last` the last token; `mean` the plain mean.
    Raises `BadInput` for an unknown pooling or a list without texts.
    Source: MEXA, arXiv:2410.05873.
    """
    if pool not in get_args(Pool):
        raise BadInput(f"No pooling called {pool!r}; use one of {', '.join(get_args(Pool))}.")
    if not texts:
        raise BadInput("There are no texts to read hidden states of; give at least one.")
    limit = lm.context
    rows = [cut_left(lm, ids, limit) for ids in encode(lm, texts)]

    def read(batch: list[int]) -> list[NDArray[np.float32]]:
        padded = pad_left(lm, [rows[index] for index in batch])
        states = forward(lm, padded, output_hidden_states=True).hidden_states
        pooled = torch.stack([_pooled(layer.float(), padded, pool) for layer in states], dim=1)
        return list(pooled.cpu().numpy())

    found: dict[int, NDArray[np.float32]] = {}
    batches = plan([len(row) for row in rows], room(lm, rows, batch_tokens or reading_tokens(lm)))
    with reading(lm), progress(title, total=len(texts)) as tick:
        for batch in batches:
            found.update(zip(batch, halving(read, batch), strict=True))
            tick(len(batch))
    return np.stack([found[index] for index in range(len(texts))], axis=1)


def _pooled(layer: Tensor, batch: Padded, pool: Pool) -> Tensor:
    if pool == "last":
        return layer[:, -1]
    weights = batch.attention_mask.float()
    if pool == "weighted":
        weights = weights * (batch.positions + 1)
    return torch.einsum("bp,bpd->bd", weights / weights.sum(1, keepdim=True), layer)
