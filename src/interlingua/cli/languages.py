"""`interlingua languages`: what we know of a language."""

import click

from interlingua.cli import options
from interlingua.cli.output import console, say_json
from interlingua.languages.flores import CODES
from interlingua.languages.language import Language, find, look
from interlingua.languages.scripts import spaces_between_words
from interlingua.languages.select import select


@click.command("languages", short_help="What we know of a language.")
@click.argument("queries", nargs=-1, metavar="[QUERY]...")
@click.option(
    "--script", metavar="SCRIPT", help="Only those written in it: a name or code, e.g. Arabic or Deva."
)
@click.option(
    "--family", metavar="NAME", help="Only those of this family or branch, e.g. Dravidian or bantu."
)
@options.everyday
def command(queries: tuple[str, ...], script: str | None, family: str | None, as_json: bool) -> None:
    """What we know of the languages called QUERY in any usual spelling: sw, swh_Latn, Swahili, zh-Hant.

    Without any, all languages of FLORES-200.
    """
    asked = [find(query).code for query in queries] if queries else sorted(CODES)
    found = [look(code) for code in select(asked, script=script, family=family)]
    if as_json:
        say_json({"languages": [_facts(language) for language in found]})
    elif len(found) == 1:
        _page(found[0])
    else:
        _table(found)


def _facts(language: Language) -> dict[str, object]:
    return {
        "code": language.code,
        "name": language.name,
        "autonym": language.autonym,
        "script": language.script,
        "family": language.family,
        "branches": list(language.branches),
        "direction": language.direction,
        "spaces_between_words": spaces_between_words(language.script),
        "iso639_3": language.iso639_3,
        "bcp47": language.bcp47,
        "variant": language.variant,
        "speakers": language.speakers,
    }


def _page(language: Language) -> None:
    names = language.name if language.autonym == language.name else f"{language.name}, {language.autonym}"
    click.secho(names, bold=True)
    spaced = "spaces" if spaces_between_words(language.script) else "no spaces"
    runs = "right to left" if language.direction == "rtl" else "left to right"
    rows = {
        "code": language.code,
        "BCP-47": language.bcp47,
        "ISO 639-3": language.iso639_3,
        "variant": language.variant,
        "script": f"{language.script}, {runs}, {spaced} between words",
        "family": ", ".join((language.family, *language.branches)) if language.family else "unknown",
        "speakers": _speakers(language),
    }
    for title, value in rows.items():
        if value:
            click.echo(f"  {title:10} {value}")


def _table(languages: list[Language]) -> None:
    from rich.table import Table

    table = Table(
        "Code", "BCP-47", "Name", "Script", "Runs", "Family", box=None, pad_edge=False, header_style="bold"
    )
    table.add_column("Speakers", justify="right")
    table.add_column("Own name")
    for one in languages:
        table.add_row(
            one.code,
            one.bcp47,
            one.name,
            one.script,
            one.direction,
            one.family or "unknown",
            _speakers(one),
            one.autonym,
        )
    console().print(table)
    click.echo(f"{len(languages)} languages. Speakers are CLDR's estimates, all scripts together.")


def _speakers(language: Language) -> str:
    count = language.speakers
    return "unknown" if count is None else f"{count:,}"
