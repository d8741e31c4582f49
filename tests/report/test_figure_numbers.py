"""The numbers of figures as one long table."""

from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from interlingua.core.errors import BadInput
from interlingua.report.figure_numbers import write_numbers
from interlingua.report.tables import Column, Table


def test_a_line_per_cell_missing_ones_left_out(tmp_path: Path) -> None:
    columns = (Column("Language"), Column("gain", "points", "After"))
    tables = {
        "gains": Table("Gains", columns, (("Swahili", 0.125), ("Thai", None))),
        "empty": Table("", columns, ()),
    }
    lines = parquet.read_table(write_numbers(tables, tmp_path / "numbers.parquet")).to_pylist()
    none = {"value": None, "text": None}
    head = {"figure": "gains", "kind": "text", "group": "", "column": "Language"}
    assert lines == [
        {**head, **none, "row": 0, "text": "Swahili"},
        {**head, **none, "row": 0, "group": "After", "column": "gain", "kind": "points", "value": 0.125},
        {**head, **none, "row": 1, "text": "Thai"},
    ]


def test_no_figures_and_no_place(tmp_path: Path) -> None:
    assert parquet.read_table(write_numbers({}, tmp_path / "none.parquet")).num_rows == 0
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput):
        write_numbers({}, tmp_path / "file" / "numbers.parquet")
