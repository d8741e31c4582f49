"""What is asked for along prompts, and what the logits answer."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Read = tuple[int, tuple[int, ...]]
"""A place in a prompt (from 0), and tokens: the total probability that one of them comes next is wanted."""

_SLICE = 2**18  # logits at a time: they stay in the processor's cache


class Reads:
    """The reads of many prompts in one list: `values` are natural log-probabilities, NaN until filled in.

    `greedy` tells of each whether the likeliest token is among its own. Prompt `p` has the reads from
    `first[p]` to before `first[p + 1]`.
    """

    def __init__(self, asked: Sequence[Sequence[Read]]) -> None:
        self.first = np.cumsum([0, *map(len, asked)])
        self.tokens = [tokens for reads in asked for _, tokens in reads]
        self.values = np.full(len(self.tokens), np.nan)
        self.greedy = np.zeros(len(self.tokens), bool)

    def of(self, prompt: int) -> range:
        """Where the reads of a prompt are in the list."""
        return range(self.first[prompt], self.first[prompt + 1])

    def fill(self, which: NDArray[np.int64], logits: Tensor, rows: NDArray[np.int64]) -> None:
        """Answer the reads `which` [n], each from its row of the logits [row, vocab]; `rows` is [n]."""
        if not len(which):
            return
        wanted = [self.tokens[read] for read in which]
        counts = np.array([len(tokens) for tokens in wanted])
        where = torch.from_numpy(np.repeat(rows, counts)).to(logits.device)
        tokens = torch.tensor([token for some in wanted for token in some], device=logits.device)
        values, likeliest = log_probabilities(logits, where, tokens)
        starts = np.cumsum(counts) - counts
        with np.errstate(invalid="ignore"):  # damaged weights give NaN, which the caller is told of
            self.values[which] = np.logaddexp.reduceat(values.cpu().double().numpy(), starts)
        self.greedy[which] = np.logical_or.reduceat((tokens == likeliest).cpu().numpy(), starts)


def log_probabilities(logits: Tensor, rows: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
    """Log-probabilities, float32 [n], of `tokens` [n] in `rows` [n] of the logits [row, vocab], any dtype.

    Beside each the likeliest token of its row, [n]; of equal ones the first. The logits are gone through
    in slices, so no second copy of them is ever made.
    """
    totals, likeliest = [], []
    for part in torch.split(logits, max(1, _SLICE // logits.shape[-1])):
        highest, token = part.float().max(-1)
        totals.append((part.float() - highest[:, None]).exp_().sum(-1).log_() + highest)
        likeliest.append(token)
    return logits[rows, tokens].float() - torch.cat(totals)[rows], torch.cat(likeliest)[rows]
