"""Answers in free text: the number that was meant, and extracted words compared as in SQuAD and MLQA."""

import re
import string
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from unicodedata import category, decimal, normalize, numeric

from interlingua.core.errors import BadInput
from interlingua.languages.segmentation import words

_RUN = re.compile(r"[0-9]+(?:[ ',.][0-9]+)*")
_MARK = re.compile(r"[ ',.]")
_HAN = re.compile("[零〇一二三四五六七八九十百千万萬亿億两兩]+")
_PLAIN = str.maketrans(
    {"٫": ".", "٬": ",", "’": "'", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "−": "-", "–": "-", "－": "-"}
)
_DOTLESS = ("azj", "crh", "tur")  # there the small letter of I is ı, that of İ is i
_WIDE = re.compile("(?<=[０-９])[，．](?=[０-９])")


def number_in(text: str) -> Decimal | None:
    """The last number of a text, None where there is none.

    Reads decimal digits of every script; thousands apart by comma, point, space or apostrophe (`12,34,567`
    as well); a decimal point or comma; a minus sign. Currency and percent signs are passed over. `1,234` is
    1234 and `1.234` is 1.234. Chinese and Japanese numerals count in a text without any digit.
    """
    readings = _readings(text)
    return readings[0] if readings else None


def same_number(written: str, answer: str) -> bool:
    """Whether the last number of `written` is that of `answer`.

    What languages write differently (`1.234`, `5 200`) counts as right in either reading; `answer` is read
    as machines write numbers, if it can be. Raises `BadInput` for an answer without a number.
    """
    plain = answer.strip()
    wanted = Decimal(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else number_in(plain)
    if wanted is None:
        raise BadInput(f"Answer {answer!r} holds no number; give it digits, or compare it as text.")
    return wanted in _readings(written)


def answer_text(text: str, lang: str = "") -> str:
    """A text as answers are compared: NFKC, no case, punctuation or articles, single spaces.

    Punctuation is what Unicode calls so, and ASCII symbols; invisible signs go too. Articles are left out
    where `lang` (`eng_Latn`) is English only.
    Source: SQuAD 1.1 (arXiv:1606.05250), for many languages as in MLQA (arXiv:1910.07475).
    """
    plain = normalize("NFKC", text)
    if lang[:3] in _DOTLESS:
        plain = plain.translate(str.maketrans("Iİ", "ıi"))
    folded = normalize("NFKC", plain.casefold())
    kept = "".join(c for c in folded if c not in string.punctuation and category(c)[0] != "P")
    kept = "".join(c for c in kept if category(c) != "Cf")
    if lang.startswith("eng"):
        kept = re.sub(r"\b(a|an|the)\b", " ", kept)
    return " ".join(kept.split())


def exact(written: str, answers: Iterable[str], lang: str = "") -> bool:
    """Whether `written` has the words of one of the accepted answers, compared by `answer_text`."""
    return any(_tokens(written, lang) == _tokens(answer, lang) for answer in answers)


def f1(written: str, answers: Iterable[str], lang: str = "") -> float:
    """Overlap of words (characters in scripts without spaces) with the nearest accepted answer, 0 to 1.

    Source: SQuAD 1.1 (arXiv:1606.05250): harmonic mean of precision and recall over the bag of words.
    """
    given = _tokens(written, lang)
    return max((_overlap(given, _tokens(answer, lang)) for answer in answers), default=0.0)


def _tokens(text: str, lang: str) -> list[str]:
    """Words of a normalised answer; of the text itself where it is only punctuation or an article."""
    return words(answer_text(text, lang)) or words(text.casefold())


def _overlap(given: list[str], wanted: list[str]) -> float:
    common = (Counter(given) & Counter(wanted)).total()
    return 2 * common / (len(given) + len(wanted)) if common else 0.0


def _readings(text: str) -> list[Decimal]:
    """What the last number of a text may mean, the likeliest first."""
    text = _WIDE.sub(lambda mark: {"，": ",", "．": "."}[mark[0]], text)
    plain = "".join(
        str(decimal(c)) if category(c) == "Nd" else c for c in text.translate(_PLAIN) if category(c) != "Cf"
    )
    runs = list(_RUN.finditer(plain))
    if not runs:
        numerals = _HAN.findall(text)
        return [_han(numerals[-1])] if numerals else []
    run = runs[-1][0]
    minus = _minus_ends(plain[: runs[-1].start()])
    found = [-value if minus else value for value in _values(run)]
    for place in (mark.end() for mark in re.finditer(" ", run)):  # or a number of its own after each space
        found += _values(run[place:])
    return found or [Decimal(_MARK.split(run)[-1])]


def _values(run: str) -> list[Decimal]:
    """Readings of digits with marks between them; none where the marks make no single number."""
    parts, marks = _MARK.split(run), _MARK.findall(run)
    if not marks:
        return [Decimal(run)]
    groups, last = marks[:-1], marks[-1]
    found = []
    if _grouped(parts, marks):
        found.append(Decimal("".join(parts)))
    if last in ",." and last not in groups and (not groups or _grouped(parts[:-1], groups)):
        found.append(Decimal("".join(parts[:-1]) + "." + parts[-1]))
    return found[::-1] if last == "." else found


def _grouped(parts: list[str], marks: list[str]) -> bool:
    """Whether the marks set thousands apart, or (with commas) thousands and then hundreds."""
    first, *rest = map(len, parts)
    if len(set(marks)) > 1 or parts[0].startswith("0"):
        return False
    indian = marks[0] == "," and first <= 2 and rest[-1] == 3 and set(rest[:-1]) <= {2}
    return indian or (first <= 3 and set(rest) == {3})


def _minus_ends(before: str) -> bool:
    """Whether the text before a number ends with its minus sign, and no hyphen, dash or operator."""
    if category(before.rstrip(" ")[-1:] or " ") == "Sc":
        before = before.rstrip(" ")[:-1]
    above = before[-2:-1] or " "
    return before[-1:] == "-" and category(above)[0] in "ZSPC" and above not in "%)]"


def _han(numerals: str) -> Decimal:
    """Value of a Chinese or Japanese numeral: digits with units (三百二十), or digits alone (二〇二六)."""
    values = [int(numeric(sign, 2)) for sign in numerals]  # Unicode gives 两 no value: 2
    if max(values) < 10:
        return Decimal("".join(map(str, values)))
    total = section = digit = 0
    for value in values:
        if value < 10:
            digit = value
        elif value < 10_000:
            section, digit = section + (digit or 1) * value, 0
        else:
            total, section, digit = total + (section + digit or 1) * value, 0, 0
    return Decimal(total + section + digit)
