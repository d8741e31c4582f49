"""`interlingua lab`: the generated worlds and their base models."""

import click

from interlingua.cli.group import Group


@click.group(
    "lab",
    short_help="Generated worlds and their base models.",
    cls=Group,
    files={
        "list": "interlingua.cli.lab_list",
        "show": "interlingua.cli.lab_show",
        "build": "interlingua.cli.lab_build",
    },
)
def command() -> None:
    """Worlds of generated languages with known truth, and the tiny models that grew up in them."""
