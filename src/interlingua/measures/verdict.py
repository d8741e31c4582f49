"""Verdict: works, hurts, negligible or undecided, from intervals against the baseline and every control."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from interlingua.core.errors import BadInput
from interlingua.measures.interval import Interval
from interlingua.measures.paired_tests import holm

Verdict = Literal["works", "hurts", "negligible", "undecided"]
MARGIN = 0.03
"""Gains within three points either way do not matter."""


@dataclass(frozen=True)
class Comparison:
    """One recipe's gain over its baseline and over each of its controls, as fractions.

    There may be no controls where the baseline is `controlled`, one itself. `margin` is what does not matter
    either way; None: nothing is known to be negligible, as of numbers that have another unit.
    """

    baseline: Interval
    controls: Mapping[str, Interval]
    controlled: bool = False
    margin: float | None = MARGIN

    @property
    def clear(self) -> bool:
        """Whether every interval lies above zero, before any correction."""
        return all(found.above_zero for found in (self.baseline, *self.controls.values()))


def verdict(baseline: Interval, controls: Mapping[str, Interval], *, alpha: float = 0.05) -> Verdict:
    """The verdict on one recipe; Holm over its own comparisons. See `verdicts`."""
    return verdicts({"recipe": Comparison(baseline, controls)}, alpha=alpha)["recipe"]


def verdicts(recipes: Mapping[str, Comparison], *, alpha: float = 0.05) -> dict[str, Verdict]:
    """Verdicts on recipes judged together, with Holm's correction over recipes x comparisons.

    *works*: above zero against the baseline and every control, by interval and by corrected p-value; *hurts*:
    the same below zero; *negligible*: the interval against the baseline lies within the margin; else
    *undecided*. The first that fits holds: a proved gain of one point works, and its size stands beside it.
    Raises `BadInput` for no recipes, a recipe without controls, or an interval without a p-value.
    Source: design, "what counts as proof".
    """
    if not recipes:
        raise BadInput("No recipe to judge; give at least one comparison.")
    against: dict[tuple[str, str], Interval] = {}
    for name, comparison in recipes.items():
        if not comparison.controls and not comparison.controlled:
            raise BadInput(f"No controls for {name!r}; a gain without controls is not proved, so run one.")
        against[name, "the baseline"] = comparison.baseline
        against |= {(name, f"control {key!r}"): found for key, found in comparison.controls.items()}
    corrected = dict(zip(against, holm([_p(*key, found) for key, found in against.items()]), strict=True))

    def judge(name: str) -> Verdict:
        own = {key: found for key, found in against.items() if key[0] == name}
        clear = all(corrected[key] < alpha for key in own)
        if clear and all(found.above_zero for found in own.values()):
            return "works"
        if clear and all(found.below_zero for found in own.values()):
            return "hurts"
        baseline, margin = recipes[name].baseline, recipes[name].margin
        near = margin is not None and -margin < baseline.low and baseline.high < margin
        return "negligible" if near else "undecided"

    return {name: judge(name) for name in recipes}


def _p(recipe: str, against: str, found: Interval) -> float:
    if found.p is None:
        raise BadInput(
            f"The interval of {recipe!r} against {against} has no p-value; make it with t_interval or gain."
        )
    return found.p
