"""Words as a tokenizer sees them: which tokens make up each word of a text, found by places, not by marks."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from interlingua.core.errors import ModelError
from interlingua.languages.scripts import script_of, spaces_between_words


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of a text without spaces, and the tokens that write it."""

    text: str
    tokens: tuple[int, ...]


def words_of(tokenizer: Any, texts: Sequence[str]) -> list[list[Word]]:
    """The words of each text with their tokens.

    Two neighbouring tokens are of one word where their places overlap (bytes of one character), or touch
    between letters, marks or digits of scripts that write spaces. Where there are no spaces each token
    stands alone. Tokens that hold only space are left out. No token's spelling is looked at, so any tokenizer
    in any script will do. Raises `ModelError` for a tokenizer that gives no places.
    """
    if not getattr(tokenizer, "is_fast", False):
        raise ModelError("The tokenizer is not of the fast kind, so places of tokens are unknown.")
    read = tokenizer(
        list(texts), add_special_tokens=False, return_offsets_mapping=True, return_attention_mask=False,
        verbose=False,
    )  # fmt: skip
    return [
        _words(text, ids, places)
        for text, ids, places in zip(texts, read["input_ids"], read["offset_mapping"], strict=True)
    ]


def _words(text: str, ids: Sequence[int], places: Sequence[tuple[int, int]]) -> list[Word]:
    found: list[tuple[int, int, list[int]]] = []
    for token, (start, end) in zip(ids, places, strict=True):
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start == end:
            continue
        if found and (start < found[-1][1] or (start == found[-1][1] and _joins(text, start))):
            first, last, tokens = found[-1]
            found[-1] = (first, max(last, end), [*tokens, token])
        else:
            found.append((start, end, [token]))
    return [Word(text[start:end], tuple(tokens)) for start, end, tokens in found]


def _joins(text: str, place: int) -> bool:
    """Whether the characters before and after a place belong to one word."""
    return all(_of_words(character) for character in text[place - 1 : place + 1])


@cache
def _of_words(character: str) -> bool:
    if unicodedata.category(character)[0] not in "LMN":
        return False
    return spaces_between_words(script_of(character))
