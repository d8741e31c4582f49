"""Label words: what a language calls its labels, told by the pivot's, and whether the words fit."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from unicodedata import normalize

import numpy as np

from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Hits
from interlingua.data.audit.label_maps import Labels, exchanged, read_labels
from interlingua.data.audit.sheet import Sheet

_ALIKE = 0.6
"""Likeness to another label's words from which on a word may be that label's."""
_CROSSED = 0.35  # by how much the words of two labels must be more alike crosswise than straight
_EVEN = 0.8  # share of languages whose words have the same form

Meanings = Mapping[str, Mapping[str, str]]
"""For each language, the word of each label of the pivot."""


def _find(sheet: Sheet) -> Iterator[Hits]:
    for column in sheet.roles.labels:
        for lang in sheet.blocks:
            yield from _spellings(sheet, column, lang)
        if sheet.grid is not None:
            labels = read_labels(sheet, column, sheet.grid)
            if not labels.same_form:
                yield from _own_words(sheet, labels)


def _own_words(sheet: Sheet, labels: Labels) -> Iterator[Hits]:
    """Every language has words of its own: what they stand for is told by the pivot's labels."""
    key = labels.of(sheet.pivot)
    meaning: dict[str, dict[str, str]] = {}
    for place, lang in enumerate(labels.grid.langs):
        meaning[lang], wrong = _map(key, labels.of(lang))
        rows = {int(labels.grid.rows[at, place]): pair for at, pair in wrong.items()}
        yield from exchanged(sheet, labels.column, lang, rows)
    for lang in meaning:
        yield from _permuted(sheet, labels.column, lang, meaning)
        yield from _uneven(sheet, labels.column, lang, meaning)


def _map(
    key: Sequence[str | None], own: Sequence[str | None]
) -> tuple[dict[str, str], dict[int, tuple[str, str]]]:
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


def _permuted(sheet: Sheet, column: str, lang: str, meaning: Meanings) -> Iterator[Hits]:
    """Two words that are the pivot's words for each other's label, or look like those of other languages."""
    words = meaning[lang]
    for one, two in combinations(words, 2):
        gain = _crossed(lang, one, two, meaning)
        if gain < _CROSSED:
            continue
        rows = [
            row for row in sheet.blocks[lang] if sheet.text(column)[row].strip() in (words[one], words[two])
        ]
        said = (
            f"{column}: {words[one]!r} stands for {one!r} and {words[two]!r} for {two!r} in {len(rows):,} of "
            f"{len(sheet.blocks[lang]):,} rows, but the words look like the other's: they are exchanged"
        )
        yield Hits("swapped_labels", lang, rows, min(1.0, 0.5 + gain / 2), said, whole=True)


def _crossed(lang: str, one: str, two: str, meaning: Meanings) -> float:
    """By how much two words of a language are more like other languages' words crosswise than straight."""
    words = meaning[lang]
    if (words[one], words[two]) == (two, one):
        return 1.0

    def like(mine: str, theirs: str) -> float:
        others = [other[theirs] for code, other in meaning.items() if code != lang and theirs in other]
        return _likeness(words[mine], others)

    crossed = like(one, two), like(two, one)
    return sum(crossed) - like(one, one) - like(two, two) if max(crossed) >= _ALIKE else 0.0


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


def _uneven(sheet: Sheet, column: str, lang: str, meaning: Meanings) -> Iterator[Hits]:
    """Two label words of a language in two forms: they share a stem, and one has an ending more."""
    words = meaning[lang]
    for one, two in combinations(words, 2):
        longer, extra = _ending(words[one], words[two])
        others = [other for code, other in meaning.items() if code != lang and {one, two} <= other.keys()]
        even = sum(not _ending(other[one], other[two])[1] for other in others)
        if extra and even >= _EVEN * len(others):
            pair = f"{words[one]!r} and {words[two]!r}"
            said = f"{column}: {pair} differ in form: only {longer!r} ends in {extra!r}"
            yield Hits("label_words", lang, np.array(sheet.blocks[lang]), 0.6, said, whole=True)


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
            yield Hits("label_words", lang, rows, 0.9, _said(column, texts, usual))


def _said(column: str, texts: Sequence[str], usual: str) -> Callable[[int], str]:
    return lambda row: f"{column} is {texts[row]!r}, mostly {usual!r}"


DETECTOR = Detector(
    _find,
    {
        "swapped_labels": "two label words put for each other in a large part of a language's rows",
        "label_words": "label words of a language that differ in form or spelling",
    },
)
