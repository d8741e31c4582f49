"""The command `run`, on a stand-in for the study."""

import json
from pathlib import Path
from typing import Any

import pytest

from interlingua.core.runs import RunFolder

USUAL = {
    "recipe": "question_translation", "model": None, "source": "lab:tiny", "languages": (), "target": None,
    "eval_languages": None, "tasks": (), "changes": {}, "preset": None, "control": None, "seed": 0,
    "limit": None, "modes": ("direct", "restate"), "device": "auto", "run": None, "fresh": False,
    "merge": False,
}  # fmt: skip

RESULT = {"pivot": "qaa_Latn", "modes": {}, "saved": "runs/run-1/model"}


@pytest.fixture
def asked(stand_in) -> list[dict[str, Any]]:
    """What the study was asked for."""
    calls: list[dict[str, Any]] = []

    def run_recipe(**settings: Any) -> dict[str, Any]:
        calls.append(settings)
        return RESULT

    stand_in("interlingua.studies.single", run_recipe=run_recipe)
    return calls


def test_defaults(run, asked) -> None:
    done = run("run", "question_translation", "--on", "lab:tiny")
    assert (done.exit_code, done.stderr) == (0, "")
    assert asked == [USUAL]
    assert done.stdout.splitlines()[-1] == "Model: runs/run-1/model"


def test_options_arrive(run, asked) -> None:
    words = (
        "run question_translation --model hf:org/small --on spec.toml --lang de,sw --to fr --eval-lang sw,th "
        "--task xnli,snli --set steps=5 --set lr=1e-3 --preset small --control shuffled --seed 4 --limit 7 "
        "--mode direct --device cuda:1 --run mine --fresh --merge"
    )
    assert run(*words.split()).exit_code == 0
    assert asked == [
        {
            "recipe": "question_translation", "model": "hf:org/small", "source": "spec.toml",
            "languages": ("de", "sw"), "target": "fr", "eval_languages": ("sw", "th"),
            "tasks": ("xnli", "snli"), "changes": {"steps": "5", "lr": "1e-3"}, "preset": "small",
            "control": "shuffled", "seed": 4, "limit": 7, "modes": ("direct",), "device": "cuda:1",
            "run": "mine", "fresh": True, "merge": True,
        }
    ]  # fmt: skip


def test_json_is_the_result_alone(run, asked) -> None:
    assert json.loads(run("run", "question_translation", "--on", "lab:tiny", "--json").stdout) == RESULT


def test_a_dry_run_tells_the_work_and_does_none(run, asked) -> None:
    words = (
        "run",
        "question_translation",
        "--on",
        "lab:tiny",
        "--limit",
        "3",
        "--mode",
        "direct",
        "--dry-run",
    )
    found = json.loads(run(*words, "--eval-lang", "qaa,qab", "--json").stdout)
    assert found["answers"] == 2 * 2 * 2 * 3  # models, tasks, languages, items
    shown = run(*words).stdout
    assert shown.startswith("models   2 measured, 1 of them tuned;")
    assert asked == []


def test_a_dry_run_knows_baselines_as_the_run_does(run, asked) -> None:
    words = ("run", "code_switched_sft", "--on", "lab:tiny", "--mode", "direct", "--dry-run", "--control")
    work = json.loads(run(*words, "pivot_only", "--json").stdout)  # a baseline of the recipe
    assert work["models_tuned"] == 1
    done = run(*words, "pivot")
    assert done.exit_code == 1
    assert "control of code_switched_sft" in done.stderr
    assert "pivot_only" in done.stderr


def test_like_takes_the_settings_of_an_earlier_run_and_what_is_typed_wins(run, asked, tmp_path: Path) -> None:
    before = USUAL | {
        "languages": ("qab", "qac"),
        "seed": 9,
        "changes": {"steps": "5", "rank": "4"},
        "run": "old",
    }
    with RunFolder.open("run-question_translation", {}, root=tmp_path / "earlier") as folder:
        folder.record(asked=before)
        record = folder.path / "run.json"
    assert run("run", "--like", record, "--seed", "1", "--set", "steps=6", "--run", "new").exit_code == 0
    now = {"languages": ("qab", "qac"), "seed": 1, "changes": {"steps": "6", "rank": "4"}, "run": "new"}
    assert asked == [USUAL | now]


def test_like_refuses_the_record_of_another_command(run, asked, tmp_path: Path) -> None:
    with RunFolder.open("demo", {"seed": 0}, root=tmp_path / "earlier") as folder:
        record = folder.path
    done = run("run", "--like", record)
    assert done.exit_code == 1
    assert "does not say what `interlingua run` was asked for" in done.stderr
    assert asked == []
