"""Answer F1: how much of an answer in free text is in an accepted one, and the other way round."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from interlingua.core.errors import BadInput
from interlingua.core.rows import Row
from interlingua.measures.bootstrap import Fact, cluster_bootstrap, task_means
from interlingua.measures.interval import Interval
from interlingua.measures.keys import by_key
from interlingua.measures.measure import KnownTruth, Measure, example_row


@dataclass(frozen=True, kw_only=True)
class AnswerF1(Interval):
    """Mean F1 of the answers in one language; `exact` is the share that is right word for word."""

    exact: float


def answer_f1(
    rows: Iterable[Row], *, resamples: int = 2000, level: float = 0.95, seed: int = 0
) -> dict[str, AnswerF1]:
    """Mean F1 of each language's answers, every task weighing the same; `exact` likewise.

    Reads `extra["f1"]`; rows without it (options, numbers) are left out.
    Raises `BadInput` if no row is left, or as `accuracy` does.
    Source: SQuAD 1.1, arXiv:1606.05250; in many languages as in MLQA, arXiv:1910.07475.
    """
    answered = [row for row in by_key(rows).values() if "f1" in row.extra]
    if not answered:
        raise BadInput("No row holds the F1 of an answer; score questions that are answered by text.")
    facts = [Fact(row.task, (row.split, row.cluster), row.lang, float(row.extra["f1"])) for row in answered]
    draws = cluster_bootstrap(facts, resamples=resamples, seed=seed)
    right = task_means(
        [fact._replace(value=float(row.correct)) for fact, row in zip(facts, answered, strict=True)]
    )
    table = {}
    for lang in draws.langs:
        found, exact = draws.language(lang, level=level), float(np.mean(list(right[lang].values())))
        table[lang] = AnswerF1(found.mean, found.low, found.high, found.n, level, exact=exact)
    return table


def _known_truth() -> KnownTruth:
    """One answer is right (1), of the other half is (1/2): F1 3/4, exact 1/2."""
    rows = [
        example_row("reading", "1", "swh_Latn", 0, (), f1=1.0),
        example_row("reading", "2", "swh_Latn", 1, (), f1=0.5),
    ]
    return KnownTruth({"rows": rows}, {"swh_Latn.mean": 0.75, "swh_Latn.exact": 0.5, "swh_Latn.n": 2})


MEASURE = Measure(answer_f1, "rows", "higher", "fraction", "arXiv:1606.05250", _known_truth)
