"""LongTable: rows of several languages in one file per split; only the languages asked for are read."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any, Protocol

from interlingua.core.errors import BadInput, InterlinguaError, MissingResource
from interlingua.core.fingerprint import file_fingerprint, fingerprint
from interlingua.data.tables import check_columns, read_columns, reading
from interlingua.languages.language import find

ROW = "#"
"""Column that every table has: the number of a row among those of its language and split."""


class Rows(Protocol):
    """Rows of several languages and splits, wherever they are."""

    title: str
    languages: set[str]
    splits: tuple[str, ...]

    def rows(self, lang: str, split: str) -> list[dict[str, Any]]:
        """The rows of one language, columns by name. Raises `MissingResource` where there are none."""
        ...

    def languages_in(self, split: str) -> set[str]:
        """The languages that have rows in a split."""
        ...

    def common(self, split: str, column: str) -> set[str]:
        """The values of a column, as text, that the rows of every language have."""
        ...

    def fingerprint(self) -> str:
        """Hash of the content."""
        ...


class LongTable:
    """A table in long form: a row is one text in one language, which a column names in any spelling.

    `files` maps splits to files. Columns and languages are checked at once, rows are read when asked for.

    Raises:
        BadInput: a missing or empty file, a missing column, a row whose language nobody knows.
    """

    def __init__(self, title: str, files: Mapping[str, Path], lang: str, columns: Sequence[str]) -> None:
        self.title, self.files, self.splits = title, dict(files), tuple(files)
        wanted = dict.fromkeys([lang, *columns])
        self._columns = [name for name in wanted if name != ROW]
        read = {path: _file(path, lang, self._columns) for path in set(self.files.values())}
        self._files = {split: read[path] for split, path in self.files.items()}
        self.languages: set[str] = set().union(*(file.spellings for file in read.values()))

    def rows(self, lang: str, split: str) -> list[dict[str, Any]]:
        """The rows of one language, columns by name.

        Raises:
            MissingResource: there is no such split, or the split has no row in the language.
        """
        file = self._split(split)
        if lang not in file.spellings:
            raise MissingResource(
                f"{self.title} has no {split} rows in {lang}; there are {few_of(file.spellings)}."
            )
        return file.rows(lang)

    def languages_in(self, split: str) -> set[str]:
        """The languages that have rows in a split. Raises MissingResource where there is no such split."""
        return set(self._split(split).spellings)

    def common(self, split: str, column: str) -> set[str]:
        """The values of a column, as text, that the rows of every language have."""
        return reduce(set.intersection, self._split(split).values(column).values())

    def fingerprint(self) -> str:
        """Hash of what the files hold."""
        return fingerprint({split: file_fingerprint(path) for split, path in self.files.items()})

    def _split(self, split: str) -> "_File":
        if split not in self._files:
            there = ", ".join(self._files)
            raise MissingResource(
                f"{self.title} has no split {split!r}; there is {there}. Name a file for it."
            )
        return self._files[split]


class _File(ABC):
    """One file; `spellings` are the ways in which its rows write each language."""

    def __init__(self, path: Path, lang: str, columns: list[str], spelled: Sequence[Any]) -> None:
        self.path, self.lang, self.columns = path, lang, columns
        self.spellings: dict[str, list[Any]] = defaultdict(list)
        for value in spelled:
            self.spellings[code_of(path, value)].append(value)
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def rows(self, lang: str) -> list[dict[str, Any]]:
        if lang not in self._rows:
            self._rows[lang] = [{**row, ROW: f"{at:05d}"} for at, row in enumerate(self._read(lang))]
        return self._rows[lang]

    def values(self, column: str) -> dict[str, set[str]]:
        if column == ROW:
            return {lang: {row[ROW] for row in self.rows(lang)} for lang in self.spellings}
        code = {value: lang for lang, values in self.spellings.items() for value in values}
        found: dict[str, set[str]] = {lang: set() for lang in self.spellings}
        read = read_columns(self.path, [self.lang, column])
        for lang, value in zip(read[self.lang], read[column], strict=True):
            found[code[lang]].add(str(value))
        return found

    @abstractmethod
    def _read(self, lang: str) -> list[dict[str, Any]]: ...


class _TextFile(_File):
    """JSON Lines, CSV or TSV: read once, whole."""

    def __init__(self, path: Path, lang: str, columns: list[str]) -> None:
        read = read_columns(path, columns)
        self._all = [dict(zip(read, values, strict=True)) for values in zip(*read.values(), strict=True)]
        super().__init__(path, lang, columns, list(dict.fromkeys(read[lang])))

    def _read(self, lang: str) -> list[dict[str, Any]]:
        spelled = set(self.spellings[lang])
        return [row for row in self._all if row[self.lang] in spelled]


class _ParquetFile(_File):
    """Parquet: only the row groups in which the language can be are read; a single one is kept."""

    def __init__(self, path: Path, lang: str, columns: list[str]) -> None:
        import pyarrow.parquet as parquet

        with reading(path), parquet.ParquetFile(path) as file:
            check_columns(path, columns, file.schema_arrow.names)
            spelled = file.read(columns=[lang]).column(0).unique().to_pylist()
            meta = file.metadata
            self._bounds = [_bounds(meta.row_group(at), lang) for at in range(meta.num_row_groups)]
        if not spelled:
            raise BadInput(f"{path}: the table is empty.")
        self._whole: Any = None
        super().__init__(path, lang, columns, spelled)

    def _read(self, lang: str) -> list[dict[str, Any]]:
        import pyarrow as pa
        import pyarrow.compute as compute

        spelled = self.spellings[lang]
        groups = [
            at
            for at, ends in enumerate(self._bounds)
            if ends is None or any(ends[0] <= value <= ends[1] for value in spelled)
        ]
        with reading(self.path):
            table = self._taken(groups)
            kept = table.filter(compute.is_in(table.column(self.lang), value_set=pa.array(spelled)))
            rows: list[dict[str, Any]] = kept.to_pylist()
        return rows

    def _taken(self, groups: list[int]) -> Any:
        import pyarrow.parquet as parquet

        if self._whole is not None:
            return self._whole
        with parquet.ParquetFile(self.path) as file:
            table = file.read_row_groups(groups, columns=self.columns)
        if len(self._bounds) == 1:
            self._whole = table
        return table


def _bounds(group: Any, column: str) -> tuple[Any, Any] | None:
    """The least and the greatest value of a column in a row group; None where the file does not tell."""
    for at in range(group.num_columns):
        if group.column(at).path_in_schema == column:
            told = group.column(at).statistics
            return (told.min, told.max) if told is not None and told.has_min_max else None
    return None


def _file(path: Path, lang: str, columns: list[str]) -> _File:
    return (_ParquetFile if path.suffix == ".parquet" else _TextFile)(path, lang, columns)


def code_of(where: Path | str, value: Any) -> str:
    """The language a row names. Raises BadInput where nobody knows it."""
    try:
        return find(str(value or "")).code
    except InterlinguaError as error:
        raise BadInput(f"{where}: language {value!r} of a row: {error}") from error


def few_of(codes: Any) -> str:
    """Codes for a message: at most 20."""
    listed = sorted(codes)
    return ", ".join(listed[:20]) + (f" and {len(listed) - 20} more" if len(listed) > 20 else "")
