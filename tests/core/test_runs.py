"""Run folders: found by their settings, resumed, never mixed up, always whole."""

import json
import os
import signal
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from interlingua.core.errors import BadInput, RunFolderError
from interlingua.core.rows import Row
from interlingua.core.runs import RunFolder

SETTINGS = {"world": "lab:tiny", "seed": 0, "budget": {"steps": 400, "lr": 0.003}}
ROW = Row(
    model="base", task="topic", split="test", id="7", group="7", cluster="7", lang="qab_Cyrl", mode="direct",
    prediction=1, gold=0, scores=(-1.0, 0.0), question="?", options=("a", "b"),
)  # fmt: skip


@dataclass(frozen=True)
class Knobs:
    rank: int = 8
    targets: tuple[str, ...] = ("q_proj", "v_proj")


def record_of(run):
    return json.loads((run.path / "run.json").read_text())


def test_the_same_command_again_resumes_with_its_rows_and_facts(tmp_path):
    with RunFolder.open("demo", SETTINGS, root=tmp_path) as first:
        assert not first.resumed
        first.ledger.put("k", ROW)
        first.record(seeds=[0, 1], base=np.float32(0.25))
    with RunFolder.open("demo", dict(reversed(SETTINGS.items())), root=tmp_path) as second:
        assert second.resumed
        assert second.path == first.path
        assert second.ledger.rows() == [ROW]
        second.record(base=0.5)
        second.finish()
    record = record_of(second)
    assert first.path.name.startswith("demo-")
    assert (record["seeds"], record["base"], record["finished"], record["resumed"]) == (
        [0, 1],
        0.5,
        True,
        True,
    )
    assert [attempt["end"] for attempt in record["attempts"]] == ["stopped", "finished"]
    assert {"python", "torch", "numpy"} <= record["attempts"][1]["versions"].keys()
    assert record["settings"] == SETTINGS


def test_a_fact_cannot_take_the_name_of_what_the_folder_keeps(tmp_path):
    run = RunFolder.open("demo", SETTINGS, root=tmp_path)
    with pytest.raises(BadInput, match="A fact cannot be called 'seconds'"):
        run.record(seconds=3)


def test_seconds_are_the_sum_over_attempts(tmp_path, monkeypatch):
    clock = iter([100.0, 100.0, 102.5, 200.0, 200.0, 204.0])
    monkeypatch.setattr("interlingua.core.runs.time.monotonic", lambda: next(clock))
    for _ in range(2):
        run = RunFolder.open("demo", SETTINGS, root=tmp_path)
        run.close()
    assert [attempt["seconds"] for attempt in record_of(run)["attempts"]] == [2.5, 4.0]
    assert record_of(run)["seconds"] == 6.5


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        ("run", SETTINGS),
        ("demo", {**SETTINGS, "seed": 1}),
        ("demo", {**SETTINGS, "seed": 0.0}),
        ("demo", {**SETTINGS, "budget": {"steps": 401, "lr": 0.003}}),
        ("demo", {**SETTINGS, "knobs": Knobs()}),
    ],
)
def test_other_settings_go_to_another_folder(tmp_path, command, settings):
    RunFolder.open("demo", SETTINGS, root=tmp_path).close()
    assert not RunFolder.open(command, settings, root=tmp_path).resumed
    assert len(list(tmp_path.iterdir())) == 2


def test_dataclasses_paths_tuples_and_numpy_are_settings(tmp_path):
    settings = {"knobs": Knobs(), "on": Path("a") / "b", "langs": ("x", "y"), "share": np.float64(0.5)}
    plain = {
        "knobs": {"rank": 8, "targets": ["q_proj", "v_proj"]},
        "on": "a/b",
        "langs": ["x", "y"],
        "share": 0.5,
    }
    run = RunFolder.open("lab build", settings, root=tmp_path)
    assert run.path.name.startswith("lab-build-")
    assert RunFolder.open("lab build", plain, root=tmp_path).resumed
    with pytest.raises(BadInput, match="A setting cannot be a builtin_function_or_method"):
        RunFolder.open("demo", {"function": len}, root=tmp_path)


