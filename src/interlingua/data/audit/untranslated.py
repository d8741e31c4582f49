"""Untranslated: rows that are the same in another language, or nearly, though the languages differ."""

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
    tongue = {lang: find(lang).iso639_3 for lang in grid.langs}
    order = sorted(range(len(grid.langs)), key=lambda to: grid.langs[to] != sheet.pivot)
    for at, lang in enumerate(grid.langs):
        for to in order:
            other = grid.langs[to]
            alike = other == sheet.pivot or shared[at, to]
            if lang in own and other in own and alike and tongue[lang] != tongue[other]:
                yield lang, other


def _same(sheet: Sheet, grid: Grid, own: Mapping[str, Own], lang: str, other: str) -> dict[int, float]:
    """Rows of a language that are those of another, with scores."""
    to, block = _counterparts(sheet, grid, lang, other), sheet.blocks[lang]
    equal = (to >= 0) & (own[lang].texts == own[other].texts[to])
    exact, pivot = float(equal[to >= 0].mean()), other == sheet.pivot
    # against the pivot all rows are looked at, against others the very same ones and a sample
    looked = np.full(len(to), True) if pivot else equal.copy()
    looked[:: max(1, len(to) // _FEW)] = True
    looked &= to >= 0
    mine, theirs = (
        own[lang].words.only(looked),
        own[other].words.only(np.isin(np.arange(len(own[other].texts)), to[looked])),
    )
    words = mine.per_row()
    share = np.divide(
        mine.per_row(mine.also_in(theirs, to)), words, out=np.zeros(len(words)), where=words > 0
    )
    near = (share >= _NEAR) & (words >= 2) & looked
    near[near] &= words[near] >= 0.6 * theirs.per_row()[to[near]]
    usual = share[looked & (words >= 3) & (share < _NEAR)]
    copied = exact >= _COPY and pivot
    kin = len(usual) >= 5 and float(np.median(usual)) > _ALIKE
    if not near.any() or (kin and not copied):
        return {}
    whose = own[other].vocabulary.nats(mine.word, 1) - own[lang].vocabulary.nats(mine.word, 1)
    lean = mine.per_row(np.clip(whose, -3, 3))
    taken = near & ((lean >= 0) | copied if pivot else equal & (lean >= _LEAN))
    telling = mine.per_row(np.where(mine.names, _NAME, 1.0))
    # where texts are often the same, as names and dates are, a short one that is says little
    score = share * (1 - _KEPT ** (telling / (1 + 4 * exact * (not copied))))
    return {int(row) + block.start: float(score[row]) for row in np.flatnonzero(taken)}


def _counterparts(sheet: Sheet, grid: Grid, lang: str, other: str) -> NDArray[np.int64]:
    """For each row of a language, that of another with the same id, both from its first; -1 for none."""
    mine, theirs = (grid.rows[:, grid.langs.index(name)] for name in (lang, other))
    both = (mine >= 0) & (theirs >= 0)
    to = np.full(len(sheet.blocks[lang]), -1)
    to[mine[both] - sheet.blocks[lang].start] = theirs[both] - sheet.blocks[other].start
    return to


def _told(sheet: Sheet, column: str, lang: str, rows: Mapping[int, tuple[float, str]]) -> Iterator[Hits]:
    places = sorted(rows)
    scores = np.array([rows[row][0] for row in places])
    texts = sheet.text(column)
    yield Hits(
        "untranslated", lang, np.array(places, np.int64), scores,
        lambda row: f"{column} is that of {rows[row][1]}: {shown(texts[row])}",
    )  # fmt: skip


DETECTOR = Detector(
    _find,
    {"untranslated": "a text that is the same, or nearly, in another language of the file"},
)
