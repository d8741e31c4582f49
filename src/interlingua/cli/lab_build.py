"""`interlingua lab build`: train the base model of a world."""

from pathlib import Path

import click

from interlingua.cli import options
from interlingua.cli.group import KEPT
from interlingua.cli.output import say_json, stdout_kept


@click.command("build", short_help="Pretrain the base model of a world.")
@click.argument("world")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where to put it [default: the user's cache].",
)
@click.option(
    "--steps", type=click.IntRange(min=1), metavar="N", help="Steps of pretraining [default: the world's]."
)
@click.option("--fresh", is_flag=True, help="Start over instead of going on from an earlier attempt.")
@options.everyday
@click.pass_context
def command(
    ctx: click.Context, world: str, out: Path | None, steps: int | None, fresh: bool, as_json: bool
) -> None:
    """Pretrain the base model of WORLD: up to half an hour on one core; minutes where steps are few.

    The result is an ordinary Hugging Face checkpoint with a `base.json` that says what made it.
    """
    with stdout_kept():
        from interlingua.lab.bases import build_base

        ctx.meta[KEPT] = "the user's cache"
        facts = build_base(world, out=out, steps=steps, fresh=fresh)
    if as_json:
        say_json(facts)
        return
    for key, value in facts.items():
        if isinstance(value, str | int | float):
            click.echo(f"{key.replace('_', ' '):18} {value}")
    if out is not None:
        click.echo(f"Saved in {out}")
