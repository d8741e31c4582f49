"""Slips: where the rows of a language hold what belongs to other rows, found by how they fit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlingua.data.audit.fits import MOST, Array, Judge, best_run, judge_of
from interlingua.data.audit.profiles import OFFSETS, Company, Rows

HALF = 14.0
"""Nats at which a slip scores one half. In xcopa val and sib200 dev, no run of rows has more than ten."""
_LEAST = 6.0  # weaker ones are not told at all
_EACH = 1.0  # nats per row that a slip must gain on average
_AGREE = 0.6  # share of its rows that must be at home at the offset
_RETRY = (
    0.05  # share of rows in slips from which on profiles are taken anew, with those rows where they belong
)
_BAD = -2.0  # nats below which a row is looked for anywhere
_ANYWHERE = 7.0  # what looking at all rows costs


@dataclass(frozen=True)
class Slip:
    """Rows `first` to `last` that hold what belongs `offset` rows further down; None: nobody knows where.

    `gain` is in nats: how much likelier the rows are there than here, or at random than here.
    """

    first: int
    last: int
    offset: int | None
    gain: float

    @property
    def rows(self) -> range:
        """The rows meant."""
        return range(self.first, self.last + 1)


def slips(rows: Sequence[Rows], blamed: Sequence[int]) -> dict[int, list[Slip]]:
    """The slips of each language in `blamed`, by its place in `rows`; each is compared with all others."""
    straight = [np.arange(len(rows[0].there))] * len(rows)
    company = Company(rows, straight)
    found = {place: _slips(company, place) for place in blamed}
    order, moved = list(straight), False
    for place, some in found.items():
        known = [slip for slip in some if slip.offset is not None]
        if sum(len(slip.rows) for slip in known) >= _RETRY * company.count:
            order[place], moved = _order(company.count, known), True
    if moved:
        company = Company(rows, order)
        found = {place: _slips(company, place) for place in blamed}
    return found


def _order(count: int, known: Sequence[Slip]) -> NDArray[np.int64]:
    """Where each row belongs."""
    order = np.arange(count)
    for slip in known:
        here = np.arange(slip.first, slip.last + 1)
        order[here] = np.clip(here + (slip.offset or 0), 0, count - 1)
    return order


def _slips(company: Company, place: int) -> list[Slip]:
    signs = company.signs(place, [0, *OFFSETS])
    judge = judge_of(signs)
    if not judge.tells:
        return []
    nats = {offset: judge(found) for offset, found in signs.items()}
    near = list(_near(nats))
    taken = np.zeros(company.count, bool)
    for slip in near:
        taken[slip.first : slip.last + 1] = True
    bad = np.flatnonzero(~taken & (np.nan_to_num(nats[0]) < _BAD))
    far = list(_far(company, place, judge, nats[0], bad))
    for slip in far:
        taken[slip.first : slip.last + 1] = True
    rest = list(_lost(np.where(taken, np.nan, nats[0])))
    return sorted([*near, *far, *rest], key=lambda slip: slip.first)


def _near(nats: Mapping[int, Array]) -> Iterator[Slip]:
    """Runs that fit better a few rows up or down; the strongest first, none twice."""
    gains = {offset: nats[offset] - nats[0] for offset in nats if offset}
    while True:
        runs = {offset: best_run(gain) for offset, gain in gains.items()}
        offset = max(runs, key=lambda offset: runs[offset][2])
        first, stop, gain = runs[offset]
        if gain < _LEAST:
            return
        if gain < _EACH * (stop - first) or (nats[offset][first:stop] > 0).mean() < _AGREE:
            gains[offset][first:stop] = np.nan  # better than here, but not at home there either
            continue
        first, stop = _widened(nats[0], first, stop, abs(offset))
        yield Slip(first, stop - 1, offset, gain)
        for gain_of in gains.values():
            gain_of[first:stop] = np.nan


def _widened(here: Array, first: int, stop: int, most: int) -> tuple[int, int]:
    """A run with the rows beside it that fit nowhere near: those that went round when a block was turned."""
    for _ in range(most):
        if first > 0 and here[first - 1] < _BAD:
            first -= 1
        if stop < len(here) and here[stop] < _BAD:
            stop += 1
    return first, stop


def _far(company: Company, place: int, judge: Judge, here: Array, bad: NDArray[np.int64]) -> Iterator[Slip]:
    """Rows that fit one place among all others, those that moved together as one slip."""
    if not len(bad):
        return
    likeness = company.likeness(place, bad)
    best = likeness.argmax(axis=1)
    height = np.clip((likeness.max(axis=1) - judge.scale.mean[0]) / judge.scale.spread[0], -3, 8)
    there = np.minimum(judge.weights[0] * height + judge.weights[3], MOST)
    gains = there - here[bad] - _ANYWHERE
    offsets = best - bad
    at = 0
    while at < len(bad):
        stop = at + 1
        while stop < len(bad) and bad[stop] == bad[stop - 1] + 1 and offsets[stop] == offsets[at]:
            stop += 1
        gain = float(gains[at:stop].sum()) + _ANYWHERE * (stop - at - 1) * 0.5
        if offsets[at] and gain >= _LEAST:
            yield Slip(int(bad[at]), int(bad[stop - 1]), int(offsets[at]), gain)
        at = stop


def _lost(here: Array) -> Iterator[Slip]:
    """Runs that fit their own place worse than a place at random."""
    against = -here - 1.0
    while True:
        first, stop, gain = best_run(against)
        if gain < _LEAST:
            return
        yield Slip(first, stop - 1, None, gain)
        against[first:stop] = np.nan
