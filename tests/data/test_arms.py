"""Arms: the same questions in every signal, replay beside them."""

from collections import Counter
from typing import Any, get_args

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.arms import Signal, arm
from interlingua.data.items import Choice, Pair
from interlingua.data.prompts import Template

PIVOT, X, Y = "eng_Latn", "deu_Latn", "swh_Latn"
FRAME = Template("{question} = ")


class Toy:
    """Six questions, three sentences and a task of four items whose texts name language and number."""

    name, pivot, languages, tasks = "toy", PIVOT, (PIVOT, X, Y), ("even",)

    def pairs(self, a: str, b: str, split: str = "train") -> list[Pair]:
        return [Pair(f"{i}", a, b, f"{a} text {i}", f"{b} text {i}") for i in range(3)]

    def questions(self, a: str, b: str, split: str = "train") -> list[Pair]:
        return [Pair(f"{i}", a, b, f"{a} {i}", f"{b} {i}", task="even") for i in range(6)]

    def task(self, name: str, lang: str, split: str = "test") -> list[Choice]:
        return [
            Choice(f"{i}", name, split, lang, f"{lang} {i}?", (" no", " yes"), i % 2, f"{i}", f"{i}")
            for i in range(4)
        ]


class Silent(Toy):
    """A toy without general text or questions."""

    def pairs(self, a: str, b: str, split: str = "train") -> list[Pair]:
        raise MissingResource("toy has no pairs")

    def questions(self, a: str, b: str, split: str = "train") -> list[Pair]:
        return []


def rows(signal: Any, source: Any = None, **settings: Any) -> list[Any]:
    return arm(source or Toy(), (X, Y), signal, template=FRAME, target=PIVOT, **settings)


def test_each_signal_by_hand() -> None:
    first = {signal: (rows(signal)[0].prompt, rows(signal)[0].target) for signal in get_args(Signal)}
    assert first["questions"] == ("deu_Latn 0 = ", "eng_Latn 0")
    assert first["reverse"] == ("eng_Latn 0 = ", "deu_Latn 0")
    assert first["pivot_only"] == ("", "eng_Latn 0")
    assert first["general_text"] == ("deu_Latn text 0 = ", "eng_Latn text 0")
    prompt, target = first["shuffled"]
    assert prompt == "deu_Latn 0 = "
    assert target != "eng_Latn 0"
    assert target.startswith("eng_Latn")


def test_shuffled_has_the_prompts_and_targets_of_the_questions() -> None:
    true, false = rows("questions", limit=4, seed=3), rows("shuffled", limit=4, seed=3)
    assert [row.prompt for row in false] == [row.prompt for row in true]
    assert Counter(row.target for row in false) == Counter(row.target for row in true)


@pytest.mark.parametrize("signal", get_args(Signal))
def test_replay_is_a_share_of_all_rows(signal: Signal) -> None:
    mixed = rows(signal, replay_share=0.25)
    again = [row for row in mixed if row.kind == "replay"]
    assert len(again) * 3 == len(mixed) - len(again)
    assert {row.lang for row in again} == {PIVOT}
    assert {(row.prompt, row.target) for row in again} <= {
        (f"eng_Latn {i}?", (" no", " yes")[i % 2]) for i in range(4)
    }


def test_the_seed_decides() -> None:
    assert rows("questions", replay_share=0.3, seed=1) == rows("questions", replay_share=0.3, seed=1)
    assert rows("questions", replay_share=0.3, seed=1) != rows("questions", replay_share=0.3, seed=2)


def test_the_target_need_not_be_the_pivot() -> None:
    found = arm(Toy(), (X,), "questions", template=FRAME, target=Y)[0]
    assert (found.prompt, found.target) == ("deu_Latn 0 = ", "swh_Latn 0")


def test_nothing_to_learn_and_nothing_to_take() -> None:
    assert rows("questions", Silent(), replay_share=0.3) == []
    with pytest.raises(MissingResource, match="no pairs"):
        rows("general_text", Silent())
    with pytest.raises(BadInput, match="Limit 0"):
        rows("questions", limit=0)
