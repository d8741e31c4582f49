"""`interlingua tunnel`: options handed on, what is printed, and exit codes."""

from pathlib import Path
from typing import Any

import pytest

RESULT: dict[str, Any] = {
    "kinds": {}, "recipes": {}, "worlds": [], "failed": [], "left_out": {}, "items_per_task": None,
    "report": "runs/tunnel-1/report.html",
}  # fmt: skip


@pytest.fixture
def study(stand_in) -> dict[str, Any]:
    """A stand-in for the study that notes what it was given; `result` is what it gives back."""
    known: dict[str, Any] = {"result": RESULT}

    def tunnel(*names: Any, say: Any, **settings: Any) -> dict[str, Any]:
        known.update(names=names, settings=settings)
        say("a line of progress")
        return known["result"]

    def work(*names: Any, **asked: Any) -> dict[str, Any]:
        known.update(names=names, asked=asked)
        return {
            "recipes": ["a", "b"], "worlds": ["lab:judge-1"], "jobs": 2, "arms": 9, "seconds": 7200,
            "never_timed": ["b"], "oracles_never_timed": ["a"], "items_per_task": asked["items"],
            "changes": asked["changes"], "left_out": {"c": "c is judged elsewhere, and none was named."},
            **known.get("work", {}),
        }  # fmt: skip

    stand_in("interlingua.studies.tunnel", tunnel=tunnel)
    stand_in("interlingua.studies.tunnel_plan", work=work)
    return known


def test_options_are_handed_on(run, study) -> None:
    done = run(
        "tunnel", "--recipes", "a,b", "--worlds", "judge-1", "--seeds", 2, "--items", 5, "--set", "steps=3",
        "--workers", 1, "--engine", "ray", "--out", "results/tunnel.json", "--oracles",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert study["names"] == (("a", "b"), ("judge-1",), 2)
    assert study["settings"] == {
        "items": 5, "seed": 0, "changes": {"steps": "3"}, "oracles": True, "engine": "ray", "workers": 1,
        "device": "auto", "run": None, "fresh": False, "out": Path("results/tunnel"),
    }  # fmt: skip


def test_it_prints_the_page_and_progress_apart(run, study) -> None:
    done = run("tunnel")
    assert "Report: runs/tunnel-1/report.html" in done.stdout
    assert done.stderr == "a line of progress\n"
    assert run("tunnel", "--quiet").stderr == ""


def test_as_json_there_is_nothing_else(run_json, study) -> None:
    assert run_json("tunnel")["report"] == RESULT["report"]


def test_a_failed_job_is_named_and_told_by_the_exit_code(run, study) -> None:
    study["result"] = {**RESULT, "failed": [{"recipe": "a", "world": "w", "message": "it broke."}]}
    done = run("tunnel")
    assert done.exit_code == 1
    assert "a on w failed: it broke." in done.stdout
    assert "1 job failed; the same command tries again." in done.stdout


def test_a_dry_run_only_tells(run, study) -> None:
    done = run("tunnel", "--dry-run")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[2:] == [
        "jobs     2, 9 trained or measured arms in all",
        "time     about 2.0 hours of one process, as kept results took, training of bases aside",
        "         without b, never timed yet",
        "         without the oracles of a, never timed yet",
        "left out c is judged elsewhere, and none was named.",
    ]
    assert "settings" not in study
    study["work"] = {"seconds": 1800}
    assert "time     about 30 minutes of one process, as" in run("tunnel", "--dry-run").stdout
    study["work"] = {"seconds": 0}
    shown = run("tunnel", "--dry-run", "--items", 5).stdout
    assert "time     not known\nleft out" in shown


def test_a_dry_run_hands_on_what_a_run_would_check(run, study) -> None:
    shown = run(
        "tunnel", "--dry-run", "--items", 5, "--set", "steps=3", "--oracles", "--out", "results/tunnel.json"
    ).stdout
    assert study["asked"] == {
        "items": 5, "changes": {"steps": "3"}, "oracles": True, "out": Path("results/tunnel"),
    }  # fmt: skip
    assert "kept results have the usual items and knobs, not those that you name" in shown
    assert not Path("results").exists()


def test_a_dry_run_refuses_a_knob_that_no_recipe_has(run) -> None:
    done = run("tunnel", "--dry-run", "--recipes", "mexa", "--set", "stepps=3")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: No knob of any of these recipes called 'stepps'")


def test_one_recipe_on_the_smallest_world_end_to_end(run, tiny_base) -> None:
    words = ("tunnel", "--recipes", "code_switched_sft", "--worlds", "lab:tiny", "--items", 4, "--workers", 1)
    done = run(*words, "--set", "steps=2", "--set", "limit=20")
    assert done.exit_code == 0, done.stderr
    assert "code switched sft" in done.stdout
    assert "[1/1] code_switched_sft on lab:tiny" in done.stderr
    [page] = Path("runs").glob("tunnel-*/report.html")
    assert "Languages that the base has read" in page.read_text(encoding="utf-8")
