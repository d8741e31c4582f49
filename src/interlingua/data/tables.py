"""Tables: rows of several languages in Parquet, JSON Lines, CSV or TSV files, one file per split."""

import csv
import difflib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput, InterlinguaError, MissingResource
from interlingua.languages.language import find

KINDS = (".parquet", ".jsonl", ".csv", ".tsv")


class LongTable:
    """A table in long form: a row is one text in one language, which a column names in any spelling.

    `files` maps splits to files. Columns and languages are checked at once, rows are read when asked for.

    Raises:
        BadInput: a missing or empty file, a missing column, a row whose language nobody knows.
    """

    def __init__(self, title: str, files: Mapping[str, Path], lang: str, columns: Sequence[str]) -> None:
        self.title, self.files = title, dict(files)
        self._lang, self._columns = lang, list(dict.fromkeys([lang, *columns]))
        self._rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
        self.languages: set[str] = set()
        for path in self.files.values():
            langs = read_columns(path, [lang], also=self._columns)[lang]
            self.languages.update(_code(path, value) for value in set(langs))

    def rows(self, lang: str, split: str) -> list[dict[str, Any]]:
        """The rows of one language, columns by name.

        Raises:
            MissingResource: there is no such split, or the split has no row in the language.
        """
        rows = self._split(split).get(lang)
        if rows is None:
            there = ", ".join(sorted(self._split(split)))
            raise MissingResource(f"{self.title} has no {split} rows in {lang}; there are {there}.")
        return rows

    def languages_in(self, split: str) -> set[str]:
        """The languages that have rows in a split. Raises MissingResource where there is no such split."""
        return set(self._split(split))

    def _split(self, split: str) -> dict[str, list[dict[str, Any]]]:
        if split not in self.files:
            there = ", ".join(self.files)
            raise MissingResource(
                f"{self.title} has no split {split!r}; there is {there}. Name a file for it."
            )
        if split not in self._rows:
            self._rows[split] = self._read(self.files[split])
        return self._rows[split]

    def _read(self, path: Path) -> dict[str, list[dict[str, Any]]]:
        columns = read_columns(path, self._columns)
        by_lang: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for values in zip(*columns.values(), strict=True):
            row = dict(zip(columns, values, strict=True))
            by_lang[_code(path, row[self._lang])].append(row)
        return dict(by_lang)


def text_of(row: Mapping[str, Any], column: str, title: str, id_: str = "") -> str:
    """The text of one field. Raises BadInput where it is missing or empty."""
    value = row[column]
    if value is None or not str(value).strip():
        raise BadInput(f"{title}: column {column!r} is empty in {f'row {id_!r}' if id_ else f'{row}'}.")
    return str(value)


def _code(path: Path, value: Any) -> str:
    try:
        return find(str(value or "")).code
    except InterlinguaError as error:
        raise BadInput(f"{path}: language {value!r} of a row: {error}") from error


def read_columns(path: Path, names: Sequence[str], also: Sequence[str] = ()) -> dict[str, list[Any]]:
    """The columns `names` of a file, all of one length, missing values as None; `also` must exist too.

    The kind is told by the ending: `.parquet`, `.jsonl` (one object a line), `.csv` or `.tsv` (UTF-8, the
    first line names the columns; every value is text and an empty one counts as missing).

    Raises:
        BadInput: the file is missing, damaged, empty or of no such kind, or lacks a column.
    """
    if path.suffix not in KINDS:
        raise BadInput(f"{path}: tables end in {', '.join(KINDS)}, not {path.suffix or 'nothing'!r}.")
    if not path.is_file():
        raise BadInput(f"{path}: no such file.")
    try:
        read = _parquet if path.suffix == ".parquet" else _text
        columns = read(path, names, [*names, *also])
    except (OSError, ValueError, csv.Error) as error:  # pyarrow's errors are OSError or ValueError
        reason = " ".join(str(error).split())
        raise BadInput(f"{path}: cannot be read as {path.suffix[1:]}: {reason}") from error
    if not columns[names[0]]:
        raise BadInput(f"{path}: the table is empty.")
    return columns


def _parquet(path: Path, names: Sequence[str], needed: Sequence[str]) -> dict[str, list[Any]]:
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(path) as file:
        _check(path, needed, file.schema_arrow.names)
        columns: dict[str, list[Any]] = file.read(columns=list(names)).to_pydict()
    return columns


def _text(path: Path, names: Sequence[str], needed: Sequence[str]) -> dict[str, list[Any]]:
    rows = _json_lines(path) if path.suffix == ".jsonl" else _separated(path)
    present = list(dict.fromkeys(name for row in rows for name in row))
    if rows or present:
        _check(path, needed, present)
    return {name: [row.get(name) for row in rows] for name in names}


def _json_lines(path: Path) -> list[dict[str, Any]]:
    rows = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"line {number} is not JSON ({error.msg})") from error
            if not isinstance(row, dict):
                raise ValueError(f"line {number} is no JSON object")
            rows.append(row)
    return rows


def _separated(path: Path) -> list[dict[str, Any]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ",", strict=True)
        header = next(reader, [])
        rows = []
        for row in reader:
            if len(row) != len(header):
                raise ValueError(f"line {reader.line_num} has {len(row)} values for {len(header)} columns")
            rows.append({name: value or None for name, value in zip(header, row, strict=True)})
    return rows


def _check(path: Path, wanted: Sequence[str], present: Sequence[str]) -> None:
    for name in wanted:
        if name not in present:
            near = difflib.get_close_matches(name, present, n=1, cutoff=0.55)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise BadInput(f"{path}: no column {name!r}; there are {', '.join(present) or 'none'}.{hint}")
