"""Other questions: none that was asked or shares a cluster with one, the same in every language."""

from typing import Any

import pytest

from interlingua.core.errors import MissingResource
from interlingua.data.items import Choice
from interlingua.models.lm import LM
from interlingua.scoring.all_tasks import ask_all
from interlingua.scoring.other_questions import ask_others

X, Y = "deu_Latn", "rus_Cyrl"


class Toy:
    """Twelve questions in two languages, in another order in each; neighbours share a cluster."""

    name, tasks = "toy", ("one",)

    def languages_of(self, task: str, split: str = "test") -> tuple[str, ...]:
        return (X, Y)

    def task(self, name: str, lang: str, split: str = "test") -> list[Choice]:
        numbers = range(12)[:: 1 if lang == X else -1]
        return [
            Choice(
                f"{i}", name, split, lang, f"{lang} {i} ?", (" ja", " nein"), i % 2, f"{i:02}", f"{i // 2}"
            )
            for i in numbers
        ]


def test_others_are_none_of_those_asked_and_alike_in_all_languages(lm: LM) -> None:
    source: Any = Toy()
    for seed in range(5):
        asked, others = ask_all(lm, source, 3, seed=seed), ask_others(lm, source, 3, seed=seed)
        assert {row.cluster for row in asked}.isdisjoint(row.cluster for row in others)
        told = {lang: [row.id for row in others if row.lang == lang] for lang in (X, Y)}
        assert told[X] == told[Y]
        assert len(told[X]) == 3
        assert {row.mode for row in others} == {"direct"}


def test_where_fewer_are_left_these_are_asked(lm: LM) -> None:
    source: Any = Toy()
    asked, others = ask_all(lm, source, 5), ask_others(lm, source, 5)
    taken = {row.cluster for row in asked}
    assert len(taken) > 3  # fewer than five are left
    assert {row.id for row in others} == {str(i) for i in range(12) if str(i // 2) not in taken}


def test_a_task_without_others_is_named(lm: LM) -> None:
    source: Any = Toy()
    with pytest.raises(MissingResource, match="toy has no test questions of one in deu_Latn beside the 12"):
        ask_others(lm, source, 12)
