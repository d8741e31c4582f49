"""Untranslated: rows that are the same as in another language, or nearly, though the languages are not alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Hits, shown
from interlingua.data.audit.sheet import Grid, Sheet
from interlingua.data.audit.vocabulary import RowWords, Vocabulary
from interlingua.languages.language import find

_NEAR = 0.8  # share of a row's words that are in the other language's row
_ALIKE = 0.25  # share of words that usual rows have in common from which on languages are held to be kin
_COPY = 0.5  # share of rows that are the very same from which on a file is held to be a copy
_KEPT = 0.67  # a small word more makes it this much less likely that the row is meant to be the same
_FEW = 200  # rows on which kinship is measured
_LEAN = 3.0  # nats by which the words must be the other language's, if it is not the pivot
_NAME = 0.25  # what a word with a capital counts


@dataclass(frozen=True)
class Own:
    """A language's rows of a column: words, vocabulary and the text of each as one number."""

    words: RowWords
    vocabulary: Vocabulary
    texts: NDArray[np.int64]


def _find(sheet: Sheet) -> Iterator[Hits]:
    grid = sheet.grid
    if grid is None:
        return
    for column in sheet.roles.texts:
        if column in sheet.roles.english:
            continue
        own = {lang: _own(sheet, column, lang) for lang in grid.langs if (column, lang) not in sheet.foreign}
        found: dict[str, dict[int, tuple[float, str]]] = {lang: {} for lang in own}
        for lang, other in _couples(sheet, grid, own):
            for row, score in _same(sheet, grid, own, lang, other).items():
                if score > found[lang].get(row, (0.0, ""))[0]:
                    found[lang][row] = (score, other)
        for lang, rows in found.items():
            yield from _told(sheet, column, lang, rows)


def _own(sheet: Sheet, column: str, lang: str) -> Own:
    block = sheet.blocks[lang]
    words = RowWords.of(sheet.codes(column)[block.start : block.stop])
    texts = [hash(" ".join(text.casefold().split())) for text in sheet.text(column)[block.start : block.stop]]
    return Own(words, Vocabulary.of(words), np.array(texts, np.int64))


def _couples(sheet: Sheet, grid: Grid, own: Mapping[str, Own]) -> Iterator[tuple[str, str]]:
    """Languages to compare: each with the pivot, and those that share whole texts."""
    texts = np.zeros(grid.rows.shape, np.int64)
    for at, lang in enumerate(grid.langs):
        if lang in own:
            there = grid.rows[:, at] >= 0
            rows = grid.rows[there, at] - sheet.blocks[lang].start
            long = own[lang].words.per_row()[rows] >= 2
            texts[there, at] = np.where(long, own[lang].texts[rows], 0)
    shared = np.zeros((len(grid.langs), len(grid.langs)), np.int64)
    for row in texts:
        values, inverse, times = np.unique(row, return_inverse=True, return_counts=True)
        for value in np.flatnonzero((times > 1) & (values != 0)):
            same = np.flatnonzero(inverse == value)
            shared[np.ix_(same, same)] += 1
    order = sorted(range(len(grid.langs)), key=lambda to: grid.langs[to] != sheet.pivot)
    for at, lang in enumerate(grid.langs):
        for to in order:
            other = grid.langs[to]
            if lang in own and other in own and at != to and (other == sheet.pivot or shared[at, to]):
                yield lang, other


def _same(sheet: Sheet, grid: Grid, own: Mapping[str, Own], lang: str, other: str) -> dict[int, float]:
    """Rows of a language that are those of another, with scores."""
    mine, theirs, block = own[lang], own[other], sheet.blocks[lang]
    to = np.full(len(block), -1)
    both = (grid.rows[:, grid.langs.index(lang)] >= 0) & (grid.rows[:, grid.langs.index(other)] >= 0)
    rows = grid.rows[both, grid.langs.index(lang)] - block.start
    to[rows] = grid.rows[both, grid.langs.index(other)] - sheet.blocks[other].start
    words = mine.words.per_row()
    shared = mine.words.also_in(theirs.words, to)
    share = np.divide(mine.words.per_row(shared), words, out=np.zeros(len(words)), where=words > 0)
    near = (share >= _NEAR) & (words >= 2) & (to >= 0)
    near[near] &= words[near] >= 0.6 * theirs.words.per_row()[to[near]]
    if not near.any():
        return {}
    usual = share[(to >= 0) & (words >= 3) & (share < _NEAR)][:: max(1, len(share) // _FEW)]
    exact = float((mine.texts[to >= 0] == theirs.texts[to[to >= 0]]).mean())
    if find(lang).iso639_3 == find(other).iso639_3:
        return {}
    copied = exact >= _COPY and other == sheet.pivot
    if (np.median(usual) if len(usual) >= 5 else 0.0) > _ALIKE and not copied:
        return {}
    whose = theirs.vocabulary.nats(mine.words.word, 1) - mine.vocabulary.nats(mine.words.word, 1)
    lean = mine.words.per_row(np.clip(whose, -3, 3))
    taken = near & ((lean >= 0) | copied if other == sheet.pivot else lean >= _LEAN)
    telling = mine.words.per_row(np.where(mine.words.names, _NAME, 1.0))
    # where texts are often the same, as names and dates are, a short one that is says little
    score = share * (1 - _KEPT ** (telling / (1 + 10 * exact * (not copied))))
    return {int(row) + block.start: float(score[row]) for row in np.flatnonzero(taken)}


def _told(sheet: Sheet, column: str, lang: str, rows: Mapping[int, tuple[float, str]]) -> Iterator[Hits]:
    places = sorted(rows)
    scores = np.array([rows[row][0] for row in places])
    texts = sheet.text(column)
    yield Hits(
        "untranslated", lang, np.array(places, np.int64), scores,
        lambda place: f"{column} is that of {rows[places[place]][1]}: {shown(texts[places[place]])}",
    )  # fmt: skip


DETECTOR = Detector(
    _find,
    {"untranslated": "a text that is the same, or nearly, in another language of the file"},
)
