"""Scripts: which one a text is in, which way it runs, whether it puts spaces between words."""

import unicodedata
from collections import Counter
from functools import cache
from typing import Literal

Direction = Literal["ltr", "rtl"]

_RIGHT_TO_LEFT = (
    "Adlm Arab Aran Armi Avst Chrs Cprt Elym Gara Hatr Hebr Hung Khar Lydi Mand Mani Mend Merc Mero Narb "
    "Nbat Nkoo Orkh Ougr Palm Phli Phlp Phnx Prti Rohg Samr Sarb Sogd Sogo Syrc Thaa Yezi"
)
_NO_SPACES = "Hani Hans Hant Hira Hrkt Jpan Kana Khmr Lana Laoo Mymr Talu Tale Thai Tibt Yiii"

_UNICODE_NAMES = {
    "ADLAM": "Adlm", "ARABIC": "Arab", "ARMENIAN": "Armn", "BALINESE": "Bali", "BENGALI": "Beng",
    "BOPOMOFO": "Bopo", "CANADIAN": "Cans", "CHAKMA": "Cakm", "CHAM": "Cham", "CHEROKEE": "Cher",
    "CJK": "Hani", "COPTIC": "Copt", "CYRILLIC": "Cyrl", "DESERET": "Dsrt", "DEVANAGARI": "Deva",
    "ETHIOPIC": "Ethi", "GEORGIAN": "Geor", "GLAGOLITIC": "Glag", "GOTHIC": "Goth", "GREEK": "Grek",
    "GUJARATI": "Gujr", "GURMUKHI": "Guru", "HANGUL": "Hang", "HANIFI": "Rohg", "HEBREW": "Hebr",
    "HIRAGANA": "Hira", "JAVANESE": "Java", "KANNADA": "Knda", "KATAKANA": "Kana", "KHMER": "Khmr",
    "LAO": "Laoo", "LATIN": "Latn", "LIMBU": "Limb", "MALAYALAM": "Mlym", "MANDAIC": "Mand",
    "MEETEI": "Mtei", "MONGOLIAN": "Mong", "MYANMAR": "Mymr", "NKO": "Nkoo", "OGHAM": "Ogam",
    "OL": "Olck", "ORIYA": "Orya", "OSAGE": "Osge", "RUNIC": "Runr", "SAMARITAN": "Samr",
    "SINHALA": "Sinh", "SUNDANESE": "Sund", "SYRIAC": "Syrc", "TAGALOG": "Tglg", "TAMIL": "Taml",
    "TELUGU": "Telu", "THAANA": "Thaa", "THAI": "Thai", "TIBETAN": "Tibt", "TIFINAGH": "Tfng",
    "UGARITIC": "Ugar", "VAI": "Vaii", "WANCHO": "Wcho", "YI": "Yiii",
}  # fmt: skip
"""First word of a letter's Unicode name to ISO 15924 code."""

_SAME_FOR_US = {"Aran": "Arab", "Kore": "Hang", "Hira": "Jpan", "Hrkt": "Jpan", "Kana": "Jpan"}
_NAMES = {name.casefold(): code for name, code in _UNICODE_NAMES.items()} | {
    "simplified": "Hans", "traditional": "Hant", "roman": "Latn", "romanized": "Latn",
    "japanese": "Jpan", "korean": "Hang", "n'ko": "Nkoo", "burmese": "Mymr", "ol chiki": "Olck",
}  # fmt: skip


def script_of(text: str) -> str:
    """ISO 15924 code of the script that most letters of `text` are in; `Zyyy` where it has no letters.

    Any kana makes Han letters Japanese (`Jpan`); Han alone is `Hani`, since text alone does not tell
    simplified from traditional. A script that the table lacks is `Zzzz`.
    """
    counts = Counter(script for script in map(_script_of_letter, text) if script)
    if not counts:
        return "Zyyy"
    if kana := counts.pop("Hira", 0) + counts.pop("Kana", 0):
        counts["Jpan"] = kana + counts.pop("Hani", 0)
    return max(counts, key=lambda script: (counts[script], script))


def direction(script: str) -> Direction:
    """Which way lines of an ISO 15924 script run (`Latn` ltr, `Arab` rtl)."""
    return "rtl" if script in _RIGHT_TO_LEFT.split() else "ltr"


def spaces_between_words(script: str) -> bool:
    """Whether a script separates words by spaces; Thai, Lao, Khmer, Burmese, Tibetan, Han and kana do not."""
    return script not in _NO_SPACES.split()


def script_named(text: str) -> str | None:
    """ISO 15924 code for a code in any case or an English name (`latn`, `Cyrillic`), None if unknown."""
    from langcodes.data_dicts import ALL_SCRIPTS

    code = text.strip().title()
    if code not in ALL_SCRIPTS:
        code = _NAMES.get(text.strip().casefold(), "")
    return _SAME_FOR_US.get(code, code) or None


@cache
def _script_of_letter(char: str) -> str | None:
    if not unicodedata.category(char).startswith("L") or unicodedata.category(char) == "Lm":
        return None
    first = unicodedata.name(char, "").split(" ", 1)[0].split("-", 1)[0]
    return _UNICODE_NAMES.get(first, "Zzzz")
