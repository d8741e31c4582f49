"""Token boundaries: where the prompt ends and the option begins, as the tokenizer itself sees it.

Context and option are tokenized together and split where the ids part ways, so a token that spans the
joint (Thai, Chinese, Japanese; a trailing space) counts as option, and no option is ever empty.

A long prompt is tokenized once, not once for every option. Each option is joined to the last words of the
prompt, and what comes out replaces the ids of these words. Byte-pair encoding allows that: two encodings
that overlap in a token make one encoding (Corollary III in crates/bpe of github.com/github/rust-gems), and
what splits a text into words looks no further than the next one. Where the overlap is not found, or a
drawn prompt says otherwise, and for any other kind of tokenizer, the whole texts are tokenized.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tokenizers.models import BPE

from interlingua.core.errors import BadInput, ModelError
from interlingua.models.lm import LM

_WINDOW = 160  # characters at the end of a prompt, where its last words are looked for
_OVERLAP = 2  # ids of the last words that must come out again with an option behind them
_CHECKED = 8  # prompts whose options are tokenized both ways


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
    joined = []
    for context, ids, group, rows in zip(
        contexts, alone, options, behind(lm, contexts, alone, options), strict=True
    ):
        cut = min(shared(ids, row) for row in rows)
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


def behind(
    lm: LM, contexts: Sequence[str], alone: Sequence[list[int]], options: Sequence[Sequence[str]]
) -> list[list[list[int]]]:
    """The ids of each context with each of its options behind it; `alone` are the ids of the contexts."""
    found: dict[int, list[list[int]]] = {}
    model = getattr(getattr(lm.tokenizer, "backend_tokenizer", None), "model", None)
    if isinstance(model, BPE) and not model.dropout:
        for skipped in (0, 1):  # tokenizers that put a space before every text must not get a second one
            tails = {index: _last_words(contexts[index])[skipped:] for index in range(len(contexts))}
            left = {index: tail for index, tail in tails.items() if tail and index not in found}
            found |= _behind_tails(lm, left, alone, options)
    drawn = sorted(found)[:: max(1, len(found) // _CHECKED)]
    if _whole(lm, contexts, options, drawn) != [found[index] for index in drawn]:
        found = {}
    missing = [index for index in range(len(contexts)) if index not in found]
    found.update(zip(missing, _whole(lm, contexts, options, missing), strict=True))
    return [found[index] for index in range(len(contexts))]


def _behind_tails(
    lm: LM, tails: Mapping[int, str], alone: Sequence[list[int]], options: Sequence[Sequence[str]]
) -> dict[int, list[list[int]]]:
    """By context what `behind` gives, read off the last words, where these overlap with the whole."""
    own = dict(zip(tails, _plain(lm, tails.values()), strict=True))
    fitting = [index for index, ids in own.items() if ids and alone[index][-len(ids) :] == ids]
    together = iter(_plain(lm, [tails[index] + option for index in fitting for option in options[index]]))
    found = {}
    for index in fitting:
        rows = [next(together) for _ in options[index]]
        if all(shared(own[index], row) >= _OVERLAP for row in rows):
            head = alone[index][: -len(own[index])]
            found[index] = [head + row for row in rows]
    return found


def _whole(
    lm: LM, contexts: Sequence[str], options: Sequence[Sequence[str]], chosen: Sequence[int]
) -> list[list[list[int]]]:
    together = iter(encode(lm, [contexts[index] + option for index in chosen for option in options[index]]))
    return [[next(together) for _ in options[index]] for index in chosen]


def _last_words(context: str) -> str:
    """From a single space on, the end of a text: at least three words and 32 characters; else nothing."""
    end = context[-_WINDOW:]
    starts = [space.start() for space in re.finditer(r"(?<=\S)\s(?=\S)", end)]
    tails = [end[start:] for start in starts if len(end) - start >= 32 and len(end[start:].split()) > 2]
    return tails[-1] if tails else ""


def _plain(lm: LM, texts: Iterable[str]) -> list[list[int]]:
    """Ids of texts without any special token."""
    texts = list(texts)
    if not texts:
        return []
    rows: list[list[int]] = lm.tokenizer(texts, add_special_tokens=False, verbose=False)["input_ids"]
    return rows


def cut_left(lm: LM, ids: list[int], limit: int | None) -> list[int]:
    """The last `limit` ids, with the start token kept in front; None means no limit."""
    if limit is None or len(ids) <= limit:
        return ids
    if ids[0] == lm.tokenizer.bos_token_id and limit > 1:
        return [ids[0], *ids[len(ids) - limit + 1 :]]
    return ids[len(ids) - limit :]


def shared(a: Sequence[int], b: Sequence[int]) -> int:
    """How many ids two rows have in common at their beginning."""
    length = min(len(a), len(b))
    if a[:length] == b[:length]:
        return length
    return next(place for place in range(length) if a[place] != b[place])


def start_token(lm: LM) -> int:
    """The id that stands in front of a text: start of text, else end of text, else padding.

    Raises `ModelError` for a tokenizer without any of them.
    """
    for token in (lm.tokenizer.bos_token_id, lm.tokenizer.eos_token_id, lm.tokenizer.pad_token_id):
        if token is not None:
            return int(token)
    raise ModelError("The tokenizer has no start, end or padding token for an empty prompt; set one.")
