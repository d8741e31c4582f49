"""AUC: how well a number tells models, or anything else, of one kind from those of another."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm, rankdata

from interlingua.core.errors import BadInput
from interlingua.measures.interval import Interval

_DIGITS = 12  # what is left is rounding


def auc(positive: Sequence[float], negative: Sequence[float], *, level: float = 0.95) -> Interval:
    """How often a number of `positive` is above one of `negative`, half of the ties counted: .5 is chance.

    The interval is over the members of both sides, and leaves room even where they are told apart without
    error, as a bootstrap does not. Raises `BadInput` for an empty side or numbers that are not finite.
    Source: Mann and Whitney 1947; interval: Newcombe 2006, Statistics in Medicine 25, method 5.
    """
    sides = [np.asarray(side, np.float64) for side in (positive, negative)]
    if any(side.ndim != 1 or not len(side) for side in sides):
        raise BadInput("AUC compares two lists of numbers with one at least in each; one side has none.")
    if not all(np.isfinite(side).all() for side in sides):
        raise BadInput("AUC needs numbers that are finite; look where the others come from.")
    m, n = map(len, sides)
    ranks = rankdata(np.concatenate(sides))[:m]
    area = round(float((ranks.sum() - m * (m + 1) / 2) / (m * n)), _DIGITS)
    z = float(norm.ppf((1 + level) / 2))
    return Interval(area, _lower(area, m, n, z), 1 - _lower(1 - area, m, n, z), m + n, level)


def auc_numbers(
    name: str, positive: Sequence[float], negative: Sequence[float]
) -> dict[str, dict[str, float]]:
    """An AUC as numbers of no single language: `name`, and `name_low` and `name_high` of its interval.

    Raises as `auc`.
    """
    found = auc(positive, negative)
    values = {"": found.mean, "_low": found.low, "_high": found.high}
    return {name + part: {"": value} for part, value in values.items()}


def auc_by_kind(
    name: str, kinds: Mapping[str, Sequence[float]], negative: str, sign: int = 1
) -> dict[str, dict[str, float]]:
    """How a number tells all other kinds from the `negative` one, and each by itself: `name`, `name_KIND`.

    With `sign` -1 small numbers count as positive. {} where the negative kind has no number.
    Raises as `auc`.
    """
    sides = {kind: [sign * value for value in values] for kind, values in kinds.items()}
    against = sides.pop(negative, [])
    if not against:
        return {}
    numbers = auc_numbers(name, [value for side in sides.values() for value in side], against)
    for kind, side in sides.items():
        numbers |= auc_numbers(f"{name}_{kind}", side, against)
    return numbers


def _lower(area: float, m: int, n: int, z: float) -> float:
    """The smallest true area from which `area` is no more than `z` standard errors away."""
    more = (m + n) / 2 - 1

    def above(true: float) -> float:
        spread = true * (1 - true) * (1 + more * ((1 - true) / (2 - true) + true / (1 + true))) / (m * n)
        return area - true - z * math.sqrt(spread)

    return 0.0 if area <= 0 else float(brentq(above, 0.0, area - 1e-12))
