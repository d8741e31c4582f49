"""Classification: tasks with fixed labels, questions drawn alike in all languages, labels dealt out."""

from collections import Counter
from dataclasses import replace

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.classes import classifications, classified, exchanged_labels, same_labels
from interlingua.data.items import Choice
from interlingua.lab.named import world

TINY = world("lab:tiny")
PIVOT, OTHER = TINY.languages[:2]


def item(number: int, answer: int, options: tuple[str, ...] = ("a", "b"), task: str = "t") -> Choice:
    """A question of a task with two labels."""
    return Choice(str(number), task, "train", "x", f"q{number}", options, answer, str(number), str(number))


class One:
    """A source of one task, whose items are given."""

    name, tasks = "one", ("t",)

    def __init__(self, *items: Choice) -> None:
        self.items = items

    def task(self, name: str, lang: str, split: str = "test") -> list[Choice]:
        """The items."""
        return list(self.items)


def test_the_same_questions_are_drawn_in_every_language():
    one, two = (classified(TINY, ("topic",), lang, "train", 20, 3) for lang in (PIVOT, OTHER))
    assert [item.group for item in one] == [item.group for item in two]
    assert [item.answer for item in one] == [item.answer for item in two]
    assert len(one) == 20
    other = classified(TINY, ("topic",), PIVOT, "train", 20, 4)
    assert [item.group for item in one] != [item.group for item in other]


def test_topics_come_first_and_else_all_tasks_with_fixed_labels():
    assert classifications(TINY, PIVOT) == ("topic",)
    assert classifications(One(item(1, 0), item(2, 1)), "x") == ("t",)
    with pytest.raises(MissingResource, match="same labels"):
        classifications(One(item(1, 0), item(2, 0, ("c", "d"))), "x")


def test_other_options_and_no_questions_are_refused():
    assert not same_labels([])
    with pytest.raises(BadInput, match="different options"):
        classified(One(item(1, 0), item(2, 0, ("b", "a"))), ("t",), "x", "train", 5)
    with pytest.raises(MissingResource, match="no train questions of task t in x"):
        classified(One(), ("t",), "x", "train", 5)


def test_exchanged_labels_are_as_many_of_each_and_say_nothing():
    items = [item(n, n % 2) for n in range(400)] + [item(n, 1, task="u") for n in range(4)]
    dealt = exchanged_labels(items, 5)
    assert Counter((one.task, one.answer) for one in dealt) == Counter(
        (one.task, one.answer) for one in items
    )
    assert [replace(one, answer=0) for one in dealt] == [replace(one, answer=0) for one in items]
    kept = sum(one.answer == other.answer for one, other in zip(dealt[:400], items, strict=False))
    assert 160 < kept < 240
    assert dealt == exchanged_labels(items, 5) != exchanged_labels(items, 6)
