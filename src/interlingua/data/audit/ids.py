"""Ids: those that a language lacks, has twice, or writes otherwise than all others."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Gap, Hits
from interlingua.data.audit.sheet import Grid, Sheet

_LEAST = 5  # ids that one and the same slip must explain
_SHOWN = 3


def _find(sheet: Sheet) -> Iterator[Hits | Gap]:
    if sheet.keyed:
        yield from _twice(sheet)
    grid = sheet.grid
    if grid is None:
        return
    there = grid.rows >= 0
    least = (
        1 if there.shape[1] == 2 else max(2, there.shape[1] / 2)
    )  # of two, each tells what the other lacks
    usual = there.sum(axis=1) >= least
    for place, lang in enumerate(grid.langs):
        wrong: dict[int, str] = {}
        others = there.sum(axis=1) - there[:, place]
        odd = np.flatnonzero(there[:, place] & (others <= max(1, 0.1 * (there.shape[1] - 1))))
        lacking = {grid.ids[at] for at in np.flatnonzero(usual & ~there[:, place])}
        if len(odd) >= _LEAST and lacking:
            wrong = _slips(sheet, grid, lang, [grid.ids[at] for at in odd], lacking)
            yield from _wrong(lang, wrong)
        absent = np.flatnonzero(usual & ~there[:, place])
        if len(absent):
            meant = set(wrong.values())
            gone = [grid.ids[at] for at in absent if grid.ids[at] not in meant]
            yield from _missing(lang, gone, int(usual.sum()))


def _twice(sheet: Sheet) -> Iterator[Hits]:
    for lang, block in sheet.blocks.items():
        times = Counter(sheet.ids[row] for row in block)
        rows = [row for row in block if times[sheet.ids[row]] > 1]
        for row in rows:
            told = f"id {sheet.ids[row]} is in {times[sheet.ids[row]]} rows"
            yield Hits("repeated_id", lang, [row], 1.0, told)


def _missing(lang: str, gone: Sequence[str], usual: int) -> Iterator[Gap]:
    if gone:
        first = ", ".join([*gone[:_SHOWN], *(["…"] if len(gone) > _SHOWN else [])])
        yield Gap(
            "missing", lang, gone, 1.0,
            f"{len(gone):,} of {usual:,} ids that most languages have are not here: {first}",
        )  # fmt: skip


def _slips(sheet: Sheet, grid: Grid, lang: str, odd: Sequence[str], lacking: set[str]) -> dict[int, str]:
    """Rows whose id has one character too many, always at the same place behind the same beginning.

    All ids with that beginning are meant, also those that happen to be an id of another row.
    """
    explained: dict[tuple[str, str], int] = defaultdict(int)
    for one in odd:
        for at in range(len(one)):
            if one[:at] + one[at + 1 :] in lacking:
                explained[one[:at], one[at]] += 1
    found: dict[int, str] = {}
    block = sheet.blocks[lang]
    for (start, extra), times in sorted(explained.items(), key=lambda pair: -pair[1]):
        same = [row for row in block if sheet.ids[row].startswith(start)]
        if times < _LEAST or not start or found.keys() & set(same):
            continue
        if all(sheet.ids[row][len(start) : len(start) + 1] == extra for row in same):
            found |= {row: sheet.ids[row][: len(start)] + sheet.ids[row][len(start) + 1 :] for row in same}
    return found


def _wrong(lang: str, wrong: dict[int, str]) -> Iterator[Hits]:
    rows = sorted(wrong)
    if rows:
        yield Hits(
            "wrong_ids", lang, np.array(rows), 1.0,
            lambda row: f"one character too many: this is {wrong[row]} in the other languages",
        )  # fmt: skip


DETECTOR = Detector(
    _find,
    {
        "missing": "ids that most languages have and this one lacks",
        "repeated_id": "one id for several rows of a language",
        "wrong_ids": "ids with a character too many, so that rows do not meet their counterparts",
    },
)
