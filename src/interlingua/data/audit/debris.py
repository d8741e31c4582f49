"""Debris: HTML entities and UTF-8 read in a wrong encoding (mojibake)."""

import re
from collections.abc import Iterator, Mapping
from html.entities import html5

from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Hits, shown
from interlingua.data.audit.sheet import Sheet

_ENTITY = re.compile(r"&\s?(#\s?[0-9]{2,6}|#\s?x[0-9a-fA-F]{2,5}|[a-zA-Z]{2,8}[0-9]{0,2})\s?;")
_TAIL = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_SIGNS = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰‹•–—˜™›"
_MOJIBAKE = re.compile(
    rf"â€[{_TAIL}]?|(?<![^\W\d_a-zß-öø-ÿ])(?:[ÃÂÐÑØÙ][{_TAIL}]|[Ä-ÆÈ-ÏÒ-ÔÖÚÛ][{_SIGNS}]|[à-â][{_SIGNS}]{{2}})"
)
"""A lead byte and those that follow it, as Windows-1252 shows them; not behind a capital: `CAFÉ™`."""
_LETTERS = re.compile(r"[^\W\d_]|[\u2010-\u2027\u2030-\u205e\u00a0-\u00bf\u20a0-\u20bf]")
_HAN = re.compile("[\u3000-\ud7ff]")


def _find(sheet: Sheet) -> Iterator[Hits]:
    for column in sheet.roles.texts:
        texts = sheet.text(column)
        for lang, block in sheet.blocks.items():
            yield _hits("html_entities", lang, column, {row: _entity(texts[row]) for row in block})
            yield _hits("mojibake", lang, column, {row: _garbled(texts[row]) for row in block})


def _hits(kind: str, lang: str, column: str, told: Mapping[int, str]) -> Hits:
    rows = [row for row, said in told.items() if said]
    return Hits(kind, lang, rows, 1.0, lambda row: f"{column}: {told[row]}", habit=True)


def _entity(text: str) -> str:
    if "&" not in text or ";" not in text:
        return ""
    for match in _ENTITY.finditer(text):
        name = match[1].replace(" ", "")
        if name[0] == "#" or f"{name};" in html5:
            return f"{match[0]} in {shown(text)}"
    return ""


def _garbled(text: str) -> str:
    if text.isascii():
        return ""
    for match in _MOJIBAKE.finditer(text):
        meant = _read_again(match[0])
        if meant:
            return f"{shown(match[0])} was {meant} in {shown(text)}"
    return ""


def _read_again(piece: str) -> str:
    """What the bytes mean as UTF-8, if that is a letter or a sign; else empty."""
    if piece[:2] == "â€" and len(piece) < 3:
        return "part of a sign"
    for encoding in ("cp1252", "latin-1"):
        try:
            meant = piece.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if _LETTERS.match(meant) and not _HAN.match(meant):
            return meant
    return ""


DETECTOR = Detector(
    _find,
    {
        "html_entities": "characters written as HTML entities: &quot; &#39;",
        "mojibake": "UTF-8 that was read in another encoding: CaÃ±itas",
    },
)
