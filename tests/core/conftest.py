"""Other processes, for what one process cannot show: kills, limits, two writers."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """`start(code, *arguments)` runs code in a new Python that can import the package."""
    begun: list[subprocess.Popen[str]] = []
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}

    def begin(code: str, *arguments: object, **variables: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**environment, **variables},
        )
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


@pytest.fixture
def run(start: Start) -> Callable[..., str]:
    """`run(code, *arguments)` is what the code prints; it must end well."""

    def finish(code: str, *arguments: object, **variables: str) -> str:
        process = start(code, *arguments, **variables)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        return out.strip()

    return finish
