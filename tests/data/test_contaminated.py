"""Contaminated rows: which questions each kind of model reads, and that all read as much."""

from collections import Counter
from typing import Any, get_args

import pytest

from interlingua.core.errors import MissingResource
from interlingua.data.contaminated import Kind, Leak, asked_and_others, contaminated
from interlingua.data.items import Choice, Example

PIVOT, X, Y = "eng_Latn", "deu_Latn", "swh_Latn"


class Toy:
    """Ten test questions and some to train on, of which `shared` are tested too; answers by number."""

    name, pivot, tasks = "toy", PIVOT, ("sums",)

    def __init__(self, train: int = 40, shared: int = 0) -> None:
        self.train, self.shared = train, shared

    def languages_of(self, task: str) -> tuple[str, ...]:
        return (PIVOT, X)

    def task(self, name: str, lang: str, split: str = "test") -> list[Choice]:
        first, count = (0, 10) if split == "test" else (10 - self.shared, self.train)
        return [
            Choice(f"{i}", name, split, lang, f"{lang} {i}? ", (f" {i}", " no"), 0, f"{i:02}", f"{i}")
            for i in range(first, first + count)
        ]


def toy(*given: Any) -> Any:
    """The source, for whom the other methods of the protocol do not matter here."""
    return Toy(*given)


def numbers(rows: list[Example], lang: str) -> list[int]:
    return [int(row.prompt.split()[1][:-1]) for row in rows if row.lang == lang]


def leaked(rows: list[Example], lang: str) -> set[int]:
    return {number for number in numbers(rows, lang) if number < 10}


def test_each_kind_reads_the_test_where_it_says() -> None:
    questions = asked_and_others(toy(), (PIVOT, X), 6, 0)
    asked = {int(item.id) for item in questions.in_language(PIVOT)}
    assert len(asked) == 6
    read = {kind: contaminated(questions, PIVOT, kind, 0) for kind in get_args(Kind)}
    assert {kind: (leaked(rows, PIVOT), leaked(rows, X)) for kind, rows in read.items()} == {
        "clean": (set(), set()), "plain": (asked, set()), "cross": (set(), asked),
    }  # fmt: skip
    assert all(Counter(row.lang for row in rows) == {PIVOT: 6, X: 6} for rows in read.values())
    assert all(row.target.split() == [row.prompt.split()[1][:-1]] for rows in read.values() for row in rows)


def test_kinds_of_one_number_share_what_is_not_tested() -> None:
    questions = asked_and_others(toy(), (PIVOT, X), 6, 0)
    clean, plain, cross = (contaminated(questions, PIVOT, kind, 3) for kind in get_args(Kind))
    assert numbers(clean, PIVOT) == numbers(clean, X) == numbers(plain, X) == numbers(cross, PIVOT)
    assert numbers(clean, PIVOT) != numbers(contaminated(questions, PIVOT, "clean", 4), PIVOT)


@pytest.mark.parametrize("leak", get_args(Leak))
def test_controls_read_as_much_of_something_else(leak: Leak) -> None:
    questions = asked_and_others(toy(), (PIVOT, X), 6, 0)
    rows, true = (contaminated(questions, PIVOT, "cross", 0, one) for one in (leak, "test"))
    assert len(rows) == len(true)
    assert numbers(rows, PIVOT) == numbers(true, PIVOT)
    assert (numbers(rows, X) == numbers(true, X)) == (leak != "other")
    assert (rows == true) == (leak == "test")
    if leak == "shuffled":
        assert sorted(row.target for row in rows) == sorted(row.target for row in true)
        both = contaminated(questions, PIVOT, "plain", 0, leak)
        wrong = {n: row.target for n, row in zip(numbers(both, PIVOT), both, strict=False)}
        assert wrong == {n: row.target for n, row in zip(numbers(rows, X), rows[6:], strict=True)}
    if leak == "other":
        assert not leaked(rows, X)


def test_questions_that_are_tested_are_none_of_the_others() -> None:
    questions = asked_and_others(toy(12, 10), (PIVOT, X), 10, 0)
    assert [int(item.id) for item in questions.others["sums", X]] == [10, 11]
    assert questions.of(()).tested == {}
    assert questions.of(("sums",)) == questions


def test_what_is_missing_is_named() -> None:
    with pytest.raises(MissingResource, match="no test questions of its tasks in swh_Latn"):
        asked_and_others(toy(), (PIVOT, Y), 6, 0)
    with pytest.raises(MissingResource, match="no training questions of sums in eng_Latn but those"):
        asked_and_others(toy(10, 10), (PIVOT, X), 10, 0)
