"""Translated rows: a new token is made of the old tokens that write the words its own words translate to."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from interlingua.core.errors import BadInput
from interlingua.models.surgery.tokens import size_of
from interlingua.models.surgery.vocabulary import Weights, from_rows
from interlingua.models.surgery.words import Word, words_of

WordCounts: TypeAlias = Mapping[tuple[tuple[int, ...], tuple[int, ...]], float]
"""How often a word written with these new tokens was aligned with one written with these old tokens."""
Links: TypeAlias = list[tuple[int, int]]
"""Places in a new and an old text whose words are translations of each other."""
Align: TypeAlias = Callable[[Sequence[tuple[list[str], list[str]]]], Sequence[Links]]
"""Links of the words of parallel texts (new side, old side)."""
_SHARE = 1000  # what each token that fills in counts in all; twice that for translations that begin a word
_ROLES: Mapping[str, str | None] = {
    "bos_token_id": "cls_token_id",
    "eos_token_id": "sep_token_id",
    "pad_token_id": None,
    "unk_token_id": None,
}
"""Special tokens, and what stands in for them in a tokenizer without one."""


def linked_words(
    new: Iterable[list[Word]], old: Iterable[list[Word]], links: Iterable[list[tuple[int, int]]], least: int
) -> dict[tuple[tuple[int, ...], tuple[int, ...]], float]:
    """Counts of linked words by their tokens; pairs of words linked less than `least` times are dropped.

    `links` are (place in the new sentence, place in the old one), sentence by sentence.
    """
    words: Counter[tuple[str, str]] = Counter()
    tokens: Counter[tuple[str, str, tuple[int, ...], tuple[int, ...]]] = Counter()
    for one, two, found in zip(new, old, links, strict=True):
        for i, j in found:
            words[one[i].text, two[j].text] += 1
            tokens[one[i].text, two[j].text, one[i].tokens, two[j].tokens] += 1
    counts: dict[tuple[tuple[int, ...], tuple[int, ...]], float] = defaultdict(float)
    for (a, b, left, right), count in tokens.items():
        if words[a, b] >= least:
            counts[left, right] += count
    return dict(counts)


@dataclass(frozen=True)
class WordRows:
    """Rows of new tokens, with the words (new side, old side) and the links that they come from, by text."""

    weights: Weights
    texts: list[tuple[list[str], list[str]]]
    links: Sequence[Links]


def word_rows(
    old: Any, new: Any, texts: Sequence[tuple[str, str]], align: Align, least: int, *, fill: bool = True
) -> WordRows:
    """`translated_rows` from parallel texts (new side, old side), whose words `align` links.

    Pairs of words that are linked less than `least` times are dropped; `fill` is that of
    `translated_rows`. Raises what `words_of`, `align` and `translated_rows` raise.
    """
    ours, theirs = words_of(new, [one for one, _ in texts]), words_of(old, [other for _, other in texts])
    said = [([w.text for w in one], [w.text for w in other]) for one, other in zip(ours, theirs, strict=True)]
    links = align(said)
    weights = translated_rows(old, new, linked_words(ours, theirs, links, least), fill=fill)
    return WordRows(weights, said, links)


def translated_rows(old: Any, new: Any, counts: WordCounts, *, fill: bool = True) -> Weights:
    """Weights in proportion to how often the words of a new token were aligned with those of an old one.

    Of a word pair's count every new token of it gets all: half of it spread over the old tokens evenly, half
    in order, the shorter word stretched. Tokens that both tokenizers write alike get one more count,
    numbers that `old` writes with other tokens the first of them; special tokens go with their role.
    With `fill`, tokens left over take the mean of the tokens that go on from them and of the longest ones in
    them. What is left then is unknown. Raises `BadInput` for a token that a tokenizer does not have.
    Source: Remy et al. 2024, arXiv:2408.04303, and its released code.
    """
    size = size_of(new), size_of(old)
    met: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for (left, right), count in counts.items():
        if max(left) >= size[0] or max(right) >= size[1]:
            raise BadInput(
                f"Tokens {left} and {right} are not of tokenizers of {size[0]} and {size[1]} tokens."
            )
        for token, other, part in _shares(left, right):
            met[token][other] += count * part
    own = old.get_vocab()
    for token, number in new.get_vocab().items():
        if token in own:
            met[number][own[token]] += 1.0
        elif _digits(new, token) and (pieces := _plain(old, _digits(new, token))):
            met[number][pieces[0]] += 1.0
    for number, other in _roles(old, new).items():
        met[number] = {other: 1.0}
    if fill:
        begins = {right[0] for _, right in counts}
        met |= _filled(new, met, begins)
    rows = {
        token: {other: weight / sum(row.values()) for other, weight in row.items()}
        for token, row in met.items()
    }
    return from_rows(rows, size)


def _shares(left: tuple[int, ...], right: tuple[int, ...]) -> Iterator[tuple[int, int, float]]:
    """(new token, old token, share), half spread evenly, half in order; a new token's shares add up to 1."""
    for token in left:
        for other in right:
            yield token, other, 0.5 / len(right)
    length = math.lcm(len(left), len(right))
    ones, others = np.repeat(left, length // len(left)), np.repeat(right, length // len(right))
    for token, other in zip(ones.tolist(), others.tolist(), strict=True):
        yield token, other, 0.5 * len(left) / length


def special_rows(old: Any, new: Any) -> Weights:
    """Special tokens alone: each gets the row of the old one of the same role, or of the unknown token."""
    rows = {number: {other: 1.0} for number, other in _roles(old, new).items()}
    return from_rows(rows, (size_of(new), size_of(old)))


def _roles(old: Any, new: Any) -> dict[int, int]:
    found = {}
    for role, instead in _ROLES.items():
        number = getattr(new, role, None)
        places = (getattr(old, name, None) for name in (role, instead, "unk_token_id") if name)
        other = next((place for place in places if place is not None), None)
        if number is not None and other is not None:
            found[number] = other
    return found


def _filled(
    new: Any, met: Mapping[int, Mapping[int, float]], begins: set[int]
) -> dict[int, dict[int, float]]:
    """Rows of tokens without any: from mapped tokens that begin with them, and the longest ones in them."""
    names = {number: token for token, number in new.get_vocab().items()}
    mapped = {names[number]: number for number in met if number in names}
    longer: dict[str, list[str]] = defaultdict(list)
    for token in mapped:
        for end in range(1, len(token)):
            longer[token[:end]].append(token)
    special, filled = set(new.all_special_ids), {}
    for number, token in names.items():
        if number in met or number in special:
            continue
        row: dict[int, float] = defaultdict(float)
        for other in (*longer.get(token, ()), *_inner(token, mapped)):
            shares = met[mapped[other]]
            for translation, share in shares.items():
                weight = 2 * _SHARE if translation in begins else _SHARE
                row[translation] += weight * share / sum(shares.values())
        if row:
            filled[number] = dict(row)
    return filled


def _inner(token: str, mapped: Mapping[str, int]) -> list[str]:
    """The mapped tokens within a token that are in no longer one of them."""
    size = len(token)
    found: list[str] = []
    for length in range(size - 1, 0, -1):
        for start in range(size - length + 1):
            part = token[start : start + length]
            if part in mapped and part not in found and not any(part in longer for longer in found):
                found.append(part)
    return found


def _digits(tokenizer: Any, token: str) -> str:
    """The number that a token writes, if it writes nothing else."""
    text = str(tokenizer.convert_tokens_to_string([token])).strip()
    return text if text.isascii() and text.isdigit() else ""


def _plain(tokenizer: Any, text: str) -> list[int]:
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return [token for token in ids if token != tokenizer.unk_token_id]
