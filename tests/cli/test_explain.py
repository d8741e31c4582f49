"""`interlingua explain` at the command line."""

import json
from pathlib import Path

import pytest


def test_the_verdict_the_languages_and_the_page(run, tiny_base, tmp_path: Path) -> None:
    told = run(
        "explain", "--on", "lab:tiny", "--limit", "8", "--sentences", "8", "--lens-items", "8", "--run", "why"
    )
    assert told.exit_code == 0, told.output
    assert "lab:tiny is right in" in told.stdout
    assert "MEXA" in told.stdout
    assert "runs/why/report.html" in told.stdout
    assert Path("runs/why/results.parquet").is_file()
    drawn = run("figure", "runs/why", "--name", "lens", "--out", "lens.svg")
    assert drawn.exit_code == 0, drawn.output
    assert Path("lens.svg").read_text().startswith("<svg")


def test_json_is_the_result_and_parts_may_be_left_out(run, tiny_base) -> None:
    told = run(
        "explain", "--on", "lab:tiny", "--parts", "tokenizer", "--lang", "qab", "--sentences", "5", "--json"
    )
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert list(found["tokenizer"]["lab:tiny"]) == ["qaa_Latn", "qab_Cyrl"]
    assert "accuracy" not in found
    assert found["command"][:4] == ["interlingua", "explain", "--on", "lab:tiny"]


def test_an_estimate_of_the_work(run, tiny_base) -> None:
    told = run("explain", "--on", "lab:tiny", "--dry-run", "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["tokens_read"] > 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--on", "nowhere"], "No source 'nowhere'"),
        (["--on", "lab:tiny", "--parts", "story"], "No part to explain called 'story'"),
        (["--on", "lab:tiny", "--lang", "xx"], "xx"),
        (["--on", "lab:tiny", "--lens-task", "arithmetics"], "No task for the lens called 'arithmetics'"),
        (["--on", "lab:tiny", "--after", "nothing-here"], "nothing-here"),
        ([], "What to explain it on?"),
    ],
)
def test_bad_input_is_one_line(run, tiny_base, words: list[str], said: str) -> None:
    told = run("explain", *words)
    assert told.exit_code == 1
    (line,) = told.stderr.strip().splitlines()
    assert line.startswith("Error: ")
    assert said in line
