"""`interlingua align`: tune a model on translating task questions, without answers."""

from pathlib import Path
from typing import Any

import click

from interlingua.cli import options
from interlingua.cli.output import say_json, stdout_kept
from interlingua.core.errors import UnknownName


@click.command("align", short_help="Tune a model on translating task questions, without answers.")
@options.model
@click.option(
    "--on", default="lab:standard", metavar="SOURCE",
    help="A TOML file or folder with parallel questions, or lab:NAME.",
)  # fmt: skip
@click.option(
    "--lang", type=options.Listed(), metavar="CODES", default=(),
    help="One to three languages to tune on, e.g. zh,it [default in a lab world: drawn by its rule].",
)  # fmt: skip
@click.option("--to", metavar="CODE", help="Language to translate into [default: the pivot].")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FOLDER",
    help="Where the tuned model goes [default: the run folder].",
)  # fmt: skip
@click.option("--merge", is_flag=True, help="Save the whole tuned model instead of an adapter.")
@click.option(
    "--set", "changes", type=options.Knob(), metavar="KNOB=VALUE", multiple=True,
    help="Change a knob; may be repeated. `recipes question_translation` lists them.",
)  # fmt: skip
@click.option(
    "--preset", metavar="NAME",
    help="Knobs for a size of model: paper, small [default: small below ten million parameters].",
)  # fmt: skip
@click.option("--control", metavar="NAME", help="Run a control instead: same compute, no signal.")
@options.seed
@options.device
@options.kept
@click.option("--dry-run", is_flag=True, help="Only say how much work it would be.")
@options.everyday
def command(as_json: bool, dry_run: bool, changes: tuple[tuple[str, str], ...], **settings: Any) -> None:
    """Question-translation tuning (arXiv:2405.13816): an adapter, or with --merge a model, and its card.

    \b
    interlingua align --model FOLDER --on SPEC.toml --lang zh,it --out tuned
    interlingua measure --model tuned --on SPEC.toml --run after
    interlingua compare runs/before runs/after
    """
    with stdout_kept():
        if dry_run:
            result = _work(dict(changes), **settings)
        else:
            from interlingua.studies.aligning import align

            result = align(changes=dict(changes), **settings)
    if as_json:
        say_json(result)
    elif dry_run:
        from interlingua.cli.estimate import text_of

        click.echo(text_of(result))
    else:
        cost = result["cost"]
        click.echo(
            f"Tuned on {', '.join(result['tuned_languages'])} into {result['target']}: "
            f"{cost['steps']:,.0f} steps, {cost['label_tokens']:,.0f} labelled tokens, "
            f"{result['seconds']:,.0f} s.\nModel: {result['saved']}"
        )


def _work(
    changes: dict[str, str], model: str | None, on: str, lang: tuple[str, ...], to: str | None,
    preset: str | None, control: str | None, device: str, **_: Any,
) -> dict[str, Any]:  # fmt: skip
    """What `--dry-run` tells."""
    from interlingua.cli.estimate import estimate
    from interlingua.lab.named import tuned_by_rule
    from interlingua.lab.worlds import World
    from interlingua.recipes.recipe import RECIPES
    from interlingua.studies import resolve
    from interlingua.studies.measured import Arm

    place, found = resolve.source(on), RECIPES.get("question_translation")
    if control is not None and control not in found.controls:
        raise UnknownName("control of question_translation", control, found.controls)
    if not lang and isinstance(place, World):
        lang = tuned_by_rule(place)
    into = resolve.languages([to], place)[0] if to else place.pivot
    arm = Arm("tuned", "question_translation", found.controls[control] if control else {}, modes=())
    return estimate(
        [arm], place, model, resolve.languages(lang, place), into, (), None, preset, changes, device
    )
