"""Held-out texts: some of a language's texts are put aside, so that a model can be measured on them."""

import random
from collections.abc import Sequence

from interlingua.core.errors import BadInput, MissingResource
from interlingua.core.seeds import derive
from interlingua.data.builders import draw
from interlingua.data.items import Pair
from interlingua.data.source import Source


def hold_out(texts: Sequence[str], count: int, seed: int) -> tuple[list[str], list[str]]:
    """(texts to learn from, at most `count` others), drawn by seed; no text is on both sides.

    At least two texts are put aside, at most a quarter. Raises `BadInput` for fewer than three different
    texts.
    """
    different = list(dict.fromkeys(text for text in texts if text.strip()))
    if len(different) < 3 or count < 1:
        raise BadInput(
            f"{len(different)} different texts cannot be divided into some to learn and {count} to measure; "
            "give at least 3 texts."
        )
    random.Random(derive(seed, "held out")).shuffle(different)
    aside = different[: max(2, min(count, len(different) // 4))]
    apart = set(aside)
    return [text for text in texts if text.strip() and text not in apart], aside


def text_held_out(
    source: Source, lang: str, limit: int, count: int, seed: int
) -> tuple[list[str], list[str]]:
    """At most `limit` documents of a language, divided by `hold_out`.

    Raises what `hold_out` raises, `MissingResource` for a language without text.
    """
    return hold_out(draw(source.text(lang), limit, seed), count, seed)


def pairs_held_out(
    source: Source, a: str, b: str, limit: int, count: int, seed: int
) -> tuple[list[Pair], list[Pair]]:
    """(pairs to learn from, others): at most `limit`, no text of `a` on both sides, as in `hold_out`.

    Raises `MissingResource` for languages without parallel text, `BadInput` for too few different texts.
    """
    drawn = draw(source.pairs(a, b), limit, seed)
    if not drawn:
        raise MissingResource(f"{source.name} has no parallel sentences of {a} and {b}; give some.")
    apart = set(hold_out([pair.source for pair in drawn], count, seed)[1])
    return [pair for pair in drawn if pair.source not in apart], [p for p in drawn if p.source in apart]
