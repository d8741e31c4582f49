"""Held-out texts: some of a language's texts are put aside, so that a model can be measured on them."""

import random
from collections.abc import Sequence

from interlingua.core.errors import BadInput
from interlingua.core.seeds import derive


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
