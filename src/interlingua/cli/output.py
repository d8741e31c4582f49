"""What commands print: one JSON object, or text for people; everything else goes to stderr."""

import json
import math
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

PIPE_WIDTH = 160
"""Columns where no terminal says how many it has."""


def say_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object; a number that is not finite is null, since JSON has no other word for it."""
    utf8 = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
    click.echo(json.dumps(plain(value), ensure_ascii=not utf8, indent=2, allow_nan=False))


def plain(value: Any) -> Any:
    """The value in JSON's own types: dataclasses as objects, arrays and sets as lists, paths as text."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(map(plain, value))
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "tolist"):  # numpy's numbers and arrays, torch's tensors
        return plain(value.tolist())
    raise TypeError(f"a {type(value).__qualname__} has no form in JSON")


@contextmanager
def stdout_kept() -> Iterator[None]:
    """Whatever libraries print meanwhile goes to stderr, so that stdout holds the result alone."""
    with redirect_stdout(sys.stderr):
        yield


def console() -> "Console":
    """Rich's console on stdout; wide where nobody's terminal limits it."""
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)
