"""States of all layers at chosen tokens of a prompt, and what the model would say if it stopped there."""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from interlingua.core.errors import BadInput
from interlingua.models.anatomy import unembed, watched
from interlingua.models.lm import LM
from interlingua.scoring.batches import Padded, forward, halving, plan, reading
from interlingua.scoring.hidden import room_for_states

_LOGITS = 2**25  # logits at a time: 128 MB


def states_at(
    lm: LM,
    rows: Sequence[Sequence[int]],
    places: Sequence[Sequence[int]],
    batch_tokens: int | None = None,
) -> Iterator[tuple[list[int], Tensor]]:
    """Batches of row indices, with the states `[layer, read, d_model]` at the `places` of each in turn.

    Layer 0 is what enters the first layer; the last is taken before the final norm, so that `unembed` gives
    the model's own logits. One forward pass serves all layers and places of a row, and of its other states
    none is kept. Raises `ModelError` for a model whose layers cannot be read, `OutOfRoom` when a single row
    does not fit.
    """

    def read(batch: list[int]) -> list[Tensor]:
        states = _read(lm, [rows[index] for index in batch], [places[index] for index in batch])
        return list(torch.split(states, [len(places[index]) for index in batch], dim=1))

    for batch in plan([len(row) for row in rows], room_for_states(lm, rows, batch_tokens)):
        yield batch, torch.cat(halving(read, batch), dim=1)


def each_logits(
    lm: LM,
    states: Tensor,
    take: Callable[[slice, Tensor], None],
    translate: Callable[[Tensor], Tensor] | None = None,
) -> None:
    """`take(reads, logits float32 [layer, read, vocab])` for slices of the states `[layer, read, d_model]`.

    Never more than 128 MB of logits at a time, unless a single read has more. `translate` changes states
    of its choice before they are unembedded, as a tuned lens does.
    """
    layers, reads, _ = states.shape
    step = max(1, _LOGITS // (lm.model.config.get_text_config().vocab_size * layers))
    with reading(lm):
        for start in range(0, reads, step):
            part = slice(start, min(start + step, reads))
            some = states[:, part]
            take(part, unembed(lm, some if translate is None else translate(some)).float())


def finite(states: Tensor, names: Sequence[str], what: str = "") -> None:
    """Raises `BadInput` where states `[layer, read, d_model]` are no numbers; `names` [read] says whose."""
    bad = ~states.isfinite().all(-1)
    if bad.any():
        layer, read = (int(place) for place in bad.nonzero()[0])
        values = states[layer, read]
        raise BadInput(
            f"{names[read]} has {what}{values[~values.isfinite()][0].item()} in layer {layer}; "
            "check the weights, or load the model as float32 or bfloat16."
        )


def _read(lm: LM, rows: Sequence[Sequence[int]], places: Sequence[Sequence[int]]) -> Tensor:
    """States [layer, read, d_model] of one batch.

    Rows are filled up behind their end: no token of a causal model sees what follows it, so that nothing has
    to be masked.
    """
    width = max(map(len, rows))
    ids = torch.tensor([[*row, *(width - len(row)) * [row[-1]]] for row in rows], device=lm.device)
    which = torch.tensor([[n, place] for n, own in enumerate(places) for place in own], device=lm.device)
    kept: list[Tensor] = []

    def take(layer: int, states: Tensor) -> None:
        row, place = which.to(states.device).T
        own = states[:, -width:]  # an adapter may put virtual tokens in front
        kept.append(own[row, place].to(lm.device))

    with reading(lm), watched(lm, take, normed=False):
        forward(lm, Padded(ids, torch.ones_like(ids), torch.arange(width, device=lm.device).expand_as(ids)))
    return torch.stack(kept)
