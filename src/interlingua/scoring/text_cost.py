"""Token counts: what texts become in a model's tokenizer."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlingua.core.counts import COUNTS
from interlingua.core.errors import BadInput
from interlingua.languages.scripts import script_of, spaces_between_words
from interlingua.models.lm import LM

_BYTE = re.compile(r"<0x[0-9A-Fa-f]{2}>")


def token_counts(lm: LM, texts: Sequence[str]) -> NDArray[np.int64]:
    """Counts `(count, text)` in the order of `COUNTS`, without special tokens around a text.

    Raises `BadInput` for no texts.
    """
    if not texts:
        raise BadInput("There are no texts to count tokens of; give at least one.")
    rows: list[list[int]] = lm.tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]
    pieces = _pieces(lm.tokenizer, {token for row in rows for token in row})
    unknown = lm.tokenizer.unk_token_id
    found = [
        {
            "tokens": len(row),
            "characters": len(text),
            "bytes": len(text.encode()),
            "words": len(text.split()) if spaces_between_words(script_of(text)) else 0,
            "unknown": sum(token == unknown for token in row),
            "pieces": sum(token in pieces for token in row),
        }
        for text, row in zip(texts, rows, strict=True)
    ]
    return np.array([[one[count] for one in found] for count in COUNTS], dtype=np.int64)


def _pieces(tokenizer: Any, tokens: Iterable[int]) -> set[int]:
    """Those of the tokens that are bytes of a character: byte fallback, or part of one in byte-level BPE."""
    return {
        token
        for token in tokens
        if _BYTE.fullmatch(tokenizer.convert_ids_to_tokens(token)) or "\ufffd" in tokenizer.decode([token])
    }
