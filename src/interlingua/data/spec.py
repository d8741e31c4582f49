"""The specification of a data source: a TOML file that names files, columns, frames and label words."""

import difflib
import tomllib
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError, model_validator

from interlingua.core.errors import BadInput
from interlingua.data.task import TASKS, Hub, Join, Task
from interlingua.data.words import Labels, Strict, Texts


class Table(Strict):
    """What every table has: a file per split (`files`) or one alone (`file`), and a column of languages."""

    file: str | None = None
    files: dict[str, str] = Field(default={})
    lang: str = "lang"

    @model_validator(mode="after")
    def _one_way(self) -> "Table":
        if (self.file is None) == (not self.files):
            raise ValueError("give either file or files")
        return self

    def paths(self, spec: Path, split: str) -> dict[str, Path]:
        """Split to path, relative ones starting at the specification; a lone `file` is `split`."""
        named = {split: self.file} if self.file else self.files
        return {name: spec.parent / path for name, path in named.items()}


class FixedTable(Table):
    """A table of one fixed kind of rows."""

    @abstractmethod
    def columns(self) -> list[str]:
        """The columns it needs besides that of languages."""


class TextTable(FixedTable):
    """Documents: a column `text`."""

    text: str = "text"

    def columns(self) -> list[str]:
        """The text."""
        return [self.text]


class ParallelTable(FixedTable):
    """Parallel text in long form: rows of one `id` are translations of each other.

    `target` is a column that holds the pivot's text in every row; without it the pivot has rows of its own.
    `text` is cut where `strip_after` begins.
    """

    id: str = "id"
    text: str = "text"
    target: str | None = None
    strip_after: str = ""

    def columns(self) -> list[str]:
        """Id, text and, if it has one, target."""
        return [self.id, self.text, *([self.target] if self.target else [])]


class DictionaryTable(FixedTable):
    """Words of concepts: rows of one `id` translate each other; `words` is a word or a list of words."""

    id: str = "id"
    words: str = "words"

    def columns(self) -> list[str]:
        """Id and words."""
        return [self.id, self.words]


class JoinTable(Strict):
    """Columns of a second table; see `data/task.py`."""

    on: str
    file: str
    take: list[str]
    key: str = "id"


class HubSet(Strict):
    """A data set of the hub; see `data/task.py`."""

    name: str
    configs: dict[str, str]
    splits: dict[str, str] = Field(default={})
    columns: dict[str, str] = Field(default={})
    revision: str | None = None


class TaskTable(Table):
    """A task: the keys of `data/task.py`, all optional but what is asked and what answers.

    `use` names a known task to start from; what is given here replaces what it says. Instead of files, `hub`
    is a data set of the hub, or true for the one the known task names.
    """

    use: str = ""
    hub: bool | HubSet = False
    evaluated: str | None = None
    id: str = "id"
    group: str | None = None
    cluster: str | None = None
    parallel: bool = True
    joins: list[JoinTable] = Field(default=[])
    of_pivot: list[str] = Field(default=[])
    question: Texts = ""
    words: dict[str, dict[str, dict[str, str]]] = Field(default={})
    labels: Labels = Field(default={})
    options: str | list[str] = Field(default=[])
    letters: str = ""
    label: str = "label"
    label_is: Literal["index", "number", "letter", "text"] = "index"
    skip_unlabelled: bool = False
    skip_empty: bool = False
    skip_repeated: bool = False
    answer: str | list[str] = Field(default=[])
    shown: str = ""
    steps: str = ""
    match: Literal["number", "text"] = "text"
    stop: list[str] = Field(default=["\n"])
    max_new_tokens: int = 64
    few: int = Field(default=0, ge=0)
    shots_from: str = ""
    shots: Texts = ""
    between: str = "\n\n"

    @model_validator(mode="after")
    def _one_way(self) -> "TaskTable":
        if [self.file is not None, bool(self.files), bool(self.hub)].count(True) != 1:
            raise ValueError("give either file or files, or hub")
        return self

    def task(self) -> Task:
        """What is declared, on top of what the known task says.

        Raises:
            UnknownName: no known task of that name.
            BadInput: nothing or more than one thing that answers.
        """
        kinds = ("labels", "options", "answer")
        given = {key: _frozen(getattr(self, key)) for key in self.model_fields_set & set(_KEYS)}
        given["evaluated"] = self._evaluated()
        if not self.use:
            return Task(**given, hub=self._hub(None))
        base: Task = TASKS.get(self.use)
        if any(kind in given for kind in kinds):
            given = {key: type(getattr(base, key))() for key in kinds if key not in given} | given
        kept = {key: value for key, value in base.beside.items() if key not in given}
        return replace(base, **{**given, "beside": kept, "hub": self._hub(base.hub)})

    def _evaluated(self) -> str:
        """The measured split: `test` or the first where nothing is said."""
        if self.evaluated or not self.files or "test" in self.files:
            return self.evaluated or "test"
        return next(iter(self.files))

    def _hub(self, known: Hub | None) -> Hub | None:
        if self.hub is True and known is None:
            raise BadInput("hub = true goes with use, a known task that is on the hub; give a table instead.")
        return known if self.hub is True else Hub(**self.hub.model_dump()) if self.hub else None


