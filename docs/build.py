"""Write the pages that follow from code and results: the README's map, docs/cli.md, recipes.md, fidelity.md.

`python docs/build.py` writes them; with `--check` it writes nothing and exits with 1 if a page has drifted.
"""

import ast
import importlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import click

from interlingua.recipes.recipe import RECIPES
from interlingua.report.tunnel_words import gain_line, short
from interlingua.studies.fidelity import fidelity_page
from interlingua.studies.tunnel_kept import FILE as KEPT
from interlingua.studies.tunnel_kept import Kept, condensed, lead, shows

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "interlingua"
BEGIN, END = "<!-- map:begin -->", "<!-- map:end -->"
NOTE = "<!-- Written by `make docs` from the code. -->"


def rooms() -> dict[str, tuple[str, ...]]:
    """Each room with the rooms it may import: the table that `tests/test_layers.py` enforces."""
    tree = ast.parse((ROOT / "tests" / "test_layers.py").read_text(encoding="utf-8"))
    table = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "MAY_IMPORT" and node.value
    )
    return {room: tuple(above.split()) for room, above in ast.literal_eval(table).items()}


def readme() -> str:
    """The README with the map of the rooms between its two markers."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = rooms()
    lines = ["", "| Room | What lives there | Imports |", "|---|---|---|"]
    for room, above in table.items():
        docstring = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8")))
        holds = (docstring or "").partition("\n")[0]
        lines.append(f"| [`{room}`](src/interlingua/{room}) | {holds} | {_above(room, above, table)} |")
    before, rest = text.split(BEGIN)
    return "\n".join([before + BEGIN, *lines, "", END + rest.split(END)[1]])


def cli_page() -> str:
    """Every `--help` page, in the order of the command tree."""
    lines = ["# Commands", "", NOTE]
    main = importlib.import_module("interlingua.cli.main").main
    settings = {**main.context_settings, "max_content_width": 100}  # as when the command line itself runs
    for context in _contexts(click.Context(main, info_name="interlingua", **settings)):
        path = context.command_path
        lines += ["", f"{'#' * (1 + len(path.split()))} {path}", "", "```text", context.get_help(), "```"]
    return "\n".join(lines) + "\n"


def recipes_page(known: Mapping[str, Kept]) -> str:
    """One row per recipe: what it is, from which paper, what it needs, its standing and last lab result."""
    lines = ["# Recipes", "", NOTE, ""]
    lines.append(
        "Lab results are gains over the base, an arm or a bound, with 95% intervals over worlds; all claims "
        "are in [fidelity.md](fidelity.md)."
    )
    titles = ("Recipe", "What it does", "Paper", "Family", "Needs", "Standing", "Controls", "Last lab result")
    lines += ["", f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    for name in RECIPES.names():
        recipe = RECIPES.get(name)
        cells = [
            RECIPES.blurb(name),
            recipe.paper,
            recipe.family,
            _list(recipe.needs),
            recipe.standing,
            _list(recipe.controls),
            _last(known.get(name), recipe.shortfall),
        ]
        lines.append(f"| [`{name}`](../src/interlingua/recipes/{name}.py) | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """Path and text of every page; the kept results come first, because others are made from them."""
    known = condensed((ROOT / "docs" / "results").glob("tunnel*.json"), ROOT)
    shipped = json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return {
        KEPT.relative_to(ROOT).as_posix(): shipped,
        "README.md": readme(),
        "docs/cli.md": cli_page(),
        "docs/recipes.md": recipes_page(known),
        "docs/fidelity.md": fidelity_page(NOTE, known),
    }


def drifted() -> dict[str, str]:
    """Path and new text of every page that is missing or differs from what the code says."""
    return {
        name: text
        for name, text in pages().items()
        if not (ROOT / name).is_file() or (ROOT / name).read_text(encoding="utf-8") != text
    }


def main() -> None:
    """Write the pages, or compare them."""
    behind = drifted()
    if "--check" in sys.argv[1:]:
        sys.exit(f"Out of step with the code: {', '.join(behind)}. Run `make docs`." if behind else 0)
    for name, text in behind.items():
        (ROOT / name).write_text(text, encoding="utf-8")
        print(f"wrote {name}")


def _above(room: str, above: tuple[str, ...], table: dict[str, tuple[str, ...]]) -> str:
    """The imports column; rooms that may use all earlier ones say so in three words."""
    earlier = list(table)[: list(table).index(room)]
    if len(earlier) > 4 and set(earlier) == set(above):
        return "all above"
    return ", ".join(above) or "–"


def _contexts(context: click.Context) -> Iterator[click.Context]:
    """The command and, depth first, all commands below it."""
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            if command and not command.hidden:
                yield from _contexts(click.Context(command, parent=context, info_name=name))


def _last(found: Kept | None, shortfall: str) -> str:
    """The last result with its interval and a link to its file, and what falls short."""
    if found is None:
        return "not run yet"
    told = lead(found)
    file = found["file"].removeprefix("docs/")
    gain = gain_line(told) if told else "no claim judged"
    line = f"{gain}; {len(found['worlds'])} worlds, [{file}]({file})"
    return short(line, shortfall, shows(found))


def _list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "–"


if __name__ == "__main__":
    main()
