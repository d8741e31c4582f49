"""Adapt: the supervised LoRA tuning that recipes share, at a stated number of steps and labelled tokens."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from interlingua.core.errors import BadInput
from interlingua.core.seeds import derive
from interlingua.data.items import Example
from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM
from interlingua.training.batches import sft_batches
from interlingua.training.budget import Budget
from interlingua.training.cost import cost_of
from interlingua.training.loop import train
from interlingua.training.objectives.next_token import next_token


@dataclass(frozen=True)
class Lora:
    """Where LoRA matrices go and how large they are; `targets` as in PEFT, `all-linear` for every layer."""

    targets: tuple[str, ...] = ("q_proj", "v_proj")
    rank: int = 8
    alpha: float = 16.0
    dropout: float = 0.0


@dataclass(frozen=True)
class Adapted:
    """A tuned model and what its tuning cost: optimiser steps, tokens learned from, tokens read."""

    lm: LM
    steps: int
    label_tokens: int
    tokens: int

    def cost(self, *later: "Adapted") -> dict[str, float]:
        """Steps and tokens of this tuning and of later stages together."""
        return cost_of(self, *later)


def adapt(
    lm: LM,
    examples: Sequence[Example],
    lora: Lora | None,
    budget: Budget,
    batch_size: int,
    *,
    like: Sequence[Example] = (),
    end: Literal["eos", "none"] = "eos",
    seed: int = 0,
    checkpoint: Path | None = None,
    title: str = "Tuning",
) -> Adapted:
    """Tune a LoRA adapter on supervised examples, or every weight where `lora` is None.

    A model that has an adapter already goes on with it.
    `like` are the examples of the arm this one is a control of: the batch then holds as many rows as make its
    labelled tokens per step equal (a fraction is met on average), so compute is the same. Raises BadInput for
    no examples, and what `train` raises.
    """
    if not examples:
        raise BadInput(f"{title}: no examples to tune on.")
    adapted = lm if lm.adapted or lora is None else with_lora(
        lm, "all-linear" if lora.targets == ("all-linear",) else lora.targets,
        lora.rank, lora.alpha, lora.dropout, seed=derive(seed, "lora") % 2**31,
    )  # fmt: skip
    rows = float(batch_size)
    if like:
        rows *= mean_label_tokens(lm, like, end) / mean_label_tokens(lm, examples, end)
    batches = sft_batches(adapted, examples, rows, budget.batches, seed, end=end)
    tuned = train(adapted, batches, next_token, budget, seed=seed, checkpoint=checkpoint, title=title)
    return Adapted(tuned, budget.steps, batches.label_tokens, batches.tokens)


def mean_label_tokens(lm: LM, examples: Sequence[Example], end: Literal["eos", "none"] = "eos") -> float:
    """Tokens that an example is learned from, on average."""
    return sft_batches(lm, examples, 1, len(examples), 0, end=end).label_tokens / len(examples)


def steps_for(examples: int, epochs: float, batch_size: int) -> int:
    """Optimiser steps that read `examples` rows `epochs` times."""
    return max(1, math.ceil(epochs * examples / batch_size))
