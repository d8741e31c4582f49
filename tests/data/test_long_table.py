"""Rows by language and split, in files of every kind."""

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data import long_table
from interlingua.data.long_table import ROW, LongTable

ROWS = [
    {"id": "1", "lang": "de", "text": "eins"},
    {"id": "1", "lang": "swh_Latn", "text": "moja"},
    {"id": "2", "lang": "German", "text": "zwei"},
    {"id": "3", "lang": "sw", "text": None},
]


def write(folder, kind, rows=ROWS, **settings):
    path = folder / f"rows.{kind}"
    if kind == "parquet":
        parquet.write_table(pa.Table.from_pylist(rows), path, **settings)
    else:
        lines = [
            ["id", "lang", "text"],
            *[[row[key] or "" for key in ("id", "lang", "text")] for row in rows],
        ]
        path.write_text("\n".join(map(",".join, lines)))
    return path


@pytest.mark.parametrize(
    ("kind", "settings"), [("csv", {}), ("parquet", {}), ("parquet", {"row_group_size": 1})]
)
def test_rows_by_language_and_split(tmp_path, kind, settings):
    table = LongTable("[t]", {"train": write(tmp_path, kind, **settings)}, "lang", ["id", "text"])
    assert table.languages == table.languages_in("train") == {"deu_Latn", "swh_Latn"}
    assert table.splits == ("train",)
    assert table.rows("deu_Latn", "train") == [
        {"lang": "de", "id": "1", "text": "eins", ROW: "00000"},
        {"lang": "German", "id": "2", "text": "zwei", ROW: "00001"},
    ]
    assert [row["text"] for row in table.rows("swh_Latn", "train")] == ["moja", None]
    assert table.common("train", "id") == {"1"}
    assert table.common("train", ROW) == {"00000", "00001"}
    with pytest.raises(
        MissingResource, match=r"\[t\] has no train rows in fra_Latn; there are deu_Latn, swh_La"
    ):
        table.rows("fra_Latn", "train")
    with pytest.raises(MissingResource, match="no split 'test'; there is train"):
        table.rows("deu_Latn", "test")


def test_only_the_row_groups_of_a_language_are_read(tmp_path, monkeypatch):
    rows = [{"id": str(i), "lang": lang, "text": "x"} for lang in ("de", "en", "sw") for i in range(4)]
    path = write(tmp_path, "parquet", rows, row_group_size=4)
    table, read = LongTable("[t]", {"test": path}, "lang", ["id", "text"]), []
    take = long_table._ParquetFile._taken
    monkeypatch.setattr(
        long_table._ParquetFile, "_taken", lambda self, groups: read.append(groups) or take(self, groups)
    )
    assert len(table.rows("eng_Latn", "test")) == len(table.rows("eng_Latn", "test")) == 4
    assert read == [[1]]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_rows_in_no_known_language_columns_and_empty_tables_are_refused(tmp_path, kind):
    path = write(tmp_path, kind)
    with pytest.raises(BadInput, match=rf"rows\.{kind}: no column 'txt'; there are id, lang, text"):
        LongTable("[t]", {"train": path}, "lang", ["txt"])
    with pytest.raises(BadInput, match=rf"rows\.{kind}: language '3' of a row"):
        LongTable("[t]", {"train": write(tmp_path, kind, [{**ROWS[0], "lang": "3"}])}, "lang", ["id"])
    with pytest.raises(BadInput, match=rf"rows\.{kind}: language None of a row: No language given"):
        LongTable(
            "[t]", {"train": write(tmp_path, kind, [ROWS[0], {**ROWS[0], "lang": None}])}, "lang", ["id"]
        )
    empty = tmp_path / f"none.{kind}"
    if kind == "csv":
        empty.write_text("id,lang,text\n")
    else:
        parquet.write_table(pa.table({"id": pa.array([], "string"), "lang": pa.array([], "string")}), empty)
    with pytest.raises(BadInput, match=rf"none\.{kind}: the table is empty"):
        LongTable("[t]", {"train": empty}, "lang", ["id"])


def test_the_fingerprint_is_that_of_content(tmp_path):
    before = LongTable("[t]", {"train": write(tmp_path, "csv")}, "lang", ["id"]).fingerprint()
    assert before == LongTable("[other]", {"train": write(tmp_path, "csv")}, "lang", ["id"]).fingerprint()
    assert (
        before != LongTable("[t]", {"train": write(tmp_path, "csv", ROWS[:3])}, "lang", ["id"]).fingerprint()
    )
