"""Beginnings: the usual rows of a new tokenizer's tokens, which a method has to beat.

Special tokens have the row of the old one of their role in all of them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from interlingua.models.surgery.rows import copied_rows, mean_rows
from interlingua.models.surgery.translated import special_rows
from interlingua.models.surgery.vocabulary import Weights, or_average, over


def overlap_rows(old: Any, new: Any) -> Weights:
    """Tokens that both tokenizers write alike keep their row; others are unknown, so left to chance."""
    return over(special_rows(old, new), copied_rows(old, new))


def mean_or_average_rows(old: Any, new: Any) -> Weights:
    """The mean of the old tokens that write a new one, or of all of them where none does."""
    return or_average(over(special_rows(old, new), mean_rows(old, new)))


BEGINNINGS: Mapping[str, Callable[[Any, Any], Weights]] = {
    "random": special_rows, "overlap": overlap_rows, "mean": mean_or_average_rows,
}  # fmt: skip
"""Weights of the new rows by name, from (old tokenizer, new tokenizer)."""
