"""The command `measure`, on a stand-in for the study."""

import json
from pathlib import Path
from typing import Any

import pytest

USUAL = {
    "model": None, "on": "lab:tiny", "tasks": (), "lang": ("all",), "script": None, "family": None,
    "split": None, "limit": None, "shots": None, "prompt": "native", "how": "loglik", "modes": ("direct",),
    "chat": False, "sentences": 100, "include_path": None, "samples": None, "seed": 0, "device": "auto",
    "dtype": "auto", "engine": "local", "workers": 1, "run": None, "fresh": False,
}  # fmt: skip


def interval(mean: float, **more: Any) -> dict[str, Any]:
    return {"mean": mean, "low": mean - 0.1, "high": mean + 0.1, "n": 20, **more}


RESULT = {
    "model": "hf:org/small", "source": "mine", "pivot": "eng_Latn", "harness": {}, "folder": "runs/measure-1",
    "languages": {
        "eng_Latn": {"name": "English", "cost": {"per_byte": 0.2}},
        "swh_Latn": {
            "name": "Swahili", "mexa": {"mean": 0.25, "max": 0.4, "layers": [0.1, 0.4]},
            "cost": {"to_pivot": interval(1.5)},
        },
        "tha_Thai": {"name": "Thai"},
    },
    "modes": {
        "direct": {
            "languages": {
                "tha_Thai": interval(0.7, chance=0.5, tasks={"topic": 0.7}),
                "eng_Latn": interval(0.6, chance=0.5, tasks={"topic": 0.6}),
                "swh_Latn": interval(0.8, chance=0.5, tasks={"topic": 0.8}),
            },
            "average": interval(0.75) | {"n": 2},
            "tasks": {"topic": {"items": 60, "languages": 3, "chance": 0.5}},
            "near_ties": [{"task": "topic", "id": "1", "lang": "swh_Latn", "scores": [-1.0, -1.0]}],
            "cut": {"tha_Thai": 4},
        }
    },
}  # fmt: skip


@pytest.fixture
def asked(stand_in) -> list[dict[str, Any]]:
    """What the study was asked for."""
    calls: list[dict[str, Any]] = []

    def measure(**settings: Any) -> dict[str, Any]:
        calls.append(settings)
        return RESULT

    stand_in("interlingua.studies.measuring", measure=measure)
    return calls


def test_defaults(run, asked) -> None:
    done = run("measure", "--on", "lab:tiny")
    assert (done.exit_code, done.stderr) == (0, "")
    assert asked == [USUAL]


def test_options_arrive(run, asked) -> None:
    words = (
        "measure --model hf:org/small --on data --task xnli,lm_eval:xnli_sw --lang sw,hi --script Deva "
        "--family bantu --split dev --limit 7 --shots 2 --prompt english --how bytes --mode direct,restate "
        "--template {question}= --chat --sentences 0 --include-path tasks --samples out.parquet --seed 3 "
        "--device cpu --dtype bfloat16 --engine ray --workers 2 --run mine --fresh"
    )
    assert run(*words.split()).exit_code == 0
    assert asked == [
        {
            "model": "hf:org/small", "on": "data", "tasks": ("xnli", "lm_eval:xnli_sw"), "lang": ("sw", "hi"),
            "script": "Deva", "family": "bantu", "split": "dev", "limit": 7, "shots": 2, "prompt": "english",
            "how": "bytes", "modes": ("direct", "restate"), "template": "{question}=", "chat": True,
            "sentences": 0, "include_path": "tasks", "samples": Path("out.parquet"), "seed": 3,
            "device": "cpu", "dtype": "bfloat16", "engine": "ray", "workers": 2, "run": "mine", "fresh": True,
        }
    ]  # fmt: skip


def test_json_is_the_result_alone(run, asked) -> None:
    assert json.loads(run("measure", "--on", "lab:tiny", "--json").stdout) == RESULT


def test_the_page_has_the_pivot_first_then_languages_by_accuracy_and_what_to_beware_of(run, asked) -> None:
    shown = run("measure", "--on", "lab:tiny").stdout
    lines = shown.splitlines()
    order = [line.split()[0] for line in lines if line.startswith(("English", "Swahili", "Thai"))]
    assert order == ["English", "Swahili", "Thai"]
    swahili = next(line for line in lines if line.startswith("Swahili"))
    assert swahili.split()[1:] == ["swh_Latn", "20", "80.0", "70.0", "90.0", "50.0", "25.0", "40.0", "1.50"]
    assert "Mean over 2 languages besides the pivot: 75.0% (95% 65.0 to 85.0, these languages)" in lines
    assert "1 answer so close that rounding may decide them." in lines
    assert "Prompts longer than the model reads, cut at their beginning: tha_Thai 4." in lines


def test_a_dry_run_counts_the_tokens_of_a_measurement(run, asked) -> None:
    words = ("measure", "--on", "lab:tiny", "--limit", "3", "--sentences", "0", "--dry-run", "--json")
    plain = json.loads(run(*words).stdout)
    assert plain["answers"] == 2 * 4 * 3  # tasks, languages, items
    assert 0 < plain["tokens_read"] < json.loads(run(*words[:3], "--dry-run", "--json").stdout)["tokens_read"]
    assert run("measure", "--on", "lab:tiny", "--dry-run").stdout.startswith("models   1 measured")
    assert asked == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--on", "nowhere", "--dry-run"), "Error: No source 'nowhere'"),
        (("--on", "lab:tiny", "--lang", "klingon", "--dry-run"), "No language here called 'tlh_Latn'"),
        (("--dry-run",), "Error: An estimate needs a source"),
    ],
)
def test_bad_input_is_one_line(run, words: tuple[str, ...], told: str) -> None:
    done = run("measure", *words)
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert told in done.stderr
