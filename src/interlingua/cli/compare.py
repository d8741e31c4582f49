"""`interlingua compare`: what changed between two measurements."""

from typing import Any

import click

from interlingua.cli import options
from interlingua.cli.output import say_json, stdout_kept


@click.command("compare", short_help="What changed between two measurements.")
@click.argument("before", type=click.Path())
@click.argument("after", type=click.Path())
@click.option(
    "--seen", type=options.Listed(), metavar="CODES", default=(),
    help="Languages that AFTER was tuned on [default: what its model's card says].",
)  # fmt: skip
@click.option("--pivot", metavar="CODE", help="The strongest language, told apart from the others.")
@click.option("--common", is_flag=True, help="Compare the questions that both have; name the others.")
@click.option(
    "--changed", type=click.IntRange(min=0), default=5, show_default=True, metavar="N",
    help="Show N questions that only one of them answers rightly; --json has all.",
)  # fmt: skip
@options.everyday
def command(before: str, after: str, changed: int, as_json: bool, **settings: Any) -> None:
    """Gains per language with intervals and tests, and jointly; seen and unseen languages apart.

    BEFORE and AFTER are run folders of `measure`, files it wrote with --samples, or sample logs of
    lm-evaluation-harness (a samples_*.jsonl file, or the folder of --output_path).
    """
    with stdout_kept():
        from interlingua.studies.comparing import compare

        result = compare(before, after, **settings)
    if as_json:
        say_json(result)
    else:
        from interlingua.cli.compare_page import text_of

        click.echo(text_of(result, changed))
