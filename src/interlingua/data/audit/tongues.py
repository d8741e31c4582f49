"""Tongues: rows whose words are another language's, told by the vocabularies of the file and by English."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from interlingua.data.audit.codes import Codes
from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Hits, shown, surprise
from interlingua.data.audit.sheet import Sheet
from interlingua.data.audit.vocabulary import RowWords, Vocabulary
from interlingua.languages.language import find

_LEAST = 5  # words of a row
_KNOWN = 0.5  # share of a row's words that the other language must know
_GAP = 0.4  # by how much that must be more than its own language knows
_HALF = 20.0  # nats that score one half
_ENGLISH = """
the of and was for that with this from are have not which were but they his her had their you what been who
would there will when can more about has she its how did does your all one out our than them some into could
very just like because after should then where being
"""
_READS = 0.22  # share of a row's words that are small English words
_SMALL = 0.35  # the same in English
_ELSE = 0.08  # the same in usual rows, from which on a language is held to be kin of English


def _find(sheet: Sheet) -> Iterator[Hits]:
    """Column by column, then all together: rows whose words another language's vocabulary knows better."""
    if not sheet.keyed:  # several versions of a language: rows are no sentences of one tongue
        return
    english = RowWords.of(Codes.of([_ENGLISH])).word
    columns = [column for column in sheet.roles.texts if column not in sheet.roles.english]
    seen: set[int] = set()
    for column in (*columns, *([""] if len(columns) == len(sheet.roles.texts) > 1 else [])):
        words = {
            lang: RowWords.of(sheet.codes(column)[block.start : block.stop])
            for lang, block in sheet.blocks.items()
            if not any((one, lang) in sheet.foreign for one in ([column] if column else columns))
        }
        known = {lang: Vocabulary.of(found) for lang, found in words.items()}
        for lang, found in words.items():
            rows = _strange(found, known[lang])
            best = _elsewhere(lang, found, known, rows) if len(rows) else {}
            for row, score in _english(sheet, lang, found, english).items():
                if score > best.get(row, (0.0, ""))[0]:
                    best[row] = (score, "English")
            start = sheet.blocks[lang].start
            best = {row: one for row, one in best.items() if column or row + start not in seen}
            seen |= {row + start for row, (score, _) in best.items() if score >= 0.5}
            yield from _told(sheet, column, lang, best)


def _strange(found: RowWords, own: Vocabulary) -> NDArray[np.int64]:
    """Rows with words that no other row of the language has, more than usual."""
    words = found.per_row()
    known = np.divide(
        found.per_row(own.count(found.word) > 1), words, out=np.ones(len(words)), where=words > 0
    )
    judged = words >= _LEAST
    usual = float(np.median(known[judged])) if judged.any() else 0.0
    strange: NDArray[np.int64] = np.flatnonzero(judged & (known < min(_KNOWN, 0.75 * usual + 0.05)))
    return strange


def _elsewhere(
    lang: str, found: RowWords, known: dict[str, Vocabulary], rows: NDArray[np.int64]
) -> dict[int, tuple[float, str]]:
    """The language that knows most words of each row, where its own knows few."""
    inside = np.isin(found.row, rows)
    row, word = found.row[inside], found.word[inside]
    total = np.bincount(row, minlength=found.rows)
    own_known = np.bincount(row, known[lang].count(word) > 1, found.rows)
    own_nats = known[lang].nats(word, 1)
    best: dict[int, tuple[float, str]] = {}
    for other, vocabulary in known.items():
        if other == lang or find(other).iso639_3 == find(lang).iso639_3:
            continue
        there = np.bincount(row, vocabulary.count(word) > 1, found.rows)
        nats = np.bincount(row, np.clip(vocabulary.nats(word) - own_nats, -4, 4), found.rows)
        for at in rows[
            (there[rows] >= _KNOWN * total[rows]) & (there[rows] - own_known[rows] >= _GAP * total[rows])
        ]:
            score = surprise(float(nats[at]), _HALF)
            if score > best.get(int(at), (0.0, ""))[0]:
                best[int(at)] = (score, other)
    return best


def _english(sheet: Sheet, lang: str, found: RowWords, english: NDArray[np.uint64]) -> dict[int, float]:
    """Rows with many small English words, in a language that has few of them."""
    if find(lang).iso639_3 == "eng" or sheet.scripts[lang] != "Latn":
        return {}
    words = found.per_row()
    small = found.per_row(np.isin(found.word, english))
    share = np.divide(small, words, out=np.zeros(len(words)), where=words > 0)
    judged = words >= _LEAST
    if not judged.any() or np.quantile(share[judged], 0.5) > _ELSE:
        return {}
    rows = np.flatnonzero(judged & (share >= _READS) & (small >= 3))
    usual = share[judged & (share < _READS)]
    rate = max(0.02, float(usual.mean()) if len(usual) else 0.02)
    nats = small[rows] * np.log(_SMALL / rate) + (words[rows] - small[rows]) * np.log(
        (1 - _SMALL) / (1 - rate)
    )
    return {int(row): surprise(float(gain), _HALF / 2) for row, gain in zip(rows, nats, strict=True)}


def _told(sheet: Sheet, column: str, lang: str, best: dict[int, tuple[float, str]]) -> Iterator[Hits]:
    rows, start = sorted(best), sheet.blocks[lang].start
    texts = sheet.text(column) if column else sheet.joined
    scores = np.array([best[row][0] for row in rows])
    yield Hits(
        "other_language", lang, np.array(rows, np.int64) + start, scores,
        lambda row: f"{column or 'the row'} has words of {best[row - start][1]}: {shown(texts[row])}",
    )  # fmt: skip


DETECTOR = Detector(
    _find,
    {"other_language": "a text whose words are those of another language of the file, or English"},
)
