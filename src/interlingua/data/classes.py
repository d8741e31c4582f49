"""Classification: tasks whose questions all have the same labels, and questions to learn or to be asked."""

from collections.abc import Sequence
from dataclasses import replace

from interlingua.core.errors import BadInput, MissingResource
from interlingua.core.seeds import derive
from interlingua.data.builders import draw
from interlingua.data.dealt import dealt
from interlingua.data.items import Choice
from interlingua.data.source import Source


def classified(
    source: Source, tasks: Sequence[str], lang: str, split: str, limit: int, seed: int = 0
) -> list[Choice]:
    """At most `limit` questions of each task in one language, drawn by `seed` alike in all languages.

    Raises `MissingResource` where a task has none, `BadInput` where two questions of a task in `lang` have
    other labels: such a task is no classification.
    """
    found = []
    for task in tasks:
        bank = sorted(source.task(task, lang, split), key=lambda item: (item.group, item.id))
        if not bank:
            raise MissingResource(f"{source.name} has no {split} questions of task {task} in {lang}.")
        if not same_labels(bank):
            raise BadInput(
                f"Questions of task {task} in {lang} have different options; name tasks with fixed labels."
            )
        found += draw(bank, limit, derive(seed, "classified", split, task))
    return found


def classifications(source: Source, lang: str, split: str = "train") -> tuple[str, ...]:
    """The tasks with fixed labels; those about topics alone, where any is called so.

    Raises `MissingResource` where there is none.
    """
    found = tuple(task for task in source.tasks if same_labels(source.task(task, lang, split)))
    if not found:
        raise MissingResource(
            f"{source.name} has no task in {lang} whose {split} questions all have the same labels; "
            "add one to [tasks.NAME]."
        )
    return tuple(task for task in found if "topic" in task) or found


def same_labels(items: Sequence[Choice]) -> bool:
    """Whether there are questions and all have the same options in the same order."""
    return len({item.options for item in items}) == 1


def exchanged_labels(items: Sequence[Choice], seed: int = 0) -> list[Choice]:
    """Control: the labels of the questions of each language and task dealt out at random.

    How often each label occurs stays, what the question says of it does not.
    """
    groups = [(item.lang, item.task) for item in items]
    answers = dealt([item.answer for item in items], groups, seed, "exchanged labels")
    return [replace(item, answer=answer) for item, answer in zip(items, answers, strict=True)]
