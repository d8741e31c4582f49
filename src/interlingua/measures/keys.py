"""Rows by what they answer, so that no row counts twice and none is compared with another question's."""

from collections.abc import Iterable

from interlingua.core.errors import BadInput
from interlingua.core.rows import Row

Key = tuple[str, str, str, str]
"""Task, split, group and language of a row."""


def by_key(rows: Iterable[Row]) -> dict[Key, Row]:
    """Rows by (task, split, group, language).

    Raises `BadInput` if there are none, or two rows of one key (two models, modes or seeds in one table).
    """
    table: dict[Key, Row] = {}
    for row in rows:
        key = (row.task, row.split, row.group, row.lang)
        if key in table:
            raise BadInput(
                f"Two rows answer {named(key)}, of modes {table[key].mode} and {row.mode}; "
                "give rows of one model, mode and seed."
            )
        table[key] = row
    if not table:
        raise BadInput("No rows to measure; score some items first.")
    return table


def named(key: Key) -> str:
    """A key as people read it."""
    task, split, group, lang = key
    return f"question {group!r} of task {task!r} ({split}) in {lang}"
