"""Bootstrap over clusters, jointly over languages: the one source of intervals within a model."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from interlingua.core.errors import BadInput
from interlingua.measures.interval import Interval

Array = NDArray[np.float64]
_DIGITS = 12
_COUNTS_AT_ONCE = 200_000  # resamples x clusters drawn at a time: fits the processor's cache


class Fact(NamedTuple):
    """One number about one item; for a paired comparison the number is the difference."""

    task: str
    cluster: tuple[str, ...]
    lang: str
    value: float


@dataclass(frozen=True)
class Draws:
    """What a bootstrap drew: `estimate` and number of `items` `(lang,)`, `samples` `(resample, lang)`."""

    langs: tuple[str, ...]
    estimate: Array
    samples: Array
    items: tuple[int, ...]

    def language(self, lang: str, *, level: float = 0.95) -> Interval:
        """One language's interval.

        Raises `BadInput` for a language that has no items.
        """
        (at,) = self._columns([lang])
        return _interval(float(self.estimate[at]), self.samples[:, at], self.items[at], level)

    def mean(self, langs: Sequence[str], *, level: float = 0.95) -> Interval:
        """The mean over these very languages: only items were drawn anew.

        Raises `BadInput` for no language or one that has no items.
        """
        at = self._columns(langs)
        return _interval(float(self.estimate[at].mean()), self.samples[:, at].mean(1), len(at), level)

    def ratio(self, lang: str, other: str, *, level: float = 0.95) -> Interval:
        """One language's mean divided by another's, on items drawn for both at once; without p-value.

        Raises `BadInput` for a language without items, or where the divisor is not above zero.
        """
        above, below = self._columns([lang, other])
        if not self.estimate[below] > 0 or not (self.samples[:, below] > 0).all():
            raise BadInput(f"The mean in {other} is not above zero everywhere; nothing can be divided by it.")
        samples = self.samples[:, above] / self.samples[:, below]
        estimate = float(self.estimate[above] / self.estimate[below])
        return replace(_interval(estimate, samples, self.items[above], level), p=None)

    def mean_resampling_languages(
        self, langs: Sequence[str], *, level: float = 0.95, seed: int = 0
    ) -> Interval:
        """The mean over languages like these: in each resample the languages are drawn anew as well.

        Languages are first put in the order of their values, so that their names change nothing. With few
        languages this interval is too narrow, as any bootstrap of a handful is.
        Raises `BadInput` for fewer than two languages or one that has no items.
        """
        at = self._columns(langs)
        if len(at) < 2:
            raise BadInput(
                f"Resampling languages needs at least 2, got only {langs[0]}; measure more languages."
            )
        samples = self.samples[:, at]
        samples = samples[:, np.lexsort(np.vstack([samples, self.estimate[at]]))]
        drawn = np.random.default_rng(seed).integers(len(at), size=samples.shape)
        means = np.take_along_axis(samples, drawn, axis=1).mean(1)
        return _interval(float(self.estimate[at].mean()), means, len(at), level)

    def _columns(self, langs: Sequence[str]) -> list[int]:
        if not langs:
            raise BadInput("No language to average over; give at least one.")
        for lang in langs:
            if lang not in self.langs:
                raise BadInput(f"No items in language {lang!r}; there are some in {', '.join(self.langs)}.")
        return [self.langs.index(lang) for lang in langs]


def cluster_bootstrap(facts: Sequence[Fact], *, resamples: int = 2000, seed: int = 0) -> Draws:
    """Mean per language, every task weighing the same, and how it moves when clusters are drawn anew.

    Within each task, clusters are drawn with replacement; a drawn cluster brings its items in all languages,
    which keeps languages correlated. Languages that share no cluster are drawn apart. Order of the facts and
    names of the languages change nothing. Where all items agree the interval has no width.
    Raises `BadInput` for no facts, a value that is not finite, or a language with so few clusters in a task
    that an interval means nothing.
    Source: Efron 1979, with clusters for items; paired differences as in Berg-Kirkpatrick et al. 2012.
    """
    if not facts:
        raise BadInput("No items to draw from; score some first.")
    if not np.isfinite([fact.value for fact in facts]).all():
        wrong = next(fact for fact in facts if not np.isfinite(fact.value))
        raise BadInput(
            f"Task {wrong.task!r} has the value {wrong.value} in {wrong.lang}; look where it comes from."
        )
    count = Counter(fact.lang for fact in facts)
    langs = tuple(sorted(count))
    estimate, samples, tasks = np.zeros(len(langs)), np.zeros((resamples, len(langs))), np.zeros(len(langs))
    rng = np.random.default_rng(seed)
    for task in sorted({fact.task for fact in facts}):
        sums, sizes = _by_cluster([fact for fact in facts if fact.task == task], langs)
        there = sizes.any(0)
        for lang, clusters in zip(langs, np.count_nonzero(sizes, axis=0), strict=True):
            if clusters == 1:
                raise BadInput(f"Task {task!r} has a single cluster in {lang}; an interval needs at least 2.")
        estimate[there] += sums.sum(0)[there] / sizes.sum(0)[there]
        for rows, columns in _connected(sizes):
            part = np.ix_(rows, columns)
            samples[:, columns] += _resampled_means(sums[part], sizes[part], resamples, rng, task)
        tasks += there
    items = tuple(count[lang] for lang in langs)
    return Draws(langs, _exact(estimate / tasks), _exact(samples / tasks), items)


def task_means(facts: Sequence[Fact]) -> dict[str, dict[str, float]]:
    """Mean of the values by language and task, both in the order of their names."""
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    for fact in facts:
        values[fact.lang, fact.task].append(fact.value)
    means: dict[str, dict[str, float]] = defaultdict(dict)
    for lang, task in sorted(values):
        means[lang][task] = float(np.mean(sorted(values[lang, task])))
    return dict(means)


def _by_cluster(facts: Sequence[Fact], langs: tuple[str, ...]) -> tuple[Array, Array]:
    """Sums and numbers of values, both `(cluster, lang)`."""
    clusters = {name: at for at, name in enumerate(sorted({fact.cluster for fact in facts}))}
    columns = {lang: at for at, lang in enumerate(langs)}
    where = ([clusters[fact.cluster] for fact in facts], [columns[fact.lang] for fact in facts])
    sums, sizes = np.zeros((len(clusters), len(langs))), np.zeros((len(clusters), len(langs)))
    np.add.at(sums, where, [fact.value for fact in facts])
    np.add.at(sizes, where, 1)
    return sums, sizes


def _connected(sizes: Array) -> list[tuple[list[int], list[int]]]:
    """Clusters and languages that hang together, `sizes` being `(cluster, lang)`.

    Parallel languages share clusters and are drawn together; a language with questions of its own is drawn
    by itself, so that no resample misses it. In the order of the clusters, whatever the languages are called.
    """
    parts: list[tuple[list[int], list[int]]] = []
    free: dict[int, set[int]] = {row: set(np.flatnonzero(held).tolist()) for row, held in enumerate(sizes)}
    while free:
        rows, columns = [next(iter(free))], set[int]()
        columns |= free.pop(rows[0])
        while more := [row for row, held in free.items() if held & columns]:
            rows += more
            columns |= set().union(*(free.pop(row) for row in more))
        parts.append((sorted(rows), sorted(columns)))
    return parts


def _resampled_means(sums: Array, sizes: Array, resamples: int, rng: np.random.Generator, task: str) -> Array:
    """Means `(resample, lang)` of clusters drawn with replacement."""
    clusters = len(sums)
    means = []
    step = max(1, _COUNTS_AT_ONCE // clusters)
    for start in range(0, resamples, step):
        rows = min(step, resamples - start)
        drawn = rng.integers(clusters, size=(rows, clusters)) + clusters * np.arange(rows)[:, None]
        times = (
            np.bincount(drawn.ravel(), minlength=rows * clusters).reshape(rows, clusters).astype(np.float64)
        )
        numbers = times @ sizes
        if not numbers.all():
            raise BadInput(
                f"Task {task!r} has so few clusters in a language that resamples miss it; add items."
            )
        means.append(times @ sums / numbers)
    return np.concatenate(means)


def _interval(mean: float, samples: Array, n: int, level: float) -> Interval:
    """Percentile interval and the two-sided share of samples on the other side of zero (never quite 0)."""
    samples = _exact(samples)
    low, high = np.quantile(samples, [(1 - level) / 2, (1 + level) / 2])
    beyond = min(np.count_nonzero(samples <= 0), np.count_nonzero(samples >= 0))
    p = min(1.0, 2 * (1 + float(beyond)) / (1 + len(samples)))
    return Interval(round(mean, _DIGITS), float(low), float(high), n, level, p)


def _exact(values: Array) -> Array:
    """Values without the traces of the order of summation, so that what adds up to zero is zero."""
    return values.round(_DIGITS)
