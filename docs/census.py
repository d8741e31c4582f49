"""Print lines per recipe, and what each shared part is for and who uses it (`make census`): to be read."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from interlingua.recipes.recipe import RECIPES

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "interlingua"
ROOMS = ("data", "models", "training", "scoring", "measures", "languages", "core")
"""The rooms that a recipe may import, those it takes most from first."""
APART = ("tasks", "audit")
"""Folders of `data` whose files no recipe imports."""
IMPORT = re.compile(r"^\s*(?:from|import) interlingua\.(\S+)", re.MULTILINE)
NAMED = 3
"""So many users of a part are named, to copy from."""


def users() -> dict[str, list[str]]:
    """Module, without the package's name, to the recipes that import it."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in RECIPES.names():
        text = (PACKAGE / "recipes" / f"{name}.py").read_text(encoding="utf-8")
        for module in sorted(set(IMPORT.findall(text))):
            found[module].append(name)
    return found


def parts(room: str) -> dict[str, str]:
    """Module to the first line of its docstring, for all files of a room; shelves and helpers left out."""
    found = {}
    for path in sorted((PACKAGE / room).rglob("*.py")):
        inside = path.relative_to(PACKAGE).with_suffix("").parts
        if not path.stem.startswith("_") and inside[1] not in APART:
            told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            found[".".join(inside)] = told.partition("\n")[0]
    return found


def main() -> None:
    """Recipes with their lines; then room by room its parts, the most used first, with their users."""
    used = users()
    print("lines  recipe")
    for name in RECIPES.names():
        text = (PACKAGE / "recipes" / f"{name}.py").read_text(encoding="utf-8")
        print(f"{len(text.splitlines()):5}  {name:22} {RECIPES.blurb(name)}")
    for room in ROOMS:
        told = parts(room)
        print(f"\nusers  shared part of {room}")
        for module in sorted(told, key=lambda module: (-len(used.get(module, [])), module)):
            by = used.get(module, [])
            if not by and room == "core":  # what carries the house, not for recipes
                continue
            more = ", ..." if len(by) > NAMED else ""
            shown = f" [{', '.join(by[:NAMED])}{more}]" if by else ""
            print(f"{len(by):5}  {module:36} {told[module]}{shown}")


if __name__ == "__main__":
    main()
