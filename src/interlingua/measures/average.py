"""Average over languages with the interval that parallel test sets need."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interlingua.core.rows import Row
from interlingua.measures.bootstrap import Fact, cluster_bootstrap
from interlingua.measures.interval import Interval
from interlingua.measures.keys import by_key
from interlingua.measures.measure import KnownTruth, Measure, example_row


@dataclass(frozen=True, kw_only=True)
class Average(Interval):
    """Mean accuracy over languages; `resampled` draws the languages anew as well, None for a single one."""

    resampled: Interval | None


def average(
    rows: Iterable[Row],
    langs: Sequence[str] = (),
    *,
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> Average:
    """Mean over `langs` (none: all) of each language's accuracy, every task weighing the same.

    Clusters are drawn with all their languages at once, since the same question in twenty languages is not
    twenty independent questions: treating it so makes the interval too narrow. `n` counts languages.
    Raises `BadInput` for no rows, a language without any, or a single cluster in a task.
    Source: design, "what counts as proof".
    """
    facts = [
        Fact(row.task, (row.split, row.cluster), row.lang, float(row.correct))
        for row in by_key(rows).values()
    ]
    draws = cluster_bootstrap(facts, resamples=resamples, seed=seed)
    chosen = list(langs) or list(draws.langs)
    found = draws.mean(chosen, level=level)
    many = draws.mean_resampling_languages(chosen, level=level, seed=seed) if len(chosen) > 1 else None
    return Average(found.mean, found.low, found.high, found.n, level, resampled=many)


def _known_truth() -> KnownTruth:
    """1 of 2 right in one language, 2 of 2 in the other: 3/4 over two languages."""
    rows = [
        example_row("topic", str(at), lang, guess)
        for lang, guesses in (("swh_Latn", [0, 1]), ("tha_Thai", [0, 0]))
        for at, guess in enumerate(guesses)
    ]
    return KnownTruth({"rows": rows}, {"mean": 0.75, "n": 2.0})


MEASURE = Measure(average, "rows", "higher", "fraction", "design: what counts as proof", _known_truth)
