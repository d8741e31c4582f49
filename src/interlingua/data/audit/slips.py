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
_SUPPOSED = 0.3  # the same, for what is only supposed and looked at anew
_RETRY = (
    0.05  # share of rows in slips from which on profiles are taken anew, with those rows where they belong
)
_BAD = -2.0  # nats below which a row is looked for anywhere
_ANYWHERE = 7.0  # what looking at all rows costs
_MANY = 50  # rows from which on a whole language can be called astray
_CHANCE = 3.0  # standard errors that may be chance
_AROUND = 2  # rows beside bad ones that are looked for with them
_TRIES = 4  # offsets tried for one stretch of rows


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
    """The slips of each language in `blamed`, by its place in `rows`; each is compared with all others.

    Where a good part of a language seems to have moved, its profiles are taken anew with those rows where
    they would belong: only what holds then is told.
    """
    straight = [np.arange(len(rows[0].there))] * len(rows)
    company = Company(rows, straight)
    order, moved = list(straight), False
    views = {place: _view(company, place) for place in blamed}
    for place, view in views.items():
        known = [slip for slip in view.supposed if slip.offset is not None]
        if sum(len(slip.rows) for slip in known) >= _RETRY * company.count:
            order[place], moved = _order(company.count, known), True
    if moved:
        company = Company(rows, order)
        views = {at: _view(company, at, order[at] - straight[at]) for at in blamed}
    telling = sum(view.tells for view in views.values())
    return {
        place: [Slip(0, company.count - 1, None, 2 * HALF)]
        if view.astray and telling > max(1, len(blamed) / 2)
        else view.told
        for place, view in views.items()
    }


def _order(count: int, known: Sequence[Slip]) -> NDArray[np.int64]:
    """Where each row belongs."""
    order = np.arange(count)
    for slip in known:
        here = np.arange(slip.first, slip.last + 1)
        order[here] = np.clip(here + (slip.offset or 0), 0, count - 1)
    return order


@dataclass(frozen=True)
class _View:
    """What one language looks like beside the others.

    `told` are its slips, `supposed` those worth a second look; `tells` whether its rows clearly fit
    somewhere, `astray` whether they fit their own places no better than others.
    """

    told: list[Slip]
    supposed: list[Slip]
    tells: bool
    astray: bool


def _view(company: Company, place: int, homes: NDArray[np.int64] | None = None) -> _View:
    signs = company.signs(place, [0, *OFFSETS])
    judge = judge_of(signs, homes)
    nats = {offset: judge(found) for offset, found in signs.items()}
    near = list(_near(nats, _AGREE if judge.tells else _SUPPOSED))
    if not judge.tells:
        return _View([], [slip for slip in near if slip.gain >= HALF], False, _astray(nats))
    sure = [slip for slip in near if slip.gain >= HALF]
    far = list(_far(company, place, judge, nats[0], ~_taken(company.count, sure)))
    taken = _taken(company.count, [*sure, *far])
    weak = [slip for slip in near if slip.gain < HALF and not taken[slip.first : slip.last + 1].any()]
    taken |= _taken(company.count, weak)
    rest = list(_lost(np.where(taken, np.nan, nats[0])))
    told = sorted([*sure, *far, *weak, *rest], key=lambda slip: slip.first)
    return _View(told, told, True, False)


def _astray(nats: Mapping[int, Array]) -> bool:
    """Whether many rows fit where they are no better, beyond chance, than a few rows up or down."""
    here = nats[0][~np.isnan(nats[0])]
    there = np.concatenate([found[~np.isnan(found)] for offset, found in nats.items() if offset])
    if len(here) < _MANY or not len(there):
        return False
    error = float(np.sqrt(here.var() / len(here) + there.var() / len(there)))
    return float(here.mean() - there.mean()) < _CHANCE * error


def _taken(count: int, known: Sequence[Slip]) -> NDArray[np.bool_]:
    """Rows that are in a slip."""
    taken = np.zeros(count, bool)
    for slip in known:
        taken[slip.first : slip.last + 1] = True
    return taken


def _near(nats: Mapping[int, Array], agree: float) -> Iterator[Slip]:
    """Runs that fit better a few rows up or down; the strongest first, none twice."""
    gains = {offset: nats[offset] - nats[0] for offset in nats if offset}
    while True:
        runs = {offset: best_run(gain) for offset, gain in gains.items()}
        offset = max(runs, key=lambda offset: runs[offset][2])
        first, stop, gain = runs[offset]
        if gain < _LEAST:
            return
        if gain < _EACH * (stop - first) or (nats[offset][first:stop] > 0).mean() < agree:
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


def _far(company: Company, place: int, judge: Judge, here: Array, free: NDArray[np.bool_]) -> Iterator[Slip]:
    """Runs that fit one far place: profiles propose an offset for a stretch of bad rows, all signs decide."""
    bad = np.flatnonzero(free & (np.nan_to_num(here) < _BAD))
    if not len(bad):
        return
    rows = np.unique((bad[:, None] + np.arange(-_AROUND, _AROUND + 1)).clip(0, company.count - 1))
    rows = rows[free[rows]]
    breaks = np.flatnonzero(np.diff(rows) != 1) + 1
    gains = judge.near(company.likeness(place, rows)) - np.nan_to_num(here[rows], nan=MOST)[:, None]
    for stretch, near in zip(np.split(rows, breaks), np.split(gains, breaks), strict=True):
        if near.max(axis=1).clip(0).sum() < _LEAST + _ANYWHERE:
            continue
        open_rows = np.ones(len(stretch), bool)
        for _ in range(_TRIES):
            offset, gain = _proposed(near, stretch, open_rows)
            if gain < _LEAST + _ANYWHERE:
                break
            there = judge(company.signs(place, [offset])[offset])[stretch]
            first, stop, gain = best_run(np.where(open_rows, there - here[stretch], np.nan))
            gain -= _ANYWHERE
            open_rows[first:stop] = False
            if gain >= max(_LEAST, _EACH * (stop - first)) and (there[first:stop] > 0).mean() >= _AGREE:
                yield Slip(int(stretch[first]), int(stretch[stop - 1]), offset, gain)
            elif stop == first:
                break


def _proposed(near: Array, rows: NDArray[np.int64], open_rows: NDArray[np.bool_]) -> tuple[int, float]:
    """The offset, beyond those compared for every row, with the largest run of gains; and that gain."""
    count = near.shape[1]
    offsets = np.arange(count)
    run = np.zeros(2 * count - 1)
    best = np.zeros(2 * count - 1)
    for gains, row, is_open in zip(near, rows.tolist(), open_rows.tolist(), strict=True):
        at = offsets - row + count - 1
        run[at] = np.maximum(run[at] + gains, 0.0) if is_open else 0.0
        run[: at[0]] = run[at[-1] + 1 :] = 0.0
        np.maximum(best, run, out=best)
    best[count - 1 + min(OFFSETS) : count + max(OFFSETS)] = 0.0
    found = int(best.argmax())
    return found - count + 1, float(best[found])


def _lost(here: Array) -> Iterator[Slip]:
    """Runs that fit their own place worse than a place at random."""
    against = -here - 1.0
    while True:
        first, stop, gain = best_run(against)
        if gain < _LEAST:
            return
        yield Slip(first, stop - 1, None, gain)
        against[first:stop] = np.nan
