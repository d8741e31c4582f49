"""Batches bounded by tokens: planned once from all lengths, padded on the left, halved when memory ends.

Left padding puts the last token of every row in the last column, so the language-model head is asked
for the last few positions only (`logits_to_keep`) and everything an architecture does after its head
(soft caps, scales) stays its own.
"""

import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import signature
from typing import Any, TypeVar

import torch
from torch import Tensor

from interlingua.core.errors import OutOfRoom
from interlingua.core.faults import translate
from interlingua.models.lm import LM

Result = TypeVar("Result")


class ScoringWarning(UserWarning):
    """Something was scored otherwise than asked: texts cut, another way of scoring, no batches."""


@dataclass(frozen=True)
class Padded:
    """One left-padded batch, each field [batch, pos]; `positions` counts real tokens from 0."""

    input_ids: Tensor
    attention_mask: Tensor
    positions: Tensor


def plan(lengths: Sequence[int], batch_tokens: int) -> list[list[int]]:
    """Indices cut into batches, longest first, each at most `batch_tokens` padded tokens (or one row).

    A pure function of all lengths: a resumed run plans the same batches, hence gets the same numbers.
    """
    batches: list[list[int]] = []
    widest = 0
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if not batches or (len(batches[-1]) + 1) * widest > batch_tokens:
            batches.append([])
            widest = max(lengths[index], 1)
        batches[-1].append(index)
    return batches


def reading_tokens(lm: LM) -> int:
    """Tokens of a batch that is only read: 2,048 on CPU, which its cache likes, 16,384 elsewhere."""
    return 2048 if lm.device.type == "cpu" else 16384


def room(lm: LM, rows: Sequence[Sequence[int]], batch_tokens: int, *, tolerance: float = 1e-3) -> int:
    """`batch_tokens`; but 0, hence one row per batch, where padding changes what the model says.

    Recurrent states and positions of the model's own may do that. The shortest row is read alone and
    beside the longest: the log-probabilities of its likeliest next tokens may differ by `tolerance` (half
    precision: 0.25), which is rounding; more gives a `ScoringWarning`. Also 0 without memory for the two.
    """
    short, long = min(rows, key=len), max(rows, key=len)
    if len(short) == len(long):
        return batch_tokens
    try:
        with reading(lm):
            alone, beside = (
                forward(lm, pad_left(lm, batch)).logits[0, -1].float().log_softmax(-1)
                for batch in ([short], [short, long])
            )
    except (RuntimeError, MemoryError) as error:
        make_room(error, 2)
        return 0
    top = alone.topk(min(10, len(alone))).indices
    change = (alone[top] - beside[top]).abs().max().item()
    if not change <= (tolerance if lm.model.dtype.itemsize >= 4 else 0.25):
        warnings.warn(
            f"Padding changes log-probabilities of {lm.name} by {change:.3g}; reading texts one by one.",
            ScoringWarning,
            stacklevel=4,
        )
        return 0
    return batch_tokens


def pad_left(lm: LM, rows: Sequence[Sequence[int]]) -> Padded:
    """Token id lists as one left-padded batch on the model's device."""
    width = max(map(len, rows))
    fill = lm.filler
    ids = torch.tensor([[fill] * (width - len(row)) + list(row) for row in rows], device=lm.device)
    lengths = torch.tensor([len(row) for row in rows], device=lm.device)
    columns = torch.arange(width, device=lm.device)
    positions = columns - (width - lengths)[:, None]
    return Padded(ids, (positions >= 0).long(), positions.clamp(min=0))


def forward(lm: LM, batch: Padded, *, keep: int | Tensor = 1, **more: Any) -> Any:
    """The model's output with logits of some positions only: `.logits` is [batch, keep, vocab].

    `keep` is how many positions at the end, or which columns of the batch.
    """
    accepted = arguments(lm)
    if "position_ids" in accepted:
        more["position_ids"] = batch.positions
    if "logits_to_keep" in accepted:
        more["logits_to_keep"] = keep
    more.setdefault("use_cache", False)
    output = lm.model(input_ids=batch.input_ids, attention_mask=batch.attention_mask, **more)
    if isinstance(keep, int):
        output.logits = output.logits[:, -keep:]
    elif "logits_to_keep" not in accepted:
        output.logits = output.logits[:, keep]
    return output


def halving(function: Callable[[list[int]], list[Result]], batch: list[int]) -> list[Result]:
    """`function(batch)`; when memory ends, the two halves one after the other.

    Raises `OutOfRoom` when a single row does not fit.
    """
    try:
        return function(batch)
    except (RuntimeError, MemoryError) as error:
        make_room(error, len(batch))
    half = len(batch) // 2
    return halving(function, batch[:half]) + halving(function, batch[half:])


def memory_ended(error: BaseException) -> bool:
    """Whether `error` says that there was not enough memory."""
    return isinstance(translate(error), OutOfRoom)


def make_room(error: BaseException, size: int) -> None:
    """After `error`: memory that ended is given back for a smaller try, anything else is raised again.

    Raises `OutOfRoom` where what was tried had `size` 1 already.
    """
    if not memory_ended(error):
        raise error
    if size == 1:
        raise OutOfRoom(
            "Not enough memory for a single prompt; shorten it, use a smaller model or dtype bfloat16."
        ) from error
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


@contextmanager
def reading(lm: LM) -> Iterator[None]:
    """Dropout off and no gradients inside; the model's training flag is as before afterwards."""
    training = lm.model.training
    lm.model.eval()
    try:
        with torch.inference_mode():
            yield
    finally:
        if training:
            lm.model.train()


def arguments(lm: LM) -> Collection[str]:
    """What the model can be called with, whatever was wrapped around its call."""
    return signature(type(unwrapped(lm)).forward).parameters


def unwrapped(lm: LM) -> Any:
    """The transformers model, without an adapter's wrapper."""
    return lm.model.get_base_model() if hasattr(lm.model, "get_base_model") else lm.model
