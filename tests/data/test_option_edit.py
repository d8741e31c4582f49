"""Option edits: false options become right ones of other questions, and what cannot be edited is told."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.data.items import Choice, right_answer
from interlingua.data.option_edit import choice_confusion


def item(
    name: str, options: tuple[str, ...], answer: int, *, task: str = "sums", lang: str = "eng_Latn"
) -> Choice:
    return Choice(name, task, "test", lang, f"{name}? ", options, answer, name, name)


SUMS = [item(str(n), tuple(f" {n + 100 * ((place - n) % 3)}" for place in range(3)), n % 3) for n in range(6)]
"""Question n has the right answer n at place n % 3, and two wrong ones that are right nowhere."""


def test_false_options_are_right_ones_of_others_and_the_right_one_stays() -> None:
    for before, after in zip(SUMS, choice_confusion(SUMS), strict=True):
        assert right_answer(after) == right_answer(before) == f" {before.id}"
        assert after.answer == before.answer
        assert after.question == before.question
        assert len(set(after.options)) == 3
        assert set(after.options) <= {f" {n}" for n in range(6)}


def test_with_one_lender_left_the_edit_is_known() -> None:
    mood = item("a", (" good", " bad"), 1, task="mood")
    found = choice_confusion([mood, item("b", (" 4", " 9"), 0)])
    assert [one.options for one in found] == [(" 4", " bad"), (" 4", " bad")]


def test_lenders_speak_the_same_language_and_order_changes_nothing() -> None:
    german = [
        item(one.id, tuple(f"{option} Dinge" for option in one.options), one.answer, lang="deu_Latn")
        for one in SUMS
    ]
    both = choice_confusion([*SUMS, *german], seed=3)
    assert both[:6] == choice_confusion(SUMS, seed=3) == choice_confusion(SUMS[::-1], seed=3)[::-1]
    for english, other in zip(both[:6], both[6:], strict=True):
        assert tuple(f"{option} Dinge" for option in english.options) == other.options
    assert choice_confusion(SUMS, seed=4) != both[:6]


def test_what_cannot_be_edited_is_told() -> None:
    mood = [item(str(n), (" good", " bad"), n % 2, task="mood") for n in range(4)]
    with pytest.raises(BadInput, match=r"needs 1 right answers of other questions .* there are 0; ask more"):
        choice_confusion(mood)
    with pytest.raises(BadInput, match="answers with letters, whose texts stand in its question"):
        choice_confusion([item("0", (" A", " B", " C"), 1), *SUMS])
    assert choice_confusion([]) == []
