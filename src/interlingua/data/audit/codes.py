"""Codes: the code points of many texts in one array, and what kind of character each is."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from interlingua.languages.scripts import script_of, spaces_between_words

LETTER, DIGIT, SPACE, MARK, CONTROL, REPLACEMENT, INVISIBLE, JOINER = (1 << bit for bit in range(8))
UNSPACED, UNSTABLE, UPPER, BREAK, DIRECTION, ZERO_SPACE, STOP = (1 << bit for bit in range(8, 15))
"""Kinds of characters, as bits. UNSPACED: a letter of a script without spaces; UNSTABLE: may not be NFC;
BREAK: zero-width space; STOP: a sign that ends sentences."""

_END = "\U0010ffff"
_ALL = 0x110000
_INVISIBLE = {0x00AD, 0x2060, 0x180E, *range(0x2061, 0x2065)}
_DIRECTION = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_STOPS = set(map(ord, ".!?…。！？।॥؟۔።᙮՞։…‥”»\"')]）」』᠃᱾"))
_FOLDED = ("Latn", "Grek", "Cyrl")
Words = tuple[NDArray[np.int64], NDArray[np.uint64]]


class Alphabet:
    """What is known of every code point seen so far: kinds, script and the plain letter behind it."""

    def __init__(self) -> None:
        self.kinds = np.zeros(_ALL, np.uint16)
        self.script = np.zeros(_ALL, np.uint8)
        self.base = np.arange(_ALL, dtype=np.uint32)
        self.scripts: list[str] = ["Zyyy"]
        self._known = np.zeros(_ALL, bool)

    def learn(self, codes: NDArray[np.uint32]) -> None:
        """Look up those code points of `codes` that are new."""
        counts = np.bincount(codes)
        new = np.flatnonzero(counts.astype(bool) & ~self._known[: len(counts)])
        for code in new.tolist():
            self._add(code)
        self._known[new] = True

    def _add(self, code: int) -> None:
        char = chr(code)
        if code == _ALL - 1:
            return
        category = unicodedata.category(char)
        kinds = STOP if code in _STOPS else 0
        if category[0] == "L":
            kinds |= LETTER | (UPPER if category in ("Lu", "Lt") else 0)
            script = script_of(char)
            if script not in self.scripts:
                self.scripts.append(script)
            self.script[code] = self.scripts.index(script)
            kinds |= 0 if spaces_between_words(script) else UNSPACED
            self.base[code] = _plain(char, script)
        elif category == "Nd":
            kinds |= DIGIT
            self.base[code] = ord("0") + unicodedata.digit(char)
        elif category[0] == "M":
            kinds |= MARK
            kinds |= UNSPACED if _unspaced_mark(code) else 0
        elif category[0] == "Z" or code in (9, 10, 13):
            kinds |= SPACE
        if (category == "Cc" and code not in (9, 10, 13)) or code in (0x2028, 0x2029) or category == "Cs":
            kinds |= CONTROL
        kinds |= INVISIBLE if code in _INVISIBLE or code == 0xFEFF else 0
        kinds |= DIRECTION if code in _DIRECTION else 0
        kinds |= REPLACEMENT if code == 0xFFFD else 0
        kinds |= JOINER if code in (0x200C, 0x200D) else 0
        kinds |= BREAK if code == 0x200B else 0
        combines = category[0] == "M" or 0x1100 <= code < 0x1200
        kinds |= UNSTABLE if combines or not unicodedata.is_normalized("NFC", char) else 0
        self.kinds[code] = kinds


@cache
def alphabet() -> Alphabet:
    """The one table of characters."""
    return Alphabet()


@dataclass(frozen=True)
class Codes:
    """Texts as code points: text i is `codes[starts[i]:starts[i + 1] - 1]`, behind it one of no text."""

    codes: NDArray[np.uint32]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Codes":
        """The code points of texts."""
        whole = _END.join([*texts, ""])
        codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)
        lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
        alphabet().learn(codes)
        return cls(codes, np.concatenate(([0], np.cumsum(lengths))))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, rows: slice) -> "Codes":
        start, stop, _ = rows.indices(len(self))
        starts = self.starts[start : stop + 1]
        return Codes(self.codes[starts[0] : starts[-1]], starts - starts[0])

    @cached_property
    def kinds(self) -> NDArray[np.uint16]:
        """Kinds of every character."""
        return alphabet().kinds[self.codes]

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Characters per text."""
        return np.diff(self.starts) - 1

    def count(self, kind: int) -> NDArray[np.int64]:
        """Characters of any of these kinds, per text."""
        return self.total((self.kinds & kind) != 0)

    def total(self, marked: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Marked characters per text."""
        if not len(self):
            return np.zeros(0, np.int64)
        return np.add.reduceat(marked, self.starts[:-1], dtype=np.int64)

    def row_of(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """The text in which each place is."""
        return np.searchsorted(self.starts, places, side="right") - 1

    def scripts(self) -> tuple[list[str], NDArray[np.int64]]:
        """Scripts, and letters of each per text, [texts, scripts]; letters of no script are left out."""
        table = alphabet()
        ids = table.script[self.codes]
        ids = np.where((self.kinds & LETTER) != 0, ids, 0)
        there = np.flatnonzero(np.bincount(ids, minlength=1)[1:]) + 1
        counts = [self.total(ids == one) for one in there]
        found = np.stack(counts, axis=1) if counts else np.zeros((len(self), 0), np.int64)
        return [table.scripts[one] for one in there], found

    def within(self, scripts: Sequence[str]) -> NDArray[np.bool_]:
        """Whether each character is a letter of one of these scripts."""
        table = alphabet()
        meant = [at for at, name in enumerate(table.scripts) if name in scripts]
        found: NDArray[np.bool_] = np.isin(table.script[self.codes], meant)
        return found

    def words(self, prefix: int = 5) -> Words:
        """Hashes of the first `prefix` letters of every word, plain and lower-case, with their rows.

        In scripts without spaces: of every two letters that follow each other.
        """
        letters = (self.kinds & (LETTER | MARK)) != 0
        unspaced = letters & ((self.kinds & UNSPACED) != 0)
        rows, hashes = self._hashed(self.word_starts(), letters & ~unspaced, prefix)
        pairs = np.flatnonzero(unspaced[:-1] & unspaced[1:])
        more_rows, more = self._hashed(pairs, unspaced, 2)
        return np.concatenate((rows, more_rows)), np.concatenate((hashes, more))

    def word_starts(self) -> NDArray[np.int64]:
        """Where words begin, in scripts with spaces."""
        return _first((self.kinds & (LETTER | MARK) != 0) & (self.kinds & UNSPACED == 0))

    def numbers(self) -> Words:
        """Hashes of the runs of digits, in whatever digits they are written, with their rows."""
        digits = (self.kinds & DIGIT) != 0
        return self._hashed(_first(digits), digits, 9)

    def _hashed(self, places: NDArray[np.int64], of_word: NDArray[np.bool_], length: int) -> Words:
        base = alphabet().base
        hashes = np.full(len(places), 14695981039346656037, np.uint64)
        alive = np.ones(len(places), bool)
        for step in range(length):
            at = np.minimum(places + step, len(self.codes) - 1)
            alive &= of_word[at]
            hashes = np.where(alive, (hashes ^ base[self.codes[at]]) * np.uint64(1099511628211), hashes)
        hashes = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
        return self.row_of(places), hashes ^ (hashes >> np.uint64(33))


def _first(marked: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where runs of marked characters begin."""
    begins = marked.copy()
    begins[1:] &= ~marked[:-1]
    return np.flatnonzero(begins)


def _plain(char: str, script: str) -> int:
    folded = unicodedata.normalize("NFKD", char) if script in _FOLDED else char
    return ord(folded[0].lower()[0])


def _unspaced_mark(code: int) -> bool:
    return 0x0E00 <= code < 0x1100 or 0x1780 <= code < 0x1800
