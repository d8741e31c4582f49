"""`interlingua measure`: how well a model answers in every language."""

from pathlib import Path
from typing import Any

import click

from interlingua.cli import options
from interlingua.cli.output import say_json, stdout_kept


@click.command("measure", short_help="How well a model answers in every language.")
@options.model
@click.option(
    "--on", metavar="SOURCE", help="lab:NAME, a TOML file, or a folder of data; parallel text is enough."
)
@click.option(
    "--task", "tasks", type=options.Listed(), metavar="NAMES", default=(),
    help="Tasks of the source, or lm_eval:NAME [default: all the source has].",
)  # fmt: skip
@options.which_languages
@click.option("--split", metavar="NAME", help="Split to measure on [default: test, else dev].")
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N",
    help="At most N items per task and language, the same in all.",
)  # fmt: skip
@options.shots
@options.prompt
@click.option(
    "--how", type=click.Choice(["loglik", "bytes", "constrained"]), default="loglik", show_default=True,
    help="Choose by summed log-likelihood, the same per byte, or by first tokens (the paper's).",
)  # fmt: skip
@options.modes
@click.option(
    "--template", metavar="TEXT", help="Frame of restating, with {question}, {source} and {target}."
)
@click.option("--chat", is_flag=True, help="Put prompts into the model's chat template.")
@click.option(
    "--sentences", type=click.IntRange(min=0), default=100, show_default=True, metavar="N",
    help="Parallel sentences for alignment and cost in tokens; 0 leaves them out.",
)  # fmt: skip
@click.option("--include-path", metavar="FOLDER", help="Where lm_eval:NAME is defined, if not by lm-eval.")
@click.option(
    "--samples", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.parquet",
    help="Write every answered item there too.",
)  # fmt: skip
@options.seed
@options.device
@options.dtype
@options.engine
@options.kept
@click.option("--dry-run", is_flag=True, help="Only say how much work it would be.")
@options.everyday
def command(as_json: bool, dry_run: bool, template: str | None, **settings: Any) -> None:
    """Ask a model in every language of a source; accuracy with intervals, alignment, cost in tokens.

    \b
    interlingua measure --model hf:Qwen/Qwen3-0.6B --on data/ --task xnli,sib200 --lang sw,hi,th --limit 200
    interlingua measure --model FOLDER --on data/ntrex128 --script Deva
    interlingua measure --on lab:standard --shots 2
    """
    if template is not None:
        settings["template"] = template
    with stdout_kept():
        if dry_run:
            from interlingua.cli.estimate_measure import estimate

            result = estimate(**settings)
        else:
            from interlingua.studies.measuring import measure

            result = measure(**settings)
    if as_json:
        say_json(result)
    elif dry_run:
        from interlingua.cli.estimate import text_of

        click.echo(text_of(result))
    else:
        from interlingua.cli.measure_page import text_of as page

        click.echo(page(result))
