"""Correlation: whether two quantities of the same languages go together, with its interval and p-value."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from interlingua.core.errors import BadInput
from interlingua.measures.interval import Interval

Kind = Literal["pearson", "spearman"]
Array = NDArray[np.float64]
LEAST = 4
"""Languages without which a correlation says nothing."""
_DIGITS = 12  # what is left is the order of summation


def correlation(
    x: Sequence[float],
    y: Sequence[float],
    *,
    kind: Kind = "pearson",
    resamples: int = 2000,
    permutations: int = 10_000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Correlation of `x` and `y` `(lang,)` with a bootstrap interval over languages and its p-value.

    Languages are drawn anew with both their numbers; draws in which one side does not vary are left out.
    `p`, two-sided, is the share of `permutations` of one side that correlate as strongly (never quite 0).
    With ten languages the interval is wide and a little too narrow all the same. The order of the languages
    changes nothing.
    Raises `BadInput` for another kind, sides of unequal length, fewer than four languages, numbers that are
    not finite, or a side that does not vary, which correlates with nothing.
    Source: Pearson 1895 and Spearman 1904 (ties have their mean rank); Efron 1979.
    """
    if kind not in get_args(Kind):
        raise BadInput(f"Correlations are {' or '.join(get_args(Kind))}, not {kind!r}.")
    a, b = _checked(x, y)
    order = np.lexsort([b, a])
    a, b = a[order], b[order]
    rng = np.random.default_rng(seed)
    mean = float(_coefficients(a[None], b[None], kind)[0])
    drawn = rng.integers(len(a), size=(resamples, len(a)))
    samples = _coefficients(a[drawn], b[drawn], kind)
    low, high = np.nanquantile(samples, [(1 - level) / 2, (1 + level) / 2])
    shuffled = rng.permuted(np.tile(b, (permutations, 1)), axis=1)
    chance = np.abs(_coefficients(np.broadcast_to(a, shuffled.shape), shuffled, kind))
    p = (1 + int(np.count_nonzero(chance >= abs(mean)))) / (1 + permutations)
    return Interval(mean, float(low), float(high), len(a), level, p)


def correlation_numbers(
    name: str, x: Mapping[str, float], y: Mapping[str, float], *, kind: Kind = "pearson", seed: int = 0
) -> dict[str, dict[str, float]]:
    """A correlation over the languages that both sides have, as numbers of no single language.

    Under `name` the coefficient, under `name_low`, `name_high` and `name_p` its interval and p-value. Nothing
    where it is not defined: fewer than four languages, or a side that does not vary.
    Raises `BadInput` for numbers that are not finite.
    """
    langs = sorted(x.keys() & y.keys())
    sides = [[side[lang] for lang in langs] for side in (x, y)]
    if len(langs) < LEAST or min(len(set(side)) for side in sides) < 2:
        return {}
    found = correlation(*sides, kind=kind, seed=seed)
    values = {"": found.mean, "_low": found.low, "_high": found.high, "_p": found.p or 0.0}
    return {name + part: {"": value} for part, value in values.items()}


def _checked(x: Sequence[float], y: Sequence[float]) -> tuple[Array, Array]:
    a, b = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if a.ndim != 1 or a.shape != b.shape:
        raise BadInput(f"A correlation needs two lists of one length, got shapes {a.shape} and {b.shape}.")
    if len(a) < LEAST:
        raise BadInput(f"A correlation needs {LEAST} languages or more, got {len(a)}; measure more.")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise BadInput("A correlation needs numbers that are finite; look where the others come from.")
    for side in (a, b):
        if np.ptp(side) == 0:
            raise BadInput(
                f"All {len(a)} languages have {side[0]:g}; what does not vary correlates with nothing."
            )
    return a, b


def _coefficients(a: Array, b: Array, kind: Kind) -> Array:
    """Pearson's coefficient of each row of both; NaN where one side of it does not vary."""
    if kind == "spearman":
        a, b = rankdata(a, axis=1), rankdata(b, axis=1)
    a, b = a - a.mean(1, keepdims=True), b - b.mean(1, keepdims=True)
    size = np.sqrt(np.square(a).sum(1) * np.square(b).sum(1))
    known = (np.ptp(a, 1) > 0) & (np.ptp(b, 1) > 0)
    found = np.full(len(a), np.nan)
    np.divide((a * b).sum(1), size, out=found, where=known)
    exact: Array = np.clip(found.round(_DIGITS), -1.0, 1.0)
    return exact
