"""Cognates: how many words of a dictionary are spelled nearly alike in both languages."""

from collections.abc import Mapping, Sequence
from unicodedata import normalize

from interlingua.core.errors import BadInput


def cognate_share(dictionary: Mapping[str, Sequence[str]], most: float = 1 / 3) -> float:
    """Share of words with a translation that is at most `most` of its letters away.

    Letters away are insertions, deletions and substitutions (Levenshtein) divided by the longer word's
    letters; words are compared as written, in lower case and NFC, so nothing is alike across scripts.
    Borrowed words count as inherited ones do. Raises `BadInput` for a dictionary without words.
    """
    if not dictionary:
        raise BadInput("A dictionary without words has no share of cognates; give one with words.")
    alike = sum(
        any(_apart(_plain(word), _plain(other)) <= most for other in translations)
        for word, translations in dictionary.items()
    )
    return alike / len(dictionary)


def _apart(one: str, two: str) -> float:
    if abs(len(one) - len(two)) == max(len(one), len(two)):
        return float(one != two)
    row = list(range(len(two) + 1))
    for place, letter in enumerate(one, 1):
        last, row = row, [place]
        for at, other in enumerate(two, 1):
            row.append(min(last[at] + 1, row[-1] + 1, last[at - 1] + (letter != other)))
    return row[-1] / max(len(one), len(two))


def _plain(word: str) -> str:
    return normalize("NFC", word).lower()
