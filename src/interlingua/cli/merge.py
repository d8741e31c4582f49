"""`interlingua merge`: models put together by a mergekit configuration, or by a layer swap."""

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from interlingua.cli import options
from interlingua.cli.output import say_json, stdout_kept

_SHAPE = ("bottom", "top", "transition", "embeddings")


@click.command("merge", short_help="Put models together by a mergekit file or a layer swap.")
@click.argument("config", required=False, type=click.Path(path_type=Path), metavar="[CONFIG.yml]")
@click.option(
    "--swap", nargs=2, metavar="TASK LANGUAGE",
    help="Instead of a file: layers of TASK in the middle, of LANGUAGE at both ends.",
)  # fmt: skip
@click.option(
    "--bottom", type=click.IntRange(min=0), metavar="N",
    help="Lowest layers from LANGUAGE [default: 5 of 32 in proportion].",
)  # fmt: skip
@click.option(
    "--top", type=click.IntRange(min=0), metavar="N",
    help="Highest layers from LANGUAGE [default: 5 of 32 in proportion].",
)  # fmt: skip
@click.option(
    "--transition", type=click.IntRange(min=0), metavar="N",
    help="Averaged layers next to each end [default: 2 of 32 in proportion].",
)  # fmt: skip
@click.option(
    "--embeddings", type=click.Choice(["language", "task"]), default="language", show_default=True,
    help="Whose embeddings a swapped model has; norm and head behind the layers are LANGUAGE's.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FOLDER", required=True,
    help="Where the merged model goes: a new folder, or an empty one.",
)  # fmt: skip
@options.everyday
@click.pass_context
def command(
    ctx: click.Context,
    /,
    config: Path | None,
    swap: tuple[str, str] | None,
    out: Path,
    as_json: bool,
    **shape: Any,
) -> None:
    """Merge models of one base as the mergekit file CONFIG.yml says, or swap layers of two experts.

    Of mergekit's files those are read that keep every layer at its place: passthrough and linear, by slices
    or whole models, and ties with one weight and density for all. Models are folders or names on the hub.
    Beside the merged model lies a mergekit_config.yml. With it mergekit makes of whole models in float32 the
    same, of those in 16 bits the same up to rounding; but ties in 16 bits it decides otherwise where changes
    are equal. An adapter it cannot open.

    \b
    interlingua merge swap.yml --out merged
    interlingua merge --swap runs/task/model runs/language/model --transition 1 --out merged
    """
    if (config is None) == (swap is None):
        raise click.UsageError("Give either CONFIG.yml or --swap TASK LANGUAGE.", ctx)
    typed = [name for name in _SHAPE if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if config is not None and typed:
        raise click.UsageError(f"--{typed[0]} goes with --swap; a file says it itself.", ctx)
    with stdout_kept():
        from interlingua.studies.merging import merge
        from interlingua.studies.merging import swap as swapped

        result = swapped(*swap, out, **shape) if swap else merge(config or "", out)
    if as_json:
        say_json(result)
    else:
        click.echo(
            f"Merged {' and '.join(result['models'])} in {result['seconds']:,.0f} s.\n"
            f"Model: {result['saved']}\nFor mergekit: {result['config']}"
        )
