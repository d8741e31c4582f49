"""Answers of classic readers: the likeliest of the labels that a question's task has."""

from collections.abc import Sequence

import torch

from interlingua.data.items import Choice
from interlingua.models.classic import Reader, padded


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
