"""Spelling: how the phonemes of generated words are written in real scripts.

A word is a string of phonemes, one ASCII letter each (`CONSONANTS`, `VOWELS`). The same word can be written
in every script here without loss, so relatives in different scripts have cognates that only transliteration
shows.
"""

from collections.abc import Callable, Mapping

from interlingua.core.errors import UnknownName

CONSONANTS = "pbtdkgmnszlrfvhyw"
VOWELS = "aeiou"
PHONEMES = CONSONANTS + VOWELS

_ALPHABETS: Mapping[str, str] = {
    "Latn": "pbtdkgmnszlrfvhywaeiou",
    "Cyrl": "пбтдкгмнсзлрфвхйўаэиоу",
    "Grek": "πβτδκγμνσζλρφϝχϳωαειου",
    "Geor": "პბტდკგმნსზლრფვხჲჳაეიოუ",
    "Armn": "պբտդկգմնսզլրֆվհյւաէիոը",
    "Arab": "پبتدكگمنسزلرفڤهيوأێىۆۇ",
    "Hebr": "פבטדקגמנסזלרףוהיװאעןםת",
}
"""A letter per phoneme, in the order of `PHONEMES`; scripts that leave vowels out get letters for them."""
_DEVA_CONSONANTS = dict(zip(CONSONANTS, "पबतदकगमनसजलरफवहयड", strict=True))
_DEVA_INITIAL = dict(zip(VOWELS, "आएइओउ", strict=True))
_DEVA_SIGNS = dict(zip(VOWELS, "ाेिोु", strict=True))
_DEVA_VIRAMA = "्"
_ETHI_ROWS = dict(zip(CONSONANTS, "ጰበተደከገመነሰዘለረፈቨሀየወ", strict=True))
_ETHI_ORDER = {"a": 3, "e": 4, "i": 2, "o": 6, "u": 1, "": 5}
_ETHI_VOWELS = dict(zip(VOWELS, "ኣኤኢኦኡ", strict=True))

SCRIPTS = (*_ALPHABETS, "Deva", "Ethi")
FULL_STOPS = {"Deva": "।", "Ethi": "።", "Armn": "։"}


def spell(phonemes: str, script: str) -> str:
    """Write a phoneme string in a script; `UnknownName` for a script without a spelling."""
    if script in _ALPHABETS:
        return phonemes.translate(str.maketrans(PHONEMES, _ALPHABETS[script]))
    if script == "Deva":
        return _abugida(phonemes, _deva)
    if script == "Ethi":
        return _abugida(phonemes, _ethi)
    raise UnknownName("script with a spelling", script, SCRIPTS)


def full_stop(script: str) -> str:
    """The sentence end of a script."""
    return FULL_STOPS.get(script, ".")


def _abugida(phonemes: str, write: Callable[[str, str], str]) -> str:
    """Cut into (consonant or none, vowel or none) and write each."""
    out, i = [], 0
    while i < len(phonemes):
        consonant = phonemes[i] if phonemes[i] in CONSONANTS else ""
        i += len(consonant)
        vowel = phonemes[i] if i < len(phonemes) and phonemes[i] in VOWELS else ""
        i += len(vowel)
        out.append(write(consonant, vowel))
    return "".join(out)


def _deva(consonant: str, vowel: str) -> str:
    if not consonant:
        return _DEVA_INITIAL[vowel]
    return _DEVA_CONSONANTS[consonant] + (_DEVA_SIGNS[vowel] if vowel else _DEVA_VIRAMA)


def _ethi(consonant: str, vowel: str) -> str:
    if not consonant:
        return _ETHI_VOWELS[vowel]
    return chr(ord(_ETHI_ROWS[consonant]) + _ETHI_ORDER[vowel])
