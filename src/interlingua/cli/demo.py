"""`interlingua demo`: the main job on the embedded lab."""

import sys
import webbrowser
from collections.abc import Mapping
from os import environ
from pathlib import Path
from typing import Any

import click

from interlingua.cli import options
from interlingua.cli.output import say_json, stdout_kept
from interlingua.core.errors import UnknownName


@click.command("demo", short_help="The whole story on generated languages, in minutes.")
@click.option(
    "--world", default="lab:standard", show_default=True, help="World to show it in; see `lab list`."
)
@options.seed
@click.option(
    "--items",
    type=int,
    default=40,
    show_default=True,
    metavar="N",
    help="Questions per task and language, at most 150.",
)
@click.option(
    "--tuned",
    type=options.Listed(),
    metavar="CODES",
    help="Languages to tune on, e.g. qab,qad [default: drawn by the world's rule].",
)
@click.option(
    "--arms",
    type=options.Listed(),
    metavar="NAMES",
    help="What to run, of question_translation, shuffled, pivot_only, reverse, general_text, few_shot, "
    "own_answers, own_answers_untranslated, own_answers_gold [default: all but general_text and "
    "own_answers_gold].",
)
@click.option(
    "--workers", type=click.IntRange(min=1), default=2, show_default=True, help="Processes at a time."
)
@options.device
@options.kept
@click.option("--dry-run", is_flag=True, help="Only say how much work it would be.")
@click.option(
    "--open/--no-open",
    "show",
    default=None,
    help="Open the page in the browser [default: only on a desktop].",
)
@options.everyday
def command(
    world: str,
    seed: int,
    items: int,
    tuned: tuple[str, ...] | None,
    arms: tuple[str, ...] | None,
    workers: int,
    device: str,
    run: str | None,
    fresh: bool,
    dry_run: bool,
    show: bool | None,
    as_json: bool,
) -> None:
    """The whole story on generated languages: minutes on two cores, no download.

    A tiny language model that grew up in one dominant language is measured in a dozen others, tuned on
    translating questions of two of them, without answers, and measured again: languages it was tuned on and
    never tuned on apart, controls beside it, every gain with its interval. Ends with a page for the browser.
    """
    with stdout_kept():
        from interlingua.studies.demo import ARMS, demo

        for arm in arms or ():
            if arm not in ARMS:
                raise UnknownName("arm", arm, ARMS)
        if dry_run:
            result = _work(world, items, tuned, arms, device)
        else:
            chosen: dict[str, Any] = {"arms": arms} if arms else {}
            result = demo(
                world, seed=seed, items=items, tuned=tuned, workers=workers, device=device, run=run,
                fresh=fresh, **chosen,
            )  # fmt: skip
    if as_json:
        say_json(result)
    elif dry_run:
        from interlingua.cli.estimate import text_of

        click.echo(text_of(result))
    else:
        from interlingua.report.text import summary

        click.echo(summary(result))
        click.echo(f"Report: {result['report']}")
    if not dry_run and (show or (show is None and not as_json and _on_a_desktop())):
        webbrowser.open(Path(result["report"]).resolve().as_uri())


def _work(
    name: str, items: int, tuned: tuple[str, ...] | None, arms: tuple[str, ...] | None, device: str
) -> Mapping[str, Any]:
    """What `--dry-run` tells."""
    from interlingua.cli.estimate import estimate
    from interlingua.lab.named import tuned_by_rule, world
    from interlingua.studies.main_job import ARMS, DEFAULT_ARMS
    from interlingua.studies.resolve import languages

    place = world(name)
    chosen = languages(tuned, place) if tuned else tuned_by_rule(place)
    return estimate(
        [ARMS["base"], *(ARMS[arm] for arm in arms or DEFAULT_ARMS)], place, place.name, chosen, place.pivot,
        place.languages, items, "small", {}, device,
    )  # fmt: skip


def _on_a_desktop() -> bool:
    """Whether a person watches and a browser would get a window of its own instead of this terminal."""
    windows = sys.platform in ("darwin", "win32") or bool(
        environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    )
    return windows and sys.stdout.isatty()
