"""Accuracy per language, by hand."""

from dataclasses import replace

import pytest

from interlingua.core.errors import BadInput
from interlingua.core.rows import Row
from interlingua.measures.accuracy import accuracy
from interlingua.measures.measure import example_row


def rows(task: str, lang: str, guesses: list[int], options: tuple[str, ...] = ("a", "b")) -> list[Row]:
    """One row per guess; guess 0 is right."""
    return [example_row(task, f"{task}{at}", lang, guess, options) for at, guess in enumerate(guesses)]


def test_each_task_weighs_the_same() -> None:
    """Topic 1 of 4 with 4 options, sentiment 90 of 100 with 2: (.25 + .9) / 2; chance (.25 + .5) / 2."""
    table = accuracy(
        rows("topic", "swh_Latn", [0, 1, 2, 3], tuple("abcd"))
        + rows("sentiment", "swh_Latn", [0] * 90 + [1] * 10)
    )
    found = table["swh_Latn"]
    assert found.mean == pytest.approx(0.575)
    assert found.chance == pytest.approx(0.375)
    assert dict(found.tasks) == {"sentiment": 0.9, "topic": 0.25}
    assert found.n == 104
    assert found.p is None


def test_languages_are_told_apart() -> None:
    table = accuracy(rows("topic", "swh_Latn", [0, 0, 1, 1]) + rows("topic", "tha_Thai", [0, 0, 0, 1]))
    assert {lang: found.mean for lang, found in table.items()} == {"swh_Latn": 0.5, "tha_Thai": 0.75}


def test_interval_is_as_wide_as_theory_says() -> None:
    """Half of 400 independent items right: standard error .025, so about .5 plus or minus .049."""
    found = accuracy(rows("topic", "swh_Latn", [0, 1] * 200))["swh_Latn"]
    assert (found.low, found.high) == pytest.approx((0.451, 0.549), abs=0.006)


def test_items_of_one_cluster_are_not_independent() -> None:
    """The same 400 answers in 40 clusters that are right or wrong together: sqrt(10) times as wide."""
    clustered = [
        replace(row, cluster=str(at // 10))
        for at, row in enumerate(rows("topic", "swh_Latn", ([0] * 10 + [1] * 10) * 20))
    ]
    found = accuracy(clustered)["swh_Latn"]
    assert (found.low, found.high) == pytest.approx((0.345, 0.655), abs=0.02)


def test_the_same_cluster_name_in_two_splits_is_two_clusters() -> None:
    once = rows("topic", "swh_Latn", [0])
    assert accuracy([*once, replace(once[0], split="dev", prediction=1)])["swh_Latn"].mean == 0.5


def test_one_cluster_is_refused() -> None:
    with pytest.raises(BadInput, match="'topic' has a single cluster in swh_Latn"):
        accuracy(rows("topic", "swh_Latn", [0]))


def test_plain_values() -> None:
    values = accuracy(rows("topic", "swh_Latn", [0, 0, 1, 1]))["swh_Latn"].as_dict()
    assert values["tasks"] == {"topic": 0.5}
    assert set(values) == {"mean", "low", "high", "n", "level", "chance", "tasks"}
