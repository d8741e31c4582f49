"""Constrained decoding: the first tokens by which each label can begin.

Source: arXiv:2405.13816. A label's tokens are the vocabulary entries that are a prefix of the label
string, with and without the word-start marker (`▁`, `Ġ` or a space), its first byte where the tokenizer
falls back to bytes, and the token with which the tokenizer itself begins the label at this place.
A token that several labels share tells nothing and is dropped from all of them. Where the token with
which the tokenizer begins a label is among the dropped ones, first tokens cannot tell the labels apart:
then there are no `Beginnings`, and the caller scores the whole options and says so.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from interlingua.models.lm import LM
from interlingua.scoring.tokens import join

TAIL = 24
"""Characters at the end of a prompt that are enough to see how a label is joined to it."""


@dataclass(frozen=True, slots=True)
class Beginnings:
    """`back` prompt tokens to take back at the joint, then `first`: the first tokens of each label.

    Tokens are taken back where the tokenizer merges the end of the prompt with a label (a trailing
    space, scripts without spaces); the labels then begin with that text.
    """

    back: int
    first: tuple[tuple[int, ...], ...]


def label_tokens(
    lm: LM, asked: Iterable[tuple[str, tuple[str, ...]]]
) -> dict[tuple[str, tuple[str, ...]], Beginnings | None]:
    """For every (end of the prompt, labels) how the labels begin; None where first tokens are not enough.

    Raises `BadInput` for a label that adds no token.
    """
    pairs = list(dict.fromkeys(asked))
    joints = join(lm, [tail for tail, _ in pairs], [labels for _, labels in pairs])
    byte_level = is_byte_level(lm)
    vocabulary: dict[str, frozenset[int]] = {}
    found: dict[tuple[str, tuple[str, ...]], Beginnings | None] = {}
    for (tail, labels), joint in zip(pairs, joints, strict=True):
        taken = lm.tokenizer.decode(joint.back, skip_special_tokens=True) if joint.back else ""
        own = [ids[0] for ids in joint.options]
        sets = []
        for label, first in zip(labels, own, strict=True):
            text = (taken + label).strip()
            if text not in vocabulary:
                vocabulary[text] = frozenset(_prefixes(lm, text, byte_level))
            sets.append(vocabulary[text] | {first})
        uses = Counter(token for tokens in sets for token in tokens)
        if any(uses[first] > 1 for first in own):
            found[tail, labels] = None
        else:
            kept = tuple(tuple(sorted(t for t in tokens if uses[t] == 1)) for tokens in sets)
            found[tail, labels] = Beginnings(len(joint.back), kept)
    return found


def _prefixes(lm: LM, label: str, byte_level: bool) -> set[int]:
    if byte_level:
        alphabet = byte_alphabet()
        names = {
            "".join(alphabet[byte] for byte in text[:end])
            for text in (label.encode(), b" " + label.encode())
            for end in range(1, len(text) + 1)
        }
    else:
        marked = [mark + label for mark in ("", "▁", " ")]
        names = {text[:end] for text in marked for end in range(1, len(text) + 1)}
        names.add(f"<0x{label.encode()[0]:02X}>")
    ids = [lm.tokenizer.convert_tokens_to_ids(name) for name in sorted(names)]
    return {int(token) for token in ids if token is not None and token != lm.tokenizer.unk_token_id}


def is_byte_level(lm: LM) -> bool:
    """Whether the tokens are spelled in bytes, each by a printable character, as GPT-2's are."""
    backend = getattr(lm.tokenizer, "backend_tokenizer", None)
    decoder = getattr(backend, "decoder", None)
    return decoder is not None and "ByteLevel" in json.dumps(json.loads(decoder.__getstate__()))


@cache
def byte_alphabet() -> dict[int, str]:
    """The printable character that byte-level tokenizers write for each byte (GPT-2's table)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {b: chr(256 + i) for i, b in enumerate(hidden)}
