"""Tokens for another language: a tokenizer trained anew, or one that grows by pieces of that language."""

import copy
import heapq
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from tokenizers import Tokenizer

from interlingua.core.errors import BadInput, ModelError

_SEEN = 2  # a pair of pieces becomes one only if the text has it at least so often


def size_of(tokenizer: Any) -> int:
    """Rows that a table needs for all tokens of a tokenizer: the largest number and one more."""
    return int(max(tokenizer.get_vocab().values())) + 1


def tokenizer_like(tokenizer: Any, texts: Sequence[str], vocabulary: int) -> Any:
    """A tokenizer that cuts words as `tokenizer` does, its pieces learned from `texts`; same special tokens.

    `vocabulary` counts all tokens; characters that there are (byte-level: all 256 bytes) are never left
    out for it. Raises `BadInput` for no text, `ModelError` for a tokenizer that is not of the fast kind.
    """
    _demand(tokenizer, texts)
    return tokenizer.train_new_from_iterator(texts, vocabulary, show_progress=False)


def grown(tokenizer: Any, texts: Sequence[str], pieces: int) -> Any:
    """`tokenizer` with at most `pieces` more tokens: byte-pair encoding that goes on where it ended.

    Characters that it does not know come first, then the most frequent pairs of what it makes of `texts`.
    New merges come after the old ones, so they meet just the pieces they were learned on. Old tokens keep
    their numbers, new ones follow. Raises `BadInput` for no text or `pieces` below 0, `ModelError` for a
    tokenizer that is no byte-pair encoding.
    """
    _demand(tokenizer, texts)
    if pieces < 0:
        raise BadInput(f"A tokenizer cannot grow by {pieces} pieces; give 0 or more.")
    state = json.loads(tokenizer.backend_tokenizer.to_str())
    model = state["model"]
    marks = model.get("continuing_subword_prefix") or model.get("end_of_word_suffix")
    if model["type"] != "BPE" or marks:
        raise ModelError(
            f"{tokenizer.name_or_path or 'The tokenizer'} is no plain byte-pair encoding, so it cannot grow; "
            "train a new one."
        )
    words = Counter(word for text in texts for word in pre_tokens(tokenizer, text))
    vocabulary, first = model["vocab"], size_of(tokenizer)
    unseen: Counter[str] = Counter()
    for word, count in words.items():
        unseen.update({character: count for character in word if character not in vocabulary})
    for character in sorted(unseen, key=lambda c: (-unseen[c], c))[:pieces]:
        vocabulary[character] = first + len(vocabulary) - len(_model_vocabulary(tokenizer))
    cut = Tokenizer.from_str(json.dumps(state)).model.tokenize
    strange = {model.get("unk_token")} | {f"<0x{byte:02X}>" for byte in range(256)}
    cuts = {word: [token.value for token in cut(word)] for word in words}
    added = len(vocabulary) - len(_model_vocabulary(tokenizer))
    for left, right in _merges(cuts, words, strange):
        if left + right not in vocabulary:
            if added >= pieces:
                break
            vocabulary[left + right] = first + added
            added += 1
        model["merges"].append([left, right])
    made = copy.deepcopy(tokenizer)
    made._tokenizer = Tokenizer.from_str(json.dumps(state))
    return made


def pre_tokens(tokenizer: Any, text: str) -> list[str]:
    """The words that a tokenizer cuts into pieces, written in its own alphabet (`▁day`, `Ġday`)."""
    backend = tokenizer.backend_tokenizer
    if backend.normalizer is not None:
        text = backend.normalizer.normalize_str(text)
    if backend.pre_tokenizer is None:  # words are told apart by the mark that the normaliser put in
        return re.findall(r"▁*[^▁]+|▁+", text)
    return [word for word, _ in backend.pre_tokenizer.pre_tokenize_str(text)]


def pieces_of(tokenizer: Any, word: str) -> list[int]:
    """The tokens of a word in the tokenizer's own alphabet; none where it has characters that are unknown."""
    found = [token.id for token in tokenizer.backend_tokenizer.model.tokenize(word)]
    return [] if tokenizer.unk_token_id in found else found


def _model_vocabulary(tokenizer: Any) -> dict[str, int]:
    """Tokens without those that were added beside the model."""
    found: dict[str, int] = tokenizer.backend_tokenizer.get_vocab(with_added_tokens=False)
    return found


def _demand(tokenizer: Any, texts: Sequence[str]) -> None:
    if not getattr(tokenizer, "is_fast", False):
        raise ModelError("The tokenizer is not of the fast kind, whose rules can be read; give one that is.")
    if not any(text.strip() for text in texts):
        raise BadInput(f"The {len(texts)} texts to learn tokens from are empty; give some text.")


def _merges(
    cuts: dict[str, list[str]], words: Counter[str], strange: set[str | None]
) -> Iterator[tuple[str, str]]:
    """Pairs of pieces to join, the most frequent first, each counted after all joins before it."""
    rows = list(cuts)
    counts: Counter[tuple[str, str]] = Counter()
    where: dict[tuple[str, str], set[int]] = defaultdict(set)

    def count(row: int, sign: int) -> set[tuple[str, str]]:
        met = set()
        for pair in pairwise(cuts[rows[row]]):
            if not strange.intersection(pair):
                counts[pair] += sign * words[rows[row]]
                where[pair].add(row)
                met.add(pair)
        return met

    for row in range(len(rows)):
        count(row, 1)
    heap = [(-number, pair) for pair, number in counts.items()]
    heapq.heapify(heap)
    while heap:
        number, pair = heapq.heappop(heap)
        if -number < _SEEN:
            return
        if counts[pair] != -number:
            continue
        yield pair
        changed: set[tuple[str, str]] = set()
        for row in where.pop(pair):
            changed |= count(row, -1)
            cuts[rows[row]] = _joined(cuts[rows[row]], pair)
            changed |= count(row, 1)
        for other in changed - {pair}:
            heapq.heappush(heap, (-counts[other], other))


def _joined(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    """Pieces with every place of `pair`, from the left, made one."""
    out: list[str] = []
    place = 0
    while place < len(pieces):
        if tuple(pieces[place : place + 2]) == pair:
            out.append(pieces[place] + pieces[place + 1])
            place += 2
        else:
            out.append(pieces[place])
            place += 1
    return out
