"""The numbers of all figures of a page as one long Parquet table that other tools open."""

from collections.abc import Mapping
from pathlib import Path

from interlingua.core.files import write_atomic
from interlingua.report.tables import Table


def write_numbers(tables: Mapping[str, Table], path: Path) -> Path:
    """One line per cell: `figure`, `row`, `group`, `column`, `kind`, `value` (a number) or `text`.

    `row` numbers the rows of a figure's table from 0; fractions stay fractions (`kind` says how the page
    shows them). The file appears whole or not at all. Raises `OutOfRoom`, `BadInput` as `write_atomic`.
    """
    import pyarrow as arrow
    from pyarrow import parquet

    lines = [
        (name, place, column.group, column.title, column.kind, *_split(cell))
        for name, table in tables.items()
        for place, row in enumerate(table.rows)
        for column, cell in zip(table.columns, row, strict=True)
        if cell is not None
    ]
    kinds = {
        "figure": arrow.string(), "row": arrow.int32(), "group": arrow.string(), "column": arrow.string(),
        "kind": arrow.string(), "value": arrow.float64(), "text": arrow.string(),
    }  # fmt: skip
    columns = zip(*lines, strict=True) if lines else [()] * len(kinds)
    arrays = {
        name: arrow.array(list(values), kinds[name]) for name, values in zip(kinds, columns, strict=True)
    }
    whole = arrow.BufferOutputStream()
    parquet.write_table(arrow.table(arrays), whole, compression="zstd")
    return write_atomic(path, whole.getvalue().to_pybytes())


def _split(cell: str | float) -> tuple[float | None, str | None]:
    return (None, cell) if isinstance(cell, str) else (float(cell), None)
