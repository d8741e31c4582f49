"""Groups of commands: sub-commands read when asked for, and every failure told in one line."""

import sys
import time
import traceback
import warnings
from collections.abc import Mapping
from importlib import import_module
from typing import Any, NoReturn, TextIO

import click

from interlingua.core.errors import UnknownName
from interlingua.core.faults import translate

DEBUG = "interlingua.debug"
"""Key of the context's `meta` under which `--debug` is noted."""
KEPT = "interlingua.kept"
"""Key under which a command without a run folder notes where its unfinished work is kept."""
INTERRUPTED = 130
"""Exit code after ctrl-C: 128 and the number of the signal, as shells do it."""


class Group(click.Group):
    """A group whose sub-commands are modules; each holds its click command as `command`."""

    def __init__(self, *args: Any, files: Mapping[str, str], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.files = files

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order given, which is the order in which people need them."""
        return list(self.files)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None for a name that is not one."""
        if cmd_name not in self.files:
            return None
        command: click.Command = import_module(self.files[cmd_name]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, with near names for an unknown command."""
        if args and args[0] not in self.files and not args[0].startswith("-"):
            ctx.fail(str(UnknownName("command", args[0], self.files)))
        return super().resolve_command(ctx, args)


class Root(Group):
    """The outermost group.

    An error of ours, or a fault of the machine, is one line on stderr and exit code 1; a bug likewise, with
    its traceback only after `--debug`. Ctrl-C says where the finished work lies and exits with 130. A reader
    that closes the pipe early ends us silently. Wrong usage is left to click: exit code 2.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command and tell how it failed, if it did."""
        began = time.time()
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # a letter the terminal lacks is no reason to stop
                stream.reconfigure(errors="backslashreplace")
        try:
            with warnings.catch_warnings():
                warnings.showwarning = _warn
                result = super().invoke(ctx)
            sys.stdout.flush()
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except KeyboardInterrupt as stop:
            _end(ctx, stop, _stopped(ctx, began), INTERRUPTED)
        except Exception as error:
            _end(ctx, error, f"Error: {_told(error)}", 1)
        return result


def _warn(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning of ours is one line without the code around it; others stay as Python writes them."""
    if category.__module__.partition(".")[0] == "interlingua":
        click.echo(f"Warning: {message}", err=True)
    else:
        click.echo(warnings.formatwarning(message, category, filename, lineno, line), err=True, nl=False)


def _end(ctx: click.Context, error: BaseException, line: str, code: int) -> NoReturn:
    if ctx.meta.get(DEBUG):
        traceback.print_exception(error)
    click.echo(" ".join(line.split("\n")), err=True)
    try:
        sys.stdout.flush()
    except (
        OSError
    ):  # the place that stdout goes to is what failed: leave nothing for the interpreter to flush
        sys.stdout = None
    ctx.exit(code)


def _told(error: Exception) -> str:
    """One line for a failure: ours, the machine's, or a bug of ours."""
    if told := translate(error):
        return str(told)
    words = " ".join(str(error).split()) or "no message"
    if isinstance(error, OSError):
        return f"{words}. What was finished is kept."
    at = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{at.filename.rpartition('site-packages/')[2]}:{at.lineno}"
    return (
        f"This is a bug of interlingua, not of yours: {type(error).__name__}: {words} ({where}). "
        "Please report it with what the same command prints after adding --debug."
    )


def _stopped(ctx: click.Context, began: float) -> str:
    """What ctrl-C says: where the work of this command is kept, if it has any."""
    from interlingua.cli.stopped import stopped_since

    places = [*map(str, stopped_since(began)), *filter(None, [ctx.meta.get(KEPT)])]
    if not places:
        return "Stopped."
    kept = " and ".join(places)
    return f"Stopped. Everything finished is kept in {kept}; the same command goes on from there."
