"""t-interval over worlds: how sure a mean gain is when every world is one observation."""

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import stdtr, stdtrit

from interlingua.core.errors import BadInput
from interlingua.measures.interval import Interval


def t_interval(values: Sequence[float], *, level: float = 0.95) -> Interval:
    """Mean of independent values, one per world, with Student's interval and its p-value against zero.

    `values` `(world,)` in any unit. Values that are all equal give an interval of no width.
    Raises `BadInput` for fewer than two values or one that is not finite.
    Source: Student 1908; one value per world because items and languages within a world are not independent.
    """
    worlds = np.asarray(values, dtype=np.float64)
    if worlds.ndim != 1 or len(worlds) < 2:
        raise BadInput(f"A t-interval needs a list of at least 2 worlds, got shape {worlds.shape}; run more.")
    if not np.isfinite(worlds).all():
        raise BadInput(f"World {int(np.argmin(np.isfinite(worlds)))} has no finite value; run it again.")
    n, mean = len(worlds), float(worlds.mean())
    if np.ptp(worlds) == 0:
        value = float(worlds[0])
        return Interval(value, value, value, n, level, p=float(value == 0))
    error = float(worlds.std(ddof=1)) / math.sqrt(n)
    half = float(stdtrit(n - 1, (1 + level) / 2)) * error
    p = 2 * float(stdtr(n - 1, -abs(mean) / error))
    return Interval(mean, mean - half, mean + half, n, level, p)
