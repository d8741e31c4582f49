"""The command `align`, on a stand-in for the study."""

import json
from pathlib import Path
from typing import Any

import pytest

RESULT = {
    "tuned_languages": ["swh_Latn", "deu_Latn"], "target": "eng_Latn", "saved": "tuned", "seconds": 61.2,
    "cost": {"steps": 600.0, "label_tokens": 12345.0},
}  # fmt: skip


@pytest.fixture
def asked(stand_in) -> list[dict[str, Any]]:
    """What the study was asked for."""
    calls: list[dict[str, Any]] = []

    def align(**settings: Any) -> dict[str, Any]:
        calls.append(settings)
        return RESULT

    stand_in("interlingua.studies.aligning", align=align)
    return calls


def test_options_arrive_and_the_model_is_told(run, asked) -> None:
    words = (
        "align --model base --on spec.toml --lang sw,de --to en --out tuned --merge --set lr=1e-4 "
        "--preset paper --control shuffled --seed 2 --device cpu --run mine --fresh"
    )
    done = run(*words.split())
    assert asked == [
        {
            "model": "base", "on": "spec.toml", "lang": ("sw", "de"), "to": "en", "out": Path("tuned"),
            "merge": True, "changes": {"lr": "1e-4"}, "preset": "paper", "control": "shuffled", "seed": 2,
            "device": "cpu", "run": "mine", "fresh": True,
        }
    ]  # fmt: skip
    assert done.stdout.splitlines() == [
        "Tuned on swh_Latn, deu_Latn into eng_Latn: 600 steps, 12,345 labelled tokens, 61 s.",
        "Model: tuned",
    ]


def test_json_is_the_result_alone(run, asked) -> None:
    assert json.loads(run("align", "--on", "lab:tiny", "--json").stdout) == RESULT


def test_a_dry_run_counts_tuning_alone(run, asked) -> None:
    found = json.loads(run("align", "--on", "lab:tiny", "--dry-run", "--json").stdout)
    assert (found["models_tuned"], found["answers"], found["tokens_read"]) == (1, 0, 0)
    assert found["tokens_tuned"] > 0
    assert asked == []


def test_an_unknown_control_is_one_line(run, asked) -> None:
    done = run("align", "--on", "lab:tiny", "--control", "shufled", "--dry-run")
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert "Did you mean shuffled?" in done.stderr
