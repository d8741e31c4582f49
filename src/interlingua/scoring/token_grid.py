"""Token-by-layer grid: what every layer of a model would say next after each token of one sentence."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from interlingua.core.errors import BadInput
from interlingua.models.anatomy import anatomy
from interlingua.models.lm import LM
from interlingua.scoring.layer_logits import each_logits, finite, states_at
from interlingua.scoring.readable import alone, in_text
from interlingua.scoring.tokens import cut_left, encode
from interlingua.scoring.tuned_lens import TunedLens


@dataclass(frozen=True, slots=True)
class Cell:
    """The likeliest next tokens with their probabilities, and the entropy of all (nats)."""

    top: tuple[tuple[str, float], ...]
    entropy: float


@dataclass(frozen=True, slots=True)
class Grid:
    """One sentence: `cells` `[token][layer]` say what comes after each of `tokens`, layer 0 first.

    A token of the sentence that holds only part of a character shows it whole, with `…` at that side; bytes
    of a predicted token that make no character are shown as numbers, `⟨E0 B8⟩`. Blanks are kept as they are.
    """

    text: str
    tokens: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    cut: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        cells = [
            [{"top": [[word, p] for word, p in cell.top], "entropy": cell.entropy} for cell in column]
            for column in self.cells
        ]
        return {"text": self.text, "tokens": list(self.tokens), "cells": cells, "cut": self.cut}


def token_grid(lm: LM, text: str, *, top: int = 5, lens: TunedLens | None = None) -> Grid:
    """The `top` likeliest next tokens after each token of `text`, layer by layer, from one forward pass.

    With a tuned `lens` its translators go before the unembedding. A text longer than the model's context
    loses its beginning, `cut` tokens of it. Raises `BadInput` for an empty text, `top` below one and states
    that are no numbers; `ModelError` for a model without layers that can be read.
    """
    anatomy(lm)
    if not text.strip() or top < 1:
        raise BadInput(f"A grid needs a text and a top of 1 or more, got {text!r} and {top}.")
    (whole,) = encode(lm, [text])
    ids = cut_left(lm, whole, lm.context)
    ((_, states),) = states_at(lm, [ids], [range(len(ids))])
    finite(states, [f"Token {at} of {text[:40]!r}" for at in range(len(ids))])
    cells: list[tuple[Cell, ...]] = []

    def take(part: slice, logits: Tensor) -> None:
        shares = logits.softmax(-1)
        entropy = torch.special.entr(shares).sum(-1)
        p, likely = shares.topk(min(top, shares.shape[-1]))
        words = iter(alone(lm, likely.transpose(0, 1).flatten().tolist()))
        for at in range(part.stop - part.start):
            cells.append(
                tuple(
                    Cell(tuple((next(words), share) for share in row), spread)
                    for row, spread in zip(p[:, at].tolist(), entropy[:, at].tolist(), strict=True)
                )
            )

    each_logits(lm, states, take, None if lens is None else lens.translate)
    return Grid(text, tuple(in_text(lm, ids)), tuple(cells), len(whole) - len(ids))
