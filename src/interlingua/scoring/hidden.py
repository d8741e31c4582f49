"""Hidden states pooled over the tokens of a text, every layer of it from one forward pass."""

from collections.abc import Iterator, Sequence
from typing import Literal, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from interlingua.core.errors import BadInput, UnknownName
from interlingua.core.progress import progress
from interlingua.models.anatomy import anatomy, watched
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

Position = Literal["last", "weighted", "mean"]
Pool = Position
POSITIONS: tuple[Position, ...] = get_args(Position)

Pooled = dict[Position, NDArray[np.float32]]


def sentence_vectors(
    lm: LM,
    texts: Sequence[str],
    pool: Position = "weighted",
    *,
    batch_tokens: int | None = None,
    title: str = "Hidden states",
) -> NDArray[np.float32]:
    """Vectors [layer, item, d_model]; layer 0 enters the first layer, the last one left the final norm.

    `weighted` is MEXA's pooling, Σ t·h_t / Σ t with t = 1, 2, ... over the tokens of the text, special
    tokens included; `last` the last token; `mean` the plain mean.
    Raises `UnknownName` for a pooling, `BadInput` for a list without texts, `ModelError` for a model whose
    layers cannot be read.
    Source: MEXA, arXiv:2410.05873.
    """
    if not texts:
        raise BadInput("There are no texts to read hidden states of; give at least one.")
    rows = [cut_left(lm, ids, lm.context) for ids in encode(lm, texts)]
    vectors = np.empty((shape_of(lm)[0], len(rows), shape_of(lm)[1]), np.float32)
    limit = room(lm, rows, batch_tokens or reading_tokens(lm))
    with progress(title, total=len(rows)) as tick:
        for batch, found in pooled(lm, rows, (pool,), limit):
            vectors[:, batch] = found[pool]
            tick(len(batch))
    return vectors


def shape_of(lm: LM) -> tuple[int, int]:
    """Layers of states, embeddings included, and numbers in each. Raises `ModelError`."""
    return len(anatomy(lm).layers) + 1, lm.model.config.get_text_config().hidden_size


def pooled(
    lm: LM, rows: Sequence[Sequence[int]], positions: Sequence[Position], batch_tokens: int
) -> Iterator[tuple[list[int], Pooled]]:
    """Batches of row indices, longest rows first, with their vectors `[layer, row, d_model]` per position.

    Each layer is pooled as soon as it is there, so that the states of one layer only are ever held.
    Raises `UnknownName` for a position, `ModelError`, `OutOfRoom` when a single row does not fit.
    """
    for position in positions:
        if position not in POSITIONS:
            raise UnknownName("position", position, POSITIONS)

    def read(batch: list[int]) -> list[Pooled]:
        with reading(lm):
            found = _read(lm, pad_left(lm, [rows[index] for index in batch]), positions)
        return [{position: found[position][:, at] for position in positions} for at in range(len(batch))]

    for batch in plan([len(row) for row in rows], batch_tokens):
        done = halving(read, batch)
        yield batch, {position: np.stack([one[position] for one in done], 1) for position in positions}


def _read(lm: LM, batch: Padded, positions: Sequence[Position]) -> Pooled:
    """Vectors [layer, row, d_model] per position of one batch."""
    shape = (shape_of(lm)[0], len(batch.input_ids), shape_of(lm)[1])
    found = {position: torch.empty(shape, device=lm.device) for position in positions}
    weights = {position: _weights(batch, position) for position in positions}

    def take(layer: int, states: Tensor) -> None:
        for position, kept in found.items():
            kept[layer] = _pool(states, weights[position])

    with watched(lm, take):
        forward(lm, batch)
    return {position: kept.cpu().numpy() for position, kept in found.items()}


def _weights(batch: Padded, position: Position) -> Tensor | None:
    """Shares [row, pos] of the tokens of each row, zero for padding; None for the last token alone."""
    if position == "last":
        return None
    weights = batch.attention_mask.float()
    if position == "weighted":
        weights = weights * (batch.positions + 1)
    return weights / weights.sum(1, keepdim=True)


def _pool(states: Tensor, weights: Tensor | None) -> Tensor:
    """One float32 vector per row of states [row, pos, d_model]; without weights that of the last token."""
    if weights is None:
        return states[:, -1].float()
    tokens = states[:, -weights.shape[1] :].float()  # an adapter may put virtual tokens in front
    return torch.bmm(weights.to(tokens.device)[:, None], tokens)[:, 0]
