"""Token counts: what texts become in a tokenizer; and how many bits a model needs for them."""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import regex
from numpy.typing import NDArray

from interlingua.core.counts import COUNTS
from interlingua.core.errors import BadInput, ModelError
from interlingua.core.progress import progress
from interlingua.languages.scripts import script_of, spaces_between_words
from interlingua.models.lm import LM
from interlingua.scoring.readings import Request, readings
from interlingua.scoring.tokenizers import Tokenizer
from interlingua.scoring.tokens import encode, start_token

_BYTE = re.compile(r"<0x[0-9A-Fa-f]{2}>")
_GRAPHEME = regex.compile(r"\X")


def token_counts(lm: LM | Tokenizer, texts: Sequence[str]) -> NDArray[np.int64]:
    """Counts `(count, text)` in the order of `COUNTS`, without special tokens around a text.

    Raises `BadInput` for no texts.
    """
    if not texts:
        raise BadInput("There are no texts to count tokens of; give at least one.")
    tokenizer, places = lm.tokenizer, bool(lm.tokenizer.is_fast)
    read = tokenizer(
        list(texts), add_special_tokens=False, return_offsets_mapping=places, return_attention_mask=False,
        verbose=False,
    )  # fmt: skip
    rows: list[list[int]] = read["input_ids"]
    kinds, unknown = _Kinds(tokenizer, {token for row in rows for token in row}), tokenizer.unk_token_id
    back = tokenizer.batch_decode(rows, skip_special_tokens=False, clean_up_tokenization_spaces=False)
    found = [
        {
            "tokens": len(row),
            "characters": len(text),
            "bytes": len(text.encode()),
            "words": len(text.split()) if spaces_between_words(script_of(text)) else 0,
            "unknown": sum(token == unknown for token in row),
            "pieces": sum(token in kinds.pieces for token in row),
            "changed": text != again,
            "lost": _plain(text) != _plain(again),
        }
        for text, row, again in zip(texts, rows, back, strict=True)
    ]
    if places:
        for one, text, row, offsets in zip(found, texts, rows, read["offset_mapping"], strict=True):
            spans = [span for token, span in zip(row, offsets, strict=True) if token not in kinds.blank]
            one["graphemes"], one["split"] = _split_graphemes(text, spans)
    return np.array([[one.get(count, 0) for one in found] for count in COUNTS], dtype=np.int64)


def text_nats(lm: LM, texts: Sequence[str], *, title: str = "Bits") -> NDArray[np.float64]:
    """Minus the natural log-probability of each text `(text,)`, its first token read after the start token.

    NaN for a text that is longer than the model reads. Raises `BadInput` for no texts, `ModelError` for a
    model that gives no numbers, and as `readings`.
    """
    if not texts:
        raise BadInput("There are no texts to read; give at least one.")
    own: list[list[int]] = lm.tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]
    asked: list[tuple[int, Request]] = []
    found = np.full(len(own), np.nan)
    for index, (ids, row) in enumerate(zip(encode(lm, texts), own, strict=True)):
        framed = row and len(ids) > len(row) and ids[-len(row) :] == row
        whole = ids if framed else [start_token(lm), *row]
        reads = tuple((place - 1, (whole[place],)) for place in range(len(whole) - len(row), len(whole)))
        if not row:
            found[index] = 0.0
        elif lm.context is None or len(whole) - 1 <= lm.context:
            asked.append((index, Request(tuple(whole[:-1]), reads)))
    with progress(title, total=len(asked)) as tick:
        for batch in readings(lm, [request for _, request in asked]):
            for place, reading in batch:
                nats = -sum(reading.values)
                if not math.isfinite(nats):
                    raise ModelError(
                        f"{lm.name} gives text {asked[place][0] + 1} the probability {nats}; its weights are "
                        "damaged, or --dtype float32 is needed."
                    )
                found[asked[place][0]] = nats
            tick(len(batch))
    return found


class _Kinds:
    """Tokens that need care.

    `pieces` are bytes of a character: byte fallback, or part of one in byte-level pair encoding. `blank` ones
    hold nothing that is seen, as the mark of a word's start.
    """

    def __init__(self, tokenizer: Any, tokens: Iterable[int]) -> None:
        self.pieces, self.blank = set[int](), set[int]()
        for token in tokens:
            text = tokenizer.decode([token], skip_special_tokens=False, clean_up_tokenization_spaces=False)
            if not text.strip():
                self.blank.add(token)
            if "\ufffd" in text or _BYTE.fullmatch(str(tokenizer.convert_ids_to_tokens(token))):
                self.pieces.add(token)


def _split_graphemes(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """How many graphemes a text has, spaces left out, and how many of them more than one span overlaps."""
    parts = np.array(
        [one.span() for one in _GRAPHEME.finditer(text) if not one[0].isspace()], dtype=np.int64
    ).reshape(-1, 2)
    starts, ends = np.sort(np.array([span for span in spans if span[0] < span[1]]).reshape(-1, 2), axis=0).T
    over = np.searchsorted(starts, parts[:, 1], "left") - np.searchsorted(ends, parts[:, 0], "right")
    return len(parts), int(np.count_nonzero(over > 1))


def _plain(text: str) -> str:
    """A text without what normalising tokenizers take away: compatibility forms and spacing."""
    return " ".join(unicodedata.normalize("NFKC", text).split())
