"""Accuracy per language, every task weighing the same, with intervals and chance beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from interlingua.core.rows import Row
from interlingua.measures.bootstrap import Fact, cluster_bootstrap, task_means
from interlingua.measures.interval import Interval
from interlingua.measures.keys import by_key
from interlingua.measures.measure import KnownTruth, Measure, example_row


@dataclass(frozen=True, kw_only=True)
class Accuracy(Interval):
    """Share of correct answers in one language; `chance` and `tasks` are fractions too, `n` counts items."""

    chance: float
    tasks: Mapping[str, float]


def accuracy(
    rows: Iterable[Row], *, resamples: int = 2000, level: float = 0.95, seed: int = 0
) -> dict[str, Accuracy]:
    """Accuracy of each language: the mean over its tasks of the share of correct answers.

    `chance` is the mean over tasks of 1/options, 0 for answers in free text. Intervals come from
    `cluster_bootstrap`.
    Raises `BadInput` for no rows, two rows of one question, or a single cluster in a task.
    Source: exact match of the chosen option, as in the papers; macro mean over tasks by our design.
    """
    answered = list(by_key(rows).values())
    facts = [Fact(row.task, (row.split, row.cluster), row.lang, float(row.correct)) for row in answered]
    draws = cluster_bootstrap(facts, resamples=resamples, seed=seed)
    tasks = task_means(facts)
    guesses = task_means(
        [fact._replace(value=_guessed(row)) for fact, row in zip(facts, answered, strict=True)]
    )
    table = {}
    for lang in draws.langs:
        found, chance = draws.language(lang, level=level), float(np.mean(list(guesses[lang].values())))
        table[lang] = Accuracy(
            found.mean, found.low, found.high, found.n, level, chance=chance, tasks=tasks[lang]
        )
    return table


def _guessed(row: Row) -> float:
    return 1 / len(row.options) if row.options else 0.0


def _known_truth() -> KnownTruth:
    """Two tasks of two and four questions: 1/2 and 3/4 correct, so 5/8; chance (1/2 + 1/4) / 2."""
    two = [example_row("sentiment", f"s{at}", "swh_Latn", guess) for at, guess in enumerate([0, 1])]
    four = [
        example_row("topic", f"t{at}", "swh_Latn", guess, ("a", "b", "c", "d"))
        for at, guess in enumerate([0, 0, 0, 3])
    ]
    truth = {"swh_Latn.mean": 0.625, "swh_Latn.n": 6, "swh_Latn.chance": 0.375, "swh_Latn.tasks.topic": 0.75}
    return KnownTruth({"rows": [*two, *four]}, truth)


MEASURE = Measure(accuracy, "rows", "higher", "fraction", "exact match, tasks weigh the same", _known_truth)
