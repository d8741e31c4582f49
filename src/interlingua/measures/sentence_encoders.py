"""Sentence encoders: whether translations are nearest, and whether cosines rank pairs as people graded them.

Numbers by quantity and language, as recipes hand them over; vectors are of length one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from interlingua.measures.correlation import LEAST, correlation
from interlingua.measures.retrieval import retrieval

Vectors: TypeAlias = NDArray[Any]
Graded: TypeAlias = tuple[Vectors, Vectors, Sequence[float]]
"""First and second sentences (item, d_model) and how alike each pair is (item,)."""
_DIGITS = 6  # of a cosine in single precision; what is beyond is rounding


def encoder_numbers(
    pivot: str,
    parallel: Iterable[Mapping[str, Vectors]],
    within: Mapping[str, Graded],
    across: Mapping[str, Graded],
) -> dict[str, dict[str, float]]:
    """`retrieval`, `retrieval_between`, `similarity` and `similarity_across` by language, those there are.

    `parallel` are as for `retrieval_numbers`; `within` holds graded pairs of one language, `across` pairs of
    a language and the pivot, both by language. Raises what `retrieval` raises.
    """
    found = retrieval_numbers(pivot, parallel)
    for name, graded in (("similarity", within), ("similarity_across", across)):
        values = {lang: graded_similarity(*pairs) for lang, pairs in graded.items()}
        found[name] = {lang: value for lang, value in values.items() if value is not None}
    return {name: values for name, values in found.items() if values}


def retrieval_numbers(pivot: str, parallel: Iterable[Mapping[str, Vectors]]) -> dict[str, dict[str, float]]:
    """`retrieval` with the pivot, and `retrieval_between`, the mean over the other languages, by language.

    Each of `parallel` holds vectors (item, d_model) of the same sentences in the pivot and other languages.
    Raises what `retrieval` raises.
    """
    beside: dict[str, float] = {}
    between: dict[str, list[float]] = defaultdict(list)
    for same in parallel:
        others = [lang for lang in same if lang != pivot]
        for lang in others:
            beside[lang] = retrieval(same[pivot][None], same[lang][None]).mean
        for one, other in combinations(others, 2):
            value = retrieval(same[one][None], same[other][None]).mean
            between[one].append(value)
            between[other].append(value)
    means = {lang: float(np.mean(values)) for lang, values in between.items()}
    return {"retrieval": beside, "retrieval_between": means}


def graded_similarity(first: Vectors, second: Vectors, grades: Sequence[float]) -> float | None:
    """Spearman of the cosines of pairs and their grades; none where it is not defined.

    `first` and `second` (item, d_model) are of length one. It takes four pairs whose cosines, to six digits,
    and grades are not all the same. Source: STS benchmarks, as Sentence-BERT reports them, arXiv:1908.10084.
    """
    cosines = [round(float(value), _DIGITS) for value in np.sum(first * second, 1)]
    if len(cosines) < LEAST or min(np.ptp(cosines), np.ptp(grades)) == 0:
        return None
    return correlation(cosines, grades, kind="spearman", resamples=20, permutations=1).mean
