"""Options and values that several commands share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from interlingua.cli.group import DEBUG
from interlingua.core.progress import silence

Function = TypeVar("Function", bound=Callable[..., Any])


class Listed(click.ParamType[tuple[str, ...]]):
    """Values separated by commas: `de,sw`; blanks and repetitions are dropped, nothing at all is refused."""

    name = "list"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """The values, in order."""
        if isinstance(value, tuple):
            return value
        parts = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
        if not parts:
            self.fail(f"{value!r} names nothing. Write values separated by commas, e.g. de,sw.", param, ctx)
        return parts


class Knob(click.ParamType[tuple[str, str]]):
    """`name=value`, as a pair."""

    name = "knob"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Name and value as text; the recipe reads the value as its knob's type."""
        if isinstance(value, tuple):
            return value
        name, sign, rest = value.partition("=")
        if not sign or not name.strip():
            self.fail(f"{value!r} is no knob=value. Write e.g. --set steps=200.", param, ctx)
        return name.strip(), rest.strip()


def everyday(function: Function) -> Function:
    """`--json` (as `as_json`), `--quiet` and `--debug`."""
    for option in (
        click.option("--debug", is_flag=True, expose_value=False, is_eager=True, callback=_debug,
                     help="Show the traceback of a failure."),
        click.option("--quiet", "-q", is_flag=True, expose_value=False, is_eager=True, callback=_quiet,
                     help="Show no progress."),
        click.option("--json", "as_json", is_flag=True,
                     help="Print one JSON object on stdout, and nothing else there."),
    ):  # fmt: skip
        function = option(function)
    return function


def kept(function: Function) -> Function:
    """`--run` and `--fresh`: which run folder, and whether to start over."""
    for option in (
        click.option("--fresh", is_flag=True, help="Start over instead of going on from an attempt."),
        click.option("--run", metavar="NAME", help="Name of the folder under runs/ [default: by settings]."),
    ):  # fmt: skip
        function = option(function)
    return function


def which_languages(function: Function) -> Function:
    """`--lang`, `--script` and `--family`: which of a source's languages are meant."""
    for option in (
        click.option("--family", metavar="NAME", help="Only languages of this family or branch: bantu, ..."),
        click.option("--script", metavar="NAME", help="Only languages written in it: Deva, Arabic, ..."),
        click.option(
            "--lang", type=Listed(), metavar="CODES", default=("all",),
            help="Languages by code or name, or all [default: all].",
        ),
    ):  # fmt: skip
        function = option(function)
    return function


def engine(function: Function) -> Function:
    """`--engine` and `--workers`: where the work runs."""
    for option in (
        click.option(
            "--workers", type=click.IntRange(min=1), default=1, show_default=True, metavar="N",
            help="Jobs at a time, per machine; each local one is a process with a model of its own.",
        ),
        click.option(
            "--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True,
            help="This machine, or a Ray cluster.",
        ),
    ):  # fmt: skip
        function = option(function)
    return function


model = click.option(
    "--model",
    metavar="MODEL",
    help="hf:NAME, a folder, a folder with a PEFT adapter, or lab:NAME [default: that of a lab source].",
)
shots = click.option(
    "--shots",
    type=click.IntRange(min=0),
    metavar="N",
    help="Examples before each question [default: what the task says].",
)
prompt = click.option(
    "--prompt",
    type=click.Choice(["native", "english"]),
    default="native",
    show_default=True,
    help="Frames and label words in the item's language, or in English for all.",
)
modes = click.option(
    "--mode",
    "modes",
    type=Listed(),
    metavar="MODES",
    default=("direct",),
    help="Ways of answering: direct, restate [default: direct].",
)
dtype = click.option(
    "--dtype",
    default="auto",
    show_default=True,
    metavar="DTYPE",
    help="auto, float32, bfloat16, float16, 4bit.",
)
device = click.option(
    "--device", default="auto", show_default=True, metavar="DEVICE", help="auto, cpu, cuda, cuda:1, mps, ..."
)
seed = click.option(
    "--seed", type=int, default=0, show_default=True, help="Seed of tuning and of the draw of items."
)


def _debug(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta[DEBUG] = True


def _quiet(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    silence(value)
