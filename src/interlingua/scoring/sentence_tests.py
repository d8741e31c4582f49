"""Sentence tests, encoded: the vectors that an encoder gives to what it is measured on."""

from functools import cache
from typing import NamedTuple, TypeAlias

from interlingua.data.sentence_tests import GradedTexts, SentenceTests
from interlingua.models.lm import LM
from interlingua.scoring.sentence_vectors import Vectors, unit_vectors

GradedVectors: TypeAlias = tuple[Vectors, Vectors, tuple[float, ...]]
"""First and second sentences (item, d_model), and how alike each pair is."""


class EncodedTests(NamedTuple):
    """Vectors of length one (item, d_model) in place of the sentences of `SentenceTests`, else the same."""

    pivot: str
    parallel: list[dict[str, Vectors]]
    within: dict[str, GradedVectors]
    across: dict[str, GradedVectors]


def encoded_tests(lm: LM, tests: SentenceTests, max_tokens: int = 128) -> EncodedTests:
    """What `lm` makes of the sentences, cut after `max_tokens` tokens; no list of sentences is read twice.

    Raises what `encoded` raises.
    """

    @cache
    def read(texts: tuple[str, ...]) -> Vectors:
        return unit_vectors(lm, texts, max_tokens=max_tokens)

    def graded(pairs: GradedTexts) -> GradedVectors:
        return read(pairs.first), read(pairs.second), pairs.grades

    return EncodedTests(
        tests.pivot,
        [{lang: read(texts) for lang, texts in same.items()} for same in tests.parallel],
        {lang: graded(pairs) for lang, pairs in tests.within.items()},
        {lang: graded(pairs) for lang, pairs in tests.across.items()},
    )
