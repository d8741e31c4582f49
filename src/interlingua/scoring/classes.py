"""Answers of classic readers: the likeliest label that a question's task has; or of models, beside them."""

from collections.abc import Sequence

import torch

from interlingua.core.ledger import Ledger
from interlingua.data.items import Choice
from interlingua.models.classic import Reader, padded
from interlingua.models.lm import LM
from interlingua.scoring.choices import score_choices


def answers(reader: Reader, items: Sequence[Choice], batch_size: int = 256) -> list[int]:
    """The option that a reader chooses for each question, by number."""
    rows, found = reader.units.read([item.question for item in items]), list[int]()
    for first in range(0, len(items), batch_size):
        part = slice(first, first + batch_size)
        with torch.inference_mode():
            logits = reader.net(padded(rows[part]).to(reader.device))
        for item, row in zip(items[part], logits, strict=True):
            classes = reader.classes[item.task]
            found.append(int(row[classes.start : classes.stop].argmax()))
    return found


def chosen(
    by: LM | Reader, items: Sequence[Choice], *, ledger: Ledger | None = None, seed: int = 0
) -> list[int]:
    """The option that a language model or a reader chooses for each question, by number.

    Rows of a model go into the ledger; a reader has none. Raises what `score_choices` raises.
    """
    if isinstance(by, Reader):
        return answers(by, items)
    return [row.prediction for row in score_choices(by, items, ledger=ledger, seed=seed)]