def test_a_named_folder_of_other_settings_is_refused_naming_them(tmp_path):
    RunFolder.open("demo", SETTINGS, root=tmp_path, name="mine").close()
    assert RunFolder.open("demo", SETTINGS, root=tmp_path, name="mine").resumed
    before = (tmp_path / "mine" / "run.json").read_bytes()
    other = {"world": "lab:tiny", "budget": {"steps": 200, "lr": 0.003}, "langs": ["x"]}
    with pytest.raises(RunFolderError) as error:
        RunFolder.open("demo", other, root=tmp_path, name="mine")
    assert str(error.value) == (
        f"{tmp_path}/mine has other settings: seed 0 there, (absent) here; budget.steps 400 there, 200 here; "
        "langs (absent) there, ['x'] here. Choose another name, or add --fresh."
    )
    with pytest.raises(RunFolderError, match="command demo there, run here"):
        RunFolder.open("run", SETTINGS, root=tmp_path, name="mine")
    assert (tmp_path / "mine" / "run.json").read_bytes() == before


@pytest.mark.parametrize("name", ["a/b", "..", "/tmp/x", "", "."])
def test_a_name_is_one_folder_name(tmp_path, name):
    with pytest.raises(BadInput, match="one folder name"):
        RunFolder.open("demo", SETTINGS, root=tmp_path, name=name)


def test_fresh_starts_over_and_touches_nothing_else(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("kept")
    neighbour = RunFolder.open("demo", {"seed": 1}, root=tmp_path)
    run = RunFolder.open("demo", SETTINGS, root=tmp_path)
    run.ledger.put("k", ROW)
    run.record(seeds=[0])
    (run.path / "checkpoint").mkdir()
    (run.path / "checkpoint" / "step.safetensors").write_bytes(b"x")
    (run.path / "link").symlink_to(outside)
    run.close()
    with RunFolder.open("demo", SETTINGS, root=tmp_path, fresh=True) as again:
        assert not again.resumed
        assert len(again.ledger) == 0
        assert "seeds" not in again.facts
        assert len(again.facts["attempts"]) == 1
        assert {path.name for path in again.path.iterdir()} <= {"run.json", "ledger.sqlite"} | {
            "ledger.sqlite-wal",
            "ledger.sqlite-shm",
        }
    assert (outside / "kept.txt").read_text() == "kept"
    assert (neighbour.path / "run.json").exists()


def test_fresh_takes_over_a_named_folder_and_repairs_damage(tmp_path):
    run = RunFolder.open("demo", SETTINGS, root=tmp_path, name="mine")
    (run.path / "run.json").write_text("{")
    (run.path / "ledger.sqlite").write_text("no database at all" * 100)
    with RunFolder.open("demo", {"seed": 3}, root=tmp_path, name="mine", fresh=True) as again:
        assert len(again.ledger) == 0
        assert again.facts["settings"] == {"seed": 3}


def test_fresh_leaves_a_ledger_that_another_process_has_open_usable(tmp_path):
    with RunFolder.open("demo", SETTINGS, root=tmp_path) as run:
        run.ledger.put("before", ROW)
        with RunFolder.open("demo", SETTINGS, root=tmp_path, fresh=True) as again:
            run.ledger.put("after", ROW)
            assert again.ledger.get_many(["before", "after"]) == {"after": ROW}


def test_a_folder_that_no_run_made_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("years of work")
    for fresh in (False, True):
        with pytest.raises(RunFolderError, match=r"mine has files but no run\.json: not a run folder"):
            RunFolder.open("demo", SETTINGS, root=tmp_path, name="mine", fresh=fresh)
    assert (tmp_path / "mine" / "thesis.tex").read_text() == "years of work"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"command": "demo"}', "\xff\xfe"])
def test_a_damaged_record_is_one_clear_line(tmp_path, content):
    run = RunFolder.open("demo", SETTINGS, root=tmp_path)
    (run.path / "run.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(RunFolderError, match=r"run\.json is damaged \(.*\)\. Put back a copy") as error:
        RunFolder.open("demo", SETTINGS, root=tmp_path)
    assert "\n" not in str(error.value)


def test_a_damaged_ledger_is_one_clear_line(tmp_path):
    run = RunFolder.open("demo", SETTINGS, root=tmp_path)
    (run.path / "ledger.sqlite").write_text("no database at all" * 100)
    with pytest.raises(RunFolderError, match=r"ledger\.sqlite is damaged .* start over with --fresh"):
        _ = run.ledger


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunFolderError, match=r"Cannot make .*demo-\w+ \(Not a directory\)"):
        RunFolder.open("demo", SETTINGS, root=tmp_path / "file")
    with pytest.raises(RunFolderError, match=r"Cannot make .*file \(File exists\)"):
        RunFolder.open("demo", SETTINGS, root=tmp_path, name="file")


