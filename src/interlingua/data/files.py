"""FileSource: real data as a `Source`, described by a TOML file (`examples/snli.toml`) or by its layout."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput, MissingResource, UnknownName
from interlingua.core.fingerprint import fingerprint
from interlingua.data.asking import Asking
from interlingua.data.file_task import FileTask
from interlingua.data.found import HUB, Placed, look_at
from interlingua.data.hub import HubTable
from interlingua.data.items import Choice, Explained, Open, Pair
from interlingua.data.line_files import LineFiles
from interlingua.data.long_table import LongTable, Rows
from interlingua.data.parallel_text import ParallelText
from interlingua.data.spec import FixedTable, ParallelTable
from interlingua.data.tables import text_of
from interlingua.data.task import Task
from interlingua.languages.language import find

_INSTEAD = {
    "text": "any monolingual text would do",
    "pairs": "general parallel text such as FLORES or Tatoeba would do",
    "questions": "training questions of a task, translated, would do",
    "dictionary": "word lists with common ids would do",
}
_COLUMNS = {"text": "lang, text", "pairs": "id, lang, text", "questions": "id, lang, text",
            "dictionary": "id, lang, words"}  # fmt: skip


class FileSource:
    """Data in files, left where they are and read when asked for.

    `path` is a TOML file or a folder with one; or a folder of known sets (`data/tasks/`), of one of them, of
    tables with the columns id, lang and text, or of a text file per language whose lines are parallel; or
    `hub`, known sets on the Hugging Face hub. Only the files of `tasks` are opened (None: all), whose
    questions are put as `asking` says. Files, columns and languages are checked at once, so that a mistake
    shows before a model is loaded.

    Raises:
        BadInput: a wrong key, missing file, missing column, empty table or ambiguous language.
        UnknownName: a language or task that nobody knows.
    """

    def __init__(
        self, path: Path | str, *, tasks: Sequence[str] | None = None, asking: Asking | None = None
    ) -> None:
        self.found = look_at(Path(path), tasks)
        self.name, self.where, self.pivot = self.found.name, self.found.where, find(self.found.pivot).code
        self.asking = asking or Asking()
        self._tasks = {name: self._opened(name, placed) for name, placed in self.found.tasks.items()}
        self.tasks = tuple(name for name, task in self._tasks.items() if task.task.kind == "choice")
        self.open_tasks = tuple(name for name, task in self._tasks.items() if task.task.kind == "open")
        self._tables = {key: self._rows(key, table) for key, table in self.found.tables.items()}
        self._parallel = {
            key: self._pairs(key, table)
            for key, table in self.found.tables.items()
            if isinstance(table, ParallelTable)
        }
        self.languages = self._all_languages()
        told = {name: task.task.licence for name, task in self._tasks.items() if task.task.licence}
        each = ", ".join(f"{name}: {licence}" for name, licence in told.items())
        self.licence = self.found.licence or each

    def text(self, lang: str, split: str = "train") -> Sequence[str]:
        """Monolingual documents."""
        if (table := self.found.text) is None:
            raise self._lacks("text")
        rows = self._tables["text"].rows(self._known(lang), split)
        return [text_of(row, table.text, f"{self.where}: [text]") for row in rows]

    def pairs(self, a: str, b: str, split: str = "train") -> Sequence[Pair]:
        """General parallel text, source in `a`, target in `b`."""
        return self._of_both("pairs", a, b, split)

    def questions(self, a: str, b: str, split: str = "train") -> Sequence[Pair]:
        """Parallel task questions without answers, source in `a`, target in `b`."""
        return self._of_both("questions", a, b, split)

    def dictionary(self, a: str, b: str) -> Mapping[str, tuple[str, ...]]:
        """Words of `a`, each with all words of `b` that share a concept with it."""
        if (table := self.found.dictionary) is None:
            raise self._lacks("dictionary")
        words, meaning = self._tables["dictionary"], defaultdict[Any, list[str]](list)
        for row in words.rows(self._known(b), "train"):
            meaning[row[table.id]] += _listed(row[table.words])
        found: dict[str, list[str]] = defaultdict(list)
        for row in words.rows(self._known(a), "train"):
            for word in _listed(row[table.words]):
                found[word] += meaning.get(row[table.id], [])
        return {word: tuple(dict.fromkeys(others)) for word, others in found.items() if others}

    def task(self, name: str, lang: str, split: str = "test") -> Sequence[Choice]:
        """Items of one task in one language; `test` is the measured split, whatever it is called."""
        items = self._task(name, self.tasks).items(self._known(lang), split)
        return [item for item in items if isinstance(item, Choice)]

    def open_task(self, name: str, lang: str, split: str = "test") -> Sequence[Open]:
        """Items of one task whose answers are written freely."""
        items = self._task(name, self.open_tasks).items(self._known(lang), split)
        return [item for item in items if isinstance(item, Open)]

    def explained(self, task: str, lang: str, split: str = "train") -> Sequence[Explained]:
        """Items of one task of either kind with the reasoning from its column `steps`."""
        return self._task(task, tuple(self._tasks)).explained(self._known(lang), split)

    def splits(self, task: str) -> tuple[str, ...]:
        """The splits of a task of either kind, the measured one first."""
        return self._task(task, tuple(self._tasks)).splits

    def languages_of(self, task: str, split: str = "test") -> tuple[str, ...]:
        """The languages in which a task can be asked: with rows, a frame and words that answer."""
        held = self._task(task, tuple(self._tasks)).languages_of(split)
        return tuple(lang for lang in self.languages if lang in held)

    def declared(self, task: str) -> Task:
        """What is known of a task: licence, source, columns, prompts."""
        return self._task(task, tuple(self._tasks)).task

    def bilingual_share(self, lang: str) -> float | None:
        """None: files do not tell what a model was pretrained on."""
        self._known(lang)
        return None

    def data_share(self, lang: str) -> float | None:
        """None: files do not tell what a model was pretrained on."""
        self._known(lang)
        return None

    def fingerprint(self) -> str:
        """Hash of how questions are put and of all the files hold."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        return fingerprint(
            [self.name, self.pivot, self.languages],
            {name: task.fingerprint() for name, task in self._tasks.items()},
            {key: table.model_dump(exclude={"file", "files"}) for key, table in self.found.tables.items()},
            {key: table.fingerprint() for key, table in self._tables.items()},
        )

    def _opened(self, name: str, placed: Placed) -> FileTask:
        title = placed.title
        task = placed.task if placed.files else replace(placed.task, joins=())  # the hub keeps one table

        def table(columns: list[str]) -> Rows:
            if placed.files:
                return LongTable(title, placed.files, task.lang, columns)
            if task.hub is None:
                raise BadInput(f"{title} has neither files nor a data set of the hub.")
            splits = filter(None, [task.evaluated, *task.files, *task.hub.splits, task.shots_from])
            return HubTable(title, task.hub, list(dict.fromkeys(splits)), task.lang, columns)

        return FileTask(name, task, placed.root, self.pivot, self.asking, title, table)

    def _rows(self, key: str, table: FixedTable) -> Rows:
        title = f"{self.where}: [{key}]"
        if self.found.lines:
            return LineFiles(self.where, self.found.lines)
        return LongTable(title, table.paths(Path(self.where), "train"), table.lang, table.columns())

    def _pairs(self, key: str, table: ParallelTable) -> ParallelText:
        return ParallelText(
            self._tables[key], self.pivot, id=table.id, text=table.text, target=table.target,
            strip_after=table.strip_after, instead=_INSTEAD[key],
        )  # fmt: skip

    def _of_both(self, key: str, a: str, b: str, split: str) -> list[Pair]:
        if key not in self._parallel:
            raise self._lacks(key)
        return self._parallel[key].pairs(self._known(a), self._known(b), split)

    def _task(self, name: str, known: tuple[str, ...]) -> FileTask:
        if name not in known:
            raise UnknownName("task", name, known, hint=f"It is none of {self.where}.")
        return self._tasks[name]

    def _all_languages(self) -> tuple[str, ...]:
        """The languages a specification lists, or all that the files hold in alphabetical order."""
        held = set[str]().union(
            *(table.languages for table in self._tables.values()),
            *(table.languages for table in self._parallel.values()),
            *(task.rows.languages for task in self._tasks.values()),
        )
        listed = [find(lang).code for lang in self.found.languages]
        told = Path(self.where).is_dir() or self.where == HUB  # nobody said that the pivot is there
        for lang in [*([] if told else [self.pivot]), *listed]:
            if lang not in held:
                there = ", ".join(sorted(held)) or "none"
                raise BadInput(f"{self.where}: no file has rows in {lang}; there are {there}.")
        first = [self.pivot] if self.pivot in held else []
        return tuple(dict.fromkeys([*first, *(listed or sorted(held))]))

    def _known(self, lang: str) -> str:
        if lang not in self.languages:
            raise UnknownName("language code", lang, self.languages, hint=f"It is not in {self.where}.")
        return lang

    def _lacks(self, key: str) -> MissingResource:
        instead = self.found.lacking.get(key) or (
            f"{_INSTEAD[key]}: name its file under [{key}] in a TOML file, columns {_COLUMNS[key]} "
            "(examples/own_text.toml)"
        )
        return MissingResource(f"Source {self.name!r} has no [{key}] in {self.where}; {instead}.")


def _listed(words: Any) -> list[str]:
    """One word or a list of words as a list; a missing value as none."""
    return [words] if isinstance(words, str) else list(words or [])
