"""How a group reads its commands, and how the outermost one tells failures."""

import errno
import json
import signal
import sqlite3
import subprocess
import sys
import warnings
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner, Result

from interlingua.cli.group import DEBUG, Group, Root
from interlingua.core.errors import BadInput

SLOW = """
import time
import click
from interlingua.core.runs import RunFolder

@click.command()
@click.option("--folder/--no-folder", default=True)
def command(folder):
    if folder:
        with RunFolder.open("slow", {"seed": 0}, name="half-done") as run:
            run.record(steps=3)
            print("working", flush=True)
            time.sleep(60)
    print("working", flush=True)
    time.sleep(60)
"""
PROGRAM = """
from interlingua.cli.group import Root
Root("slowly", files={"slow": "slow"})(prog_name="interlingua")
"""


def fails(error: BaseException, debug: bool = False) -> Result:
    """What a command that raises `error` looks like from outside."""

    @click.command()
    @click.pass_context
    def command(ctx: click.Context) -> None:
        click.echo("half a result")
        ctx.meta[DEBUG] = debug
        raise error

    module = ModuleType("failing")
    module.command = command  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "failing", module)
        return CliRunner().invoke(Root("main", files={"fail": "failing"}), ["fail"])


class OutOfMemoryError(RuntimeError):
    """As torch's, which is told by its name."""


class SafetensorError(Exception):
    """As safetensors'."""


def not_a_database() -> sqlite3.Error:
    """What SQLite says of a file that is none of its own."""
    database = sqlite3.connect(":memory:")
    database.deserialize(b"x" * 512)
    with pytest.raises(sqlite3.Error) as caught:
        database.execute("SELECT * FROM sqlite_schema")
    database.close()
    return caught.value


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (BadInput("No column 'label' in a.csv. Name another."), "No column 'label' in a.csv. Name another."),
        (BadInput("two\nlines"), "two lines"),
        (MemoryError(), "Out of memory."),
        (OutOfMemoryError("CUDA"), "Out of memory."),
        (OSError(errno.ENOSPC, "No space left on device", "runs/a"), "No disk space left for runs/a."),
        (PermissionError(errno.EACCES, "Permission denied", "a"), "Cannot use a: Permission denied."),
        (FileNotFoundError(errno.ENOENT, "No such file", "a"), "[Errno 2] No such file: 'a'."),
        (not_a_database(), "the ledger is damaged (file is not a database)."),
        (SafetensorError("bad header"), "The weights in a safetensors file are damaged (bad header)."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)  # fmt: skip
def test_failures_are_one_line(error, says) -> None:
    done = fails(error)
    assert done.exit_code == 1
    assert done.stdout == "half a result\n"
    assert done.stderr.startswith(f"Error: {says}")
    assert done.stderr.count("\n") == 1


def test_a_bug_says_how_to_report_it_and_shows_its_traceback_on_demand_only() -> None:
    done = fails(KeyError("layer"))
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: This is a bug of interlingua, not of yours: KeyError: 'layer' (")
    assert "--debug" in done.stderr
    assert done.stderr.count("\n") == 1
    shown = fails(KeyError("layer"), debug=True).stderr
    assert shown.startswith("Traceback (most recent call last)")
    assert shown.endswith(done.stderr)


class CutWarning(UserWarning):
    """As one of ours."""


CutWarning.__module__ = "interlingua.scoring.batches"


@pytest.mark.filterwarnings("always")
def test_our_warnings_are_one_line_and_others_stay_as_they_are(monkeypatch) -> None:
    @click.command()
    def command() -> None:
        warnings.warn("12 of 90 Thai texts were cut.", CutWarning, stacklevel=1)
        warnings.warn("soon gone", FutureWarning, stacklevel=1)

    module = ModuleType("warning")
    module.command = command  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "warning", module)
    before = warnings.showwarning
    done = CliRunner().invoke(Root("main", files={"warn": "warning"}), ["warn"])
    ours, other = done.stderr.splitlines()[:2]
    assert ours == "Warning: 12 of 90 Thai texts were cut."
    assert other.endswith("FutureWarning: soon gone")
    assert warnings.showwarning is before


def test_usage_errors_stay_clicks_own() -> None:
    done = fails(click.UsageError("no such thing"))
    assert done.exit_code == 2
    assert "Error: no such thing" in done.stderr


def test_leaving_with_a_code_is_kept() -> None:
    assert fails(click.exceptions.Exit(7)).exit_code == 7


def test_commands_are_read_one_by_one(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "fine", ModuleType("fine"))
    sys.modules["fine"].command = click.Command("fine", callback=lambda: click.echo("done"))  # type: ignore[attr-defined]
    group = Group("main", files={"fine": "fine", "broken": "no_such_module"})
    assert group.list_commands(click.Context(group)) == ["fine", "broken"]
    assert CliRunner().invoke(group, ["fine"]).stdout == "done\n"


@pytest.fixture
def interrupted(tmp_path: Path):
    """Start the slow command, press ctrl-C when it works, and return exit code, stderr and its folder."""
    (tmp_path / "slow.py").write_text(SLOW)
    (tmp_path / "program.py").write_text(PROGRAM)

    def press(*words: str) -> tuple[int, str, Path]:
        process = subprocess.Popen(
            [sys.executable, "program.py", "slow", *words], cwd=tmp_path, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
        return process.returncode, said, tmp_path

    return press


def test_ctrl_c_says_where_the_work_is_kept(interrupted) -> None:
    code, said, folder = interrupted()
    assert code == 130
    kept = Path("runs") / "half-done"
    assert said == f"Stopped. Everything finished is kept in {kept}; the same command goes on from there.\n"
    record = json.loads((folder / kept / "run.json").read_text())
    assert (record["steps"], record["attempts"][-1]["end"]) == (3, "stopped")


def test_ctrl_c_without_a_run_folder_just_stops(interrupted) -> None:
    assert interrupted("--no-folder")[:2] == (130, "Stopped.\n")
