"""Scripts: rows that are not in the script of their language, and languages whose rows are in two."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Hits, shown
from interlingua.data.audit.sheet import Sheet
from interlingua.data.audit.writing import Writing

_NAMES = np.array([0.45, 0.7, 1.0])
"""What is left of a score where no, one or more foreign words begin with a small letter."""
_SECOND = 0.05
"""Share of rows from which on a second script is a way of writing the language here."""


def _find(sheet: Sheet) -> Iterator[Hits]:
    for column in sheet.roles.texts:
        if column not in sheet.roles.english:
            for lang in sheet.blocks:
                if (column, lang) not in sheet.foreign:
                    yield from _block(sheet, column, lang, sheet.writing(column, lang))


def _block(sheet: Sheet, column: str, lang: str, found: Writing) -> Iterator[Hits]:
    rows = np.flatnonzero(found.off)
    if not len(rows):
        return
    scores = _sure(found, rows)
    start, texts, expected = sheet.blocks[lang].start, sheet.text(column), "/".join(found.expected)

    def tell(row: int) -> str:
        return (
            f"{column}: most of {found.letters[row]} letters are not {expected} but {found.main[row]}: "
            f"{shown(texts[row + start])}"
        )

    judged, sure = int(found.judged.sum()), rows[scores >= 0.5]
    if len(sure) >= max(3, _SECOND * judged):
        kinds, times = np.unique(found.main[sure], return_counts=True)
        told = ", ".join(f"{kind} {time}" for kind, time in zip(kinds, times, strict=True))
        said = f"{told} of {judged:,} rows, the rest {expected}; {tell(int(sure[0]))}"
        score = min(1.0, 0.5 + len(sure) / judged)
        yield Hits("mixed_scripts", lang, sure + start, score, lambda place: said, whole=True)
    yield Hits("off_script", lang, rows + start, scores, lambda place: tell(int(rows[place])))


def _sure(found: Writing, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """The more letters, the less it is an abbreviation (six make one half); words with capitals may be names."""
    away = 1 - found.share[rows]
    outside = found.letters[rows] * away
    score: NDArray[np.float64] = outside / (outside + 6) * np.sqrt(away) * _NAMES[np.minimum(found.words[rows], 2)]
    return score


DETECTOR = Detector(
    _find,
    {
        "off_script": "a text most of whose letters are in another script than the file says",
        "mixed_scripts": "a language whose rows are partly in another script",
    },
)
