"""Interval: a number with the range that the data leave open."""

import math
from dataclasses import dataclass, fields
from typing import Any

from interlingua.core.errors import BadInput


@dataclass(frozen=True)
class Interval:
    """A mean with its two-sided interval.

    `n` counts what the mean is over (items, languages or worlds), `level` is the coverage, `p` the two-sided
    p-value against zero where one was computed. All in the unit of the mean; accuracies are fractions.
    Raises `BadInput` if a number is not finite, so that a NaN never travels on.
    """

    mean: float
    low: float
    high: float
    n: int
    level: float = 0.95
    p: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is not a number."""
        if not all(map(math.isfinite, (self.mean, self.low, self.high))):
            raise BadInput(
                f"Interval {self.mean} ({self.low} to {self.high}) is not finite; look for NaN in its values."
            )

    @property
    def above_zero(self) -> bool:
        """Whether the whole interval is above zero."""
        return self.low > 0

    @property
    def below_zero(self) -> bool:
        """Whether the whole interval is below zero."""
        return self.high < 0

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; what was not computed is left out."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value.as_dict() if isinstance(value, Interval) else value
            for name, value in values.items()
            if value is not None
        }
