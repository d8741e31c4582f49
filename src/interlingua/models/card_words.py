"""Words of a model card: any value on one line, safe in Markdown and in YAML."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from interlingua.core.errors import BadInput, UnknownName
from interlingua.languages.language import Language, look

KIND = "kind"
"""The fact that says what an encoder is; the card of a causal model has none."""
ENCODER, MASKED_LM = "encoder", "encoder with the head of a masked language model"
_SHOWN = 6
"""Parts of a nested fact that a card shows; all are in the facts' file."""
_LONG = 200
# What YAML does not allow, or reads as the end of a line.
_UNPRINTABLE = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def quoted(value: Any) -> str:
    """Text, number, list or mapping as YAML on one line that reads back as it was, whatever the text holds.

    Half a surrogate pair, which no file can hold, becomes a question mark.
    """
    text = json.dumps(value, ensure_ascii=False).encode(errors="replace").decode()
    return _UNPRINTABLE.sub(lambda found: f"\\U{ord(found[0]):08X}", text)


def said(text: str, *, cell: bool = False) -> str:
    """Text on one line of Markdown, tags shown and not obeyed; in a table's cell a bar does not end it."""
    line = " ".join(text.split()).replace("<", "&lt;")
    return line.replace("|", "\\|") if cell else line


def code_span(text: str) -> str:
    """Text as code, with more backticks around it than are in it."""
    line = " ".join(text.split())
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    space = " " if "`" in line else ""
    return f"{fence}{space}{line}{space}{fence}"


def one_line(value: Any) -> str:
    """A fact in short: texts joined, whole numbers with commas, of a mapping only plain values."""
    if isinstance(value, str):
        return said(value)
    if isinstance(value, Mapping):
        plain = [
            f"{str(name).replace('_', ' ')} {one_line(one)}"
            for name, one in value.items()
            if one is not None and not isinstance(one, Mapping | list | tuple)
        ]
        left = len(value) - len(plain[:_SHOWN])
        return ", ".join(plain[:_SHOWN] + ([f"and {left} more in interlingua.json"] if left else []))
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return said(", ".join(value))
    if isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1:
        return f"{value:,.0f}"
    told = said(json.dumps(value, ensure_ascii=False, default=str))
    return told if len(told) <= _LONG else f"{told[:_LONG]} ... (whole in interlingua.json)"


def language_of(code: str) -> Language | None:
    """The language of a code; None for what is no code of ours, which a card shows as it is."""
    try:
        return look(code)
    except (UnknownName, BadInput):
        return None


def languages(codes: str | Sequence[str]) -> str:
    """`swh_Latn (Swahili), zho_Hans (Chinese)`; a single code may stand alone."""
    listed = [codes] if isinstance(codes, str) else list(codes)
    known = [(str(code), language_of(str(code))) for code in listed]
    return ", ".join(f"{said(code)} ({one.label})" if one else said(code) for code, one in known)


def names(codes: str | Sequence[str]) -> str:
    """`Swahili and Chinese`, for a sentence; a language without a name keeps its code."""
    listed = [codes] if isinstance(codes, str) else list(codes)
    told = [
        one.label if (one := language_of(str(code))) and str(code)[0] != "q" else said(str(code))
        for code in listed
    ]
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
