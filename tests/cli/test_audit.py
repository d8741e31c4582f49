"""The verb `audit`: its page, its JSON, its errors."""

import json
from pathlib import Path

import pytest

WORDS = ["red", "blue", "green", "white", "black", "yellow", "brown", "grey"]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Forty rows in two languages; one holds a control byte, one is English, one language is clean."""
    rows = []
    for lang, noun in (
        ("en", "the house at number"),
        ("sw", "nyumba yenye namba"),
        ("de", "das Haus mit der Nummer"),
    ):
        for at in range(40):
            rows.append({"id": f"{at:02d}", "lang": lang, "text": f"{noun} {at * 37 % 100} {WORDS[at % 8]}."})
    rows[45]["text"] = rows[5]["text"]
    rows[50]["text"] += "\u0084"
    path = tmp_path / "set" / "rows.jsonl"
    path.parent.mkdir()
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_the_page(run, table: Path) -> None:
    done = run("audit", table.parent)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "2 findings in 1 file, 120 rows in 3 languages."
    assert any(line.split()[:5] == ["control_characters", "1", "1", "1", "1"] for line in lines)
    assert "rows.jsonl" in lines
    assert any(line.startswith("  1.00  sw  control_characters  10  text: 1 x U+0084") for line in lines)
    assert any("sw  untranslated  05  text is that of en" in line for line in lines)


def test_nothing_found(run, table: Path) -> None:
    assert run("audit", table, "--lang", "de").stdout == "Nothing found in 1 file, 120 rows in 3 languages.\n"


def test_json(run_json, table: Path) -> None:
    result = run_json("audit", table, "--kind", "control_characters")
    assert [(one["lang"], one["kind"], one["first_id"], one["last_id"]) for one in result["findings"]] == [
        ("sw", "control_characters", "10", "10")
    ]
    assert result["checked"]["kinds"] == ["control_characters"]
    assert result["clean"] == [{"file": "rows.jsonl", "langs": ["en", "de"]}]


def test_findings_beyond_the_page_are_counted(run, tmp_path: Path) -> None:
    rows = [{"id": f"{at:03d}", "lang": "en", "text": f"row {at}" + "\u0084" * (at % 2)} for at in range(200)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    page = run("audit", tmp_path / "a.jsonl").stdout
    assert "100 findings in 1 file" in page
    assert "97 findings not shown; --json has all" in page


def test_several_files(run_json, tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("one\ntwo\n", encoding="utf-8")
    (tmp_path / "sw.txt").write_text("moja\nmbili \n", encoding="utf-8")
    (one,) = run_json("audit", tmp_path / "en.txt", tmp_path / "sw.txt")["findings"]
    assert (one["file"], one["lang"], one["kind"], one["first_id"]) == ("sw.txt", "sw", "edge_spaces", "1")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere",), "nowhere: no such file or folder."),
        ((".",), "no table to audit"),
        ((".", "--kind", "shfted"), "Did you mean shifted"),
    ],
)
def test_one_line(run, words: tuple[str, ...], said: str) -> None:
    done = run("audit", *words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_wrong_usage(run) -> None:
    assert run("audit").exit_code == 2
    assert run("audit", ".", "--min-score", "2").exit_code == 2
