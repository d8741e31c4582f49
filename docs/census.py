"""Print lines per recipe and users per shared part (`make census`): to be read, not to fail."""

import re
from collections import Counter
from pathlib import Path

from interlingua.recipes.recipe import RECIPES

FOLDER = Path(__file__).resolve().parents[1] / "src" / "interlingua" / "recipes"
IMPORT = re.compile(r"^\s*(?:from|import) (interlingua\.\S+)", re.MULTILINE)


def main() -> None:
    """Two tables: recipes with their lines, and modules of ours with the recipes that import them."""
    users: Counter[str] = Counter()
    print("lines  recipe")
    for name in RECIPES.names():
        text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
        print(f"{len(text.splitlines()):5}  {name}")
        users.update(set(IMPORT.findall(text)))
    print("\nusers  shared part")
    for module, count in sorted(users.items(), key=lambda pair: (-pair[1], pair[0])):
        print(f"{count:5}  {module}")


if __name__ == "__main__":
    main()
