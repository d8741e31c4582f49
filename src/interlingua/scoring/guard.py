"""Spot checks of the tree: some prompts are read alone as well, and must say the same."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from interlingua.models.lm import LM
from interlingua.scoring.flat_pass import read_flat
from interlingua.scoring.reads import Read, Reads

CHECKED = 16
"""Prompts of one call that are read twice at most."""
LEAST = 2
"""Prompts of a new model that are read twice even where that is dear, the longest among them."""
SHARE = 0.1
"""How much of the tokens of the tree checks may cost beyond that."""


@dataclass
class _Trust:
    """What a model has shown so far: up to which power of two of tokens, and what checks may still cost."""

    reach: int = 0
    tokens: float = 0.0


_trusted: WeakKeyDictionary[LM, _Trust] = WeakKeyDictionary()


class Guard:
    """Draws the prompts to be read twice, and compares.

    A tenth of the tokens of every call may go into checks. What one call cannot afford (a single prompt
    may be dearer than a whole tree) the next one can; but a model that was not checked since it was loaded
    pays for two at once, the longest prompt and one of those that are read first, and one that has passed
    pays for the longest where that reaches beyond the next power of two of tokens. While these are `due`,
    nothing it says is believed.
    """

    def __init__(
        self, lm: LM, lengths: Sequence[int], wanted: Sequence[int], early: Collection[int], planned: int
    ) -> None:
        """`lengths` are of all prompts; those `wanted` are read in `planned` tokens, `early` ones first."""
        self.lm, self.trust = lm, _trusted.setdefault(lm, _Trust())
        self.trust.tokens += SHARE * planned
        longest = max(wanted, key=lambda prompt: lengths[prompt])
        self.reach = int(lengths[longest]).bit_length()
        shuffled = np.random.default_rng(0).permutation(np.array(wanted)).tolist()
        soon = [prompt for prompt in shuffled if prompt in early and prompt != longest]
        least = 0 if self.reach <= self.trust.reach else 1 if self.trust.reach else LEAST
        self.drawn: list[int] = []
        for prompt in list(dict.fromkeys([longest, *soon[:1], *shuffled]))[:CHECKED]:
            if lengths[prompt] > self.trust.tokens and len(self.drawn) >= least:
                break
            self.trust.tokens -= lengths[prompt]
            self.drawn.append(prompt)
        self.due = set(self.drawn[:least])
        self.agreed = 0

    def differs(
        self, prompt: int, row: Sequence[int], asked: Sequence[Read], found: NDArray[np.float64]
    ) -> str | None:
        """Read a prompt alone; why `found`, what the tree says of its reads, cannot stand, or None."""
        self.due.discard(prompt)
        alone = Reads([asked])
        read_flat(self.lm, [row], [[place for place, _ in asked]], alone, np.arange(len(asked)))
        differ = (found != alone.values) & ~(np.isnan(found) & np.isnan(alone.values))
        apart = float(np.abs(found[differ] - alone.values[differ]).sum())
        allowed = tolerance(self.lm, float(alone.values.sum()))
        if apart <= allowed or not differ.any():  # what is no number has no tolerance either
            self.agreed += 1
            return None
        _trusted.pop(self.lm, None)
        return f"that changes a log-likelihood by {apart:.2g}, more than rounding ({allowed:.2g})"

    def passed(self) -> None:
        """All that was drawn and could be read alone said the same."""
        if self.agreed:
            self.trust.reach = max(self.reach, self.trust.reach)


def tolerance(lm: LM, loglik: float) -> float:
    """By how much two ways of reading the same log-likelihood may differ, which is rounding.

    max(1e-4, 1e-6·|LL|); in half precision max(0.25, 0.02·|LL|).
    """
    if lm.model.dtype.itemsize >= 4:
        return max(1e-4, 1e-6 * abs(loglik))
    return max(0.25, 0.02 * abs(loglik))
