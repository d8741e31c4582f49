"""Sentences: the same text in a language and in the pivot, to compare what a model makes of both."""

import random
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from interlingua.core.errors import BadInput, MissingResource
from interlingua.core.seeds import derive
from interlingua.data.builders import draw
from interlingua.data.items import Pair
from interlingua.data.source import Source

Text = Literal["pairs", "questions"]
_SPLITS = ("test", "train")


@dataclass(frozen=True)
class Beside:
    """Sentences of one language, `own`, and the same in the pivot, in the same order."""

    own: tuple[str, ...]
    pivot: tuple[str, ...]


def beside_pivot(source: Source, text: Text, count: int, seed: int = 0) -> Mapping[str, Beside]:
    """At most `count` sentences of each language beside the pivot's, by language, drawn alike for all.

    `text` is general parallel text or parallel questions of tasks; those kept for testing where there are
    any. A language that has none is left out. Raises `BadInput` for another kind of text, `MissingResource`
    where no language has two sentences beside the pivot.
    """
    if text not in get_args(Text):
        raise BadInput(f"Sentences come from {' or '.join(get_args(Text))}, not {text!r}.")
    found = {}
    for lang in source.languages:
        if lang != source.pivot and len(pairs := _pairs(source, text, lang)) > 1:
            kept = draw(sorted(pairs, key=lambda pair: pair.id), count, derive(seed, "sentences"))
            found[lang] = Beside(tuple(pair.source for pair in kept), tuple(pair.target for pair in kept))
    if not found:
        raise MissingResource(
            f"{source.name} has no {text} of a language beside {source.pivot}, 2 sentences at least; "
            "give a table of parallel text such as FLORES."
        )
    return found


def translations(
    source: Source, languages: Sequence[str], limit: int, seed: int = 0, *, apart: Container[str] = ()
) -> list[Pair]:
    """At most `limit` sentences of each language but the pivot with the pivot's, no text of `apart` in any.

    They are general parallel text to learn from. Raises `MissingResource` for a language without any.
    """
    found = []
    for lang in (lang for lang in languages if lang != source.pivot):
        pairs = [
            pair
            for pair in source.pairs(lang, source.pivot)
            if pair.source not in apart and pair.target not in apart
        ]
        if not pairs:
            raise MissingResource(
                f"{source.name} has no parallel text of {lang} and {source.pivot} to learn from beside what "
                "is measured on; give more pairs."
            )
        found += draw(pairs, limit, derive(seed, "translations", lang))
    return found


def _pairs(source: Source, text: Text, lang: str) -> Sequence[Pair]:
    """The pairs of a language with the pivot in the first split that has any."""
    read = source.pairs if text == "pairs" else source.questions
    for split in _SPLITS:
        try:
            if pairs := read(lang, source.pivot, split):
                return pairs
        except MissingResource:
            continue
    return ()


def out_of_step(sentences: Mapping[str, Beside], seed: int = 0) -> dict[str, Beside]:
    """Control: each language's sentences in a random order of its own; about one of them keeps its place."""
    found = {}
    for lang, beside in sentences.items():
        own = list(beside.own)
        random.Random(derive(seed, "out of step", lang)).shuffle(own)
        found[lang] = Beside(tuple(own), beside.pivot)
    return found
