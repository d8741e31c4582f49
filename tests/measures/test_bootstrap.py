"""Bootstrap over clusters: what it estimates, that its intervals cover, and that languages move together."""

import math
import time

import numpy as np
import pytest

from interlingua.core.errors import BadInput
from interlingua.measures.bootstrap import Fact, cluster_bootstrap, task_means


def facts(values: dict[str, list[float]], task: str = "topic") -> list[Fact]:
    """One item per value; equal places are one cluster in all languages."""
    return [
        Fact(task, (str(at),), lang, value) for lang, row in values.items() for at, value in enumerate(row)
    ]


def test_all_resamples_of_two_clusters() -> None:
    """Clusters of 0 and 1: the mean of two draws is 0, 1/2, 1 in the shares 1:2:1."""
    samples = cluster_bootstrap(facts({"a": [0, 1]}), resamples=4000).samples[:, 0]
    assert set(samples) == {0.0, 0.5, 1.0}
    assert (samples == 0.5).mean() == pytest.approx(0.5, abs=0.03)


def test_clusters_of_unequal_size_give_the_mean_over_items() -> None:
    """Three items of 1 in one cluster, one of 0 in another: 3/4; resamples are 1, 3/4 or 0."""
    unequal = [Fact("topic", ("big",), "a", 1.0)] * 3 + [Fact("topic", ("small",), "a", 0.0)]
    draws = cluster_bootstrap(unequal)
    assert draws.estimate[0] == 0.75
    assert set(draws.samples[:, 0]) == {0.0, 0.75, 1.0}


def test_languages_are_drawn_jointly() -> None:
    """b is always the opposite of a: their mean does not move at all, though each of them does."""
    row = [0.0, 1.0] * 50
    draws = cluster_bootstrap(facts({"a": row, "b": [1 - value for value in row]}))
    both, one = draws.mean(["a", "b"]), draws.language("a")
    assert (both.low, both.high) == (0.5, 0.5)
    assert one.high - one.low == pytest.approx(2 * 1.96 * 0.05, abs=0.02)


def test_resampling_languages_adds_what_they_differ_by() -> None:
    """Ten languages without noise, half 0 and half 1: their mean has deviation .5 / sqrt(10)."""
    draws = cluster_bootstrap(facts({f"l{at}": [float(at % 2)] * 20 for at in range(10)}))
    these, like_these = draws.mean(draws.langs), draws.mean_resampling_languages(draws.langs)
    assert (these.low, these.high) == (0.5, 0.5)
    half = 1.96 * 0.5 / math.sqrt(10)
    assert (like_these.low, like_these.high) == pytest.approx((0.5 - half, 0.5 + half), abs=0.06)
    assert (these.n, like_these.n) == (10, 10)


def test_intervals_cover_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(0)
    covered = 0
    for seed in range(200):
        of_cluster = rng.normal(0.3, 1, size=40)
        sample = [
            Fact("topic", (str(c),), "a", of_cluster[c] + rng.normal()) for c in range(40) for _ in range(3)
        ]
        found = cluster_bootstrap(sample, resamples=400, seed=seed).language("a")
        covered += found.low < 0.3 < found.high
    assert 0.88 <= covered / 200 <= 0.99


def test_two_sided_p_value_is_small_beyond_zero_and_large_around_it() -> None:
    rng = np.random.default_rng(1)
    up = cluster_bootstrap(facts({"a": list(rng.normal(1, 1, 100))})).language("a")
    null = cluster_bootstrap(facts({"a": [-1.0, 1.0] * 50})).language("a")
    nothing = cluster_bootstrap(facts({"a": [0.0] * 10})).language("a")
    assert up.p == pytest.approx(2 / 2001)  # no resample beyond zero
    assert null.p is not None
    assert null.p > 0.5
    assert nothing.p == 1.0


def test_tasks_a_language_lacks_do_not_count() -> None:
    some = facts({"a": [1, 1], "b": [0, 0]}, "topic") + facts({"a": [0, 0]}, "sentiment")
    draws = cluster_bootstrap(some)
    assert dict(zip(draws.langs, draws.estimate, strict=True)) == {"a": 0.5, "b": 0.0}
    assert task_means(some) == {"a": {"sentiment": 0.0, "topic": 1.0}, "b": {"topic": 0.0}}


def test_seeds_decide_and_only_they() -> None:
    sample = facts({"a": [0, 1, 1, 0, 1, 0, 0, 1]})
    assert (cluster_bootstrap(sample).samples == cluster_bootstrap(sample[::-1]).samples).all()
    assert (cluster_bootstrap(sample).samples != cluster_bootstrap(sample, seed=1).samples).any()


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(BadInput, match="No items"):
        cluster_bootstrap([])
    with pytest.raises(BadInput, match="value nan in a"):
        cluster_bootstrap(facts({"a": [0.0, math.nan]}))
    with pytest.raises(BadInput, match="single cluster in a"):
        cluster_bootstrap(facts({"a": [0.0]}))
    with pytest.raises(BadInput, match="so few clusters"):
        cluster_bootstrap(facts({"a": [0.0] * 100, "b": [0.0] * 2}))
    draws = cluster_bootstrap(facts({"a": [0.0, 1.0]}))
    with pytest.raises(BadInput, match="No items in language 'b'; there are some in a"):
        draws.language("b")
    with pytest.raises(BadInput, match="No language"):
        draws.mean([])
    with pytest.raises(BadInput, match="at least 2"):
        draws.mean_resampling_languages(["a"])


def test_ten_thousand_rows_take_less_than_a_second() -> None:
    rng = np.random.default_rng(0)
    sample = facts({f"l{at:02}": list(rng.random(834)) for at in range(12)})
    start = time.process_time()
    cluster_bootstrap(sample, resamples=2000)
    assert time.process_time() - start < 1


def test_languages_with_questions_of_their_own_are_drawn_apart() -> None:
    def own(lang: str, first: int) -> list[Fact]:
        return [Fact("topic", (str(first + at),), lang, float(at % 2)) for at in range(3)]

    together = cluster_bootstrap([fact for at, lang in enumerate("abcdefgh") for fact in own(lang, 10 * at)])
    alone = cluster_bootstrap(own("a", 0))
    assert (
        together.samples[:, 0] == alone.samples[:, 0]
    ).all()  # the first is drawn as if there were no other
    assert together.language("h").mean == pytest.approx(1 / 3)
