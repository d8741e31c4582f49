"""Learning labels: questions of a classification, learned by a language model or by a classic reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from interlingua.data.items import Choice, Example, right_answer
from interlingua.models.classic import Kind, Reader, fresh_reader, units_of
from interlingua.models.lm import LM
from interlingua.training.adapt import Lora, adapt
from interlingua.training.budget import Budget
from interlingua.training.learn_classes import learn_classes


@dataclass(frozen=True)
class Labelled:
    """The model or reader that has learned, and what it cost (units of a reader count as tokens)."""

    by: LM | Reader
    steps: int
    label_tokens: int
    tokens: int


def reader_for(
    kind: Kind, items: Sequence[Choice], tokenizer: Any = None, *,
    width: int = 64, dropout: float = 0.5, seed: int = 0, device: torch.device | str = "cpu",
) -> Reader:  # fmt: skip
    """A reader that knows nothing but the units of the questions and how many labels their tasks have.

    Units are tokens, or characters without a tokenizer. Raises what `fresh_reader` and `units_of` raise.
    """
    units = units_of([item.question for item in items], tokenizer)
    labels = {item.task: len(item.options) for item in items}
    return fresh_reader(kind, units, labels, width=width, dropout=dropout, seed=seed, device=device)


def learn_labels(
    by: LM | Reader,
    items: Sequence[Choice],
    budget: Budget,
    batch_size: int,
    *,
    lora: Lora | None = None,
    seed: int = 0,
    checkpoint: Path | None = None,
    title: str = "Learning labels",
) -> Labelled:
    """The same, taught the right options of questions; `by` stays as it was.

    A language model learns to write the option, by `adapt` and with `lora`; a reader to choose it, by
    `learn_classes`, where `lora` and `checkpoint` mean nothing. Raises what these raise.
    """
    if isinstance(by, Reader):
        taught = learn_classes(by, items, budget, batch_size, seed=seed, title=title)
        return Labelled(taught.reader, taught.steps, taught.labels, taught.units)
    rows = [Example(item.question, right_answer(item), "labelled", item.lang, item.task) for item in items]
    tuned = adapt(by, rows, lora, budget, batch_size, seed=seed, checkpoint=checkpoint, title=title)
    return Labelled(tuned.lm, tuned.steps, tuned.label_tokens, tuned.tokens)
