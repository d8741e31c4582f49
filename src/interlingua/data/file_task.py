"""FileTask: a task with a fixed set of labels, rendered from the rows of a file."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.items import Choice
from interlingua.data.prompts import fill
from interlingua.data.spec import TaskTable
from interlingua.data.tables import LongTable, text_of
from interlingua.data.words import ALL, labels, texts

T = TypeVar("T")

_PLACE = re.compile(r"\{([^{}]+)\}")


class FileTask:
    """One `[tasks.NAME]` table of the specification `file`.

    Raises:
        BadInput: a missing file or column, or frames and words that cannot be read.
        UnknownName: a language that nobody knows.
    """

    def __init__(self, name: str, table: TaskTable, file: Path, pivot: str) -> None:
        self.name, self.table, self.pivot = name, table, pivot
        self.frames = texts(table.question, file)
        self.labels = labels(table.labels, file)
        self.shots = texts(table.shots, file)
        places = [column for frame in self.frames.values() for column in _PLACE.findall(frame)]
        marks = [column for column in (table.group, table.cluster) if column]
        self.rows = LongTable(
            f"{file}: [tasks.{name}]",
            table.paths(file, "test"),
            table.lang,
            [table.id, table.label, *marks, *places],
        )

    def items(self, lang: str, split: str) -> list[Choice]:
        """The items of one language and split, in the order of the file.

        Raises:
            MissingResource: no rows, frame or label words for the language, or no such split.
            BadInput: an empty field, a label without a word, an id that comes twice.
        """
        table = self.table
        rows = self.rows.rows(lang, split)
        frame = self._of(lang, self.frames, "question frame")
        words = self._of(lang, self.labels, "label words")
        shots = self.shots.get(lang, self.shots.get(ALL, ""))
        clusters = self._clusters(lang, split)
        items = []
        for row in rows:
            id_, label = str(row[table.id]), row[table.label]
            if label is None and table.skip_unlabelled:
                continue
            self._check_label(label, words, f"{split} row {id_!r} in {lang}")
            values = {column: text_of(row, column, self.rows.title, id_) for column in _PLACE.findall(frame)}
            items.append(
                Choice(
                    id=id_,
                    task=self.name,
                    split=split,
                    lang=lang,
                    question=fill(frame, values),
                    options=tuple(words.values()),
                    answer=list(words).index(str(label)),
                    group=self._group(row),
                    cluster=clusters[self._group(row)],
                    shots=shots,
                )
            )
        ids = Counter(item.id for item in items)
        if twice := [id_ for id_, times in ids.items() if times > 1]:
            raise BadInput(
                f"{self.rows.title}: id {twice[0]!r} comes twice among the {split} rows of {lang}."
            )
        return items

    def _group(self, row: Mapping[str, Any]) -> str:
        return str(row[self.table.group or self.table.id])

    def _clusters(self, lang: str, split: str) -> dict[str, str]:
        """Group to cluster, the same in all languages.

        Groups with one value in the cluster column, in the pivot's rows where the pivot has the group,
        are a cluster; the first of them names it.
        """
        column = self.table.cluster
        own = {self._group(row): row for row in self.rows.rows(lang, split)}
        if column is None:
            return {group: group for group in own}
        pivot: dict[str, Any] = {}
        if self.pivot != lang and self.pivot in self.rows.languages_in(split):
            pivot = {self._group(row): row for row in self.rows.rows(self.pivot, split)}
        names: dict[tuple[bool, Any], str] = {}
        for group, row in [*pivot.items(), *own.items()]:
            names.setdefault((group in pivot, row[column]), group)
        return {group: names[group in pivot, pivot.get(group, row)[column]] for group, row in own.items()}

    def _check_label(self, label: Any, words: Mapping[str, str], where: str) -> None:
        if label is None:
            raise BadInput(
                f"{self.rows.title}: {where} has no label; skip_unlabelled = true leaves such out."
            )
        if str(label) not in words:
            known = ", ".join(words)
            raise BadInput(
                f"{self.rows.title}: {where} has label {label!r}; there are words for {known} only."
            )

    def _of(self, lang: str, setting: Mapping[str, T], what: str) -> T:
        for key in (lang, ALL):
            if key in setting:
                return setting[key]
        there = ", ".join(setting)
        raise MissingResource(f"{self.rows.title} has no {what} in {lang}; there are {there}. Add one.")
