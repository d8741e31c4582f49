"""Paired tests of two models on the same items, and Holm's correction for a table of them."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, gammaln

from interlingua.core.errors import BadInput


def mcnemar(better: int, worse: int) -> float:
    """Exact two-sided p-value that `better` and `worse` are equally likely; unchanged items do not count.

    `better` items are right only after, `worse` only before. Nothing changed gives 1.
    Raises `BadInput` for a negative count.
    Source: McNemar 1947, in its exact binomial form.
    """
    if min(better, worse) < 0:
        raise BadInput(f"Counts of changed items cannot be negative: {better} better, {worse} worse.")
    return min(1.0, 2 * float(bdtr(min(better, worse), better + worse, 0.5)))


def sign_flip(sums: Sequence[int]) -> float:
    """Exact two-sided p-value that each cluster's change is as likely to have the other sign.

    `sums` `(cluster,)` holds better minus worse items of each cluster. The p-value is the share of all sign
    choices whose total is at least as far from zero as the one observed; no sampling, since clusters of equal
    size of change share one binomial law. With changes of one item it is `mcnemar`.
    Raises `BadInput` for no clusters.
    Source: Fisher's randomisation test (1935), by cluster.
    """
    if not len(sums):
        raise BadInput("No clusters to test; give the change of at least one.")
    law = np.ones(1)  # probabilities of totals -reach, -reach + 1, ..., reach
    for size, clusters in sorted(Counter(abs(int(change)) for change in sums if change).items()):
        step = np.zeros(2 * size * clusters + 1)
        step[:: 2 * size] = _half_binomial(clusters)
        law = np.convolve(law, step)
    reach, total = len(law) // 2, abs(sum(map(int, sums)))
    return min(1.0, float(law[reach + total :].sum() + law[: reach - total + 1].sum()))


def paired_test(changes: Sequence[int], clusters: Sequence[Hashable]) -> float:
    """Two-sided p-value of paired changes: McNemar where clusters are single items, else sign flips.

    `changes` `(item,)` is 1 where only the second model is right, -1 where only the first is, else 0; items
    of all tasks count alike. `clusters` `(item,)` names what belongs together.
    Raises `BadInput` for no items, unequal lengths or another value.
    """
    if not len(changes) or len(changes) != len(clusters):
        raise BadInput(
            f"A paired test needs a cluster per item: {len(changes)} items, {len(clusters)} clusters."
        )
    if wrong := set(changes) - {-1, 0, 1}:
        raise BadInput(f"A paired change is -1, 0 or 1, got {wrong.pop()}.")
    sums: dict[Hashable, int] = defaultdict(int)
    for change, cluster in zip(changes, clusters, strict=True):
        sums[cluster] += int(change)
    if len(sums) == len(changes):
        return mcnemar(better=list(changes).count(1), worse=list(changes).count(-1))
    return sign_flip(list(sums.values()))


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values corrected for their number, in the order given; those below alpha hold together at alpha.

    Raises `BadInput` for no p-values or one outside 0..1 (NaN included).
    Source: Holm 1979.
    """
    p = np.asarray(p_values, dtype=np.float64)
    if p.ndim != 1 or not len(p):
        raise BadInput("No p-values to correct; give at least one.")
    if not ((p >= 0) & (p <= 1)).all():
        raise BadInput(f"A p-value lies in 0..1, got {p[~((p >= 0) & (p <= 1))][0]}.")
    order = np.argsort(p, kind="stable")
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)))
    return [float(value) for value in corrected]


def _half_binomial(n: int) -> NDArray[np.float64]:
    """Probabilities of 0..n heads of a fair coin."""
    k = np.arange(n + 1)
    logs = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) - n * np.log(2)
    law: NDArray[np.float64] = np.exp(logs)
    return law
