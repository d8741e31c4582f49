"""Lost letters: long stretches of rows without a letter that all other rows of a language use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from interlingua.data.audit.codes import LETTER, UPPER, Codes
from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Hits, surprise
from interlingua.data.audit.sheet import Sheet

HALF = 40.0
"""Nats at which a missing letter scores one half."""
_LEAST = 30.0  # nats that are told at all
_CLUMPED = 0.5  # letters come in clumps: what a character counts
_OFTEN = 0.2  # share of rows that have the letter
_GAPS = 5  # stretches without a letter that are looked at
_ROWS = 20  # rows of a language
_TEXT = 18  # characters of the middle text: names and answers come in groups that share their letters
_COMMON = (
    0.2  # share of languages that lose letters in one place, from which on it is what the rows are about
)
_ALPHABETS = {
    "Arab", "Armn", "Beng", "Cans", "Cher", "Copt", "Cyrl", "Deva", "Ethi", "Geor", "Grek", "Gujr", "Guru",
    "Hebr", "Khmr", "Knda", "Laoo", "Latn", "Mlym", "Mong", "Mymr", "Nkoo", "Olck", "Orya", "Sinh", "Syrc",
    "Taml", "Telu", "Tfng", "Thaa", "Thai", "Tibt",
}  # fmt: skip


def _find(sheet: Sheet) -> Iterator[Hits]:
    for column in sheet.roles.texts:
        if column not in sheet.roles.english:
            for one in losses(sheet, column):
                yield _hits(sheet, column, one)


@dataclass(frozen=True)
class Loss:
    """Rows of a language without a letter that others have; numbered from the language's first."""

    lang: str
    rows: range
    letter: str
    nats: float


def losses(sheet: Sheet, column: str) -> list[Loss]:
    """Letters that go missing in one language; where many lose some, it is what the rows are about."""
    if ("losses", column) not in sheet.kept:
        sheet.kept["losses", column] = _lost_in(sheet, column)
    found: list[Loss] = sheet.kept["losses", column]
    return found


def _lost_in(sheet: Sheet, column: str) -> list[Loss]:
    found = [
        Loss(lang, range(first, last + 1), letter, nats)
        for lang, block in sheet.blocks.items()
        if (column, lang) not in sheet.foreign
        for first, last, letter, nats in _missing_letters(
            sheet.codes(column)[block.start : block.stop], sheet.writing(column, lang).expected
        )
    ]
    many = max(2.0, _COMMON * len(sheet.blocks))
    own = [one for one in found if len({two.lang for two in found if _meet(one.rows, two.rows)}) <= many]
    return [  # of the letters that one stretch has lost, the one that says most
        one
        for one in own
        if not any(
            two.lang == one.lang
            and _meet(one.rows, two.rows)
            and (two.nats, two.letter) > (one.nats, one.letter)
            for two in own
        )
    ]


def _meet(one: range, two: range) -> bool:
    return one.start < two.stop and two.start < one.stop


def _missing_letters(codes: Codes, scripts: Sequence[str]) -> Iterator[tuple[int, int, str, float]]:
    """Long stretches without a letter that is usual elsewhere: first and last row, the letter, nats."""
    if not set(scripts) <= _ALPHABETS:
        return
    small = ((codes.kinds & LETTER) != 0) & ((codes.kinds & UPPER) == 0) & codes.within(scripts)
    places = np.flatnonzero(small)
    if len(codes) < _ROWS or not len(places) or np.median(codes.lengths) < _TEXT:
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
        count = int((codes.codes == code).sum())
        for gap in np.argsort(-inside)[:_GAPS].tolist():
            first, last = int(where[gap]) + 1, int(where[gap + 1]) - 1
            # as often as in the rest, other such gaps aside
            rate = count / max(1, int(ends[-1]) - int(inside[inside >= inside[gap]].sum()))
            nats = _CLUMPED * rate * float(inside[gap])
            if nats >= _LEAST and 9 <= last - first <= len(codes) / 2:
                yield first, last, chr(int(code)), nats


def _hits(sheet: Sheet, column: str, lost: Loss) -> Hits:
    block = sheet.blocks[lost.lang]
    codes = sheet.codes(column)[block.start : block.stop]
    have = int((codes.total(codes.codes == ord(lost.letter)) > 0).sum())
    said = (
        f"{column}: {lost.letter!r} is in {have:,} of {len(codes) - len(lost.rows):,} other rows, none "
        f"of these {len(lost.rows):,}"
    )
    rows = np.array(lost.rows) + block.start
    return Hits("lost_letter", lost.lang, rows, surprise(lost.nats, HALF), said, whole=True)


DETECTOR = Detector(
    _find,
    {"lost_letter": "a stretch of rows without a letter that all other rows of the language use"},
)
