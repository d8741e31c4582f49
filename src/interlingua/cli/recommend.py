"""`interlingua recommend`: which recipe for my language, my data and my time."""

from collections.abc import Mapping
from typing import Any

import click

from interlingua.cli import options
from interlingua.cli.output import say_json, stdout_kept

PARAMETERS = 1_000_000_000
"""A model's size where none is named; costs grow in proportion."""


def _needs() -> str:
    from interlingua.studies.resources import resources

    return ", ".join(resources())


class _Data(options.Listed):
    """Kinds of data, separated by commas."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """The kinds, in order."""
        if isinstance(value, str) and not value.replace(",", "").strip():
            self.fail(f"{value!r} names nothing. Name some of {_needs()}.", param, ctx)
        return super().convert(value, param, ctx)


class _Have(click.Option):
    """The option whose help lists all that recipes of the catalogue need."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help."""
        self.help = f"Data there is in it, separated by commas: {_needs()}."
        return super().get_help_record(ctx)


@click.command("recommend", short_help="Which recipe for my language, data and time.")
@click.option("--lang", required=True, metavar="CODE", help="The language, by code or name.")
@click.option("--have", cls=_Have, type=_Data(), required=True, metavar="WHAT")
@click.option("--budget", metavar="TIME", help="Time there is on this machine: 90m, 1h, 2d.")
@options.model
@options.device
@options.everyday
def command(
    lang: str, have: tuple[str, ...], budget: str | None, model: str | None, device: str, as_json: bool
) -> None:
    """Rank the recipes whose needs are met, by what the lab has shown and what their papers claim.

    Data: text, and pairs of it with the pivot; a dictionary into the pivot; questions of tasks, parallel to
    the pivot's; tasks, that is questions with answers; steps of reasoning that lead to the answers.
    Costs are estimated from tokens, the model's parameters and a timed product of matrices on this machine.

    \b
    interlingua recommend --lang sw --have text,dictionary --budget 1h
    interlingua recommend --lang sw --have questions,tasks --budget 1d --model FOLDER
    """
    with stdout_kept():
        from interlingua.cli.estimate import WORK_SHARE, light_model, speed
        from interlingua.languages.language import find
        from interlingua.studies.recommend import recommend, seconds_of

        find(lang)  # what is mistyped is told before anything is timed or loaded
        seconds = None if budget is None else seconds_of(budget)
        parameters = PARAMETERS
        if model:
            parameters = sum(weight.numel() for weight in light_model(model, model)[0].parameters())
        result = recommend(
            lang, have, parameters=parameters, operations=WORK_SHARE * speed(device), budget=seconds
        )
        result["model"] = model
    say_json(result) if as_json else click.echo(text_of(result))


def text_of(result: Mapping[str, Any]) -> str:
    """The ranking as lines for people."""
    language, size = result["language"], result["parameters"]
    model = result.get("model") or "no model named, so a model"
    parts = [
        f"{language['name']} ({language['code']}), with {', '.join(result['have'])}; "
        f"{model} of {size / 1e9:.3g} billion parameters"
    ]  # fmt: skip
    for rank, entry in enumerate(result["ranked"], 1):
        parts.append(f"{rank}. {_entry(entry, result['budget'])}")
    if not result["ranked"]:
        parts.append("No recipe can do with this data alone.")
    if result["to_look_with"]:
        lines = [f"  {click.style(e['recipe'], bold=True)}  {e['blurb']}" for e in result["to_look_with"]]
        parts.append("\n".join(["To look with; they change no model:", *lines]))
    if result["lacking"]:
        lines = [f"  {e['recipe']}  needs {', '.join(e['lacking'])} as well" for e in result["lacking"]]
        parts.append("\n".join(["Not with this data:", *lines]))
    parts.append(
        f"Times are rough, within a factor of three: rows of {result['assumed']['tokens_per_row']} tokens, "
        "one language, this machine just now. Lab: tiny models on generated languages; paper: its own words."
    )
    return "\n\n".join(parts)


def _entry(entry: Mapping[str, Any], budget: float | None) -> str:
    from interlingua.report.reading import gain
    from interlingua.report.tunnel_words import gain_line, size

    lines = [f"{click.style(entry['recipe'], bold=True)}  {_time(entry, budget)}", f"   {entry['blurb']}"]
    lab = entry["lab"]
    if lab is None:
        lines.append("   lab    not run yet")
    lines += [f"   lab    {gain_line(each)}" for each in (lab["gains"] if lab else ())]
    if lab and lab["pivot_loses"] and (lost := gain(lab, "pivot_change")):
        lines.append(f"          pivot {size(lost)}, on the tasks that the base had learned")
    if lab:
        count = f"{lab['worlds']} world{'s' if lab['worlds'] > 1 else ''}"
        lines.append(f"          {count}, {lab['file']}; {entry['judged_on'].lower()}")
        if lab["falls_short"]:
            lines.append(f"          {lab['falls_short']}; why: interlingua recipes {entry['recipe']}")
    said = dict[str, str]()  # the same words stand behind several claims
    for claim in entry["claims"]:
        said.setdefault(claim["paper"], claim["claim"])
    lines += [f"   paper  {words}; looked for in the lab: {here}" for words, here in list(said.items())[:2]]
    lines.append(f"   from   {entry['paper']}, {entry['standing']}")
    return "\n".join(lines)


def _time(entry: Mapping[str, Any], budget: float | None) -> str:
    seconds = entry["seconds"]
    if seconds is None:
        return "time not known"
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            told = f"about {seconds / length:,.0f} {unit}"
            break
    else:
        told = f"about {max(1, seconds):.0f} seconds"
    if budget is None or entry["fits"]:
        return told
    return f"{told}, more than there is: {100 * budget / seconds:.2g}% of its training fits"
