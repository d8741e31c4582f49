"""Hidden states pooled over the tokens of a text, every layer of it from one forward pass."""

import warnings
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
    ScoringWarning,
    forward,
    halving,
    plan,
    reading,
    reading_tokens,
)
from interlingua.scoring.tokens import cut_left, encode

Position = Literal["last", "weighted", "mean"]
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
    limit = room_for_states(lm, rows, batch_tokens)
    with progress(title, total=len(rows)) as tick:
        for batch, found in pooled(lm, rows, (pool,), limit):
            vectors[:, batch] = found[pool]
            tick(len(batch))
    return vectors


def shape_of(lm: LM) -> tuple[int, int]:
    """Layers of states, embeddings included, and numbers in each. Raises `ModelError`."""
    return len(anatomy(lm).layers) + 1, lm.model.config.get_text_config().hidden_size


def room_for_states(lm: LM, rows: Sequence[Sequence[int]], batch_tokens: int | None) -> int:
    """Tokens of a batch; 0, hence one row per batch, where a longer neighbour changes a row's states.

    Rotations that grow with the longest row do that. The shortest row is read alone and beside the longest:
    what differs by more than rounding gives a `ScoringWarning`. Raises as `pooled` does.
    """
    short, long = min(rows, key=len), max(rows, key=len)
    if len(short) < len(long):
        alone, beside = (
            next(pooled(lm, batch, ("last",), 2 * len(long)))[1]["last"] for batch in ([short], [long, short])
        )
        with np.errstate(invalid="ignore"):  # states that are no numbers are told by whoever keeps them
            sizes = np.maximum(np.abs(alone[:, 0]).max(1), 1e-30)
            change = float((np.abs(alone[:, 0] - beside[:, 1]).max(1) / sizes).max())
        if change > (1e-3 if lm.model.dtype.itemsize >= 4 else 0.1):
            warnings.warn(
                f"A longer neighbour changes states of {lm.name} by {change:.1%}; reading texts one by one.",
                ScoringWarning,
                stacklevel=3,
            )
            return 0
    return batch_tokens or reading_tokens(lm)


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
        found = _read(lm, [rows[index] for index in batch], positions)
        return [{position: found[position][:, at] for position in positions} for at in range(len(batch))]

    for batch in plan([len(row) for row in rows], batch_tokens):
        done = halving(read, batch)
        yield batch, {position: np.stack([one[position] for one in done], 1) for position in positions}


def _read(lm: LM, rows: Sequence[Sequence[int]], positions: Sequence[Position]) -> Pooled:
    """Vectors [layer, row, d_model] per position of one batch.

    Rows are filled up behind their end, with their own last token: no token of a causal model sees what
    follows it, so that nothing has to be masked.
    """
    width = max(map(len, rows))
    ids = torch.tensor([[*row, *(width - len(row)) * [row[-1]]] for row in rows], device=lm.device)
    lengths = torch.tensor([len(row) for row in rows], device=lm.device)
    columns, ends = torch.arange(width, device=lm.device), lengths - 1
    weights = {position: _weights(position, lengths, columns) for position in positions}
    shape = (shape_of(lm)[0], len(rows), shape_of(lm)[1])
    found = {position: torch.empty(shape, device=lm.device) for position in positions}

    def take(layer: int, states: Tensor) -> None:
        states = states[:, -width:]  # an adapter may put virtual tokens in front
        for position, kept in found.items():
            if position == "last":
                kept[layer] = states[torch.arange(len(rows), device=states.device), ends.to(states.device)]
            else:
                kept[layer] = torch.bmm(weights[position].to(states.device), states.float())[:, 0]

    with reading(lm), watched(lm, take):
        forward(lm, Padded(ids, torch.ones_like(ids), columns.expand_as(ids)))
    return {position: kept.cpu().numpy() for position, kept in found.items()}


def _weights(position: Position, lengths: Tensor, columns: Tensor) -> Tensor:
    """Shares [row, 1, pos] of the tokens of each row, zero behind its end."""
    steps = (columns + 1 if position == "weighted" else torch.ones_like(columns)).float()
    weights = steps * (columns < lengths[:, None])
    return (weights / weights.sum(1, keepdim=True))[:, None]
