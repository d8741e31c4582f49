"""Labels: maps from one language's labels to the others', for labels that are swapped, differ or never change."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from unicodedata import normalize

import numpy as np

from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Hits
from interlingua.data.audit.sheet import Grid, Sheet

_SAME_FORM = 0.6
"""Share of shared rows with the very same label from which on languages are held to use the same labels."""
_SWAPPED = 0.2
"""Share of the rows of two labels that must be exchanged, both ways, to call them swapped."""
_LEAST = 6  # exchanged rows
_CONSTANT = 20  # rows of a language whose label never changes


@dataclass(frozen=True)
class Labels:
    """One column across languages: `words[i][j]` is the label of id i in language j, None where it is not."""

    column: str
    grid: Grid
    words: list[list[str | None]]

    def of(self, lang: str) -> list[str | None]:
        """The labels of a language by id."""
        place = self.grid.langs.index(lang)
        return [row[place] for row in self.words]


def _find(sheet: Sheet) -> Iterator[Hits]:
    yield from _constant(sheet)
    if sheet.grid is None:
        return
    for column in (*sheet.roles.labels, *sheet.roles.categories, *sheet.roles.shared):
        if isinstance(sheet.columns[column][0], bool):  # a remark about the row, not about the question
            continue
        labels = _read(sheet, column, sheet.grid)
        usual = [Counter(word for word in row if word).most_common(1) for row in labels.words]
        consensus = [most[0][0] if most and (most[0][1] > 1 or len(labels.grid.langs) < 3) else None for most in usual]
        if _agreement(labels) >= _SAME_FORM:
            yield from _same_form(sheet, labels, consensus)
        elif column in sheet.roles.labels:
            yield from _own_words(sheet, labels)


def _constant(sheet: Sheet) -> Iterator[Hits]:
    """A language with one label for all rows, where others have several."""
    for column in (*sheet.roles.labels, *(sheet.roles.categories if sheet.grid else ())):
        texts = sheet.text(column)
        told = {lang: {texts[row] for row in block if texts[row]} for lang, block in sheet.blocks.items()}
        several = sum(len(one) > 1 for one in told.values())
        for lang, block in sheet.blocks.items():
            if len(told[lang]) == 1 and len(block) >= _CONSTANT and several * 2 >= len(told) - 1 and several:
                said = f"{column} is {next(iter(told[lang]))!r} in all {len(block):,} rows"
                yield Hits("constant_labels", lang, np.array(block), 1.0, lambda place, said=said: said, whole=True)


def _read(sheet: Sheet, column: str, grid: Grid) -> Labels:
    texts = [text.strip() for text in sheet.text(column)]
    words = [[texts[row] or None if row >= 0 else None for row in rows] for rows in grid.rows.tolist()]
    return Labels(column, grid, words)


def _agreement(labels: Labels) -> float:
    """Share of pairs of languages and rows with the same label, over neighbouring languages."""
    same = told = 0
    for row in labels.words[:2000]:
        there = [word for word in row if word]
        told += max(0, len(there) - 1)
        same += max(Counter(there).values(), default=1) - 1 if there else 0
    return same / max(1, told)


def _same_form(sheet: Sheet, labels: Labels, consensus: Sequence[str | None]) -> Iterator[Hits]:
    """Rows whose label is not the one that most languages have."""
    for place, lang in enumerate(labels.grid.langs):
        if len(labels.grid.langs) == 2 and lang == sheet.pivot:
            continue
        differs: dict[int, tuple[str, str]] = {}
        for at, row in enumerate(labels.words):
            mine, usual = row[place], consensus[at]
            if mine and usual and mine != usual:
                differs[int(labels.grid.rows[at, place])] = (mine, usual)
        yield from _exchanged(sheet, labels.column, lang, differs)


def _exchanged(
    sheet: Sheet, column: str, lang: str, differs: dict[int, tuple[str, str]]
) -> Iterator[Hits]:
    """Two labels put for each other on a large share of their rows are one finding, the rest one each."""
    texts, block = sheet.text(column), sheet.blocks[lang]
    pairs = Counter(frozenset(pair) for pair in differs.values())
    for pair, times in pairs.most_common():
        one, two = sorted(pair)
        both = [sum(found == way for found in differs.values()) for way in ((one, two), (two, one))]
        rows = sorted(row for row, found in differs.items() if set(found) == pair)
        near = range(rows[0], rows[-1] + 1)
        of_pair = sum(texts[row].strip() in pair for row in (near if len(near) >= 2 * _LEAST else block))
        share = times / max(1, of_pair)
        if times >= _LEAST and min(both) >= 0.2 * times and share >= _SWAPPED:
            said = (
                f"{column}: {one!r} and {two!r} are exchanged in {times:,} of {of_pair:,} rows with either: "
                f"{both[0]} x {one!r} for {two!r}, {both[1]} x {two!r} for {one!r}"
            )
            yield Hits("swapped_labels", lang, rows, min(1.0, 0.5 + share / 2), lambda place, said=said: said, whole=True)
            for row in rows:
                del differs[row]
    rows = sorted(differs)
    yield Hits(
        "label_differs", lang, rows, 0.9 if len(rows) < 0.5 * len(block) else 0.6,
        lambda place: "{}: {!r}, in most other languages {!r}".format(column, *differs[rows[place]]),
        habit=True,
    )  # fmt: skip


def _own_words(sheet: Sheet, labels: Labels) -> Iterator[Hits]:
    """Every language has words of its own: what they stand for is told by the pivot's labels."""
    key = labels.of(_key_language(sheet, labels))
    meaning: dict[str, dict[str, str]] = {}
    for lang in labels.grid.langs:
        found, wrong = _map(key, labels.of(lang))
        if not found:
            continue
        meaning[lang] = found
        place = labels.grid.langs.index(lang)
        rows = {int(labels.grid.rows[at, place]): pair for at, pair in wrong.items()}
        yield from _exchanged(sheet, labels.column, lang, rows)
    for lang, words in meaning.items():
        yield from _permuted(sheet, labels.column, lang, words, meaning)
        yield from _uneven(sheet, labels.column, lang, words, meaning)
        yield from _spellings(sheet, labels.column, lang)


