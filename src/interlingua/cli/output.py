"""What commands print: one JSON object, or text for people; everything else goes to stderr."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any

import click

from interlingua.core.plain import plain

if TYPE_CHECKING:
    from rich.console import Console

PIPE_WIDTH = 160
"""Columns where no terminal says how many it has."""


def say_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object; a number that is not finite is null, since JSON has no other word for it."""
    utf8 = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
    click.echo(json.dumps(plain(value), ensure_ascii=not utf8, indent=2, allow_nan=False))


@contextmanager
def stdout_kept() -> Iterator[None]:
    """Whatever libraries print meanwhile goes to stderr, so that stdout holds the result alone."""
    with redirect_stdout(sys.stderr):
        yield


def console() -> "Console":
    """Rich's console on stdout; wide where nobody's terminal limits it."""
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)
