"""`interlingua figure`: a figure of a finished run as a file by itself."""

import json
from pathlib import Path
from typing import Any

import click

from interlingua.cli import options
from interlingua.cli.output import say_json, stdout_kept
from interlingua.core.errors import BadInput
from interlingua.core.faults import translate

NAMES = ("accuracy", "gains", "alignment", "lens", "pca", "tokenizer")


@click.command("figure", short_help="A figure of a finished run as SVG or PNG.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--name", type=click.Choice(NAMES), required=True, help="Which figure.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", required=True,
    help="Where it goes: .svg, or .png where a Chromium or Chrome is installed.",
)  # fmt: skip
@click.option("--mode", metavar="NAME", help="Way of answering [default: the one the verdict speaks of].")
@click.option("--lang", metavar="CODE", help="Language of the lens [default: the mean over languages].")
@click.option("--layer", metavar="N", help="Layer of the PCA [default: the middle one].")
@options.everyday
def command(
    run: Path, name: str, out: Path, mode: str | None, lang: str | None, layer: str | None, as_json: bool
) -> None:
    """One figure of a run of `explain` or `demo`, drawn again from its numbers.

    RUN is the run folder, or a result as a JSON file. Colours follow the reader's light or dark mode in SVG;
    PNG is light, with two dots per pixel.

    \b
    interlingua figure runs/explain-1 --name gains --out gains.svg
    interlingua figure runs/explain-1 --name lens --lang sw --out lens.png
    """
    with stdout_kept():
        place = write(run, name, out, mode=mode, lang=lang, layer=layer)
    if as_json:
        say_json({"figure": name, "file": str(place)})
    else:
        click.echo(f"Figure: {place}")


def write(run: Path, name: str, out: Path, **choice: str | None) -> Path:
    """Draw and write the figure. Raises as `draw_figure` and `write_png`, `BadInput` for other endings."""
    from interlingua.core.files import write_atomic
    from interlingua.report.explained_figures import Choice, draw_figure
    from interlingua.report.png import write_png

    ending = out.suffix.lower()
    if ending not in (".svg", ".png"):
        raise BadInput(f"--out {out} ends in {ending or 'nothing'}: a figure is an .svg or a .png.")
    drawn = draw_figure(result_of(run), name, Choice(**choice))
    return write_atomic(out, drawn) if ending == ".svg" else write_png(drawn, out)


def result_of(run: Path) -> dict[str, Any]:
    """The result that a run folder or a JSON file holds. Raises `BadInput` where there is none."""
    file = run / "result.json" if run.is_dir() else run
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        told = translate(error, file)
        raise told or BadInput(f"Cannot read {file}: {error.strerror}. Give a run folder.") from error
    except ValueError as error:
        raise BadInput(f"{file} is no result: {error}. Give a run folder with a result.json.") from error
    if not isinstance(content, dict) or not {"accuracy", "alignment", "lens", "tokenizer"} & content.keys():
        raise BadInput(
            f"{file} holds nothing to draw. Give the run folder of `interlingua explain` or `demo`."
        )
    return content
