"""Held-out text: what a model needs for text that it did not learn, with the tokens it has."""

import math
from collections.abc import Sequence

import numpy as np

from interlingua.core.counts import COUNTS
from interlingua.models.lm import LM
from interlingua.scoring.text_cost import text_nats, token_counts


def held_out(lm: LM, texts: Sequence[str], title: str = "Measuring") -> dict[str, float]:
    """`bits_per_byte`, `tokens_per_word` and `unknown` (share of tokens) over all texts together.

    Bits per byte are left out where a token is unknown: it hides what it stands for, so it costs nothing.
    Texts that are longer than the model reads count for neither bits nor bytes; tokens per word are left out
    where words have no spaces between them. Raises what `text_nats` raises.
    """
    counts = dict(zip(COUNTS, token_counts(lm, texts).sum(1).tolist(), strict=True))
    found = {"unknown": counts["unknown"] / max(1, counts["tokens"])}
    if counts["words"]:
        found["tokens_per_word"] = counts["tokens"] / counts["words"]
    if counts["unknown"]:
        return found
    nats = text_nats(lm, texts, title=title)
    sizes = np.array([len(text.encode()) for text in texts])
    read = np.isfinite(nats)
    if read.any():
        found["bits_per_byte"] = float(nats[read].sum() / sizes[read].sum() / math.log(2))
    return found


def bits_per_byte(lm: LM, texts: Sequence[str], title: str = "Measuring") -> float | None:
    """Those of `held_out`; none where they mean nothing. Raises likewise."""
    return held_out(lm, texts, title).get("bits_per_byte")
