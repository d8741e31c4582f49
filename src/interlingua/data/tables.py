"""Tables: columns of Parquet, JSON Lines, CSV and TSV files."""

import csv
import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput

KINDS = (".parquet", ".jsonl", ".csv", ".tsv")


def text_of(row: Mapping[str, Any], column: str, title: str, id_: str = "") -> str:
    """The text of one field. Raises BadInput where it is missing or empty."""
    value = row[column]
    if value is None or not str(value).strip():
        raise BadInput(f"{title}: column {column!r} is empty in {f'row {id_!r}' if id_ else f'{row}'}.")
    return str(value)


def read_columns(path: Path, names: Sequence[str], also: Sequence[str] = ()) -> dict[str, list[Any]]:
    """The columns `names` of a file, all of one length, missing values as None; `also` must exist too.

    The kind is told by the ending: `.parquet`, `.jsonl` (one object a line), `.csv` or `.tsv` (UTF-8, the
    first line names the columns; every value is text and an empty one counts as missing).

    Raises:
        BadInput: the file is missing, damaged, empty or of no such kind, or lacks a column.
    """
    read = _parquet if path.suffix == ".parquet" else _text
    with reading(path):
        columns = read(path, names, [*names, *also])
    if not columns[names[0]]:
        raise BadInput(f"{path}: the table is empty.")
    return columns


def column_names(path: Path) -> list[str]:
    """What the columns of a file are called (JSON Lines: those of the first object).

    Raises:
        BadInput: the file is missing, damaged or of no such kind.
    """
    with reading(path):
        if path.suffix == ".parquet":
            import pyarrow.parquet as parquet

            return list(parquet.read_schema(path).names)
        with open(path, encoding="utf-8-sig", newline="") as file:
            if path.suffix == ".jsonl":
                first: dict[str, Any] = json.loads(next((line for line in file if line.strip()), "{}"))
                return list(first)
            return next(csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ",", strict=True), [])


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """What goes wrong inside is told as a file that cannot be read."""
    if path.suffix not in KINDS:
        raise BadInput(f"{path}: tables end in {', '.join(KINDS)}, not {path.suffix or 'nothing'!r}.")
    if not path.is_file():
        raise BadInput(f"{path}: no such file.")
    try:
        yield
    except (OSError, ValueError, csv.Error) as error:  # pyarrow's errors are OSError or ValueError
        reason = " ".join(str(error).split())
        raise BadInput(f"{path}: cannot be read as {path.suffix[1:]}: {reason}") from error


def _parquet(path: Path, names: Sequence[str], needed: Sequence[str]) -> dict[str, list[Any]]:
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(path) as file:
        check_columns(path, needed, file.schema_arrow.names)
        columns: dict[str, list[Any]] = file.read(columns=list(names)).to_pydict()
    return columns


def _text(path: Path, names: Sequence[str], needed: Sequence[str]) -> dict[str, list[Any]]:
    rows = _text_rows(path)
    present = list(dict.fromkeys(name for row in rows for name in row))
    if rows or present:
        check_columns(path, needed, present)
    return {name: [row.get(name) for row in rows] for name in names}


def _text_rows(path: Path) -> list[dict[str, Any]]:
    return _json_lines(path) if path.suffix == ".jsonl" else _separated(path)


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


def check_columns(path: Path | str, wanted: Sequence[str], present: Sequence[str]) -> None:
    """Raise BadInput where a column is not there; names those that are, and a near one."""
    for name in wanted:
        if name not in present:
            near = difflib.get_close_matches(name, present, n=1, cutoff=0.55)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise BadInput(f"{path}: no column {name!r}; there are {', '.join(present) or 'none'}.{hint}")
