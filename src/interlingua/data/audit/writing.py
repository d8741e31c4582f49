"""Writing: how many letters of a text are in the script that it should be in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlingua.data.audit.codes import LETTER, UPPER, Codes

ALLOWED = {
    "Jpan": ("Jpan", "Hani"), "Hang": ("Hang", "Hani"), "Kore": ("Hang", "Hani"), "Hans": ("Hani",),
    "Hant": ("Hani",), "Bopo": ("Hani", "Bopo"), "Aran": ("Arab",), "Syrj": ("Syrc",), "Syre": ("Syrc",),
    "Latf": ("Latn",), "Latg": ("Latn",), "Cyrs": ("Cyrl",), "Geok": ("Geor",), "Copt": ("Copt", "Grek"),
    "Hira": ("Jpan", "Hani"), "Kana": ("Jpan", "Hani"),
}  # fmt: skip
"""ISO 15924 code to the scripts of the letters that it is written with."""
LEAST = 3
"""Letters a text must have to be judged: `OK` and `TV` are at home everywhere."""
_SAYS = {"Hani": 3, "Jpan": 2, "Hang": 2}
"""A sign of these scripts says as much as this many letters of others, so that names do not outweigh them."""


@dataclass(frozen=True)
class Writing:
    """Per text: its letters, the share of them in the expected script, and the script most of them are in.

    `words` are the words in other scripts that do not begin with a capital: those are no names.
    """

    expected: tuple[str, ...]
    letters: NDArray[np.int64]
    share: NDArray[np.float64]
    main: NDArray[np.str_]
    words: NDArray[np.int64]

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Texts with enough letters."""
        return self.letters >= LEAST

    @property
    def off(self) -> NDArray[np.bool_]:
        """Texts that are mostly in another script."""
        return self.judged & (self.share < 0.5)


def writing(codes: Codes, script: str) -> Writing:
    """How texts are written that should be in an ISO 15924 script."""
    expected = ALLOWED.get(script, (script,))
    names, counts = codes.scripts()
    letters = counts.sum(axis=1)
    inside = np.array([name in expected for name in names], bool)
    weighed = counts * np.array([_SAYS.get(name, 1) if name in expected else 1 for name in names])
    total = weighed.sum(axis=1)
    share = np.divide(weighed[:, inside].sum(axis=1), total, out=np.ones(len(total)), where=total > 0)
    main = np.array([*names, "Zyyy"])[counts.argmax(axis=1) if names else np.full(len(letters), -1)]
    return Writing(expected, letters, share, main, _words(codes, expected))


def _words(codes: Codes, expected: tuple[str, ...]) -> NDArray[np.int64]:
    letter = (codes.kinds & LETTER) != 0
    first = letter.copy()
    first[1:] &= ~letter[:-1]
    return codes.total(first & ((codes.kinds & UPPER) == 0) & ~codes.within(expected))