def test_a_read_only_folder_is_named(run):
    code = """
import os, sys, tempfile
from interlingua.core.errors import RunFolderError
from interlingua.core.ledger import Ledger
from interlingua.core.runs import RunFolder
with tempfile.TemporaryDirectory() as root:
    os.chmod(root, 0o755)
    with RunFolder.open("demo", {}, root=root) as run:
        ledger = run.ledger.path
    os.chmod(run.path, 0o555)
    os.chmod(ledger, 0o444)
    if os.geteuid() == 0:
        os.seteuid(65534)  # root may write anywhere, so be somebody else for a moment
    for attempt in (lambda: RunFolder.open("demo", {}, root=root), lambda: Ledger(ledger)):
        try:
            attempt()
        except RunFolderError as error:
            print(str(error).replace(str(run.path), "RUN"))
    os.seteuid(os.getuid())
    os.chmod(run.path, 0o755)
"""
    first, second = run(code).splitlines()
    assert first == "Cannot use RUN/run.json: Permission denied. Allow it, or choose another place."
    assert second.startswith("Cannot write RUN/ledger.sqlite (")


def test_a_killed_attempt_counts_until_its_last_written_file(tmp_path, start):
    code = """
import sys, time
from interlingua.core.runs import RunFolder
run = RunFolder.open("demo", {"seed": 0}, root=sys.argv[1])
print(run.path, flush=True)
time.sleep(60)
"""
    process = start(code, tmp_path)
    path = Path(process.stdout.readline().strip())
    process.send_signal(signal.SIGKILL)
    process.wait()
    killed = json.loads((path / "run.json").read_text())["attempts"][0]
    (path / "checkpoint").write_text("written 90 s after the start")
    began = (path / "run.json").stat().st_mtime
    os.utime(path / "checkpoint", (began + 90, began + 90))
    with RunFolder.open("demo", {"seed": 0}, root=tmp_path) as run:
        assert run.resumed
        past, now = run.facts["attempts"]
    assert (killed["end"], past["end"], now["end"]) == ("", "killed", "")
    assert 90 <= past["seconds"] <= 92


def test_two_processes_share_a_folder(tmp_path, start):
    code = """
import sys
from interlingua.core.rows import Row
from interlingua.core.runs import RunFolder
sys.stdin.readline()
with RunFolder.open("demo", {"seed": 0}, root=sys.argv[1]) as run:
    for number in range(30):
        run.record(**{sys.argv[2]: number})
        run.ledger.put(f"{sys.argv[2]} {number}", Row(
            model=sys.argv[2], task="topic", split="test", id=str(number), group="g", cluster="c", lang="l",
            mode="direct", prediction=0, gold=0, scores=(0.0,), question="?", options=("a",)))
"""
    processes = [start(code, tmp_path, name) for name in ("one", "two")]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _, told = process.communicate(timeout=120)
        assert process.returncode == 0, told
    with RunFolder.open("demo", {"seed": 0}, root=tmp_path) as run:
        assert run.resumed
        assert len(run.ledger.rows(arm="one")) == len(run.ledger.rows(arm="two")) == 30
        assert 29 in (run.facts["one"], run.facts["two"])
        assert not list(run.path.glob("*.tmp"))


def test_a_part_is_made_once_and_a_damaged_one_is_told(tmp_path) -> None:
    made = []

    def make() -> dict[str, tuple[int, ...]]:
        made.append(1)
        return {"layers": (1, 2)}

    with RunFolder.open("explain", {}, root=tmp_path) as run:
        assert not run.keeps("before-lens")
        assert run.kept("before-lens", make) == {"layers": [1, 2]}
        assert run.kept("before-lens", make) == {"layers": [1, 2]}
        assert (made, run.keeps("before-lens")) == ([1], True)
        (run.path / "parts" / "before-lens.json").write_text('{"layers": [1,')
        with pytest.raises(RunFolderError, match=r"before-lens\.json is damaged .*--fresh"):
            run.kept("before-lens", make)
    with RunFolder.open("explain", {}, root=tmp_path, fresh=True) as run:
        assert not run.keeps("before-lens")