_KEYS = tuple(
    key for key in TaskTable.model_fields if key not in ("use", "hub", "file", "files", "evaluated")
)


def _frozen(value: Any) -> Any:
    """A value of TOML as a declaration holds it."""
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    if isinstance(value, JoinTable):
        return Join(**{**value.model_dump(), "take": tuple(value.take)})
    return value


class Spec(Strict):
    """A whole specification; `languages` limits and orders what the files hold, languages in any spelling."""

    name: str
    pivot: str
    languages: list[str] = Field(default=[])
    text: TextTable | None = None
    pairs: ParallelTable | None = None
    questions: ParallelTable | None = None
    dictionary: DictionaryTable | None = None
    licence: str = ""
    tasks: dict[str, TaskTable] = Field(default={})


_TABLES: Mapping[str, type[BaseModel]] = {
    "text": TextTable,
    "pairs": ParallelTable,
    "questions": ParallelTable,
    "dictionary": DictionaryTable,
}
_SETTINGS = {
    "question": "text, texts by language,",
    "shots": "text, texts by language,",
    "labels": "words by label, those by language,",
}


def read_spec(path: Path) -> tuple[Path, Spec]:
    """The specification in a TOML file, or in the only TOML file (or `source.toml`) of a folder, and where.

    Raises:
        BadInput: no such file, broken TOML, an unknown or missing key, a value of the wrong kind.
    """
    file = _file(path)
    try:
        return file, Spec.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{file}: broken TOML: {error}") from error
    except ValidationError as error:
        raise BadInput(f"{file}: {_told(error)}") from error


def _file(path: Path) -> Path:
    if not path.is_dir():
        return path
    found = sorted(path.glob("*.toml"))
    if path / "source.toml" in found:
        return path / "source.toml"
    if len(found) != 1:
        names = ", ".join(file.name for file in found) or "none"
        raise BadInput(f"{path}: one TOML file, or a source.toml, is looked for; there are {names}.")
    return found[0]


def _told(error: ValidationError) -> str:
    """The most telling complaint of pydantic in our words."""
    first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")  # a typo explains the rest
    depth = 3 if first["loc"][0] == "tasks" else 2
    *above, last = map(str, first["loc"][:depth])  # deeper parts name the branches of a union
    key = ".".join([*above, last])
    if len(first["loc"]) > depth and last in _SETTINGS:
        return f"key {key!r} is neither {_SETTINGS[last]} nor a JSON file with a path."
    if first["type"] == "extra_forbidden":
        table = TaskTable if above and above[0] == "tasks" else _TABLES[above[0]] if above else Spec
        near = difflib.get_close_matches(last, table.model_fields, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(table.model_fields)}."
        return f"unknown key {key!r}. {hint}"
    if first["type"] == "missing":
        return f"key {key!r} is missing."
    return f"key {key!r}: {first['msg'].removeprefix('Value error, ').lower()}."
