"""Task rows: labelled questions of the pivot and of some languages, to tune on before others are asked."""

from collections.abc import Sequence
from dataclasses import replace

from interlingua.core.errors import MissingResource
from interlingua.data.code_switch import labelled
from interlingua.data.dealt import dealt
from interlingua.data.items import Example
from interlingua.data.source import Source


def task_rows(
    source: Source, languages: Sequence[str], limit: int = 10_000, seed: int = 0, *, exchanged: bool = False
) -> list[Example]:
    """Questions of all tasks with their answers, the same ones in the pivot and in each of `languages`.

    At most `limit` per task and language. With `exchanged` the answers of `languages` are shuffled among the
    questions of a task and those of the pivot stay: what is left of the others is the frame. Raises
    `MissingResource` for a source without tasks or training questions.
    """
    both = (source.pivot, *(lang for lang in languages if lang != source.pivot))
    rows = labelled(source, source.tasks, both, limit, seed) if source.tasks else []
    if not rows:
        raise MissingResource(
            f"{source.name} has no labelled training questions of its tasks in {', '.join(both)}; "
            "add them to [tasks.NAME]."
        )
    return _exchanged(rows, source.pivot, seed) if exchanged else rows


def _exchanged(rows: Sequence[Example], pivot: str, seed: int) -> list[Example]:
    groups = [None if row.lang == pivot else (row.lang, row.task) for row in rows]
    targets = dealt([row.target for row in rows], groups, seed, "answers")
    return [replace(row, target=target) for row, target in zip(rows, targets, strict=True)]
