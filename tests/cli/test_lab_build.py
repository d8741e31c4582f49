"""Building the base of a world, on a stand-in for the builder."""

from pathlib import Path
from typing import Any

import pytest

from interlingua.core.errors import UnknownName


@pytest.fixture
def asked(monkeypatch) -> list[tuple[Any, ...]]:
    """What the builder was asked for."""
    calls: list[tuple[Any, ...]] = []

    def build_base(name: str, out: Path | None, steps: int | None, fresh: bool) -> dict[str, Any]:
        if name == "lab:none":
            raise UnknownName("world", name, ["lab:tiny"])
        calls.append((name, out, steps, fresh))
        return {"world": name, "last_loss": 1.25, "spec": {"layers": 2}}

    monkeypatch.setattr("interlingua.lab.bases.build_base", build_base)
    return calls


def test_options_arrive(run, asked, tmp_path: Path) -> None:
    done = run("lab", "build", "lab:tiny", "--out", "base", "--steps", "7", "--fresh")
    assert (done.exit_code, done.stderr) == (0, "")
    assert asked == [("lab:tiny", Path("base"), 7, True)]
    assert done.stdout.splitlines() == [
        "world              lab:tiny",
        "last loss          1.25",
        "Saved in base",
    ]


def test_json(run_json, asked) -> None:
    assert run_json("lab", "build", "lab:tiny")["spec"] == {"layers": 2}
    assert asked == [("lab:tiny", None, None, False)]


def test_an_interrupted_build_says_where_it_goes_on(run, monkeypatch) -> None:
    def build_base(*args: object, **settings: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("interlingua.lab.bases.build_base", build_base)
    done = run("lab", "build", "lab:tiny")
    assert done.exit_code == 130
    assert done.stderr == (
        "Stopped. Everything finished is kept in the user's cache; the same command goes on from there.\n"
    )
