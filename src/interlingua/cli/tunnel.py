"""`interlingua tunnel`: many recipes side by side on the same lab worlds."""

import sys
from pathlib import Path
from typing import Any

import click

from interlingua.cli import options
from interlingua.cli.output import say_json, stdout_kept
from interlingua.core.progress import silenced


@click.command("tunnel", short_help="Many recipes side by side on the same lab worlds.")
@click.option(
    "--recipes", type=options.Listed(), metavar="NAMES", default=(), help="Which recipes [default: all]."
)
@click.option(
    "--worlds", type=options.Listed(), metavar="NAMES", default=(),
    help="Lab worlds by name; each recipe takes those of its kind [default: all judging worlds of its kind].",
)  # fmt: skip
@click.option(
    "--seeds", type=click.IntRange(min=1), metavar="N", help="The first N judging worlds of each kind."
)
@click.option(
    "--items", type=click.IntRange(min=2), metavar="N",
    help="Questions per task and language [default: 300 per language over the tasks asked].",
)  # fmt: skip
@options.seed
@click.option(
    "--set", "changes", type=options.Knob(), metavar="KNOB=VALUE", multiple=True,
    help="Change a knob in every recipe that has it; may be repeated.",
)  # fmt: skip
@click.option(
    "--oracles", is_flag=True,
    help="Also arms that know what nobody knows outside the lab: true answers, the whole dictionary ...",
)  # fmt: skip
@click.option(
    "--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True,
    help="This machine, or a Ray cluster.",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(min=1), default=2, show_default=True, help="Jobs at a time, per machine."
)
@options.device
@options.kept
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="PATH",
    help="Keep the record there as well, as .json, .md and .html, e.g. docs/results/tunnel.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only say how much work it would be.")
@options.everyday
def command(
    recipes: tuple[str, ...],
    worlds: tuple[str, ...],
    seeds: int | None,
    changes: tuple[tuple[str, str], ...],
    oracles: bool,
    out: Path | None,
    dry_run: bool,
    as_json: bool,
    **settings: Any,
) -> None:
    """Run recipes with their controls and baselines on the same lab worlds, and say which of them work.

    Every recipe of a world starts from the same base and is tuned on the same languages. A job is one recipe
    on one world; the same command goes on after ctrl-C, and takes over what other tunnels have finished.

    \b
    interlingua tunnel --recipes question_translation,own_answers --seeds 3
    interlingua tunnel --out docs/results/tunnel
    """
    with stdout_kept():
        if dry_run:
            from interlingua.studies.tunnel_plan import work

            result = work(
                recipes, worlds, seeds,
                items=settings["items"], changes=dict(changes), oracles=oracles, out=_stem(out),
            )  # fmt: skip
        else:
            from interlingua.studies.tunnel import tunnel

            result = tunnel(
                recipes, worlds, seeds, changes=dict(changes), oracles=oracles, out=_stem(out),
                say=_silent if as_json else _said, **settings,
            )  # fmt: skip
    if as_json:
        say_json(result)
    elif dry_run:
        from interlingua.cli.tunnel_page import work_text

        click.echo(work_text(result))
    else:
        from interlingua.cli.tunnel_page import text_of

        click.echo(text_of(result))
    if result.get("failed"):
        click.get_current_context().exit(1)


def _stem(out: Path | None) -> Path | None:
    """The path without an ending of ours."""
    return out.with_suffix("") if out is not None and out.suffix in (".json", ".md", ".html") else out


def _silent(line: str) -> None:
    """Nothing, for programs that read the result."""


def _said(line: str) -> None:
    """A line of progress, where no bar tells it."""
    if not silenced() and not sys.stderr.isatty():
        click.echo(line, err=True)
