"""`interlingua audit`: faults in task tables and parallel text."""

from pathlib import Path

import click

from interlingua.cli import options
from interlingua.cli.output import say_json, stdout_kept


@click.command("audit", short_help="Find rows out of step, mislabelled or damaged in task tables and text.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER...")
@click.option(
    "--kind", type=options.Listed(), metavar="KINDS", default=(),
    help="Only findings of these kinds, e.g. shifted,swapped_labels [default: all].",
)  # fmt: skip
@click.option(
    "--lang", type=options.Listed(), metavar="CODES", default=(),
    help="Only findings in these languages; all are still compared [default: all].",
)  # fmt: skip
@click.option(
    "--min-score", type=click.FloatRange(0, 1), default=0.5, show_default=True, metavar="SCORE",
    help="Only findings that are at least so sure.",
)  # fmt: skip
@options.everyday
def command(
    paths: tuple[Path, ...], kind: tuple[str, ...], lang: tuple[str, ...], min_score: float, as_json: bool
) -> None:
    """Rows out of step, mislabelled or damaged, found without a model: a set's FOLDER, several, or files.

    \b
    interlingua audit data/xnli
    interlingua audit data --kind shifted,swapped_labels,untranslated
    interlingua audit en.txt sw.txt hi.txt

    Tables have the columns id, lang and fields; files without lang are named after their language and aligned
    row by row. A score of 0.5 is where a finding begins to be worth a look.
    """
    with stdout_kept():
        from interlingua.data.audit.audit import examine

        result = examine(paths, kind, lang, min_score)
    if as_json:
        say_json(result.as_dict())
    else:
        from interlingua.cli.audit_page import text_of

        click.echo(text_of(result.as_dict()))
