"""Calibration: how far estimates of the languages' scores lie from the scores that were measured."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interlingua.core.errors import BadInput


@dataclass(frozen=True, slots=True)
class Calibration:
    """In the unit of the scores: `error` is the mean distance, `bias` the mean of estimate less score.

    `constant` is the mean distance of the scores from their own mean: an estimate with a larger error says
    less than one number for all languages.
    """

    error: float
    bias: float
    constant: float
    n: int


def calibration(estimates: Sequence[float], scores: Sequence[float]) -> Calibration:
    """Mean absolute error and bias of `estimates` of `scores`, both `(lang,)`.

    Raises `BadInput` for none, lists of unequal length or numbers that are not finite.
    Source: mean absolute error of an estimate such as MEXA's, arXiv:2410.05873.
    """
    guess, truth = np.asarray(estimates, np.float64), np.asarray(scores, np.float64)
    if guess.ndim != 1 or guess.shape != truth.shape or not len(guess):
        raise BadInput(f"Calibration needs two lists of one length, got {guess.shape} and {truth.shape}.")
    if not (np.isfinite(guess).all() and np.isfinite(truth).all()):
        raise BadInput("Calibration needs numbers that are finite; look where the others come from.")
    off = guess - truth
    spread = np.abs(truth - truth.mean())
    return Calibration(float(np.abs(off).mean()), float(off.mean()), float(spread.mean()), len(guess))
