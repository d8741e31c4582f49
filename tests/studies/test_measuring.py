"""Measuring from end to end: the lab, real data, resuming after a kill, two processes in one folder."""

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from resource import RLIMIT_FSIZE as RLIMIT
from typing import Any

import pytest

import interlingua.core.errors
from interlingua.core.errors import BadInput, MissingResource, RunFolderError, UnknownName
from interlingua.core.ledger import Ledger
from interlingua.data.source import DataWarning
from interlingua.measures.near_ties import tolerance
from interlingua.studies.measuring import measure
from interlingua.studies.samples import read_samples

EVERY = 2 * 4 * 60
"""Rows of the whole tiny world: tasks, languages, items."""
LAB = {"on": "lab:tiny", "limit": 8, "sentences": 10, "device": "cpu"}


@pytest.fixture
def lab(tiny_base, tmp_path: Path):
    """`lab(shots=1)`: a small measurement of the tiny world."""
    return lambda **changes: measure(**{**LAB, "root": tmp_path, **changes})


def test_every_language_is_asked_the_same_and_told_with_its_interval(lab) -> None:
    found = lab()
    told = found["modes"]["direct"]
    assert list(told["languages"]) == ["qaa_Latn", "qab_Cyrl", "qac_Arab", "qad_Deva"]
    assert told["tasks"] == {
        task: {"items": 32, "languages": 4, "chance": chance}
        for task, chance in (("sentiment", 0.5), ("topic", 0.25))
    }
    one = told["languages"]["qab_Cyrl"]
    assert (one["n"], one["chance"]) == (16, 0.375)
    assert one["low"] <= one["mean"] <= one["high"]
    assert told["average"]["n"] == 3  # without the pivot
    assert found["languages"]["qab_Cyrl"]["mexa"]["n"] == 10
    assert found["languages"]["qab_Cyrl"]["cost"]["to_pivot"]["mean"] > 0
    assert "mexa" not in found["languages"]["qaa_Latn"]


def test_every_item_is_kept_and_the_same_call_computes_nothing_again(
    lab, monkeypatch, tmp_path: Path
) -> None:
    before = lab(samples=tmp_path / "samples.parquet")
    rows = read_samples(Path(before["folder"]) / "results.parquet")
    assert rows == read_samples(tmp_path / "samples.parquet")
    assert len(rows) == 2 * 4 * 8
    assert {row.group for row in rows if row.lang == "qab_Cyrl"} == {
        row.group for row in rows if row.lang == "qaa_Latn"
    }

    def refused(*_: Any, **__: Any) -> None:
        raise AssertionError("a finished row was computed again")

    monkeypatch.setattr("interlingua.scoring.choices.readings", refused)
    monkeypatch.setattr("interlingua.studies.alignment.sentence_vectors", refused)
    after = lab(samples=tmp_path / "samples.parquet")
    assert after["modes"] == before["modes"]
    assert after["languages"] == before["languages"]


def test_other_settings_are_refused_in_a_named_folder(lab) -> None:
    lab(run="mine", sentences=0)
    with pytest.raises(RunFolderError, match="shots None there, 1 here"):
        lab(run="mine", sentences=0, shots=1)


def test_restating_and_selection_of_languages(lab) -> None:
    found = lab(modes=("direct", "restate"), lang=("qac",), tasks=("topic",), sentences=0)
    assert list(found["modes"]) == ["direct", "restate"]
    assert list(found["modes"]["restate"]["languages"]) == ["qac_Arab"]
    rows = read_samples(Path(found["folder"]) / "results.parquet")
    assert all("restated" in row.extra for row in rows if row.mode == "restate")


