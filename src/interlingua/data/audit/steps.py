"""Steps: rows out of step between languages, block by block, with the offset."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from interlingua.data.audit.codes import Codes
from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Hits, shown, surprise
from interlingua.data.audit.profiles import rows_of
from interlingua.data.audit.sheet import Sheet
from interlingua.data.audit.slips import HALF, Slip, slips

_WINDOW = 2000  # rows that are compared at a time
_FIELD = 15  # characters from which on a field is compared by itself
_LESS = 0.6  # what a slip of one field counts: there are more of them to look at, and they say less
_FEWEST = 8  # rows below which nothing can be said
Places = NDArray[np.int64]


def _find(sheet: Sheet) -> Iterator[Hits]:
    if sheet.grid is not None:
        yield from _languages(sheet)
    for column, target in sheet.pairs:
        yield from _columns(sheet, column, target)


def _languages(sheet: Sheet) -> Iterator[Hits]:
    """Languages that share ids: all texts of a row together, then each field by itself."""
    grid = sheet.grid
    assert grid is not None
    chosen = grid.rows[grid.common(max(2, len(grid.langs) // 2))]
    blamed = [at for at, lang in enumerate(grid.langs) if len(grid.langs) > 2 or lang != sheet.pivot]
    known: dict[str, list[tuple[int, Slip]]] = {lang: [] for lang in grid.langs}
    for column in ("", *_fields(sheet)):
        for start, stop in _windows(len(chosen)):
            places = chosen[start:stop]
            codes = [_block(sheet, column, lang) for lang in grid.langs]
            found = _compared(
                codes, [_local(sheet, lang, places[:, at]) for at, lang in enumerate(grid.langs)], blamed
            )
            for at, some in found.items():
                lang = grid.langs[at]
                for slip in some:
                    slip = replace(slip, gain=_LESS * slip.gain) if column else slip
                    if not any(_same(slip, other) for base, other in known[lang] if base == start):
                        known[lang].append((start, slip))
                        yield from _told(sheet, lang, column, slip, places[:, at])


def _columns(sheet: Sheet, column: str, target: str) -> Iterator[Hits]:
    """Two columns of a language, one of which translates the other."""
    for lang, block in sheet.blocks.items():
        for start, stop in _windows(len(block)):
            rows = np.arange(block.start + start, block.start + stop)
            codes = [sheet.codes(name)[block.start : block.stop] for name in (column, target)]
            found = _compared(codes, [rows - block.start] * 2, [0])
            for slip in found.get(0, []):
                yield from _told(sheet, lang, f"{column} against {target}", slip, rows)


def _compared(
    codes: Sequence[Codes], places: Sequence[Places], blamed: Sequence[int]
) -> dict[int, list[Slip]]:
    if len(places[0]) < _FEWEST:
        return {}
    return slips([rows_of(one, at) for one, at in zip(codes, places, strict=True)], blamed)


def _block(sheet: Sheet, column: str, lang: str) -> Codes:
    block = sheet.blocks[lang]
    return sheet.codes(column)[block.start : block.stop]


def _local(sheet: Sheet, lang: str, rows: Places) -> Places:
    return np.where(rows >= 0, rows - sheet.blocks[lang].start, -1)


def _fields(sheet: Sheet) -> list[str]:
    if len(sheet.roles.texts) < 2:
        return []
    return [
        column
        for column in sheet.roles.texts
        if column not in sheet.roles.english and np.mean(sheet.codes(column).lengths) >= _FIELD
    ]


def _windows(count: int) -> list[tuple[int, int]]:
    bounds = np.linspace(0, count, max(1, -(-count // _WINDOW)) + 1).astype(int).tolist()
    return list(pairwise(bounds))


def _same(one: Slip, two: Slip) -> bool:
    """Whether a field's slip was already told for the whole row."""
    return (
        one.first <= two.last and two.first <= one.last and (one.offset == two.offset or one.offset is None)
    )


def _told(sheet: Sheet, lang: str, column: str, slip: Slip, places: Places) -> Iterator[Hits]:
    rows = np.sort(places[slip.first : slip.last + 1])
    rows = rows[rows >= 0]
    if not len(rows):
        return
    of = f"{column}: " if column else ""
    count, verb = (f"{len(rows)} rows", "") if len(rows) > 1 else ("the row", "s")
    if slip.offset is None and len(slip.rows) == len(places):
        kind = "out_of_step"
        said = "fit the same rows of the other languages no better than any others, all of them"
    elif slip.offset is None:
        kind = "out_of_step"
        said = f"fit{verb} the other languages worse than text at random, by {slip.gain:.0f} nats"
    else:
        kind = "shifted"
        target = places[min(len(places) - 1, max(0, slip.first + slip.offset))]
        that = sheet.ids[target] if target >= 0 else "a missing row"
        said = (
            f"hold{verb} what belongs {abs(slip.offset)} further {'down' if slip.offset > 0 else 'up'} "
            f"(offset {slip.offset:+d}), the first that of {that}; likelier by {slip.gain:.0f} nats"
        )
    text = shown(sheet.joined[int(rows[0])], 40)
    yield Hits(kind, lang, rows, surprise(slip.gain, HALF), f"{of}{count} {said}: {text}", whole=True)


DETECTOR = Detector(
    _find,
    {
        "shifted": "rows that hold the text of other rows, all moved by the same offset",
        "out_of_step": "rows that say something else than the same rows of the other languages",
    },
)
