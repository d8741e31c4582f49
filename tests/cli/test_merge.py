"""`interlingua merge`: a configuration or a swap, and what is wrong with either."""

from pathlib import Path
from typing import Any

import pytest

DONE = {
    "models": ["a", "b"],
    "saved": "m",
    "config": "m/mergekit_config.yml",
    "fingerprint": "f",
    "seconds": 1.0,
}


@pytest.fixture
def asked(stand_in) -> list[Any]:
    """What the study was asked, without any model."""
    calls: list[Any] = []

    def merge(config: Path, out: Path) -> dict[str, Any]:
        calls.append((str(config), str(out)))
        return DONE

    def swap(task: str, language: str, out: Path, **shape: Any) -> dict[str, Any]:
        calls.append((task, language, str(out), shape))
        return DONE

    stand_in("interlingua.studies.merging", merge=merge, swap=swap)
    return calls


def test_a_file_is_carried_out(run, run_json, asked) -> None:
    shown = run("merge", "swap.yml", "--out", "m").stdout
    assert shown == "Merged a and b in 1 s.\nModel: m\nFor mergekit: m/mergekit_config.yml\n"
    assert run_json("merge", "swap.yml", "--out", "m") == DONE
    assert asked == [("swap.yml", "m")] * 2


def test_a_swap_has_a_shape(run, asked) -> None:
    run("merge", "--swap", "a", "b", "--bottom", "1", "--embeddings", "task", "--out", "m")
    shape = {"bottom": 1, "top": None, "transition": None, "embeddings": "task"}
    assert asked == [("a", "b", "m", shape)]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--out", "m"], "Give either CONFIG.yml or --swap TASK LANGUAGE."),
        (["c.yml", "--swap", "a", "b", "--out", "m"], "Give either CONFIG.yml or --swap TASK LANGUAGE."),
        (["c.yml", "--top", "1", "--out", "m"], "--top goes with --swap"),
        (["c.yml"], "Missing option '--out'"),
    ],
)
def test_wrong_usage(run, words: list[str], says: str) -> None:
    done = run("merge", *words)
    assert done.exit_code == 2
    assert says in done.stderr


def test_the_folder_one_is_in_is_told_in_one_line(run) -> None:
    done = run("merge", "c.yml", "--out", ".")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: . ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "Error: Cannot read c.yml: No such file or directory."),
        (b"slices: [", "Error: Cannot read c.yml: while parsing"),
        (b"\xff\xfe\x00", "Error: Cannot read c.yml: "),
        (
            b"merge_method: dare_ties\nmodels: []",
            "Error: c.yml merges by 'dare_ties'; only passthrough, linear",
        ),
        (b"merge_method: linear\nmodels: []\n1: x\nfoo: y", "Error: c.yml sets 1, which cannot be read"),
    ],
    ids=["gone", "no YAML", "no text", "method", "keys"],
)
def test_a_bad_file_is_one_line(run, content: bytes | None, says: str) -> None:
    if content is not None:
        Path("c.yml").write_bytes(content)
    done = run("merge", "c.yml", "--out", "m")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(says)
    assert done.stderr.count("\n") == 1
