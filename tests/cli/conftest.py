"""A runner for commands, each test in an empty folder of its own, and stand-ins for the studies."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from interlingua.cli.main import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("lab", "list")`: the command with these words, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words], prog_name="interlingua")


@pytest.fixture
def run_json(run: Run) -> Callable[..., Any]:
    """The same with `--json`: the one object on stdout; stderr must be empty."""

    def parsed(*words: object) -> Any:
        done = run(*words, "--json")
        assert (done.exit_code, done.stderr) == (0, "")
        return json.loads(done.stdout)

    return parsed


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`stand_in("interlingua.studies.demo", demo=function)`: a module that holds just these names."""

    def put(name: str, **holds: Any) -> None:
        module = ModuleType(name)
        vars(module).update(holds)
        monkeypatch.setitem(sys.modules, name, module)

    return put


@pytest.fixture
def result() -> dict[str, Any]:
    """A small result, as the studies hand it out."""
    return {
        "world": "lab:tiny",
        "pivot": "qaa_Latn",
        "tuned_languages": ["qab_Cyrl"],
        "languages": {
            "qab_Cyrl": {"name": "qab", "seen": True, "base": {"direct": 0.5}, "tuned": {"direct": 0.75}},
            "qac_Arab": {"name": "qac", "seen": False, "base": {"direct": 0.5}, "tuned": {"direct": 0.625}},
        },
        "gain_unseen": {"direct": {"mean": 0.125, "low": 0.0, "high": 0.25}},
        "seconds": 1.5,
        "report": Path("runs/demo-1/report.html"),
    }
