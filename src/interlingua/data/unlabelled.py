"""Unlabelled questions: training questions asked without their labels, and rows of the answers found."""

from collections.abc import Sequence

from interlingua.core.errors import MissingResource
from interlingua.core.seeds import derive
from interlingua.data.builders import draw
from interlingua.data.items import Choice, Example
from interlingua.data.source import Source


def unlabelled(source: Source, languages: Sequence[str], limit: int, seed: int = 0) -> list[Choice]:
    """At most `limit` training questions of each task and language, whose labels are not to be looked at.

    Raises `MissingResource` where there is none.
    """
    asked = [
        item
        for task in source.tasks
        for lang in languages
        for item in draw(source.task(task, lang, "train"), limit, derive(seed, task))
    ]
    if not asked:
        raise MissingResource(
            f"{source.name} has no training questions of a task in {', '.join(languages)}; add them "
            "to [tasks.NAME], or use question_translation, which needs none."
        )
    return asked


def with_answers(items: Sequence[Choice], chosen: Sequence[int], kind: str) -> list[Example]:
    """A row for each question with the option that was chosen, by number: labels that somebody else gave."""
    return [
        Example(item.question, item.options[option], kind, item.lang)
        for item, option in zip(items, chosen, strict=True)
    ]


def share_right(items: Sequence[Choice], rows: Sequence[Example]) -> float:
    """Share of rows whose text is the right option of its question; two options may say the same."""
    right = sum(row.target == item.options[item.answer] for item, row in zip(items, rows, strict=True))
    return right / len(rows)