def _key_language(sheet: Sheet, labels: Labels) -> str:
    return sheet.pivot if sheet.pivot in labels.grid.langs else labels.grid.langs[0]


def _map(key: Sequence[str | None], own: Sequence[str | None]) -> tuple[dict[str, str], dict[int, tuple[str, str]]]:
    """Each label of the key to the word it mostly goes with, and the rows that do not follow."""
    together = Counter((one, two) for one, two in zip(key, own, strict=True) if one and two)
    found: dict[str, str] = {}
    for (one, two), _ in together.most_common():
        if one not in found and two not in found.values():
            found[one] = two
    wrong = {
        at: (two, found[one])
        for at, (one, two) in enumerate(zip(key, own, strict=True))
        if one and two and one in found and found[one] != two and two in found.values()
    }
    return found, wrong


def _permuted(
    sheet: Sheet, column: str, lang: str, words: Mapping[str, str], meaning: Mapping[str, Mapping[str, str]]
) -> Iterator[Hits]:
    """Words that look like another label's words in the other languages, both ways."""
    for one, two in combinations(words, 2):
        likeness = {
            (mine, theirs): _likeness(
                words[mine], [other[theirs] for code, other in meaning.items() if code != lang and theirs in other]
            )
            for mine in (one, two)
            for theirs in (one, two)
        }
        straight = likeness[one, one] + likeness[two, two]
        crossed = likeness[one, two] + likeness[two, one]
        # one word must look like another label's, and neither like its own
        if max(likeness[one, two], likeness[two, one]) < 0.6 or crossed - straight < 0.5:
            continue
        rows = [row for row in sheet.blocks[lang] if sheet.text(column)[row].strip() in (words[one], words[two])]
        said = (
            f"{column}: {words[one]!r} stands for {one!r} and {words[two]!r} for {two!r} in {len(rows):,} of "
            f"{len(sheet.blocks[lang]):,} rows, but the words look like the other's: they are exchanged"
        )
        yield Hits("swapped_labels", lang, rows, min(1.0, 0.5 + (crossed - straight) / 2), lambda place, said=said: said, whole=True)


def _likeness(word: str, others: Sequence[str]) -> float:
    """How like a word is to the three most alike of other languages, from 0 to 1."""
    best = sorted((_alike(word, other) for other in others), reverse=True)[:3]
    return sum(best) / len(best) if best else 0.0


def _alike(one: str, two: str) -> float:
    first, second = (_bare(word) for word in (one, two))
    return SequenceMatcher(None, first, second, autojunk=False).ratio() if first and second else 0.0


def _bare(word: str) -> str:
    """A word without case and accents; `ø` and `o` are one."""
    plain = normalize("NFKD", word.casefold().replace("ø", "o").replace("å", "a"))
    return "".join(char for char in plain if char.isalpha())


def _uneven(
    sheet: Sheet, column: str, lang: str, words: Mapping[str, str], meaning: Mapping[str, Mapping[str, str]]
) -> Iterator[Hits]:
    """Label words of one language in two forms: they share a stem, and one has an ending that the other lacks."""
    for one, two in combinations(words, 2):
        longer, extra = _ending(words[one], words[two])
        if not extra:
            continue
        others = [other for code, other in meaning.items() if code != lang and {one, two} <= other.keys()]
        even = sum(not _ending(other[one], other[two])[1] for other in others)
        if others and even < 0.8 * len(others):
            continue
        block = sheet.blocks[lang]
        said = (
            f"{column}: {words[one]!r} and {words[two]!r} differ in form: only {longer!r} ends in {extra!r}"
        )
        yield Hits("label_words", lang, np.array(block), 0.6, lambda place, said=said: said, whole=True)


def _ending(one: str, two: str) -> tuple[str, str]:
    """Which of two words goes on behind a common stem at the end, and with what; empty where neither does."""
    for longer, shorter in ((one, two), (two, one)):
        for size in (1, 2):
            stem = longer[:-size]
            common = 0
            while common < min(len(stem), len(shorter)) and stem[-1 - common] == shorter[-1 - common]:
                common += 1
            if common >= 3 and longer[-size:].isalpha() and not shorter.endswith(longer[-size:]):
                return longer, longer[-size:]
    return "", ""


def _spellings(sheet: Sheet, column: str, lang: str) -> Iterator[Hits]:
    """One label in several spellings: `Positive` and `positive `."""
    texts, block = sheet.text(column), sheet.blocks[lang]
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for row in block:
        if texts[row]:
            forms[_bare(texts[row]) or texts[row]][texts[row]] += 1
    for counts in forms.values():
        if len(counts) > 1:
            usual = counts.most_common(1)[0][0]
            rows = [row for row in block if texts[row] in counts and texts[row] != usual]
            yield Hits(
                "label_words", lang, rows, 0.9,
                lambda place, rows=rows, usual=usual: f"{column} is {texts[rows[place]]!r}, mostly {usual!r}",
            )  # fmt: skip


DETECTOR = Detector(
    _find,
    {
        "swapped_labels": "two labels put for each other in a large part of a language's rows",
        "label_differs": "a label, or another column that is the same everywhere, unlike the other languages'",
        "label_words": "label words of a language that differ in form or spelling",
        "constant_labels": "a language with one and the same label for all rows",
    },
)

