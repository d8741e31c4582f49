"""Samples: scored rows as a Parquet table that other tools open, and back."""

import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from interlingua.core.errors import BadInput
from interlingua.core.files import write_atomic
from interlingua.core.rows import Row

NAMES = tuple(field.name for field in fields(Row))


def write_samples(rows: Sequence[Row], path: Path) -> Path:
    """One line per row: its fields, `correct`, and `extra` as JSON; the file appears whole or not at all.

    Raises `OutOfRoom` on a full disk, `BadInput` for a place that cannot be written.
    """
    import pyarrow as arrow
    from pyarrow import parquet

    columns = {name: [getattr(row, name) for row in rows] for name in NAMES if name != "extra"}
    columns["correct"] = [row.correct for row in rows]
    columns["extra"] = [json.dumps(dict(row.extra), ensure_ascii=False) for row in rows]
    lists = {"scores": arrow.list_(arrow.float64()), "options": arrow.list_(arrow.string())}
    arrays = {
        name: arrow.array([list(value) for value in values], lists[name]) if name in lists else values
        for name, values in columns.items()
    }
    whole = arrow.BufferOutputStream()
    parquet.write_table(arrow.table(arrays), whole, compression="zstd")
    return write_atomic(path, whole.getvalue().to_pybytes())


def read_samples(path: Path) -> list[Row]:
    """The rows of a file that `write_samples` wrote. Raises `BadInput` for any other file."""
    import pyarrow as arrow
    from pyarrow import parquet

    try:
        lines = parquet.read_table(path).to_pylist()
    except (OSError, arrow.ArrowException) as error:
        raise BadInput(f"{path}: cannot be read as Parquet: {' '.join(str(error).split())}") from error
    if lines and (lacking := set(NAMES) - set(lines[0])):
        raise BadInput(f"{path} holds no scored rows: column {sorted(lacking)[0]!r} is missing.")
    return [
        Row(
            **{name: line[name] for name in NAMES if name not in ("scores", "options", "extra")},
            scores=tuple(line["scores"]), options=tuple(line["options"]), extra=json.loads(line["extra"]),
        )
        for line in lines
    ]  # fmt: skip
