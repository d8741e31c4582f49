"""`interlingua lab list`: the named worlds."""

from typing import Any

import click

from interlingua.cli import options
from interlingua.cli.output import console, say_json


@click.command("list", short_help="The named worlds.")
@options.everyday
def command(as_json: bool) -> None:
    """The named worlds: languages, tasks, seed, and whether their base ships with us."""
    from interlingua.lab.bases import shipped
    from interlingua.lab.named import WORLDS

    ready = set(shipped())
    worlds: list[dict[str, Any]] = [
        {
            "name": name,
            "languages": 1 + len(spec.tongues),
            "scripts": len({tongue.script for tongue in (spec.pivot, *spec.tongues)}),
            "families": len({tongue.family for tongue in spec.tongues if tongue.family}),
            "without_bilingual_text": sum(not tongue.bilingual for tongue in spec.tongues),
            "tasks": list(spec.tasks),
            "seed": spec.seed,
            "base_shipped": name in ready,
            "base": spec.base or name,
        }
        for name, spec in WORLDS.items()
    ]
    if as_json:
        say_json({"worlds": worlds})
        return
    from rich.table import Table

    table = Table("World", box=None, pad_edge=False, header_style="bold")
    for title in ("Languages", "Scripts", "Families", "No bilingual text", "Seed"):
        table.add_column(title, justify="right")
    table.add_column("Tasks")
    table.add_column("Base")
    for world in worlds:
        counts = [
            str(world[key]) for key in ("languages", "scripts", "families", "without_bilingual_text", "seed")
        ]
        base = "shipped" if world["base_shipped"] else "built on first use"
        base = base if world["base"] == world["name"] else f"that of {world['base']}"
        table.add_row(world["name"], *counts, ", ".join(world["tasks"]), base)
    console().print(table)
    click.echo("More about one of them: interlingua lab show WORLD")
