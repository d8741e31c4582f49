"""What a path holds: long tables, one file per language, folders of sets; and what cannot be read."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from interlingua.core.errors import BadInput
from interlingua.data.audit.read import places, read

ROWS = [
    {"id": "a", "lang": "en", "text": "One dog."},
    {"id": "b", "lang": "en", "text": "Two dogs."},
    {"id": "a", "lang": "sw", "text": "Mbwa mmoja."},
    {"id": "b", "lang": "sw", "text": "Mbwa wawili."},
]


def jsonl(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def only(*paths: Path):
    (place,), _ = places(paths)
    return read(place)


def test_long_tables_of_every_kind(tmp_path: Path) -> None:
    parquet.write_table(pa.Table.from_pylist(ROWS), tmp_path / "a.parquet")
    jsonl(tmp_path / "b.jsonl", ROWS)
    for name, mark in (("c.csv", ","), ("d.tsv", "\t")):
        lines = [mark.join(ROWS[0]), *(mark.join(row.values()) for row in ROWS)]
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    found, passed = places([tmp_path])
    sheets = [read(place) for place in found]
    assert [one.file for one in sheets] == ["a.parquet", "b.jsonl", "c.csv", "d.tsv"]
    assert {tuple(one.columns["text"]) for one in sheets} == {tuple(row["text"] for row in ROWS)}
    assert passed == []


def test_rows_of_a_language_are_put_together(tmp_path: Path) -> None:
    sheet = only(jsonl(tmp_path / "a.jsonl", [ROWS[2], ROWS[0], ROWS[3], ROWS[1]]))
    assert sheet.blocks == {"sw": range(2), "en": range(2, 4)}
    assert sheet.ids == ["a", "b", "a", "b"]
    assert sheet.columns["text"] == ["Mbwa mmoja.", "Mbwa wawili.", "One dog.", "Two dogs."]


def test_one_file_per_language(tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("One dog.\nTwo dogs.\n", encoding="utf-8")
    (tmp_path / "test.swh_Latn.txt").write_text("Mbwa mmoja.\nMbwa wawili.\n", encoding="utf-8")
    (tmp_path / "README.txt").write_text("about", encoding="utf-8")
    found, passed = places([tmp_path])
    sheet = read(found[0])
    assert list(sheet.blocks) == ["en", "swh_Latn"]
    assert sheet.file_of("swh_Latn") == "test.swh_Latn.txt"
    assert sheet.ids == ["0", "1", "0", "1"]
    assert passed == ["README.txt"]
    assert only(tmp_path / "en.txt", tmp_path / "test.swh_Latn.txt").ids == sheet.ids


def test_files_of_unequal_length_are_joined_by_their_ids(tmp_path: Path) -> None:
    rows = [{"id": row["id"], "text": row["text"]} for row in ROWS]
    jsonl(tmp_path / "en.jsonl", rows[:2])
    jsonl(tmp_path / "sw.jsonl", [*rows[2:], {"id": "c", "text": "Mbwa watatu."}])
    sheet = only(tmp_path)
    assert sheet.blocks == {"en": range(2), "sw": range(2, 5)}
    assert sheet.grid is not None
    assert sheet.grid.rows.tolist() == [[0, 2], [1, 3], [-1, 4]]


def test_folders_of_sets(tmp_path: Path) -> None:
    for name in ("one", "two", ".hidden"):
        (tmp_path / name).mkdir()
        jsonl(tmp_path / name / "test.jsonl", ROWS)
    (tmp_path / "two" / "notes.json").write_text("{}")
    found, _ = places([tmp_path])
    assert [place.name for place in found] == ["one/test.jsonl", "two/test.jsonl"]


def test_the_script_that_most_rows_say(tmp_path: Path) -> None:
    scripts = ["Cyrl", "Latn", "Latn", None]
    rows = [{**row, "lang": "sr", "id": str(at), "script": scripts[at]} for at, row in enumerate(ROWS)]
    assert only(jsonl(tmp_path / "a.jsonl", rows)).scripts == {"sr": "Latn"}


def test_contexts_of_a_table_beside(tmp_path: Path) -> None:
    jsonl(tmp_path / "contexts.jsonl", [{"id": "p", "lang": "en", "context": "It was 308."}] * 2)
    rows = [
        {
            "id": str(at),
            "lang": "en",
            "context_id": "p",
            "question": f"How many {at}?",
            "answer": "308",
            "answer_start": at,
        }
        for at in (7, 5)
    ]
    sheet = only(jsonl(tmp_path / "test.jsonl", rows))
    assert sheet.columns["(context)"] == ["It was 308."] * 2
    assert "(context)" not in sheet.roles.texts


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "no table to audit"),
        ({"notes.md": "text"}, "no table to audit"),
        ({"data.jsonl": ""}, "data.jsonl: the file is empty"),
        (
            {"a.jsonl": '{"lang": "en", "text": "x"}\n{"lang": "xx-none", "text": "y"}\n'},
            "'xx-none' of row 2",
        ),
        ({"a.jsonl": '{"lang": "en", "text": "x"}\n'}, "one row is too little"),
        ({"en.txt": "a\nb\n", "sw.txt": "c\n"}, r"unequal length \(en 2, sw 1 rows\)"),
        ({"en.txt": ""}, "the file is empty"),
        ({"en.txt": "a\nb\n", "eng.en.txt": "a\nb\n"}, "several files are called after eng_Latn"),
        ({"a.csv": "id,lang,text\n"}, "the table is empty"),
        ({"a.jsonl": '{"lang": "en"\n'}, "cannot be read as jsonl"),
        ({"a.csv": "id,lang\n1,en\n2,en\n"}, "no column with texts or labels to audit beside id, lang"),
    ],
)
def test_one_clear_line(tmp_path: Path, files: dict[str, str], said: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said) as told:
        list(map(read, places([tmp_path])[0]))
    assert "\n" not in str(told.value)


def test_paths_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file or folder"):
        places([tmp_path / "nothing"])
    (tmp_path / "rows.jsonl").write_text('{"text": "x"}\n')
    with pytest.raises(BadInput, match="'rows' names no language"):
        places([tmp_path / "rows.jsonl"])
