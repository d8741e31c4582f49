"""Lengths: rows much longer or shorter than the other languages say, verses merged or cut, letters that went missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlingua.data.audit.codes import LETTER, MARK, UPPER, Codes
from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Hits, shown, surprise
from interlingua.data.audit.sheet import Grid, Sheet

_HALF = 6.0  # robust deviations that score one half
_TIMES = np.log(1.8)  # a row must be this much longer or shorter
_SPREAD = 0.12  # least deviation of the logarithm of a length
_TOLD = 3.5  # deviations below which nothing is told
_ROWS = 20  # rows from which a deviation is measured
_SHORT = 6  # characters below which lengths say nothing
_STOPS = 0.8  # share of rows that end in a sign, for one that does not to be worth a word
_LOST = 60.0  # nats that score one half for a letter that is missing from a stretch
_CLUMPED = 0.5  # letters come in clumps: what a character counts
_OFTEN = 0.2  # share of rows that have a letter
_COMMON = 0.2  # share of languages that lose letters in one place, from which on it is what the rows are about
_TEXT = 18  # characters of the middle text from which on lengths are compared
_ALPHABETS = frozenset(
    "Latn Cyrl Grek Arab Hebr Armn Geor Deva Beng Gujr Guru Orya Taml Telu Knda Mlym Sinh Ethi Tibt Mymr Khmr Laoo Thai Cher Copt Syrc Nkoo Tfng Olck Thaa Mong Cans".split()
)
Floats = NDArray[np.float64]


def _find(sheet: Sheet) -> Iterator[Hits]:
    for column in sheet.roles.texts:
        if column in sheet.roles.english:
            continue
        lost = _losses(sheet, column)
        for one in lost:
            yield _letter(sheet, column, one)
        if sheet.grid is not None and np.median(sheet.codes(column).lengths) >= _TEXT:
            yield from _compared(sheet, column, sheet.grid, _marked(sheet, lost))


@dataclass(frozen=True)
class Loss:
    """Rows of a language without a letter that is usual elsewhere; numbered from the first of the language."""

    lang: str
    rows: range
    letter: str
    nats: float


def _losses(sheet: Sheet, column: str) -> list[Loss]:
    """Letters that go missing in one language; where many lose some, it is what the rows are about."""
    found = [
        Loss(lang, range(first, last + 1), letter, nats)
        for lang, block in sheet.blocks.items()
        if (column, lang) not in sheet.foreign
        for first, last, letter, nats in _missing_letters(
            sheet.codes(column)[block.start : block.stop], sheet.writing(column, lang).expected
        )
    ]
    many = max(2.0, _COMMON * len(sheet.blocks))
    return [one for one in found if len({two.lang for two in found if _meet(one.rows, two.rows)}) <= many]


def _meet(one: range, two: range) -> bool:
    return one.start < two.stop and two.start < one.stop


def _marked(sheet: Sheet, lost: list[Loss]) -> dict[str, NDArray[np.bool_]]:
    """Rows of each language in which a letter is surely missing."""
    marked = {lang: np.zeros(len(block), bool) for lang, block in sheet.blocks.items()}
    for one in lost:
        if one.nats >= _LOST:
            marked[one.lang][one.rows.start : one.rows.stop] = True
    return marked


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
    open_end = _open_ended(codes)
    merged, cut, odd = {}, {}, {}
    for place in np.flatnonzero(np.nan_to_num(np.abs(off)) >= min(_TIMES, _TOLD * spread)).tolist():
        row, deviations = int(rows[place]), abs(off[place]) / spread
        if np.exp(off[place]) > 1 and (nats := _merged(grid, at, place, off, rest, spread)):
            merged[row] = surprise(nats, 8.0), float(np.exp(off[place]))
        elif off[place] < 0 and open_end[row - block.start]:
            cut[row] = surprise(deviations + 6.0 * lost[row - block.start], _HALF), float(np.exp(off[place]))
        elif deviations >= _TOLD and abs(off[place]) >= _TIMES and _long_enough(codes, row - block.start, off[place]):
            odd[row] = surprise(deviations, _HALF), float(np.exp(off[place]))
    for row in np.flatnonzero(lost & open_end).tolist():
        cut.setdefault(row + block.start, (0.6, 1.0))
    for kind, found, said in (
        ("merged", merged, "holds the next verse as well"),
        ("cut", cut, "stops in the middle"),
        ("length", odd, "against the other languages"),
    ):
        order = sorted(found)
        yield Hits(
            kind, lang, np.array(order, np.int64), np.array([found[row][0] for row in order]),
            lambda place, order=order, found=found, said=said: (
                f"{column} {said}: {found[order[place]][1]:.2f} times the usual length: "
                f"{shown(texts[order[place]], 30)} … {shown(texts[order[place]][-30:])}"
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


def _open_ended(codes: Codes) -> NDArray[np.bool_]:
    """Rows that end in a letter, in a language whose rows end in some sign."""
    letter = (codes.kinds & (LETTER | MARK)) != 0
    filled = codes.lengths > 0
    last = codes.starts[1:] - 2
    ends = filled & letter[np.maximum(last, 0)]
    share = 1 - ends[filled].mean() if filled.any() else 0.0
    found: NDArray[np.bool_] = ends & (share >= _STOPS)
    return found


def _missing_letters(codes: Codes, scripts: Sequence[str]) -> Iterator[tuple[int, int, str, float]]:
    """Long stretches without a letter that is usual elsewhere: first and last row, the letter, nats."""
    if not set(scripts) <= _ALPHABETS:
        return
    small = ((codes.kinds & LETTER) != 0) & ((codes.kinds & UPPER) == 0) & codes.within(scripts)
    places = np.flatnonzero(small)
    if len(codes) < _ROWS or not len(places):
        return
    keys = np.unique(codes.row_of(places) * np.int64(0x110000) + codes.codes[places])
    row, letter = np.divmod(keys, 0x110000)
    ends = codes.starts[1:]
    for code, times in zip(*np.unique(letter, return_counts=True), strict=True):
        if times < max(5, _OFTEN * len(codes)) or times == len(codes):
            continue
        where = np.concatenate(([-1], row[letter == code], [len(codes)]))
        chars = np.concatenate(([0], ends))
        inside = chars[where[1:]] - chars[where[:-1] + 1]
        gap = int(np.argmax(inside))
        first, last = int(where[gap]) + 1, int(where[gap + 1]) - 1
        rate = int((codes.codes == code).sum()) / max(1, int(ends[-1]) - int(inside[gap]))
        nats = _CLUMPED * rate * float(inside[gap])
        if nats >= _LOST / 2 and 9 <= last - first <= len(codes) / 2:
            yield first, last, chr(int(code)), nats


def _letter(sheet: Sheet, column: str, lost: Loss) -> Hits:
    block = sheet.blocks[lost.lang]
    codes = sheet.codes(column)[block.start : block.stop]
    have = int((codes.total(codes.codes == ord(lost.letter)) > 0).sum())
    said = (
        f"{column}: {lost.letter!r} is in {have:,} of {len(codes) - len(lost.rows):,} other rows, and in none of "
        f"these {len(lost.rows):,}"
    )
    rows = np.array(lost.rows) + block.start
    return Hits("lost_letter", lost.lang, rows, surprise(lost.nats, _LOST), lambda place: said, whole=True)


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
        "lost_letter": "a stretch of rows without a letter that all other rows of the language use",
    },
)
