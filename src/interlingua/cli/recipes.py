"""`interlingua recipes`: the catalogue of methods, and the page of one."""

import inspect
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import click

from interlingua.cli import options
from interlingua.cli.output import console, say_json


@click.command("recipes", short_help="The catalogue of published methods.")
@click.argument("name", required=False)
@options.everyday
def command(name: str | None, as_json: bool) -> None:
    """The catalogue of published methods, or all about the one called NAME: knobs, controls, claims."""
    from interlingua.recipes.recipe import RECIPES

    if name is not None:
        page = _page(name)
        say_json(page) if as_json else _show(page)
        return
    entries = [_entry(each) for each in RECIPES.names()]
    if as_json:
        say_json({"recipes": entries})
        return
    for entry in entries:
        click.echo(f"{click.style(entry['name'], bold=True)}  {entry['standing']}, {entry['paper']}")
        click.echo(f"  {entry['blurb']}")
        click.echo(
            f"  {entry['family']}; needs {_list(entry['needs'])}; controls: {_list(entry['controls'])}"
        )
        click.echo(f"  lab: {_last(entry)}\n")
    click.echo("All about one of them: interlingua recipes NAME")


def _entry(name: str) -> dict[str, Any]:
    """A recipe's line in the catalogue; it is imported only where its file does not say these as literals."""
    from interlingua.recipes.recipe import RECIPES

    said = RECIPES.declared(name)
    if not {"paper", "standing", "needs", "changes", "controls", "family"} <= said.keys():
        said = vars(RECIPES.get(name))
    return {
        "name": name,
        "blurb": RECIPES.blurb(name),
        "paper": said["paper"],
        "family": said["family"],
        "standing": said["standing"],
        "last": last_result(name),
        "shortfall": said.get("shortfall", ""),
        "needs": sorted(said["needs"]),
        "changes": sorted(said["changes"]),
        "controls": list(said["controls"]),
    }


def last_result(name: str) -> dict[str, Any] | None:
    """What the last kept tunnel says of a recipe: the gain that speaks for it, worlds, file; None unrun."""
    from interlingua.studies.tunnel_kept import kept, lead, shows

    found = kept().get(name)
    if found is None:
        return None
    told = lead(found)
    gain = dict(told) if told else None
    return {"file": found["file"], "worlds": found["worlds"], "gain": gain, "shows": shows(found)}


def _last(entry: Mapping[str, Any]) -> str:
    """The last result in a line, with its interval, the file it comes from, and why it falls short."""
    from interlingua.report.tunnel_words import gain_line, short

    last = entry["last"]
    if last is None:
        return "not run through the tunnel yet"
    told = gain_line(last["gain"]) if last["gain"] else "no claim was judged"
    line = f"{told}; {len(last['worlds'])} worlds, {last['file']}"
    return short(line, entry["shortfall"], last["shows"])


def _page(name: str) -> dict[str, Any]:
    """Everything a recipe declares, knobs with the source of each default."""
    from interlingua.recipes.recipe import RECIPES, knob_sources

    recipe = RECIPES.get(name)
    sources = knob_sources(recipe.Knobs)
    usual = recipe.Knobs()
    knobs = [
        {
            "name": knob.name,
            "type": knob.type if isinstance(knob.type, str) else inspect.formatannotation(knob.type),
            "default": getattr(usual, knob.name),
            "source": sources.get(knob.name, ""),
        }
        for knob in fields(recipe.Knobs)
    ]
    presets = {
        preset: {
            k["name"]: getattr(values, k["name"]) for k in knobs if getattr(values, k["name"]) != k["default"]
        }
        for preset, values in recipe.presets.items()
    }
    return {
        **_entry(name),
        "text": inspect.getdoc(inspect.getmodule(recipe.Knobs)) or "",
        "knobs": knobs,
        "controls": recipe.controls,
        "baselines": recipe.baselines,
        "oracles": recipe.oracles,
        "worlds": recipe.worlds,
        "presets": presets,
        "expects": recipe.expects,
    }


def _show(page: Mapping[str, Any]) -> None:
    from rich.table import Table

    from interlingua.report.tunnel_words import claim_words

    click.echo(f"{click.style(page['name'], bold=True)}  {page['standing']}, {page['paper']}\n")
    click.echo(page["text"])
    _title("Knobs, changed with --set KNOB=VALUE")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Knob", "Default", *(f"preset {name}" for name in page["presets"])):
        table.add_column(title, no_wrap=title == "Knob")
    table.add_column("Where the default is from", style="dim")
    for knob in page["knobs"]:
        changed = [
            _value(values[knob["name"]]) if knob["name"] in values else ""
            for values in page["presets"].values()
        ]
        table.add_row(knob["name"], _value(knob["default"]), *changed, knob["source"])
    console().print(table, markup=False)
    _title("Controls, run with --control NAME")
    for kind, mark in (("controls", ""), ("baselines", " (baseline)"), ("oracles", " (oracle)")):
        for name, changes in page[kind].items():
            told = ", ".join(f"{knob}={_value(value)}" for knob, value in changes.items())
            click.echo(f"  {name}{mark}: {told}")
    _title("Claims")
    for claim in page["expects"]:
        whose = f"paper: {claim.paper}" if claim.paper else "a check" if claim.check else "ours"
        click.echo(f"  {claim_words(vars(claim))} ({whose})")
    _title("Last lab result")
    click.echo(f"  {_last(page)}")
    click.echo(f"\nFamily {page['family']}; judged on worlds of kind {page['worlds']}.")
    click.echo(f"Needs {_list(page['needs'])}; changes {_list(page['changes'])}.")


def _title(words: str) -> None:
    click.secho(f"\n{words}", bold=True)


def _value(value: Any) -> str:
    """A knob's value as it would be typed after `--set`."""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, str):
        return repr(value)[1:-1]  # a line break as \n, as the docstring has it
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)


def _list(names: Any) -> str:
    return ", ".join(names) or "none"
