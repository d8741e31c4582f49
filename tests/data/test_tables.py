"""Tables in files of every kind."""

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.tables import LongTable, read_columns, text_of

ROWS = [{"id": "1", "lang": "de", "text": 'Ja, "gut"'}, {"id": "2", "lang": "swh_Latn", "text": None}]


def write(folder, kind):
    path = folder / f"rows.{kind}"
    match kind:
        case "parquet":
            parquet.write_table(pa.Table.from_pylist(ROWS), path)
        case "jsonl":
            path.write_text(
                '{"id": "1", "lang": "de", "text": "Ja, \\"gut\\""}\n\n{"id": "2", "lang": "swh_Latn"}\n'
            )
        case "csv":
            path.write_text('\ufeffid,lang,text\n1,de,"Ja, ""gut"""\n2,swh_Latn,\n', encoding="utf-8")
        case "tsv":
            path.write_text('id\tlang\ttext\n1\tde\t"Ja, ""gut"""\n2\tswh_Latn\t\n')
    return path


@pytest.mark.parametrize("kind", ["parquet", "jsonl", "csv", "tsv"])
def test_every_kind_gives_the_same_columns(tmp_path, kind):
    assert read_columns(write(tmp_path, kind), ["text", "id"]) == {
        "text": ['Ja, "gut"', None],
        "id": ["1", "2"],
    }


@pytest.mark.parametrize("kind", ["parquet", "jsonl", "csv", "tsv"])
def test_a_missing_column_is_named_with_those_there(tmp_path, kind):
    path = write(tmp_path, kind)
    with pytest.raises(
        BadInput, match=rf"rows\.{kind}: no column 'txt'; there are id, lang, text\. Did you mean 'text'"
    ):
        read_columns(path, ["txt"])
    with pytest.raises(BadInput, match="no column 'label'"):
        read_columns(path, ["id"], also=["label"])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.parquet", "no parquet", "cannot be read as parquet"),
        ("a.jsonl", '{"id": 1}\nnonsense\n', "line 2 is not JSON"),
        ("a.jsonl", "[1]\n", "line 1 is no JSON object"),
        ("a.csv", "id,lang\n1,de,more\n", "line 2 has 3 values for 2 columns"),
        ("a.csv", "id,lang\n", "the table is empty"),
        ("a.csv", "", "the table is empty"),
        ("a.jsonl", "", "the table is empty"),
        ("a.xlsx", "", "tables end in .parquet"),
        ("a", "", "not 'nothing'"),
    ],
)
def test_unusable_files_are_refused_by_name(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(BadInput, match=message) as refusal:
        read_columns(path, ["id"])
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_missing_file_and_bytes_that_are_no_text_are_refused(tmp_path):
    with pytest.raises(BadInput, match="no such file"):
        read_columns(tmp_path / "none.csv", ["id"])
    (tmp_path / "latin1.csv").write_bytes(b"id\n\xe9\n")
    with pytest.raises(BadInput, match="cannot be read as csv"):
        read_columns(tmp_path / "latin1.csv", ["id"])


def test_rows_by_language_and_split(tmp_path):
    table = LongTable("[text]", {"train": write(tmp_path, "csv")}, "lang", ["id", "text"])
    assert table.languages == table.languages_in("train") == {"deu_Latn", "swh_Latn"}
    assert table.rows("deu_Latn", "train") == [{"lang": "de", "id": "1", "text": 'Ja, "gut"'}]
    with pytest.raises(
        MissingResource, match=r"\[text\] has no train rows in fra_Latn; there are deu_Latn, swh_Latn"
    ):
        table.rows("fra_Latn", "train")
    with pytest.raises(MissingResource, match="no split 'test'; there is train"):
        table.rows("deu_Latn", "test")


def test_a_row_in_no_known_language_is_refused(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("id,lang\n1,de\n2,no such tongue\n")
    with pytest.raises(BadInput, match=r"rows\.csv: language 'no such tongue' of a row: No language called"):
        LongTable("[text]", {"train": path}, "lang", ["id"])


def test_an_empty_field_is_refused_by_row():
    assert text_of({"text": 3}, "text", "[text]") == "3"
    with pytest.raises(BadInput, match=r"\[text\]: column 'text' is empty in row '7'"):
        text_of({"text": " "}, "text", "[text]", "7")
