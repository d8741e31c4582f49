"""`interlingua explain`: why a model answers as it does, on one page."""

from pathlib import Path
from typing import Any

import click

from interlingua.cli import options
from interlingua.cli.output import say_json, stdout_kept


@click.command("explain", short_help="Why a model answers as it does, or what tuning changed; one page.")
@options.model
@click.option(
    "--after", metavar="MODEL", help="A tuned model to compare with it; its adapter may name the one before."
)
@click.option(
    "--on", metavar="SOURCE", help="lab:NAME, a TOML file, or a folder of data; parallel text is enough."
)
@click.option(
    "--task", "tasks", type=options.Listed(), metavar="NAMES", default=(),
    help="Tasks and parallel text of the source [default: all it has].",
)  # fmt: skip
@options.which_languages
@click.option(
    "--seen", type=options.Listed(), metavar="CODES", default=(),
    help="Languages tuned on [default: what the model's card says].",
)  # fmt: skip
@click.option(
    "--parts", type=options.Listed(), metavar="NAMES",
    help="Of accuracy, alignment, lens, geometry, tokenizer [default: all].",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(min=2), metavar="N",
    help="At most N items per task and language, the same in all.",
)  # fmt: skip
@options.shots
@options.prompt
@click.option(
    "--how", type=click.Choice(["loglik", "bytes", "constrained"]), default="loglik", show_default=True,
    help="How an option is chosen; see `interlingua measure`.",
)  # fmt: skip
@options.modes
@click.option(
    "--sentences", type=click.IntRange(min=2), default=100, show_default=True, metavar="N",
    help="Parallel sentences for alignment, geometry and cost in tokens.",
)  # fmt: skip
@click.option("--lens-task", metavar="NAME", help="Task the lens is held on [default: one that can be].")
@click.option(
    "--lens-items", type=click.IntRange(min=2), default=100, show_default=True, metavar="N",
    help="Its questions per language.",
)  # fmt: skip
@click.option(
    "--lens-position", type=click.IntRange(max=-1), default=-1, show_default=True, metavar="N",
    help="Token of the prompt that it is held on, counted from its end.",
)  # fmt: skip
@click.option(
    "--lens-words", type=click.Choice(["options", "english", "native"]), default="options", show_default=True,
    help="Words among which the right answer has to lead.",
)  # fmt: skip
@click.option("--sentence", metavar="TEXT", help="A sentence to read token by token, beside questions.")
@click.option("--tuned-lens", is_flag=True, help="Train translators for early layers, about a minute.")
@click.option(
    "--fit", type=click.Choice(["pivot", "all", "joint"]),
    help="What the planes of the PCA are fitted on [default: joint for two models, else all].",
)  # fmt: skip
@click.option(
    "--budget", type=click.FloatRange(min=0, min_open=True), default=4.0, show_default=True, metavar="GB",
    help="Disk that hidden states may take while it runs.",
)  # fmt: skip
@click.option("--card", is_flag=True, help="Put the results into the card beside the model, a folder.")
@options.seed
@options.device
@options.dtype
@options.kept
@click.option("--dry-run", is_flag=True, help="Only say how much work it would be.")
@options.everyday
def command(as_json: bool, dry_run: bool, parts: tuple[str, ...] | None, **settings: Any) -> None:
    """Accuracy, alignment, logit lens, geometry and cost in tokens on one page that opens offline.

    \b
    interlingua explain --model hf:Qwen/Qwen3-0.6B --on data/ --lang sw,hi,th --limit 200
    interlingua explain --after tuned/ --on data/ --task xnli,ntrex128
    interlingua explain --on lab:standard --after runs/align-1/model

    report.html, result.json and results.parquet (the numbers of every figure) lie in the run folder;
    `interlingua figure` draws single figures.
    """
    if parts is not None:
        settings["parts"] = parts
    with stdout_kept():
        if dry_run:
            result = _work(**settings)
        else:
            from interlingua.studies.explaining import explain

            result = explain(**settings)
    if as_json:
        say_json(result)
    elif dry_run:
        from interlingua.cli.estimate import text_of

        click.echo(text_of(result))
    else:
        from interlingua.cli.explain_page import text_of as page

        click.echo(page(result, Path(result["folder"])))


def _work(
    model: str | None, after: str | None, on: str | None, sentences: int, lens_items: int, **settings: Any
) -> dict[str, Any]:
    """What `--dry-run` tells: measuring each model, and reading its sentences and questions."""
    from interlingua.cli.estimate_measure import estimate

    known = {key: settings[key] for key in ("tasks", "lang", "script", "family", "limit", "shots", "prompt",
                                            "modes", "device")}  # fmt: skip
    sides = [model or after, after] if after else [model]
    each = [estimate(one, on, **known, split=None, sentences=2 * sentences + 2 * lens_items) for one in sides]
    told: dict[str, Any] = dict(each[0])
    for key in ("models_measured", "answers", "tokens_read", "tokens_written", "seconds", "disk_bytes"):
        told[key] = round(sum(one[key] for one in each), 1)
    return told
