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

    def work(*names: Any) -> dict[str, Any]:
        known.update(names=names)
        return {
            "recipes": ["a", "b"], "worlds": ["lab:judge-1"], "jobs": 2, "arms": 9, "seconds": 7200,
            "never_timed": ["b"], "left_out": {"c": "c is judged elsewhere, and none was named."},
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
    for told in ("2, 9 trained", "about 2.0 hours of one process", "without b, never timed", "c is judged"):
        assert told in done.stdout
    assert "settings" not in study


def test_one_recipe_on_the_smallest_world_end_to_end(run, tiny_base) -> None:
    words = ("tunnel", "--recipes", "code_switched_sft", "--worlds", "lab:tiny", "--items", 4, "--workers", 1)
    done = run(*words, "--set", "steps=2", "--set", "limit=20")
    assert done.exit_code == 0, done.stderr
    assert "code switched sft" in done.stdout
    assert "[1/1] code_switched_sft on lab:tiny" in done.stderr
    [page] = Path("runs").glob("tunnel-*/report.html")
    assert "Languages that the base has read" in page.read_text(encoding="utf-8")
