"""The specification of a data source: a TOML file that names files, columns, frames and label words."""

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError, model_validator

from interlingua.core.errors import BadInput
from interlingua.data.words import FromJson, Labels, Strict, Texts


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

    def columns(self) -> list[str]:
        """The columns it needs besides that of languages."""
        raise NotImplementedError


class TextTable(Table):
    """Documents: a column `text`."""

    text: str = "text"

    def columns(self) -> list[str]:
        """The text."""
        return [self.text]


class ParallelTable(Table):
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


class DictionaryTable(Table):
    """Words of concepts: rows of one `id` translate each other; `words` is a word or a list of words."""

    id: str = "id"
    words: str = "words"

    def columns(self) -> list[str]:
        """Id and words."""
        return [self.id, self.words]


class TaskTable(Table):
    """A task with a fixed set of labels.

    `question` is text with columns in braces, one for all languages or one per language; `labels` maps the
    values of column `label` to the words that answer, for all languages or per language; `shots` is put
    before every question.
    """

    id: str = "id"
    group: str | None = None
    cluster: str | None = None
    label: str = "label"
    question: Texts
    labels: Labels
    shots: Texts = ""
    skip_unlabelled: bool = False


class Spec(Strict):
    """A whole specification; `languages` limits and orders what the files hold, languages in any spelling."""

    name: str
    pivot: str
    languages: list[str] = Field(default=[])
    text: TextTable | None = None
    pairs: ParallelTable | None = None
    questions: ParallelTable | None = None
    dictionary: DictionaryTable | None = None
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


def json_files(found: Spec, file: Path) -> set[Path]:
    """The JSON files that a specification at `file` takes frames and words from."""
    settings = [words for task in found.tasks.values() for words in (task.question, task.labels, task.shots)]
    return {file.parent / words.file for words in settings if isinstance(words, FromJson)}


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
