"""The command `interlingua`: its verbs, each in a file of its own that is read when it is asked for."""

import click

from interlingua import __version__
from interlingua.cli.group import Root


@click.group(
    cls=Root,
    files={
        "demo": "interlingua.cli.demo",
        "measure": "interlingua.cli.measure",
        "align": "interlingua.cli.align",
        "compare": "interlingua.cli.compare",
        "explain": "interlingua.cli.explain",
        "referee": "interlingua.cli.referee",
        "tokenizer": "interlingua.cli.tokenizer",
        "figure": "interlingua.cli.figure",
        "audit": "interlingua.cli.audit",
        "run": "interlingua.cli.run",
        "merge": "interlingua.cli.merge",
        "tunnel": "interlingua.cli.tunnel",
        "recommend": "interlingua.cli.recommend",
        "recipes": "interlingua.cli.recipes",
        "languages": "interlingua.cli.languages",
        "lab": "interlingua.cli.lab",
        "cache": "interlingua.cli.cache",
    },
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def main() -> None:
    """Make a language model answer as well in every language as in its strongest one, and prove the gain.

    Begin with `interlingua demo`: the whole story on generated languages, in minutes, without a download.
    """
