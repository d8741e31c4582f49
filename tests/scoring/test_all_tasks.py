"""All tasks in all languages: the same questions in each, and those that all have."""

from typing import Any

import pytest

from interlingua.core.errors import MissingResource
from interlingua.data.items import Choice
from interlingua.models.lm import LM
from interlingua.scoring.all_tasks import ask_all, in_step, questions
from interlingua.scoring.choices import score_choices

X, Y = "deu_Latn", "rus_Cyrl"


class Toy:
    """Task `one` in both languages, in another order in each; task `two` in one of them."""

    name, tasks = "toy", ("one", "two")

    def __init__(self, tasks: tuple[str, ...] = ("one", "two")) -> None:
        self.tasks = tasks

    def languages_of(self, task: str, split: str = "test") -> tuple[str, ...]:
        return (X, Y) if task == "one" else (X,)

    def task(self, name: str, lang: str, split: str = "test") -> list[Choice]:
        numbers = range(8) if lang == X else range(9, -1, -1)
        return [
            Choice(f"{i}", name, split, lang, f"{lang} {i} ?", (" ja", " nein"), i % 2, f"{i}", f"{i}")
            for i in numbers
        ]


def toy(*given: Any) -> Any:
    """The source, for whom the other methods of the protocol do not matter here."""
    return Toy(*given)


def test_questions_are_drawn_alike_whatever_their_order() -> None:
    source = toy()
    source.languages_of = lambda task: (X, Y)
    source.task = lambda name, lang: Toy.task(source, name, X)[:: 1 if lang == X else -1]
    found = questions(source, "one", 3, seed=4)
    assert [item.id for item in found[X]] == [item.id for item in found[Y]]
    assert len(found[X]) == 3
    assert found != questions(source, "one", 3, seed=5)


def test_in_step_keeps_what_all_have_in_one_order() -> None:
    both = in_step(questions(toy(), "one", 100))
    assert [item.group for item in both[X]] == [item.group for item in both[Y]] == [str(i) for i in range(8)]
    assert in_step({}) == {}


def test_every_task_is_asked_in_the_languages_it_has(lm: LM) -> None:
    rows = ask_all(lm, toy(), 4, seed=3)
    assert [(row.task, row.lang) for row in rows] == [("one", X)] * 4 + [("one", Y)] * 4 + [("two", X)] * 4
    alone = score_choices(lm, questions(toy(), "two", 4, 3)[X], seed=3)
    assert [row.id for row in rows[8:]] == [row.id for row in alone]
    for one, other in zip(rows[8:], alone, strict=True):
        assert one.scores == pytest.approx(other.scores, abs=1e-4)


def test_a_source_without_questions_is_told(lm: LM) -> None:
    with pytest.raises(MissingResource, match="toy has no test questions of its tasks"):
        ask_all(lm, toy(()), 4)
