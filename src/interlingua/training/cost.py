"""Cost: the optimiser steps and tokens of all stages of a training together, as results state them."""

from typing import Protocol


class Stage(Protocol):
    """What a stage of training leaves: steps, tokens that were learned from, tokens that were read."""

    @property
    def steps(self) -> int:
        """Optimiser steps."""
        ...

    @property
    def label_tokens(self) -> int:
        """Tokens on which the loss counted."""
        ...

    @property
    def tokens(self) -> int:
        """All tokens that were read, padding not counted."""
        ...


def cost_of(*stages: Stage) -> dict[str, float]:
    """`steps`, `label_tokens` and `tokens`, each summed over the stages; zeros where there is none."""
    return {
        "steps": float(sum(stage.steps for stage in stages)),
        "label_tokens": float(sum(stage.label_tokens for stage in stages)),
        "tokens": float(sum(stage.tokens for stage in stages)),
    }
