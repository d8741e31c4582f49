"""`interlingua cache`: what lies in the user's cache, and how to empty it."""

import click

from interlingua.cli import options
from interlingua.cli.output import console, say_json
from interlingua.core.cache import clear_cache, list_cache
from interlingua.core.errors import UnknownName


@click.group("cache", short_help="Bases and scores kept for later runs.")
def command() -> None:
    """Bases and scored rows that any run may find again. Safe to delete at any time."""


@command.command("list")
@options.everyday
def show(as_json: bool) -> None:
    """What is kept, and how large it is."""
    entries = list_cache()
    total = sum(entry.bytes for entry in entries)
    if as_json:
        say_json({"entries": entries, "bytes": total})
    elif not entries:
        click.echo("The cache is empty.")
    else:
        from rich.table import Table

        table = Table("Kind", "Name", box=None, pad_edge=False, header_style="bold")
        table.add_column("Size", justify="right")
        table.add_column("Place", overflow="fold", style="dim")
        for entry in entries:
            table.add_row(entry.kind, entry.name, _size(entry.bytes), str(entry.path))
        console().print(table)
        click.echo(f"{_size(total)} in all.")


@command.command()
@click.argument("kind", required=False)
@options.everyday
def clear(kind: str | None, as_json: bool) -> None:
    """Delete everything, or one KIND of thing."""
    kinds = {entry.kind for entry in list_cache()}
    if kind is not None and kind not in kinds:
        raise UnknownName("kind of thing in the cache", kind, kinds)
    freed = clear_cache(kind)
    if as_json:
        say_json({"freed_bytes": freed})
    else:
        click.echo(f"{_size(freed)} freed.")


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
