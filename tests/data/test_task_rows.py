"""Task rows: the same questions in the pivot and the languages, and answers exchanged where wanted."""

from collections import Counter
from typing import Any

import pytest

from interlingua.core.errors import MissingResource
from interlingua.data.items import Choice
from interlingua.data.task_rows import task_rows

PIVOT, X, Y = "eng_Latn", "deu_Latn", "swh_Latn"


class Toy:
    """Two tasks of twenty questions, answered yes and no in turn."""

    name, pivot, tasks = "toy", PIVOT, ("even", "big")

    def __init__(self, count: int = 20, tasks: tuple[str, ...] = ("even", "big")) -> None:
        self.count, self.tasks = count, tasks

    def task(self, name: str, lang: str, split: str = "test") -> list[Choice]:
        assert split == "train"
        return [
            Choice(f"{i}", name, split, lang, f"{lang} {name} {i}? ", ("no", "yes"), i % 2, f"{i}", f"{i}")
            for i in range(self.count)
        ]


def toy(*given: Any) -> Any:
    """The source, for whom the other methods of the protocol do not matter here."""
    return Toy(*given)


def test_the_same_questions_in_every_language() -> None:
    rows = task_rows(toy(), [X, Y], limit=5)
    assert Counter((row.lang, row.task) for row in rows) == {
        (lang, task): 5 for lang in (PIVOT, X, Y) for task in ("even", "big")
    }
    asked = {
        lang: [row.prompt.removeprefix(lang) for row in rows if row.lang == lang] for lang in (PIVOT, X, Y)
    }
    assert asked[PIVOT] == asked[X] == asked[Y]
    assert all(row.target == ("no", "yes")[int(row.prompt.split()[2][:-1]) % 2] for row in rows)
    assert task_rows(toy(), [X, PIVOT]) == task_rows(toy(), [X])


def test_exchanged_answers_are_the_same_ones_elsewhere_and_the_pivots_stay() -> None:
    rows, other = task_rows(toy(), [X, Y]), task_rows(toy(), [X, Y], exchanged=True)
    assert [row.prompt for row in rows] == [row.prompt for row in other]
    assert [row for row in rows if row.lang == PIVOT] == [row for row in other if row.lang == PIVOT]
    for lang in (X, Y):
        for task in ("even", "big"):
            one, two = (
                [r.target for r in side if (r.lang, r.task) == (lang, task)] for side in (rows, other)
            )
            assert sorted(one) == sorted(two)
            assert one != two
    assert other == task_rows(toy(), [X, Y], exchanged=True)


def test_a_source_without_labelled_questions_is_told() -> None:
    for empty in (toy(20, ()), toy(0)):
        with pytest.raises(
            MissingResource, match="no labelled training questions of its tasks in eng_Latn, deu"
        ):
            task_rows(empty, [X])
