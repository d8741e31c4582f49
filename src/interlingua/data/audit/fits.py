"""Fits: how much likelier it is that a row belongs at a place than at a place taken at random, in nats."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from interlingua.data.audit.profiles import Floats

Array = NDArray[np.float64]
USUAL = np.array([1.7, 0.5, -0.4, -1.4])
"""Weights of profile, tokens, length and the constant: medians over languages of xcopa val and sib200 dev."""
_TRUST = 2.0  # how hard weights are drawn towards the usual ones
MOST = 8.0  # nats that one row can say
_RATIO = 8  # places at random per right place when weights are fitted
_CLEAR = 1.0  # nats for the middle row, below which signs say too little
_AGAIN = 2  # times that weights are fitted anew
_BESIDE = 2  # rows on each side that make a run
_WINDOW = np.full(2 * _BESIDE + 1, 1 / (2 * _BESIDE + 1))
_CLIP = (-3.0, 8.0)


@dataclass(frozen=True)
class Scale:
    """What signs are at places taken at random, and how far lengths lie apart at the right place."""

    mean: Array
    spread: Array
    length: float

    def __call__(self, signs: Floats) -> Array:
        """Signs as deviations, [rows, 3]."""
        found = np.empty(signs.shape)
        found[:, :2] = np.clip((signs[:, :2] - self.mean) / self.spread, *_CLIP)
        found[:, 2] = np.minimum((signs[:, 2] / self.length) ** 2, 12.0)
        return found


@dataclass(frozen=True)
class Judge:
    """Weighs the signs of one language."""

    scale: Scale
    weights: Array
    tells: bool  # rows fit some place clearly better than places at random

    def __call__(self, signs: Floats) -> Array:
        """Nats for each row, within ±8; NaN where there is nothing to compare."""
        found: Array = np.clip(self.scale(signs) @ self.weights[:3] + self.weights[3], -MOST, MOST)
        return found

    def near(self, likeness: Floats) -> Array:
        """Nats that the likeness of profiles alone says, tokens and lengths being as they mostly are."""
        height = np.clip((likeness - self.scale.mean[0]) / self.scale.spread[0], *_CLIP)
        found: Array = np.clip(self.weights[0] * height + self.weights[3], -MOST, MOST)
        return found


def judge_of(signs: Mapping[int, Floats], homes: NDArray[np.int64] | None = None) -> Judge:
    """Learns from rows at the offset where most are at home and at others, leaning on the usual weights.

    That offset is 0 unless most rows are out of step; `homes` tells it row by row where it is known better.
    Where rows fit no place better than others, nothing is learnt and nothing can be told.
    """
    right, others, apart = _at_home(signs, homes)
    if not len(right):
        return Judge(Scale(np.zeros(2), np.ones(2), 0.25), USUAL, tells=False)
    usual = Judge(_scale(np.concatenate((right, *others)), apart), USUAL, tells=False)
    wrong = np.concatenate((right[:0], *others))
    if not len(wrong):
        return usual
    scale = _scale(wrong, apart)
    wrong = wrong[:: max(1, len(wrong) // max(1, _RATIO * len(right)))]
    judge = Judge(scale, _fitted(scale(right), scale(wrong)), tells=True)
    for _ in range(_AGAIN):  # runs of rows that do not fit here are no examples of rows that do
        fit = right[np.convolve(np.pad(judge(right), _BESIDE, "edge"), _WINDOW, "valid") > 0]
        if len(fit) < 0.5 * len(right) or len(fit) == len(right):
            break
        judge = replace(judge, weights=_fitted(scale(fit), scale(wrong)))
    return judge if np.median(judge(right)) > _CLEAR else Judge(scale, USUAL, tells=False)


def _at_home(
    signs: Mapping[int, Floats], homes: NDArray[np.int64] | None
) -> tuple[Floats, list[Floats], float]:
    """Signs of rows where they are at home, those elsewhere by offset, and how far lengths are apart."""
    if homes is not None:
        right = np.concatenate([_told(found[homes == offset]) for offset, found in signs.items()])
        others = [_told(found[homes != offset]) for offset, found in signs.items()]
        return right, others, float(np.median(right[:, 2])) if len(right) else 0.0
    told = {offset: _told(found) for offset, found in signs.items()}
    if not len(told[0]):
        return told[0], [], 0.0
    told = {offset: found for offset, found in told.items() if 2 * len(found) >= len(told[0])}
    apart = min(float(np.median(found[:, 2])) for found in told.values())
    usual = Judge(_scale(np.concatenate(list(told.values())), apart), USUAL, tells=True)
    home = max(told, key=lambda offset: (float(np.median(usual(told[offset]))), offset == 0))
    return told.pop(home), list(told.values()), apart


def _scale(wrong: Floats, apart: float) -> Scale:
    spread = wrong[:, :2].std(axis=0) + np.array((0.02, 0.05))
    return Scale(wrong[:, :2].mean(axis=0), spread, max(0.1, 1.4826 * apart))


def _told(signs: Floats) -> Floats:
    return signs[~np.isnan(signs).any(axis=1)]


def _fitted(right: Array, wrong: Array) -> Array:
    """Logistic regression, right against wrong places with equal odds, drawn towards the usual weights."""
    signs = np.concatenate((right, wrong))
    signs = np.column_stack((signs, np.ones(len(signs))))
    truth = np.concatenate((np.ones(len(right)), np.zeros(len(wrong))))
    share = np.where(truth == 1, 1.0, len(right) / max(1, len(wrong)))

    def loss(weights: Array) -> float:
        value = signs @ weights
        wrong_by = float(share @ (np.logaddexp(0, value) - truth * value))
        return wrong_by + _TRUST / 2 * float(((weights - USUAL) ** 2).sum())

    weights = USUAL.copy()
    for _ in range(25):
        chance = 1 / (1 + np.exp(-np.clip(signs @ weights, -30, 30)))
        slope = signs.T @ (share * (chance - truth)) + _TRUST * (weights - USUAL)
        bend = (signs * (share * chance * (1 - chance))[:, None]).T @ signs + _TRUST * np.eye(4)
        step, size = np.linalg.solve(bend, slope), 1.0
        while loss(weights - size * step) > loss(weights) and size > 1e-3:
            size /= 2
        weights = weights - size * step
        if np.abs(step).max() < 1e-4:
            break
    return weights


def best_run(gains: Array) -> tuple[int, int, float]:
    """The run of rows with the largest sum: first row, row behind the last, sum."""
    total = np.concatenate(([0.0], np.cumsum(np.nan_to_num(gains))))
    lowest = np.minimum.accumulate(total)
    stop = int(np.argmax(total - lowest))
    start = int(np.argmin(total[: stop + 1]))
    return start, stop, float(total[stop] - total[start])
