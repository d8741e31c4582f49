"""`interlingua tokenizer`: what every language costs in tokens."""

from typing import Any

import click

from interlingua.cli import options
from interlingua.cli.output import say_json, stdout_kept


@click.command("tokenizer", short_help="What every language costs in tokens.")
@click.argument("models", nargs=-1, metavar="[MODEL]...")
@click.option(
    "--on", metavar="SOURCE", help="lab:NAME, a TOML file, or a folder of data; parallel text is best."
)
@click.option(
    "--task", "tasks", type=options.Listed(), metavar="NAMES", default=(),
    help="Tasks or sets of parallel text to open [default: all the source has].",
)  # fmt: skip
@options.which_languages
@click.option(
    "--sentences", type=click.IntRange(min=2), default=200, show_default=True, metavar="N",
    help="At most N sentences per language.",
)  # fmt: skip
@click.option(
    "--context", type=click.IntRange(min=1), metavar="TOKENS",
    help="Window for which sentences are counted [default: that of each model].",
)  # fmt: skip
@click.option("--bits", is_flag=True, help="Load the models as well, for bits per byte.")
@click.option(
    "--show", type=options.Listed(), metavar="MEASURES", default=(),
    help="Only tables of these, e.g. ratio,unknown [default: all].",
)  # fmt: skip
@options.device
@options.dtype
@options.everyday
def command(as_json: bool, show: tuple[str, ...], **settings: Any) -> None:
    """Tokens per word, character and byte, and against the pivot for the same text; several side by side.

    MODEL is hf:NAME, a folder with a model or only a tokenizer, or lab:NAME. Weights are not loaded.

    \b
    interlingua tokenizer hf:Qwen/Qwen3-0.6B hf:google/gemma-3-1b-pt --on data/ntrex128 --script Deva
    interlingua tokenizer FOLDER --on data/ --task sib200 --lang sw,hi,th,my
    interlingua tokenizer --on lab:standard --bits
    """
    from interlingua.cli.tokenizer_page import check, text_of

    check(show)
    with stdout_kept():
        from interlingua.studies.tokenizers import tokenizers

        result = tokenizers(**settings)
    if as_json:
        say_json(result)
    else:
        click.echo(text_of(result, show))
