"""Option edits: the same questions with other options to choose from."""

import random
from collections.abc import Sequence
from dataclasses import replace
from string import ascii_uppercase

from interlingua.core.errors import BadInput
from interlingua.core.seeds import derive
from interlingua.data.items import Choice, right_answer


def choice_confusion(items: Sequence[Choice], seed: int = 0) -> list[Choice]:
    """Items with every false option replaced by the right option of another item, drawn by seed and group.

    Nothing that an item had among its options is put there again, and the right one keeps its place; so a
    task with one set of labels needs others beside it, whose answers are lent. Items of other languages are
    no lenders. Raises `BadInput` where too few answers are left to draw from, and for options that are
    letters, since what these stand for is written in the question.
    Source: Yao et al. 2024, arXiv:2406.13236 (choice confusion).
    """
    answers: dict[str, list[str]] = {}
    for item in sorted(items, key=lambda one: (one.task, one.group)):
        answers.setdefault(item.lang, []).append(right_answer(item))
    return [_edited(item, answers[item.lang], seed) for item in items]


def _edited(item: Choice, answers: Sequence[str], seed: int) -> Choice:
    bare = [option.strip() for option in item.options]
    if bare == list(ascii_uppercase[: len(bare)]):
        raise BadInput(
            f"Item {item.id!r} of {item.task} ({item.lang}) answers with letters, whose texts stand in its "
            "question; give options as texts."
        )
    lent, taken = list[str](), set(bare)
    for answer in random.Random(derive(seed, "options", item.task, item.group)).sample(answers, len(answers)):
        if len(lent) == len(bare) - 1:
            break
        if answer.strip() not in taken:
            taken.add(answer.strip())
            lent.append(answer)
    if len(lent) < len(bare) - 1:
        raise BadInput(
            f"Item {item.id!r} of {item.task} ({item.lang}) needs {len(bare) - 1} right answers of other "
            f"questions that are none of its options, and there are {len(lent)}; ask more questions, or "
            "tasks with other answers."
        )
    rest = iter(lent)
    options = tuple(right_answer(item) if place == item.answer else next(rest) for place in range(len(bare)))
    return replace(item, options=options)
