"""Vocabulary: in how many rows of a language each word is, to tell whose words a row has."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlingua.data.audit.codes import UPPER, Codes

_WHOLE = 12
"""Letters of a word that count."""


@dataclass(frozen=True)
class RowWords:
    """The different words of each row; `row` is sorted. `names` are words that begin with a capital."""

    row: NDArray[np.int64]
    word: NDArray[np.uint64]
    names: NDArray[np.bool_]
    rows: int

    @classmethod
    def of(cls, codes: Codes) -> "RowWords":
        """The words of texts."""
        row, word = codes.words(_WHOLE)
        capital = np.zeros(len(row), bool)
        starts = codes.word_starts()
        capital[: len(starts)] = (codes.kinds[starts] & UPPER) != 0
        order = np.lexsort((capital, word, row))
        row, word, capital = row[order], word[order], capital[order]
        first = np.ones(len(row), bool)
        first[1:] = (row[1:] != row[:-1]) | (word[1:] != word[:-1])
        return cls(row[first], word[first], capital[first], len(codes))

    def only(self, rows: NDArray[np.bool_]) -> "RowWords":
        """The words of the marked rows."""
        kept = rows[self.row]
        return RowWords(self.row[kept], self.word[kept], self.names[kept], self.rows)

    def per_row(self, marked: NDArray[np.bool_] | NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Words of each row, or the sum of what is marked."""
        weights = None if marked is None else marked.astype(float)
        return np.bincount(self.row, weights, self.rows).astype(float)

    def also_in(self, other: "RowWords", to: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which words are also in row `to[i]` of another language, for row i; -1 for none."""
        mine = _keys(to[self.row], self.word)
        return np.isin(mine, _keys(other.row, other.word)) & (to[self.row] >= 0)


@dataclass(frozen=True)
class Vocabulary:
    """Words and how many rows have each."""

    words: NDArray[np.uint64]
    times: NDArray[np.int64]
    rows: int

    @classmethod
    def of(cls, found: RowWords) -> "Vocabulary":
        """The words of a language."""
        words, times = np.unique(found.word, return_counts=True)
        return cls(words, times, found.rows)

    def count(self, words: NDArray[np.uint64]) -> NDArray[np.int64]:
        """In how many rows each word is."""
        if not len(self.words):
            return np.zeros(len(words), np.int64)
        at = np.minimum(np.searchsorted(self.words, words), len(self.words) - 1)
        return np.where(self.words[at] == words, self.times[at], 0)

    def nats(self, words: NDArray[np.uint64], less: int = 0) -> NDArray[np.float64]:
        """Logarithm of the share of rows that have each word, `less` rows not counted."""
        found: NDArray[np.float64] = np.log(
            (np.maximum(self.count(words) - less, 0) + 0.3) / (self.rows + 1.0)
        )
        return found


def _keys(rows: NDArray[np.int64], words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed: NDArray[np.uint64] = words ^ (rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    return mixed
