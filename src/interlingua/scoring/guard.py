"""Spot checks of the tree: some prompts are read alone as well, and must say the same."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np

from interlingua.models.lm import LM
from interlingua.scoring.flat_pass import read_flat
from interlingua.scoring.reads import Read, Reads

CHECKED = 16
"""Prompts of one call that are read twice at most."""
LEAST = 2
"""Prompts that are read twice even where that is dear; the longest is always among them."""
SHARE = 0.1
"""How much of the tokens of the tree checks may cost beyond that."""


@dataclass
class _Trust:
    """What a model has shown so far: powers of two of checked lengths, and what checks may still cost."""

    lengths: set[int] = field(default_factory=set)
    tokens: float = 0.0


_trusted: WeakKeyDictionary[LM, _Trust] = WeakKeyDictionary()


class Guard:
    """Draws the prompts to be read twice, and compares.

    A tenth of the tokens of every call may go into checks. What one call cannot afford (a single prompt
    may be dearer than a whole tree) the next one can; but a model whose prompts of this length, up to
    the next power of two, have not been checked since it was loaded pays for two of them at once.
    """

    def __init__(self, lm: LM, lengths: Sequence[int], wanted: Sequence[int], planned: int) -> None:
        """`lengths` are those of all prompts, `wanted` the prompts to be read, in `planned` tokens."""
        self.lm, self.trust = lm, _trusted.setdefault(lm, _Trust())
        self.trust.tokens += SHARE * planned
        longest = max(wanted, key=lambda prompt: lengths[prompt])
        self.reach = int(lengths[longest]).bit_length()
        least = 0 if self.reach in self.trust.lengths else LEAST
        self.drawn = set[int]()
        drawn = np.random.default_rng(0).permutation([prompt for prompt in wanted if prompt != longest])
        for prompt in [longest, *drawn.tolist()][:CHECKED]:
            if lengths[prompt] > self.trust.tokens and len(self.drawn) >= least:
                break
            self.trust.tokens -= lengths[prompt]
            self.drawn.add(prompt)

    def differs(self, row: Sequence[int], asked: Sequence[Read], found: np.ndarray) -> str | None:
        """Read one prompt alone; why `found`, what the tree says of its reads, cannot stand, or None."""
        alone = Reads([asked])
        read_flat(self.lm, [row], [[place for place, _ in asked]], alone, np.arange(len(asked)))
        same = (found == alone.values) | (np.isnan(found) & np.isnan(alone.values))
        apart = float(np.where(same, 0, np.abs(found - alone.values)).sum())
        allowed = tolerance(self.lm, float(alone.values.sum()))
        if apart <= allowed or same.all():
            return None
        del _trusted[self.lm]
        return f"that changes a log-likelihood by {apart:.2g}, more than rounding ({allowed:.2g})"

    def passed(self) -> None:
        """All that was drawn said the same."""
        self.trust.lengths.add(self.reach)


def tolerance(lm: LM, loglik: float) -> float:
    """By how much two ways of reading the same log-likelihood may differ, which is rounding.

    max(1e-4, 1e-6·|LL|); in half precision max(0.25, 0.02·|LL|).
    """
    if lm.model.dtype.itemsize >= 4:
        return max(1e-4, 1e-6 * abs(loglik))
    return max(0.25, 0.02 * abs(loglik))
