"""Loss, and what an objective is: a plain function `(lm, batch) -> Loss`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from torch import Tensor

from interlingua.core.errors import BadInput
from interlingua.models.lm import LM

Batch: TypeAlias = Mapping[str, Tensor]
IGNORE = -100
"""The label of a token that is not learned, as in transformers."""


@dataclass(frozen=True)
class Loss:
    """A scalar mean to minimise.

    `parts` are the figures worth logging; `weight` says how many units (label tokens) the mean is over:
    accumulated and parallel batches are averaged by it.
    """

    value: Tensor
    parts: dict[str, float]
    weight: float


Objective: TypeAlias = Callable[[LM, Batch], Loss]


def by_row(objective: Objective) -> Objective:
    """Mark an objective whose value is the mean over units that no other row of the batch has a say in.

    Its batches may be computed in parts (`pieces`) and its rows dealt to several processes; the parts'
    values, averaged by weight, are the value of the whole.
    """
    objective.by_row = True  # type: ignore[attr-defined]
    return objective


def mix(*weighted: tuple[Objective, float]) -> Objective:
    """The weighted sum of several objectives on the same batch; counts as many units as the largest.

    Raises `BadInput` without objectives.
    """
    if not weighted:
        raise BadInput("mix needs at least one (objective, weight).")

    def mixed(lm: LM, batch: Batch) -> Loss:
        losses = [objective(lm, batch) for objective, _ in weighted]
        scaled = [loss.value * share for loss, (_, share) in zip(losses, weighted, strict=True)]
        value = scaled[0]
        for other in scaled[1:]:
            value = value + other
        parts = {name: part for loss in losses for name, part in loss.parts.items()}
        return Loss(value, parts, max(loss.weight for loss in losses))

    return mixed
