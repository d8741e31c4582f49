"""Profiles: how well a row of one language fits a row of all others, without knowing any of the languages.

Three signs are compared. Lengths: a long sentence is long in every language. Tokens that are written alike:
numbers, names, words in Latin letters. And the profile of a row: to which other rows of its own language it
is similar, by shared words. Rows that say the same have the same profile in every language, whatever the
words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from interlingua.data.audit.codes import Codes

Floats = NDArray[np.float32]
_BUCKETS = 1 << 16
_CELLS = 1 << 14
_ANCHORS = 400  # rows to which a profile tells the similarity
_MANY = 12  # languages from which on a median is not taken anew without each
_COMMON = 0.2  # words in a larger share of rows say nothing
_SALT = np.uint64(0x9E3779B97F4A7C15)
_NEAR = 5
"""Offsets up to this one are compared for every row."""
OFFSETS = [offset for offset in range(-_NEAR, _NEAR + 1) if offset]


@dataclass(frozen=True)
class Rows:
    """One language's rows, in the order of the ids; `there` says which it has."""

    there: NDArray[np.bool_]
    lengths: Floats  # logarithm of characters, around the language's median
    words: sparse.csr_matrix  # weighed by rarity, rows of length 1
    tokens: tuple[NDArray[np.int64], NDArray[np.int64]]  # row and cell of every word and number, each once


def rows_of(codes: Codes, places: NDArray[np.int64]) -> Rows:
    """The signs of the texts at `places` of a language; -1 where it has none."""
    there = places >= 0
    there[there] = codes.lengths[places[there]] > 0
    at = np.where(there, places, 0)
    mask = sparse.diags(there.astype(np.float32))
    lengths = np.log(codes.lengths[at] + 2.0).astype(np.float32)
    middle = np.median(lengths[there]) if there.any() else 0.0
    rows, hashes = codes.words()
    words = (mask @ _bag(len(codes), rows, hashes)[at]).tocsr()
    more, numbers = codes.numbers()
    where = np.full(len(codes), -1)
    where[places[there]] = np.flatnonzero(there)
    cells = np.concatenate((hashes, numbers ^ _SALT)) % np.uint64(_CELLS)
    keys = where[np.concatenate((rows, more))] * _CELLS + cells.astype(np.int64)
    row, cell = np.divmod(np.unique(keys[keys >= 0]), _CELLS)
    return Rows(there, np.where(there, lengths - middle, np.nan), _weighed(words), (row, cell))


def _bag(count: int, rows: NDArray[np.int64], hashes: NDArray[np.uint64]) -> sparse.csr_matrix:
    buckets = hashes % np.uint64(_BUCKETS)
    ones = np.ones(len(rows), np.float32)
    bag = sparse.coo_matrix((ones, (rows, buckets.astype(np.int64))), shape=(count, _BUCKETS)).tocsr()
    bag.data[:] = 1.0
    return bag


def _weighed(words: sparse.csr_matrix) -> sparse.csr_matrix:
    count = words.shape[0]
    seen = np.bincount(words.indices, minlength=_BUCKETS)
    telling = (seen >= 2) & (seen <= max(2, _COMMON * count))
    rarity = np.where(telling, np.log(count / np.maximum(seen, 1)), 0.0).astype(np.float32)
    weighed = words.copy()
    weighed.data = weighed.data * rarity[weighed.indices]
    norms = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    return (sparse.diags((1 / np.maximum(norms, 1e-6)).astype(np.float32)) @ weighed).tocsr()


