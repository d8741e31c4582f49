"""FileSource: real data as a `Source`, described by a TOML file (see `examples/snli.toml`)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput, MissingResource, UnknownName
from interlingua.core.fingerprint import file_fingerprint, fingerprint
from interlingua.data.file_task import FileTask
from interlingua.data.items import Choice, Pair
from interlingua.data.spec import ParallelTable, json_files, read_spec
from interlingua.data.tables import LongTable, text_of
from interlingua.languages.language import find

_INSTEAD = {
    "text": "any monolingual text would do",
    "pairs": "general parallel text such as FLORES or Tatoeba would do",
    "questions": "training questions of a task, translated, would do",
    "dictionary": "word lists with common ids would do",
}


class FileSource:
    """Data in files, left where they are and read when asked for.

    `path` is a TOML file or a folder with one. Files, columns and languages are checked at once, so that
    a mistake shows before a model is loaded.

    Raises:
        BadInput: a wrong key, missing file, missing column, empty table or ambiguous language.
        UnknownName: a language that nobody knows.
    """

    def __init__(self, path: Path | str) -> None:
        self.file, self.spec = read_spec(Path(path))
        self.name, self.pivot = self.spec.name, find(self.spec.pivot).code
        self.tasks = tuple(self.spec.tasks)
        self._tasks = {
            name: FileTask(name, table, self.file, self.pivot) for name, table in self.spec.tasks.items()
        }
        self._tables = {
            key: LongTable(
                f"{self.file}: [{key}]", table.paths(self.file, "train"), table.lang, table.columns()
            )
            for key in _INSTEAD
            if (table := getattr(self.spec, key)) is not None
        }
        self.languages = self._all_languages()

    def text(self, lang: str, split: str = "train") -> Sequence[str]:
        """Monolingual documents."""
        if (table := self.spec.text) is None:
            raise self._lacks("text")
        return [text_of(row, table.text, f"{self.file}: [text]") for row in self._rows("text", lang, split)]

    def pairs(self, a: str, b: str, split: str = "train") -> Sequence[Pair]:
        """General parallel text, source in `a`, target in `b`."""
        if self.spec.pairs is None:
            raise self._lacks("pairs")
        return self._parallel("pairs", self.spec.pairs, a, b, split)

    def questions(self, a: str, b: str, split: str = "train") -> Sequence[Pair]:
        """Parallel task questions without answers, source in `a`, target in `b`."""
        if self.spec.questions is None:
            raise self._lacks("questions")
        return self._parallel("questions", self.spec.questions, a, b, split)

    def dictionary(self, a: str, b: str) -> Mapping[str, tuple[str, ...]]:
        """Words of `a`, each with all words of `b` that share a concept with it."""
        if (table := self.spec.dictionary) is None:
            raise self._lacks("dictionary")
        meaning: dict[Any, list[str]] = defaultdict(list)
        for row in self._rows("dictionary", b, "train"):
            meaning[row[table.id]] += _listed(row[table.words])
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows("dictionary", a, "train"):
            for word in _listed(row[table.words]):
                found[word] += meaning.get(row[table.id], [])
        return {word: tuple(dict.fromkeys(others)) for word, others in found.items() if others}

    def task(self, name: str, lang: str, split: str = "test") -> Sequence[Choice]:
        """Items of one task in one language."""
        if name not in self._tasks:
            raise UnknownName(
                "task", name, self.tasks, hint=f"A task is a table [tasks.NAME] in {self.file}."
            )
        return self._tasks[name].items(self._known(lang), split)

    def bilingual_share(self, lang: str) -> float | None:
        """None: files do not tell what a model was pretrained on."""
        self._known(lang)
        return None

    def fingerprint(self) -> str:
        """Hash of the specification and of every file it names."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        tables = [*self._tables.values(), *(task.rows for task in self._tasks.values())]
        files = {path for table in tables for path in table.files.values()} | json_files(self.spec, self.file)
        return fingerprint(self.spec.model_dump(), [file_fingerprint(path) for path in sorted(files)])

    def _all_languages(self) -> tuple[str, ...]:
        """The languages the specification lists, or all that the files hold in alphabetical order."""
        held = set[str]().union(
            *(table.languages for table in self._tables.values()),
            *(task.rows.languages for task in self._tasks.values()),
        )
        if any(table and table.target for table in (self.spec.pairs, self.spec.questions)):
            held.add(self.pivot)
        listed = [find(lang).code for lang in self.spec.languages]
        for lang in [self.pivot, *listed]:
            if lang not in held:
                there = ", ".join(sorted(held)) or "none"
                raise BadInput(f"{self.file}: no file has rows in {lang}; there are {there}.")
        return tuple(dict.fromkeys([self.pivot, *(listed or sorted(held))]))

    def _known(self, lang: str) -> str:
        if lang not in self.languages:
            raise UnknownName("language code", lang, self.languages, hint=f"It is not in {self.file}.")
        return lang

    def _rows(self, key: str, lang: str, split: str) -> list[dict[str, Any]]:
        return self._tables[key].rows(self._known(lang), split)

    def _parallel(self, key: str, table: ParallelTable, a: str, b: str, split: str) -> list[Pair]:
        if a == b:
            raise BadInput(f"{self.file}: [{key}] of {a} with itself are no pairs; name two languages.")
        left, right = self._sides(key, table, a, b, split), self._sides(key, table, b, a, split)
        common = [id_ for id_ in left if id_ in right]
        if not common:
            raise MissingResource(f"{self.file}: [{key}] has no id in both {a} and {b}; {_INSTEAD[key]}.")
        return [Pair(id_, a, b, left[id_], right[id_], group=id_) for id_ in common]

    def _sides(self, key: str, table: ParallelTable, lang: str, other: str, split: str) -> dict[str, str]:
        """Id to text of `lang`; the pivot's text may stand in the rows of the `other` language."""
        where = f"{self.file}: [{key}]"
        from_target = table.target is not None and lang == self.pivot
        column = table.target if table.target and from_target else table.text
        found: dict[str, str] = {}
        for row in self._rows(key, other if from_target else lang, split):
            id_ = str(row[table.id])
            text = text_of(row, column, where, id_)
            if id_ in found:
                raise BadInput(f"{where}: id {id_!r} comes twice among the {split} rows of {lang}.")
            if table.strip_after and not from_target:
                text, marker, _ = text.partition(table.strip_after)
                if not marker:
                    raise BadInput(f"{where}: {lang} row {id_!r} has no {table.strip_after!r} (strip_after).")
            found[id_] = text
        return found

    def _lacks(self, key: str) -> MissingResource:
        return MissingResource(f"Source {self.name!r} has no [{key}] in {self.file}; {_INSTEAD[key]}.")


def _listed(words: Any) -> list[str]:
    """One word or a list of words as a list; a missing value as none."""
    return [words] if isinstance(words, str) else list(words or [])