@pytest.mark.parametrize(
    ("changes", "kind", "told"),
    [
        ({"on": None}, BadInput, "Name a source with --on"),
        ({"on": "nowhere"}, BadInput, "No source 'nowhere'"),
        ({"tasks": ("topics",)}, UnknownName, "Did you mean topic"),
        ({"lang": ("sw",)}, UnknownName, "swh_Latn"),
        ({"script": "Thai"}, BadInput, "Thai"),
        ({"modes": ("restated",)}, UnknownName, "Did you mean restate"),
        ({"prompt": "French"}, UnknownName, "native"),
        ({"how": "loglikelihood"}, UnknownName, "Did you mean loglik"),
        ({"limit": 1}, BadInput, "at least 2"),
        ({"sentences": 1}, BadInput, "at least 2 sentences"),
        ({"model": "nowhere"}, interlingua.core.errors.ModelError, "No model folder 'nowhere'"),
    ],
)
def test_bad_input_is_one_clear_line(lab, changes: dict[str, Any], kind: type[Exception], told: str) -> None:
    with pytest.raises(kind, match=told) as caught:
        lab(**changes)
    assert "\n" not in str(caught.value)


def test_a_chat_model_without_a_template_is_refused(lab) -> None:
    with pytest.raises(interlingua.core.errors.ModelError, match="template"):
        lab(chat=True, sentences=0)


def test_parallel_text_alone_gives_alignment_and_cost(tiny_base, shared_data: Path, tmp_path: Path) -> None:
    found = measure(
        "lab:tiny", str(shared_data / "ntrex128"), lang=("sw", "en", "th"), sentences=5, device="cpu",
        root=tmp_path,
    )  # fmt: skip
    assert found["modes"] == {}
    assert found["languages"]["swh_Latn"]["parallel"] == "pairs"
    assert {"mexa", "ranker", "cost"} <= found["languages"]["tha_Thai"].keys()
    assert found["languages"]["eng_Latn"]["cost"]["to_pivot"]["mean"] == 1


def test_text_without_task_or_partner_is_refused(tiny_base, tmp_path: Path) -> None:
    (tmp_path / "text.jsonl").write_text('{"lang": "en", "text": "one"}\n{"lang": "sw", "text": "moja"}\n')
    (tmp_path / "spec.toml").write_text('name = "x"\npivot = "en"\n[text]\nfile = "text.jsonl"\n')
    with pytest.raises(MissingResource, match="neither a task nor parallel text"):
        measure("lab:tiny", str(tmp_path / "spec.toml"), device="cpu", root=tmp_path)


@pytest.mark.filterwarnings("ignore:Where the tokens of an option begin")  # a lab's tokenizer knows no Thai
def test_real_tasks_of_every_kind_in_several_scripts(tiny_base, shared_data: Path, tmp_path: Path) -> None:
    found = measure(
        "lab:tiny", str(shared_data), tasks=("xnli", "xcopa", "msvamp"), lang=("sw", "th", "zh"), limit=3,
        shots=0, sentences=0, device="cpu", root=tmp_path,
    )  # fmt: skip
    direct, free = found["modes"]["direct"], found["modes"]["generate"]
    assert set(direct["languages"]) == set(free["languages"]) == {"swh_Latn", "tha_Thai", "zho_Hans"}
    assert {task: told["chance"] for task, told in direct["tasks"].items()} == {
        "xnli": pytest.approx(1 / 3), "xcopa": 0.5,
    }  # fmt: skip
    assert free["tasks"]["msvamp"]["chance"] == 0


def test_a_language_that_a_task_lacks_is_told(tiny_base, shared_data: Path, tmp_path: Path) -> None:
    asked = {"tasks": ("xnli", "xcopa"), "limit": 2, "shots": 0, "sentences": 0, "root": tmp_path}
    with pytest.warns(DataWarning, match=r"xcopa .* no items in hin_Deva; left out there"):
        found = measure("lab:tiny", str(shared_data), lang=("sw", "hi"), device="cpu", **asked)
    assert found["modes"]["direct"]["tasks"]["xcopa"]["languages"] == 1
    assert list(found["modes"]["direct"]["languages"]) == ["swh_Latn", "hin_Deva"]
    with pytest.raises(MissingResource, match=r"xcopa .* has none of hin_Deva"):
        measure("lab:tiny", str(shared_data), lang=("hi",), device="cpu", **asked)
    with pytest.raises(UnknownName, match="tlh_Latn"):
        measure("lab:tiny", str(shared_data), lang=("Klingon",), device="cpu", **asked)


