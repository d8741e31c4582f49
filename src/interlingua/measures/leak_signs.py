"""Leak signs: what the answers to a test, and to the same test made easier, tell about having read it."""

from collections.abc import Mapping, Sequence

import numpy as np

from interlingua.core.rows import Row
from interlingua.measures.ngram_overlap import ngram_overlap
from interlingua.measures.task_shares import task_shares


def leak_signs(
    asked: Sequence[Row], confused: Sequence[Row], read: Sequence[str], ngram: int = 8
) -> Mapping[str, float]:
    """`accuracy` on a test, `delta` and `overlap`; means over tasks, and over questions.

    `delta` is accuracy with each false option replaced by another question's right one, minus accuracy: who
    has learned to answer gains by it, who knows the test by heart does not. `overlap` is the share of the
    questions' n-grams that stand in the texts `read`.
    Raises what `ngram_overlap` raises.
    Source: arXiv:2406.13236.
    """
    right, easier = (
        float(np.mean(list(task_shares((row.task, row.correct) for row in rows).values())))
        for rows in (asked, confused)
    )
    overlap = ngram_overlap([row.question for row in asked], read, ngram)
    return {"accuracy": right, "delta": easier - right, "overlap": float(np.mean(overlap))}
