"""`interlingua figure`: from a run folder to a file, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from interlingua.cli import figure
from interlingua.report import explained_figures

RESULT: dict[str, Any] = {
    "pivot": "eng_Latn",
    "languages": {"swh_Latn": {"name": "Swahili"}, "eng_Latn": {"name": "English"}},
    "tokenizer": {"a": {"swh_Latn": {"ratio": 2.0}, "eng_Latn": {"ratio": 1.0}}},
}


def test_the_names_are_those_that_can_be_drawn() -> None:
    assert figure.NAMES == explained_figures.NAMES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "runs" / "explain-1"
    place.mkdir(parents=True)
    (place / "result.json").write_text(json.dumps(RESULT), encoding="utf-8")
    return place


def test_a_figure_of_a_run_folder_or_of_its_file(run, folder: Path, tmp_path: Path) -> None:
    for given in (folder, folder / "result.json"):
        done = run("figure", given, "--name", "tokenizer", "--out", "deep/cost.svg")
        assert (done.exit_code, done.stdout, done.stderr) == (0, "Figure: deep/cost.svg\n", "")
        assert "Swahili" in (tmp_path / "deep" / "cost.svg").read_text(encoding="utf-8")


def test_json_names_the_file(run_json, folder: Path) -> None:
    told = run_json("figure", folder, "--name", "tokenizer", "--out", "cost.svg")
    assert told == {"figure": "tokenizer", "file": "cost.svg"}


def test_png_is_drawn_or_told_in_one_line(run, folder: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("interlingua.report.png.browser", lambda: None)
    done = run("figure", folder, "--name", "tokenizer", "--out", "cost.png")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: PNG needs Chromium or Google Chrome")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "cost.png").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ["--name", "tokenizer", "--out", "cost.pdf"],
            "--out cost.pdf ends in .pdf: a figure is an .svg or a .png.",
        ),
        (["--name", "tokenizer", "--out", "cost"], "ends in nothing"),
        (["--name", "lens", "--out", "x.svg"], "No figure 'lens': that part is not in this result"),
    ],
)
def test_what_cannot_be_drawn_is_one_line(run, folder: Path, words: list[str], says: str) -> None:
    done = run("figure", folder, *words)
    assert done.exit_code == 1
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_place_without_a_result_is_named(run, tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text("{}", encoding="utf-8")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    for place, says in (
        ("nowhere", "Cannot read nowhere"),
        ("notes.json", "holds nothing to draw"),
        ("broken.json", "is no result"),
    ):
        done = run("figure", place, "--name", "lens", "--out", "x.svg")
        assert done.exit_code == 1
        assert says in done.stderr
    assert run("figure", "x", "--name", "graph", "--out", "x.svg").exit_code == 2
