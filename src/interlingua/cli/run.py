"""`interlingua run`: one recipe on any model and data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from interlingua.cli import options
from interlingua.cli.like import asked_of
from interlingua.cli.output import say_json, stdout_kept
from interlingua.core.errors import UnknownName

MODES = ("direct", "restate")


@click.command("run", short_help="One recipe on any model and data.")
@click.argument("recipe", required=False)
@options.model
@click.option("--on", "source", metavar="SOURCE", help="lab:NAME, or a TOML file or folder of data.")
@click.option(
    "--lang",
    "languages",
    type=options.Listed(),
    metavar="CODES",
    default=(),
    help="Languages to tune on, e.g. de,sw [default in a lab world: drawn by its rule].",
)
@click.option("--to", "target", metavar="CODE", help="Language to translate into [default: the pivot].")
@click.option(
    "--eval-lang",
    "eval_languages",
    type=options.Listed(),
    metavar="CODES",
    default=("all",),
    help="Languages to measure, or all [default: all].",
)
@click.option(
    "--task",
    "tasks",
    type=options.Listed(),
    metavar="NAMES",
    default=(),
    help="Tasks or sets of the source to use [default: all it has].",
)
@click.option(
    "--set",
    "changes",
    type=options.Knob(),
    metavar="KNOB=VALUE",
    multiple=True,
    help="Change a knob of the recipe; may be repeated. `recipes NAME` lists them.",
)
@click.option(
    "--preset",
    metavar="NAME",
    help="Knobs for a size of model: paper, small [default: small below ten million parameters].",
)
@click.option("--control", metavar="NAME", help="Run a control, baseline or oracle instead.")
@click.option(
    "--like",
    type=click.Path(path_type=Path),
    metavar="RUN.JSON",
    help="Take the settings of an earlier run; options given here win.",
)
@options.seed
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="Measure at most N items per task and language."
)
@click.option(
    "--mode",
    "modes",
    type=options.Listed(),
    metavar="MODES",
    default=MODES,
    help="Ways of answering: direct, restate [default: both].",
)
@options.device
@options.kept
@click.option("--merge", is_flag=True, help="Save the tuned model whole instead of as an adapter.")
@click.option("--dry-run", is_flag=True, help="Only say how much work it would be.")
@options.everyday
@click.pass_context
def command(ctx: click.Context, /, like: Path | None, dry_run: bool, as_json: bool, **given: Any) -> None:
    """Tune a model by RECIPE on a source of data, and measure every language before and after.

    \b
    interlingua run question_translation --on lab:standard --lang qab,qad
    interlingua run question_translation --model FOLDER --on SPEC.toml --lang de,sw --set epochs=1
    """
    settings = _settings(ctx, given, like)
    for mode in settings["modes"]:
        if mode not in MODES:
            raise UnknownName("way of answering", mode, MODES)
    with stdout_kept():
        from interlingua.recipes.recipe import RECIPES

        if settings["recipe"] not in RECIPES.names():
            raise UnknownName("recipe", settings["recipe"], RECIPES.names())
        if dry_run:
            result = _work(**settings)
        else:
            from interlingua.studies.single import run_recipe

            result = run_recipe(**settings)
    if as_json:
        say_json(result)
    elif dry_run:
        from interlingua.cli.estimate import text_of

        click.echo(text_of(result))
    else:
        from interlingua.cli.run_page import text_of as page

        click.echo(page(result))


def _work(
    recipe: str,
    source: str,
    languages: tuple[str, ...],
    target: str | None,
    eval_languages: tuple[str, ...] | None,
    tasks: tuple[str, ...],
    control: str | None,
    modes: tuple[str, ...],
    **rest: Any,
) -> Mapping[str, Any]:
    """What `--dry-run` tells."""
    from interlingua.cli.estimate import estimate
    from interlingua.lab.named import tuned_by_rule
    from interlingua.lab.worlds import World
    from interlingua.recipes.recipe import RECIPES
    from interlingua.studies import resolve
    from interlingua.studies.measured import Arm
    from interlingua.studies.prepared import askable

    place, found = resolve.source(source, tasks or None), RECIPES.get(recipe)
    controls = {**found.controls, **found.baselines, **found.oracles}
    if control is not None and control not in controls:
        raise UnknownName(f"control of {recipe}", control, controls)
    if not languages and isinstance(place, World):
        languages = tuned_by_rule(place)
    into = resolve.languages([target], place)[0] if target else place.pivot
    measured = resolve.languages(eval_languages, place) if eval_languages else place.languages
    asked, _ = askable(place, tasks, measured, modes)
    ways = modes if asked else ()
    arms = [Arm("tuned", recipe, controls[control] if control else {}, ways)]
    arms += [Arm("base", modes=ways)] if ways else []
    return estimate(
        arms, place, rest["model"], resolve.languages(languages, place), into, measured, rest["limit"],
        rest["preset"], rest["changes"], rest["device"], asked,
    )  # fmt: skip


def _settings(ctx: click.Context, given: Mapping[str, Any], like: Path | None) -> dict[str, Any]:
    """The arguments of `run_recipe`: what was typed, else what the earlier run had, else the defaults."""
    settings = {**given, "changes": dict(given["changes"])}
    if settings["eval_languages"] == ("all",):
        settings["eval_languages"] = None
    if like is not None:
        typed = {name for name in given if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE}
        before = asked_of(like, [name for name in given if name not in ("run", "fresh")])
        changes = {**before.get("changes", {}), **settings["changes"]}
        settings |= {name: value for name, value in before.items() if name not in typed}
        settings["changes"] = changes
    for name, shown in (("recipe", "argument RECIPE"), ("source", "option --on")):
        if not settings[name]:
            raise click.UsageError(f"Missing {shown}: give it, or --like RUN.JSON of a run that had it.", ctx)
    return settings