def test_a_full_disk_is_one_line_and_what_was_finished_is_kept(
    tiny_base, user_cache: Path, tmp_path: Path
) -> None:
    small = command(tmp_path, user_cache, before=lambda: resource.setrlimit(RLIMIT, (200_000, 200_000)))
    out, err = small.communicate(timeout=120)
    assert (small.returncode, out) == (1, b"")
    line = err.decode().strip()
    assert line.startswith("Error: ")
    assert "No disk space left" in line
    assert "\n" not in line
    kept = written(tmp_path)
    assert 0 < len(kept) < EVERY
    assert len(finished(command(tmp_path, user_cache))["modes"]["direct"]["languages"]) == 4
    after = written(tmp_path)
    assert {key: after[key] for key in kept} == kept


def command(root: Path, cache: Path, before: Callable[[], None] | None = None) -> subprocess.Popen[bytes]:
    """A measurement long enough to be interrupted, in a process of its own."""
    words = ["measure", "--on", "lab:tiny", "--sentences", "0", "--run", "one", "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "interlingua", *words], cwd=root, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, preexec_fn=before,
        env={**os.environ, "INTERLINGUA_CACHE": str(cache), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


def finished(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """The result of a process that must end well."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()
    return json.loads(out)


def written(root: Path) -> dict[str, int]:
    """Keys of the ledger with their row numbers, which change when a row is written again."""
    place = root / "runs" / "one" / "ledger.sqlite"
    if not place.exists():
        return {}
    try:
        with sqlite3.connect(place, timeout=10) as db:
            return dict(db.execute("SELECT key, rowid FROM rows"))
    except sqlite3.OperationalError:  # not made yet
        return {}


def test_killed_at_any_moment_it_goes_on_without_computing_a_row_twice(
    tiny_base, user_cache: Path, tmp_path: Path
) -> None:
    (whole := tmp_path / "whole").mkdir()
    (torn := tmp_path / "torn").mkdir()
    reference = finished(command(whole, user_cache))
    for wanted in (1, 150):
        process = command(torn, user_cache)
        while len(written(torn)) < wanted and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL, "it ended before it could be killed"
    before = written(torn)
    assert 150 <= len(before) < EVERY
    again = finished(command(torn, user_cache))
    after = written(torn)
    assert {key: after[key] for key in before} == before
    assert again["modes"] == reference["modes"]
    for name, other in zip(rows_of(whole), rows_of(torn), strict=True):
        assert (name.id, name.lang, name.prediction) == (other.id, other.lang, other.prediction)
        for one, two in zip(name.scores, other.scores, strict=True):
            assert abs(one - two) <= tolerance(one)


def test_two_processes_share_a_folder(tiny_base, user_cache: Path, tmp_path: Path) -> None:
    one, two = command(tmp_path, user_cache), command(tmp_path, user_cache)
    first, second = finished(one), finished(two)
    assert first["modes"] == second["modes"]
    assert len(rows_of(tmp_path)) == EVERY
    with sqlite3.connect(tmp_path / "runs" / "one" / "ledger.sqlite") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_cluster_gives_the_numbers_of_this_machine(lab, tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="needs the extra ray")
    one = lab(run="here", sentences=0)
    two = lab(run="there", sentences=0, engine="ray", workers=2)
    assert two["modes"] == one["modes"]
    with (
        Ledger(tmp_path / "here" / "ledger.sqlite") as here,
        Ledger(tmp_path / "there" / "ledger.sqlite") as there,
    ):
        assert here.items() == there.items()


def rows_of(root: Path) -> list[Any]:
    """All rows of the run called one."""
    with Ledger(root / "runs" / "one" / "ledger.sqlite") as ledger:
        return ledger.rows()
