"""Paired gain per language between two models on the same items; seen and unseen languages apart."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from interlingua.core.errors import BadInput
from interlingua.core.rows import Row
from interlingua.measures.bootstrap import Draws, Fact, cluster_bootstrap, task_means
from interlingua.measures.interval import Interval
from interlingua.measures.keys import Key, by_key, named
from interlingua.measures.measure import KnownTruth, Measure, example_row
from interlingua.measures.paired_tests import holm, paired_test


@dataclass(frozen=True, kw_only=True)
class LanguageGain(Interval):
    """Gain in one language: `p` of its paired test, `p_holm` the same after Holm over all languages."""

    before: float
    after: float
    p_holm: float


@dataclass(frozen=True, kw_only=True)
class MeanGain(Interval):
    """Mean gain over languages: these languages, this model. `p` comes from the bootstrap.

    `resampled` draws the languages anew as well: languages like these. `None` for a single language.
    """

    resampled: Interval | None


@dataclass(frozen=True)
class Gain:
    """Gains as fractions; `seen` or `unseen` is `None` where there is no such language."""

    languages: Mapping[str, LanguageGain]
    seen: MeanGain | None
    unseen: MeanGain | None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        means = {"seen": self.seen, "unseen": self.unseen}
        return {
            "languages": {lang: found.as_dict() for lang, found in self.languages.items()},
            **{name: found.as_dict() for name, found in means.items() if found is not None},
        }


def gain(
    before: Iterable[Row],
    after: Iterable[Row],
    *,
    seen: Collection[str] = (),
    pivot: str = "",
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> Gain:
    """How much more often `after` is right than `before`, item by item, every task weighing the same.

    `seen` are the languages tuned on; all others but the `pivot` are unseen. Either side may be of any mode:
    tuned against control, or restated against direct, is the same call. Intervals bootstrap the differences
    (`cluster_bootstrap`), p-values per language come from `paired_test`.
    Raises `BadInput` for no rows, rows without a partner (by task, split, group and language), partners of
    another gold or cluster, or a single cluster in a task.
    Source: design, "what counts as proof"; paired bootstrap as in Berg-Kirkpatrick et al. 2012.
    """
    matched = _matched(by_key(before), by_key(after))
    facts = [_fact(new)._replace(value=float(new.correct) - float(old.correct)) for old, new in matched]
    draws = cluster_bootstrap(facts, resamples=resamples, seed=seed)
    others = [lang for lang in draws.langs if lang != pivot]
    return Gain(
        _languages(matched, draws, level),
        seen=_mean(draws, [lang for lang in others if lang in seen], level, seed),
        unseen=_mean(draws, [lang for lang in others if lang not in seen], level, seed),
    )


def _matched(before: Mapping[Key, Row], after: Mapping[Key, Row]) -> list[tuple[Row, Row]]:
    """Pairs of rows that answer the same question."""
    for rows, others, side in ((before, after, "before"), (after, before, "after")):
        if alone := sorted(rows.keys() - others.keys()):
            raise BadInput(
                f"{len(alone)} of {len(rows)} rows {side} have no partner, first {named(alone[0])}; "
                "score both models on the same items."
            )
    for key, old in before.items():
        new = after[key]
        for what, one, other in (("gold", old.gold, new.gold), ("cluster", old.cluster, new.cluster)):
            if one != other:
                raise BadInput(
                    f"The rows for {named(key)} differ in {what}: {one!r} before, {other!r} after; "
                    "score both models on the same items."
                )
    return [(old, after[key]) for key, old in before.items()]


def _fact(row: Row) -> Fact:
    return Fact(row.task, (row.split, row.cluster), row.lang, float(row.correct))


def _languages(matched: list[tuple[Row, Row]], draws: Draws, level: float) -> dict[str, LanguageGain]:
    """Each language's gain with its test, Holm over all of them."""
    tests = []
    for lang in draws.langs:
        own = [(old, new) for old, new in matched if new.lang == lang]
        changes = [new.correct - old.correct for old, new in own]
        tests.append(paired_test(changes, [(new.task, new.split, new.cluster) for _, new in own]))
    means = [task_means([_fact(row) for row in side]) for side in zip(*matched, strict=True)]
    gains = {}
    for lang, p, p_holm in zip(draws.langs, tests, holm(tests), strict=True):
        found = draws.language(lang, level=level)
        before, after = (float(np.mean(list(side[lang].values()))) for side in means)
        gains[lang] = LanguageGain(
            found.mean, found.low, found.high, found.n, level, p, before=before, after=after, p_holm=p_holm
        )
    return gains


def _mean(draws: Draws, langs: list[str], level: float, seed: int) -> MeanGain | None:
    """The mean over `langs`, or `None` where there are none."""
    if not langs:
        return None
    found = draws.mean(langs, level=level)
    several = len(langs) > 1
    resampled = draws.mean_resampling_languages(langs, level=level, seed=seed) if several else None
    return MeanGain(found.mean, found.low, found.high, found.n, level, found.p, resampled=resampled)


def _known_truth() -> KnownTruth:
    """Four questions: in Swahili 1 right before and 3 after (+1/2), in Thai 2 and 2 (0); Swahili is seen."""

    def rows(lang: str, guesses: list[int]) -> list[Row]:
        return [example_row("topic", str(at), lang, guess) for at, guess in enumerate(guesses)]

    before = rows("swh_Latn", [0, 1, 1, 1]) + rows("tha_Thai", [0, 0, 1, 1])
    after = rows("swh_Latn", [0, 0, 0, 1]) + rows("tha_Thai", [1, 0, 0, 1])
    truth = {
        "languages.swh_Latn.mean": 0.5,
        "languages.swh_Latn.before": 0.25,
        "languages.swh_Latn.after": 0.75,
        "languages.swh_Latn.p": 0.5,  # two changes, both better: 2 x 1/4
        "languages.swh_Latn.p_holm": 1.0,
        "languages.tha_Thai.mean": 0.0,
        "seen.mean": 0.5,
        "unseen.mean": 0.0,
    }
    return KnownTruth({"before": before, "after": after, "seen": ("swh_Latn",)}, truth)


MEASURE = Measure(gain, "paired rows", "higher", "fraction", "design: what counts as proof", _known_truth)
