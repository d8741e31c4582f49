"""Scripts: rows that are not in the script of their language, and languages whose rows are in two."""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from interlingua.data.audit.codes import LETTER
from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Hits, shown
from interlingua.data.audit.sheet import Sheet
from interlingua.data.audit.writing import Writing

_ALIKE = {"Latn", "Cyrl", "Grek"}
"""Alphabets that share the look of letters."""
_WORD = re.compile(r"[^\W\d_]+")
Bools = NDArray[np.bool_]
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
                    yield from _look_alikes(sheet, column, lang)


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
        yield Hits("mixed_scripts", lang, sure + start, score, said, whole=True)
    yield Hits("off_script", lang, rows + start, scores, lambda row: tell(row - start))


def _look_alikes(sheet: Sheet, column: str, lang: str) -> Iterator[Hits]:
    """Words with letters of two alphabets that look the same, most of them of the language's own."""
    block = sheet.blocks[lang]
    if sheet.scripts[lang] not in _ALIKE:
        return
    codes = sheet.codes(column)[block.start : block.stop]
    letter = (codes.kinds & LETTER) != 0
    inside = codes.within((sheet.scripts[lang],))
    outside = codes.within(tuple(_ALIKE - {sheet.scripts[lang]}))
    change = letter[:-1] & letter[1:] & ((inside[:-1] & outside[1:]) | (outside[:-1] & inside[1:]))
    changes = codes.total(np.append(change, False))
    words = np.maximum(1, np.bincount(codes.row_of(codes.word_starts()), minlength=len(codes)))
    rows = np.flatnonzero((changes > 0) & (sheet.writing(column, lang).share >= 0.5))
    texts = sheet.text(column)
    yield Hits(
        "look_alikes", lang, rows + block.start, changes[rows] / (changes[rows] + 1 + 0.05 * words[rows]),
        lambda row: f"{column}: {_mixed(texts[row], inside, outside, int(codes.starts[row - block.start]))}",
        habit=True,
    )  # fmt: skip


def _mixed(text: str, inside: Bools, outside: Bools, start: int) -> str:
    """The first words with letters of two alphabets, the letters that do not belong named."""
    found = []
    for match in _WORD.finditer(text):
        span = slice(start + match.start(), start + match.end())
        if inside[span].any() and outside[span].any():
            strange = [char for char, out in zip(match[0], outside[span], strict=True) if out]
            found.append(f"{match[0]} ({', '.join(f'U+{ord(char):04X}' for char in dict.fromkeys(strange))})")
    return f"letters of two alphabets in {', '.join(found[:2])} and {max(0, len(found) - 2)} more words"


def _sure(found: Writing, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """The more letters, the less it is an abbreviation, six make one half; capitals may be names."""
    away = 1 - found.share[rows]
    outside = found.letters[rows] * away
    score: NDArray[np.float64] = (
        outside / (outside + 6) * np.sqrt(away) * _NAMES[np.minimum(found.words[rows], 2)]
    )
    return score


DETECTOR = Detector(
    _find,
    {
        "off_script": "a text most of whose letters are in another script than the file says",
        "look_alikes": "words with letters of two alphabets that look the same: a Latin a in a Cyrillic word",
        "mixed_scripts": "a language whose rows are partly in another script",
    },
)
