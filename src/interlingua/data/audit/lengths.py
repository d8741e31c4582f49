"""Lengths: rows much longer or shorter than the other languages say, verses merged or cut short."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from interlingua.data.audit.codes import LETTER, MARK, Codes
from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Hits, shown, surprise
from interlingua.data.audit.lost_letters import HALF, losses
from interlingua.data.audit.sheet import Grid, Sheet

_HALF = 6.0  # robust deviations that score one half
_TIMES = np.log(1.8)  # a row must be this much longer or shorter
_SPREAD = 0.12  # least deviation of the logarithm of a length
_TOLD = 3.5  # deviations below which nothing is told
_MISSED = 1.0  # deviations by which a row must be short where a letter is missing, to be cut
_ROWS = 20  # rows from which a deviation is measured
_SHORT = 6  # characters below which lengths say nothing
_STOPS = 0.8  # share of rows that end in a sign, for one that does not to be worth a word
_TEXT = 18  # characters of the middle text from which on lengths are compared
_JOINED = 4.0  # nats that score one half for rows that hold two; the missing id says most of it
Floats = NDArray[np.float64]
Told = dict[int, tuple[float, float]]
"""Rows with their scores and how many times as long as usual they are."""


def _find(sheet: Sheet) -> Iterator[Hits]:
    for column in sheet.roles.texts:
        texts = column not in sheet.roles.english and np.median(sheet.codes(column).lengths) >= _TEXT
        if texts and sheet.grid is not None:
            yield from _compared(sheet, column, sheet.grid, _lost(sheet, column))


def _lost(sheet: Sheet, column: str) -> dict[str, NDArray[np.bool_]]:
    """Rows of each language in which a letter is surely missing."""
    lost = {lang: np.zeros(len(block), bool) for lang, block in sheet.blocks.items()}
    for one in losses(sheet, column):
        if one.nats >= HALF:
            lost[one.lang][one.rows.start : one.rows.stop] = True
    return lost


def _compared(sheet: Sheet, column: str, grid: Grid, lost: dict[str, NDArray[np.bool_]]) -> Iterator[Hits]:
    """Lengths against what is usual in the other languages."""
    codes = sheet.codes(column)
    logs = np.log(codes.lengths + 1.0)
    table = np.where(grid.rows >= 0, logs[np.maximum(grid.rows, 0)], np.nan)
    table[:, [at for at, lang in enumerate(grid.langs) if (column, lang) in sheet.foreign]] = np.nan
    table -= _median(table, axis=0)
    few = len(grid.langs) <= 12
    usual = None if few else _median(table, axis=1)
    for at, lang in enumerate(grid.langs):
        if len(grid.langs) == 2 and lang == sheet.pivot:
            continue
        rest = _median(np.delete(table, at, axis=1), axis=1) if usual is None else usual
        off = table[:, at] - rest
        there = ~np.isnan(off)
        if there.sum() < _ROWS:
            continue
        off -= np.median(off[there])
        spread = max(_SPREAD, *(np.quantile(np.abs(off[there]), (0.5, 0.85)) / (0.6745, 1.44)).tolist())
        yield from _odd(sheet, column, grid, at, off, rest, spread, lost[lang])


def _odd(
    sheet: Sheet, column: str, grid: Grid, at: int, off: Floats, rest: Floats, spread: float,
    lost: NDArray[np.bool_],
) -> Iterator[Hits]:  # fmt: skip
    lang, block = grid.langs[at], sheet.blocks[grid.langs[at]]
    texts, codes = sheet.text(column), sheet.codes(column)[block.start : block.stop]
    rows = grid.rows[:, at]
    letter_end = _ends_in_letter(codes)
    filled = codes.lengths > 0
    closed = 1 - letter_end[filled].mean() if filled.any() else 0.0
    open_end = letter_end & (closed >= _STOPS)
    merged: Told = {}
    cut: Told = {}
    odd: Told = {}
    for place in np.flatnonzero(np.nan_to_num(np.abs(off)) >= _MISSED * spread).tolist():
        row, far = int(rows[place]), abs(float(off[place])) / spread
        here, clear = row - block.start, far >= _TOLD and abs(off[place]) >= _TIMES
        times = float(np.exp(off[place]))
        if off[place] > _TIMES / 2 and (nats := _merged(grid, at, place, off, rest, spread)):
            merged[row] = surprise(nats, _JOINED), times
        elif off[place] < 0 and ((open_end[here] and clear) or (letter_end[here] and lost[here])):
            cut[row] = surprise(far + 5.0 * lost[here], _HALF), times
        elif clear and _long_enough(codes, here, off[place]):
            odd[row] = surprise(far, _HALF), times
    yield _hits("merged", lang, f"{column} holds the next ones as well", merged, texts)
    yield _hits("cut", lang, f"{column} stops in the middle", cut, texts)
    yield _hits("length", lang, f"{column} against the other languages", odd, texts)


def _hits(kind: str, lang: str, said: str, told: Told, texts: Sequence[str]) -> Hits:
    rows = np.array(sorted(told), np.int64)
    return Hits(
        kind, lang, rows, np.array([told[row][0] for row in rows.tolist()]),
        lambda row: (
            f"{said}: {told[row][1]:.2f} times the usual length: {shown(texts[row], 30)} … "
            f"{shown(texts[row][-30:])}"
        ),
    )  # fmt: skip


def _long_enough(codes: Codes, row: int, off: float) -> bool:
    """Whether a short text could have been longer: lengths of words and names vary as they like."""
    length = int(codes.lengths[row])
    return max(length, length * float(np.exp(-off))) >= 4 * _SHORT


def _merged(grid: Grid, at: int, place: int, off: Floats, rest: Floats, spread: float) -> float:
    """Nats by which a long row is likelier to be two, where the next id is missing; 0 where it is not."""
    count = 1
    while place + count < len(rest) and grid.rows[place + count, at] < 0 and count < 6:
        count += 1
    if count == 1:
        return 0.0
    together = float(np.log(np.nansum(np.exp(rest[place : place + count]))) - rest[place])
    single, joined = off[place] / spread, (off[place] - together) / spread
    return max(0.0, float(min(single**2, 60.0) - joined**2) / 2)


def _ends_in_letter(codes: Codes) -> NDArray[np.bool_]:
    """Rows whose last character is a letter."""
    letter = (codes.kinds & (LETTER | MARK)) != 0
    found: NDArray[np.bool_] = (codes.lengths > 0) & letter[np.maximum(codes.starts[1:] - 2, 0)]
    return found


def _median(table: Floats, axis: int) -> Floats:
    """Median along an axis, NaN where nothing is known."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # rows or languages without any length
        found: Floats = np.nanmedian(table, axis=axis)
    return found


DETECTOR = Detector(
    _find,
    {
        "length": "a text far longer or shorter than the other languages say",
        "merged": "a text that holds the next ones as well, whose ids are missing",
        "cut": "a text that stops in the middle",
    },
)
