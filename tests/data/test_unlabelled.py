"""Unlabelled questions: which are asked, and what rows their answers make."""

from typing import Any

import pytest

from interlingua.core.errors import MissingResource
from interlingua.data.items import Choice, Example
from interlingua.data.unlabelled import share_right, unlabelled, with_answers


class Toy:
    """Six training questions of two tasks in two languages."""

    name, tasks = "toy", ("s", "t")

    def task(self, name: str, lang: str, split: str = "test") -> list[Choice]:
        count = 6 if (lang, split) != ("z", "train") else 0
        return [
            Choice(f"{at}", name, split, lang, f"{name} {lang} {at}?", ("p", "q", "p"), 0, f"{at}", f"{at}")
            for at in range(count)
        ]


def toy() -> Any:
    """The source, of which other methods do not matter here."""
    return Toy()


def test_questions_are_training_questions_drawn_alike_in_all_languages() -> None:
    asked = unlabelled(toy(), ("x", "y"), 3, seed=1)
    assert [(item.task, item.lang) for item in asked[::3]] == [("s", "x"), ("s", "y"), ("t", "x"), ("t", "y")]
    assert [item.id for item in asked[:3]] == [item.id for item in asked[3:6]]
    assert {item.split for item in asked} == {"train"}
    assert len(unlabelled(toy(), ("x", "z"), 10)) == 12
    with pytest.raises(MissingResource, match="toy has no training questions of a task in z"):
        unlabelled(toy(), ("z",), 3)


def test_rows_hold_what_was_answered_by_hand() -> None:
    asked = unlabelled(toy(), ("x",), 2)[:3]
    rows = with_answers(asked, [0, 1, 2], "own")
    assert rows == [
        Example(item.question, answer, "own", "x") for item, answer in zip(asked, "pqp", strict=True)
    ]
    assert share_right(asked, rows) == 2 / 3  # the third option says what the first does
