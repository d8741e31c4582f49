"""Rendering: the rows of a declared task as items, without shots."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput
from interlingua.data.frame import ANSWER, OPTIONS, Frame
from interlingua.data.item_answers import gold_of, options_of, texts_of
from interlingua.data.items import Choice, Open
from interlingua.data.long_table import LongTable, Rows
from interlingua.data.tables import text_of
from interlingua.data.task import Task
from interlingua.data.wording import Wording

Item = Choice | Open


class Rendering:
    """The rows of `task` in every language, put into its wording.

    `table` opens the rows for the columns that are needed, `root` is where files of joined tables are.

    Raises:
        BadInput: a missing file or column.
    """

    def __init__(
        self, name: str, task: Task, wording: Wording, root: Path, pivot: str,
        table: Callable[[list[str]], Rows],
    ) -> None:  # fmt: skip
        self.name, self.task, self.wording, self.pivot, self.title = name, task, wording, pivot, wording.title
        self.joins = [
            (join, LongTable(f"{self.title}: {join.file}", {"": root / join.file}, task.lang, columns))
            for join in task.joins
            for columns in [[join.key, *join.take]]
        ]
        self.rows = table(self._columns())
        self._rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._clusters: dict[tuple[str, str], dict[str, str]] = {}

    def items(self, lang: str, split: str, shots: Collection[str] | None = None) -> list[Item]:
        """Items in the order of the file; `shots` are the only groups wanted, which are to be shown solved.

        Raises what `FileTask.items` raises.
        """
        frame, clusters, pool = self.wording.frame(lang), self.clusters(lang, split), shots is not None
        rows = [row for row in self.of(lang, split) if shots is None or self.group(row) in shots]
        rows = [row for row in rows if not self._left(row, pool)]
        ids = Counter(str(row[self.task.id]) for row in rows)
        if twice := [id_ for id_, times in ids.items() if times > 1]:
            raise BadInput(f"{self.title}: id {twice[0]!r} comes twice among the {split} rows of {lang}.")
        words = tuple(self.wording.label_words(lang).values()) if self.wording.labels else ()
        return [self._item(row, lang, split, frame, words, clusters, pool) for row in rows]

    def of(self, lang: str, split: str) -> list[dict[str, Any]]:
        """The rows of a language, with the columns of joined tables and what the pivot's rows decide."""
        if (lang, split) not in self._rows:
            self._rows[lang, split] = self._joined(lang, split)
        return self._rows[lang, split]

    def _joined(self, lang: str, split: str) -> list[dict[str, Any]]:
        rows, deciding = self.rows.rows(lang, split), self.task.of_pivot
        if deciding and lang != self.pivot and self.pivot in self.rows.languages_in(split):
            pivot = {self.group(row): row for row in self.rows.rows(self.pivot, split)}
            rows = [
                {**row, **{name: pivot.get(self.group(row), row)[name] for name in deciding}} for row in rows
            ]
        for join, table in self.joins:
            found = {str(row[join.key]): row for row in table.rows(lang, "")}
            for row in rows:
                if str(row[join.on]) not in found:
                    raise BadInput(
                        f"{table.title} has no {join.key} {str(row[join.on])!r} in {lang}, which row "
                        f"{str(row[self.task.id])!r} names."
                    )
            rows = [{**row, **{name: found[str(row[join.on])][name] for name in join.take}} for row in rows]
        return rows

    def group(self, row: Mapping[str, Any]) -> str:
        """What the row's question is called in all languages."""
        return str(row[self.task.group or self.task.id])

    def clusters(self, lang: str, split: str) -> dict[str, str]:
        """Group to cluster, the same in all languages.

        Groups with one value in the cluster column, in the pivot's rows where the pivot has the group,
        are a cluster; the first of them names it.
        """
        if (lang, split) not in self._clusters:
            self._clusters[lang, split] = self._named(lang, split)
        return self._clusters[lang, split]

    def _named(self, lang: str, split: str) -> dict[str, str]:
        column = self.task.cluster
        own = {self.group(row): row for row in self.of(lang, split)}
        if column is None:
            return {group: group for group in own}
        pivot: dict[str, Any] = {}
        if self.pivot != lang and self.task.parallel and self.pivot in self.rows.languages_in(split):
            pivot = {self.group(row): row for row in self.of(self.pivot, split)}
        names: dict[tuple[bool, Any], str] = {}
        for group, row in [*pivot.items(), *own.items()]:
            names.setdefault((group in pivot, row[column]), group)
        return {group: names[group in pivot, pivot.get(group, row)[column]] for group, row in own.items()}

    def gold(self, row: Mapping[str, Any], lang: str) -> int | None:
        """Which answer is right; None for a row that is left out, 0 for open questions."""
        if self._left(row, True):
            return None
        if self.task.answer:
            return 0
        where = f"{self.title}: row {str(row[self.task.id])!r} in {lang}"
        if self.task.options:
            options, _ = options_of(row, listed(self.task.options), self.task.letters, where)
            return gold_of(row[self.task.label], self.task.label_is, options, where)
        return self._label(row[self.task.label], where)

    def _columns(self) -> list[str]:
        task = self.task
        marks = [column for column in (task.group, task.cluster, task.shown, task.steps) if column]
        needed = [
            task.id, *([] if task.answer else [task.label]), *listed(task.options), *listed(task.answer),
            *marks, *[join.on for join in task.joins], *task.of_pivot, *self.wording.columns,
        ]  # fmt: skip
        joined = {column for join in task.joins for column in join.take}
        return [column for column in dict.fromkeys(needed) if column not in joined]

    def _item(
        self, row: Mapping[str, Any], lang: str, split: str, frame: Frame, words: tuple[str, ...],
        clusters: Mapping[str, str], pool: bool,
    ) -> Item:  # fmt: skip
        task, id_, group = self.task, str(row[self.task.id]), self.group(row)
        where = f"{self.title}: {split} row {id_!r} in {lang}"
        made = {ANSWER, OPTIONS} if task.letters else {ANSWER}
        values = {
            place: self.wording.word(place, text_of(row, place, self.title, id_), lang)
            for place in frame.places
            if place not in made
        }
        cluster = clusters[group]
        if task.answer:
            answers = texts_of(row, listed(task.answer), task.match, where)
            if pool:
                shown = text_of(row, task.shown, self.title, id_) if task.shown else answers[0]
                answers = (frame.written(shown),)
            return Open(
                id_, self.name, split, lang, frame.question(values), answers, group, cluster,
                match=task.match, stop=task.stop, max_new_tokens=task.max_new_tokens,
            )  # fmt: skip
        if task.options:
            options, listing = options_of(row, listed(task.options), task.letters, where)
            words = tuple(task.letters[: len(options)]) if task.letters else options
            values |= {OPTIONS: listing} if task.letters else {}
            gold = gold_of(row[task.label], task.label_is, options, where)
            if not pool and (twice := [word for word, times in Counter(words).items() if times > 1]):
                raise BadInput(
                    f"{where} has the option {twice[0]!r} twice; skip_repeated = true leaves such out."
                )
        else:
            gold = self._label(row[task.label], where)
        said = tuple(frame.answered(word, values) for word in words)
        return Choice(id_, self.name, split, lang, frame.question(values), said, gold, group, cluster)

    def _label(self, label: Any, where: str) -> int:
        known = list(next(iter(self.wording.labels.values())))
        if str(label) not in known:
            raise BadInput(f"{where} has label {label!r}; there are words for {', '.join(known)} only.")
        return known.index(str(label))

    def _left(self, row: Mapping[str, Any], pool: bool) -> bool:
        """Whether a row is left out."""
        task = self.task
        if task.skip_empty and any(
            str(row[name]).strip() == "" or row[name] is None for name in self.wording.columns
        ):
            return True
        if not task.answer and row[task.label] in (None, ""):
            if not task.skip_unlabelled:
                raise BadInput(
                    f"{self.title}: row {str(row[task.id])!r} ({row[task.lang]}) has no label; "
                    "skip_unlabelled = true leaves such out."
                )
            return True
        if pool or not task.skip_repeated or task.letters or not task.options:
            return False
        options, _ = options_of(row, listed(task.options), "", f"{self.title}: row {str(row[task.id])!r}")
        return len(set(options)) < len(options)


def listed(columns: str | tuple[str, ...]) -> list[str]:
    """One column or several as a list."""
    return [columns] if isinstance(columns, str) else list(columns)
