"""`interlingua referee`: the page, the object, and what it hands on."""

from typing import Any

import pytest

from interlingua.cli.referee_page import text_of

REPORT: dict[str, Any] = {
    "model": "tiny", "dtype": "float32", "device": "cpu", "lm_eval": "0.4.13", "batch_size": 8,
    "requests": 1080, "questions": 360, "agree": True, "left_out": 0, "cut": 0, "wrong_by_cache": 0,
    "flags_changed": 0, "unexplained": 0, "way": "trie", "reason": "",
    "difference": {"max": 1.5e-5, "median": 1e-6, "p99": 1e-5, "over": 0},
    "tokens": {
        "lm_eval": {"body": 312472, "head": 312472}, "ours": {"body": 13900, "head": 2700},
        "least": 13846, "flat": 448000,
    },
    "seconds": {"lm_eval": 14.0, "ours": 1.25}, "memory": {"lm_eval": 5_800_000_000, "ours": 90_000_000},
    "accuracy": [
        {"task": "xnli", "lang": "swh_Latn", "name": "Swahili", "items": 60, "lm_eval": 0.35, "ours": 0.35,
         "changed": 1, "unexplained": 0, "near_ties": 2},
    ],
    "worst": [
        {"task": "xnli", "lang": "swh_Latn", "id": "3", "option": " ndiyo", "lm_eval": -1.5, "ours": -1.25}
    ],
}  # fmt: skip


def test_the_page_holds_every_number() -> None:
    told = text_of(REPORT)
    verdict, cost, apart, table = told.split("\n\n")
    assert verdict == "The scorers agree on 1,080 requests of 360 questions: tiny, float32 on cpu."
    lines = [line.split() for line in cost.splitlines()]
    assert lines[0] == ["lm-eval", "0.4.13", "interlingua"]
    assert lines[1][-2:] == ["312,472", "13,900"]
    assert lines[2][-2:] == ["312,472", "2,700"]
    assert lines[3][-2:] == ["14.00", "1.25"]
    assert lines[4][-2:] == ["5,800", "90"]
    assert "448,000 tokens, with every shared prefix read once 13,846" in cost
    assert apart.startswith("|ΔLL| at most 1.5e-05, median 1.0e-06, 99% below 1.0e-05; 0 over")
    assert table.splitlines()[-1].split() == ["xnli", "Swahili", "swh_Latn", "60", "35.0", "35.0", "1", "2"]


def test_the_page_without_memory() -> None:
    assert "Memory" not in text_of(REPORT | {"memory": None})


def test_what_went_otherwise_is_told() -> None:
    told = text_of(
        REPORT
        | {"agree": False, "left_out": 2, "cut": 3, "wrong_by_cache": 4, "way": "flat", "reason": "it drifts"}
        | {"difference": REPORT["difference"] | {"over": 5}, "flags_changed": 6, "unexplained": 7}
    )
    assert told.startswith("The scorers do not agree on 1,080 requests of 360 questions: 5 requests lie ")
    assert "6 greedy flags differ, 7 answers changed that are no near-ties." in told
    for line in (
        "2 questions left out", "3 requests are longer", "4 requests lm-eval gets wrong",
        "without sharing: it drifts", "Furthest apart: xnli swh_Latn 3, option ' ndiyo': lm-eval -1.50000",
    ):  # fmt: skip
        assert line in told


def test_options_become_the_case(run_json: Any, stand_in: Any) -> None:
    def referee(case: Any, **more: Any) -> dict[str, Any]:
        return {"case": case, **more}

    stand_in("interlingua.studies.referee", referee=referee)
    told = run_json(
        "referee", "--model", "folder", "--on", "data", "--task", "xnli,lm_eval:xcopa_sw", "--lang", "sw,th",
        "--limit", 5, "--shots", 2, "--prompt", "english", "--include-path", "mine", "--batch-size", 4,
        "--memory", "--seed", 3, "--device", "cpu", "--dtype", "bfloat16",
    )  # fmt: skip
    assert told == {
        "case": {
            "model": "folder", "on": "data", "tasks": ["xnli", "lm_eval:xcopa_sw"], "lang": ["sw", "th"],
            "limit": 5, "shots": 2, "prompt": "english", "include_path": "mine", "seed": 3, "device": "cpu",
            "dtype": "bfloat16",
        },
        "batch_size": 4, "memory": True,
    }  # fmt: skip


def test_on_the_lab(run: Any, run_json: Any) -> None:
    pytest.importorskip("lm_eval")
    words = ("referee", "--on", "lab:tiny", "--task", "topic", "--lang", "qab", "--limit", 2)
    done = run(*words)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("The scorers agree on 8 requests of 2 questions: lab:tiny, float32 on cpu.")
    told = run_json(*words)
    assert told["agree"] is True
    assert told["versions"]["torch"]


def test_a_task_that_is_not_there(run: Any) -> None:
    done = run("referee", "--on", "lab:tiny", "--task", "topics")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "Error: No task of lab:tiny called 'topics'. Did you mean topic?\n"


def test_a_dry_run_counts_the_tokens_and_scores_nothing(run_json, run) -> None:
    found = run_json("referee", "--on", "lab:tiny", "--lang", "qab", "--limit", "3", "--dry-run")
    assert found["answers"] == 2 * 3
    assert found["tokens_read"] > 0
    assert run("referee", "--on", "lab:tiny", "--dry-run").stdout.startswith("models   1 measured")
