"""Sentence rows: graded pairs as rows for ranking and for likeness, as a control rows of strangers.

Translations are rows for ranking too.
"""

from collections.abc import Sequence

from interlingua.data.items import Pair
from interlingua.data.sentence_pairs import Graded, shuffled_pairs, shuffled_triplets, triplets
from interlingua.training.sentence_batches import Row


def ranking_rows(pairs: Sequence[Graded], shuffle: int | None = None) -> list[Row]:
    """Anchor, right sentence and, where one is known, a wrong one: the `triplets` of the pairs.

    With a seed to `shuffle` by, anchors are those of other rows; raises what `shuffled_triplets` raises.
    """
    found = triplets(pairs)
    if shuffle is not None:
        found = shuffled_triplets(found, shuffle)
    return [(row.anchor, row.positive, row.negative, 1.0) for row in found]


def translation_rows(pairs: Sequence[Pair]) -> list[Row]:
    """Target (the pivot's sentence, where pairs lead into it) and source as the right sentence."""
    return [(pair.target, pair.source, "", 1.0) for pair in pairs]


def likeness_rows(pairs: Sequence[Graded], shuffle: int | None = None) -> list[Row]:
    """First and second sentence and their grade.

    With a seed to `shuffle` by, first sentences are those of other rows; raises what `shuffled_pairs` raises.
    """
    found = pairs if shuffle is None else shuffled_pairs(pairs, shuffle)
    return [(row.first, row.second, "", row.grade) for row in found]