class Company:
    """Languages side by side; `order[j]` says at which place each row of language j really belongs."""

    def __init__(self, rows: Sequence[Rows], order: Sequence[NDArray[np.int64]]) -> None:
        self.rows, self.order = rows, order
        self.count = len(rows[0].there)
        self.anchors = np.unique(np.linspace(0, self.count - 1, min(self.count, _ANCHORS)).astype(np.int64))
        self._profiles = [
            self._profile(one, way).astype(np.float16) for one, way in zip(rows, order, strict=True)
        ]
        self._sum = np.zeros((self.count, len(self.anchors)), np.float32)
        self._tokens = np.zeros((self.count, _CELLS), np.uint16)
        for place, one in enumerate(rows):
            self._sum += self._placed(place)
            self._tokens[order[place][one.tokens[0]], one.tokens[1]] += 1
        self._lengths = np.stack([one.lengths[self._from(at)] for at, one in enumerate(rows)])
        self._usual = _middle(self._lengths)
        seen = self._tokens.sum(axis=0, dtype=np.int64)
        self._rarity = np.log(1 + self.count * len(rows) / np.maximum(seen, 1)).astype(np.float32)

    def signs(self, place: int, offsets: Sequence[int]) -> dict[int, Floats]:
        """For each offset: how row i and the others' row i + offset fit.

        Likeness of profiles, likeness of tokens and distance in length, [rows, 3]; NaN where there is nothing
        to compare.
        """
        mine, others = self._profiles[place].astype(np.float32), self._others(place)
        row, cell = self.rows[place].tokens
        at_home = self.order[place][row]
        self._tokens[at_home, cell] -= 1
        lengths = self._lengths_without(place)
        found = {offset: self._at(place, mine, others, lengths, offset) for offset in offsets}
        self._tokens[at_home, cell] += 1
        return found

    def likeness(self, place: int, chosen: NDArray[np.int64]) -> Floats:
        """Profile likeness of chosen rows of a language to every row of the others, [chosen, rows]."""
        found: Floats = self._profiles[place][chosen].astype(np.float32) @ self._others(place).T
        return found

    def _at(self, place: int, mine: Floats, others: Floats, lengths: Floats, offset: int) -> Floats:
        found = np.full((self.count, 3), np.nan, np.float32)
        first, last = max(0, -offset), self.count - max(0, offset)
        if first >= last:
            return found
        here, there = slice(first, last), slice(first + offset, last + offset)
        found[here, 0] = np.einsum("ij,ij->i", mine[here], others[there])
        row, cell = self.rows[place].tokens
        rarity = self._rarity[cell]
        mass = np.sqrt(np.bincount(row, rarity, self.count)) + 1.0
        inside = (row >= first) & (row < last)
        row, cell = row[inside], cell[inside]
        shared = self._tokens[row + offset, cell] * (rarity[inside] / (len(self.rows) - 1))
        found[here, 1] = (np.bincount(row, shared, self.count) / mass)[here]
        found[here, 2] = np.abs(self.rows[place].lengths[here] - lengths[there])
        found[np.isnan(found[:, 2])] = np.nan
        return found

    def _others(self, place: int) -> Floats:
        others = self._sum - self._placed(place)
        others /= np.maximum(np.linalg.norm(others, axis=1, keepdims=True), 1e-6)
        return others

    def _lengths_without(self, place: int) -> Floats:
        """What is usual elsewhere; among many languages, one's own changes nothing."""
        return self._usual if len(self.rows) > _MANY else _middle(np.delete(self._lengths, place, axis=0))

    def _from(self, place: int) -> NDArray[np.int64]:
        """The row that holds each text, by where the text belongs."""
        found = np.arange(self.count)
        found[self.order[place]] = np.arange(self.count)
        return found

    def _placed(self, place: int) -> Floats:
        placed: Floats = self._profiles[place].astype(np.float32)[self._from(place)]
        return placed

    def _profile(self, one: Rows, order: NDArray[np.int64]) -> Floats:
        source = np.arange(self.count)
        source[order] = np.arange(self.count)
        near: Floats = (one.words @ one.words[source[self.anchors]].T).toarray().astype(np.float32)
        near[source[self.anchors], np.arange(len(self.anchors))] = 0.0  # nothing is learnt from being oneself
        near -= near.mean(axis=0)
        near /= near.std(axis=0) + 1e-6
        near[~one.there] = 0.0
        near /= np.maximum(np.linalg.norm(near, axis=1, keepdims=True), 1e-6)
        return near


def _middle(values: Floats) -> Floats:
    """Median over languages that have the row, NaN where none has."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # rows that no other language has
        found: Floats = np.nanmedian(values, axis=0).astype(np.float32)
    return found
