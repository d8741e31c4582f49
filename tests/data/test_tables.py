"""Tables in files of every kind."""

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from interlingua.core.errors import BadInput
from interlingua.data.tables import column_names, read_columns, text_of

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


@pytest.mark.parametrize("kind", ["parquet", "jsonl", "csv", "tsv"])
def test_names_of_columns_are_read_without_the_rows(tmp_path, kind):
    assert column_names(write(tmp_path, kind)) == ["id", "lang", "text"]


def test_names_of_columns_of_a_file_without_any(tmp_path):
    for kind in ("csv", "jsonl"):
        (tmp_path / f"a.{kind}").write_text("")
        assert column_names(tmp_path / f"a.{kind}") == []


def test_an_empty_field_is_refused_by_row():
    assert text_of({"text": 3}, "text", "[text]") == "3"
    with pytest.raises(BadInput, match=r"\[text\]: column 'text' is empty in row '7'"):
        text_of({"text": " "}, "text", "[text]", "7")
