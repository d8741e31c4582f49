"""Resources: what kinds of data the recipes of the catalogue need, read without importing them."""

from interlingua.recipes.recipe import RECIPES


def resources() -> tuple[str, ...]:
    """Names of all that some recipe needs, sorted; a recipe that is no literal in its file is imported."""
    found: set[str] = set()
    for name in RECIPES.names():
        said = RECIPES.declared(name)
        found |= set(said["needs"] if "needs" in said else RECIPES.get(name).needs)
    return tuple(sorted(found))
