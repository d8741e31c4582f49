"""Progress: bars with the time left, on stderr, shown only where a person watches."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress

_silenced = False
_display: "Progress | None" = None


class Tick(Protocol):
    """Called as work gets done: `tick(8, note="loss 0.41")`."""

    def __call__(self, done: int = 1, *, note: str = "") -> None:
        """`done` more units are finished; `note` is shown beside the bar."""
        ...


def silence(quiet: bool = True) -> None:
    """Show no bars from now on (`--json`), or show them again."""
    global _silenced
    _silenced = quiet


def silenced() -> bool:
    """Whether progress is to be kept quiet."""
    return _silenced


@contextmanager
def progress(title: str, total: int, done: int = 0) -> Iterator[Tick]:
    """A bar over `total` units of work, `done` of which an earlier attempt finished.

    Bars opened inside this one appear below it. Without a terminal, or when silenced, nothing is shown.
    """
    if _silenced or not sys.stderr.isatty():
        yield _nothing
        return
    with _shown() as display:
        task = display.add_task(title, total=total, completed=done, note="")

        def tick(done: int = 1, *, note: str = "") -> None:
            display.update(task, advance=done)
            if note:
                display.update(task, note=note)

        try:
            yield tick
        finally:
            display.remove_task(task)


@contextmanager
def _shown() -> Iterator["Progress"]:
    """The display on the terminal, started by the outermost bar and shared by those inside it."""
    global _display
    if _display is not None:
        yield _display
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    _display = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("[dim]{task.fields[note]}"),
        console=Console(stderr=True),
        transient=True,
    )
    try:
        with _display:
            yield _display
    finally:
        _display = None


def _nothing(done: int = 1, *, note: str = "") -> None:
    """The tick of a bar that nobody sees."""
