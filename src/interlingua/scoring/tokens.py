"""Token boundaries: where the prompt ends and the option begins, as the tokenizer itself sees it.

Context and option are tokenized together and split where the ids part ways, so a token that spans the
joint (Thai, Chinese, Japanese; a trailing space) counts as option, and no option is ever empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from interlingua.core.errors import BadInput, ModelError
from interlingua.models.lm import LM


@dataclass(frozen=True, slots=True)
class Joined:
    """One prompt with its options: shared context ids, and per option the ids that follow.

    `back` are the ids at the end of the prompt that its options tokenize anew, as part of themselves.
    """

    context: list[int]
    back: list[int]
    options: tuple[list[int], ...]


def encode(lm: LM, texts: Sequence[str]) -> list[list[int]]:
    """Ids of texts as prompts: special tokens in front as the tokenizer wants them, none at the end.

    A text without any token becomes the start token, so that something can follow it.
    """
    if not texts:
        return []
    frame = lm.tokenizer("", verbose=False)["input_ids"]
    closing = bool(frame) and frame[-1] == lm.tokenizer.eos_token_id != lm.tokenizer.bos_token_id
    rows: list[list[int]] = lm.tokenizer(list(texts), return_attention_mask=False, verbose=False)["input_ids"]
    if closing:
        rows = [row[:-1] for row in rows]
    if all(rows):
        return rows
    return [row or [start_token(lm)] for row in rows]


def join(lm: LM, contexts: Sequence[str], options: Sequence[Sequence[str]]) -> list[Joined]:
    """Each context with its options, split at the longest prefix that all of them share with the context.

    One split per item keeps the options comparable when only some of them merge with the context.
    Raises `BadInput` for an option that adds no token.
    """
    alone = encode(lm, contexts)
    texts = [context + option for context, group in zip(contexts, options, strict=True) for option in group]
    together = iter(encode(lm, texts))
    joined = []
    for context, ids, group in zip(contexts, alone, options, strict=True):
        rows = [next(together) for _ in group]
        cut = min(_shared(ids, row) for row in rows)
        for option, row in zip(group, rows, strict=True):
            if len(row) <= cut:
                raise BadInput(
                    f"Option {option!r} adds no token after {context[-20:]!r}; "
                    "give it a word that the tokenizer knows."
                )
        if cut == 0:
            joined.append(Joined([start_token(lm)], ids, tuple(rows)))
        else:
            joined.append(Joined(ids[:cut], ids[cut:], tuple(row[cut:] for row in rows)))
    return joined


def cut_left(lm: LM, ids: list[int], limit: int | None) -> list[int]:
    """The last `limit` ids, with the start token kept in front; None means no limit."""
    if limit is None or len(ids) <= limit:
        return ids
    if ids[0] == lm.tokenizer.bos_token_id and limit > 1:
        return [ids[0], *ids[len(ids) - limit + 1 :]]
    return ids[len(ids) - limit :]


def _shared(a: Sequence[int], b: Sequence[int]) -> int:
    for place, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return place
    return min(len(a), len(b))


def start_token(lm: LM) -> int:
    """The id that stands in front of a text: start of text, else end of text, else padding.

    Raises `ModelError` for a tokenizer without any of them.
    """
    for token in (lm.tokenizer.bos_token_id, lm.tokenizer.eos_token_id, lm.tokenizer.pad_token_id):
        if token is not None:
            return int(token)
    raise ModelError("The tokenizer has no start, end or padding token for an empty prompt; set one.")
