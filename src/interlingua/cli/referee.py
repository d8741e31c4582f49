"""`interlingua referee`: lm-evaluation-harness and our scorer on the same requests."""

from typing import Any

import click

from interlingua.cli import options
from interlingua.cli.output import say_json, stdout_kept


@click.command("referee", short_help="Our scorer against lm-evaluation-harness, request by request.")
@options.model
@click.option("--on", metavar="SOURCE", default="", help="lab:NAME, a TOML file, or a folder of data.")
@click.option(
    "--task", "tasks", type=options.Listed(), metavar="NAMES", default=(),
    help="Tasks of the source, or lm_eval:NAME [default: all the source has].",
)  # fmt: skip
@click.option(
    "--lang", type=options.Listed(), metavar="CODES", default=("all",),
    help="Languages by code or name, or all [default: all].",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="At most N items per task and language."
)
@options.shots
@options.prompt
@click.option("--include-path", metavar="FOLDER", help="Where lm_eval:NAME is defined, if not by lm-eval.")
@click.option(
    "--batch-size", type=click.IntRange(min=1), default=8, show_default=True, metavar="N",
    help="Requests per batch of lm-eval's own scorer.",
)  # fmt: skip
@click.option("--memory", is_flag=True, help="Also measure peak memory, each scorer in a process of its own.")
@options.seed
@options.device
@options.dtype
@click.option("--dry-run", is_flag=True, help="Only say how much work it would be for our scorer.")
@options.everyday
def command(as_json: bool, dry_run: bool, batch_size: int, memory: bool, **case: Any) -> None:
    """Score the same requests by lm-evaluation-harness and by us, and compare them one by one.

    \b
    interlingua referee --on lab:tiny --lang qab,qac --limit 20
    interlingua referee --model FOLDER --on data/ --task xnli,sib200 --lang sw,th --limit 50 --memory
    interlingua referee --model FOLDER --task lm_eval:xnli_sw --include-path my_tasks/

    Needs lm-eval: pip install '.[eval]' in the checkout.
    """
    if dry_run:
        _tell_work(as_json, **case)
        return
    with stdout_kept():
        from interlingua.studies.referee import referee
        from interlingua.studies.referee_questions import Case

        report = referee(Case(**case), batch_size=batch_size, memory=memory)
    if as_json:
        say_json(report)
    else:
        from interlingua.cli.referee_page import text_of

        click.echo(text_of(report))


def _tell_work(as_json: bool, on: str, **case: Any) -> None:
    """What `--dry-run` tells: the tokens of our scorer, the harness reading several times as many."""
    with stdout_kept():
        from interlingua.cli.estimate import text_of
        from interlingua.cli.estimate_measure import estimate

        names = ("model", "tasks", "lang", "limit", "shots", "prompt", "device")
        work = estimate(
            on=on or None, script=None, family=None, split=None, modes=("direct",), sentences=0,
            **{name: case[name] for name in names},
        )  # fmt: skip
    if as_json:
        say_json(work)
    else:
        click.echo(text_of(work))
