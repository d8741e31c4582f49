"""The command `demo`, on a stand-in for the study."""

import json
from pathlib import Path
from typing import Any

import click
import pytest

from interlingua.cli.demo import command

ARMS = ("question_translation", "shuffled", "own_answers")


@pytest.fixture
def asked(stand_in, result) -> list[dict[str, Any]]:
    """What the study was asked for."""
    calls: list[dict[str, Any]] = []

    def demo(world: str, **settings: Any) -> dict[str, Any]:
        print("a library says something on stdout")
        calls.append({"world": world, **settings})
        return result

    stand_in("interlingua.studies.demo", demo=demo, ARMS=ARMS)
    return calls


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    """Addresses a browser was sent to."""
    addresses: list[str] = []
    monkeypatch.setattr("webbrowser.open", addresses.append)
    return addresses


def test_defaults(run, asked) -> None:
    assert run("demo").exit_code == 0
    assert asked == [
        {
            "world": "lab:standard", "seed": 0, "items": 40, "tuned": None, "workers": 2, "device": "auto",
            "run": None, "fresh": False,
        }
    ]  # fmt: skip


def test_options_arrive(run, asked) -> None:
    words = (
        "--world lab:tiny --seed 3 --items 150 --tuned qab,qac --arms own_answers --workers 1 --device cpu"
    )
    assert run("demo", *words.split(), "--run", "mine", "--fresh").exit_code == 0
    assert asked == [
        {
            "world": "lab:tiny", "seed": 3, "items": 150, "tuned": ("qab", "qac"), "arms": ("own_answers",),
            "workers": 1, "device": "cpu", "run": "mine", "fresh": True,
        }
    ]  # fmt: skip


def test_it_prints_the_summary_and_where_the_page_is(run, asked, result) -> None:
    done = run("demo")
    assert "Direct answers" in done.stdout or "direct answers" in done.stdout
    assert "+12.5" in done.stdout
    assert done.stdout.endswith(f"Report: {result['report']}\n")
    assert "a library says" not in done.stdout


def test_json_is_the_result_alone(run, asked, result) -> None:
    done = run("demo", "--json")
    assert json.loads(done.stdout) == {**result, "report": str(result["report"])}
    assert done.stderr == "a library says something on stdout\n"


def test_the_browser_is_opened_when_asked(run, asked, opened, tmp_path: Path) -> None:
    run("demo")
    run("demo", "--no-open")
    assert opened == []
    run("demo", "--open", "--json")
    assert opened == [(tmp_path / "runs/demo-1/report.html").as_uri()]


def test_a_dry_run_tells_the_work_and_does_none(run, asked) -> None:
    words = (
        "demo",
        "--world",
        "tiny",
        "--items",
        "3",
        "--arms",
        "question_translation",
        "--dry-run",
        "--open",
    )
    shown = run(*words)
    assert (shown.exit_code, asked) == (0, [])
    assert [line.split()[0] for line in shown.stdout.splitlines()] == [
        "models",
        "answers",
        "tokens",
        "time",
        "disk",
    ]
    # 2 models x 2 tasks x 4 languages x 3 items x 2 ways of answering
    assert json.loads(run(*words, "--json").stdout)["answers"] == 96


def test_an_unknown_arm_is_refused_before_any_work(run, asked) -> None:
    done = run("demo", "--arms", "question_translation,shufled")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: No arm called 'shufled'. Did you mean shuffled?")
    assert asked == []


def test_the_help_names_the_arms_there_are() -> None:
    from interlingua.studies.demo import ARMS
    from interlingua.studies.main_job import DEFAULT_ARMS

    arms = next(parameter for parameter in command.params if parameter.name == "arms")
    assert isinstance(arms, click.Option)
    listed, _, left_out = (arms.help or "").partition(" [default: all but ")
    assert listed.removeprefix("What to run, of ").split(", ") == list(ARMS)
    assert left_out.removesuffix("].").split(" and ") == [arm for arm in ARMS if arm not in DEFAULT_ARMS]
