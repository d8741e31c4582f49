"""The layers hold: each room imports only the rooms it may, no file is in a cycle, nothing is pickled."""

import ast
import graphlib
import sys
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "interlingua"

# Rooms from the ground up, with the rooms each may import besides itself. The README's map shows this table.
MAY_IMPORT: dict[str, str] = {
    "core": "",
    "languages": "core",
    "data": "core languages",
    "models": "core languages",
    "training": "core languages data models",
    "scoring": "core languages data models",
    "measures": "core languages",
    "recipes": "core languages data models training scoring measures",
    "report": "core languages measures",
    "lab": "core languages data models training",
    "studies": "core languages data models training scoring measures recipes report lab",
    "cli": "core languages data models training scoring measures recipes report lab studies",
}
# Rooms that are cheap to import may use these packages besides the standard library.
OUTSIDE = {
    "core": {"numpy", "rich", "ray"},
    "languages": {"langcodes", "language_data"},
    "measures": {"numpy", "scipy", "sklearn"},
}
PICKLES = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
FILE_PICKLERS = {"torch.load", "torch.save", "pickle.load", "pickle.dump"}
# The engine hands jobs to child processes of its own through a pipe; no bytes from outside are ever read.
PIPES = "interlingua.core.engine"


def module_of(path: Path) -> str:
    """Dotted name of a file; a package's name for its `__init__.py`."""
    parts = ("interlingua", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def tree_of(module: str) -> ast.Module:
    """The parsed file."""
    return ast.parse(FILES[module].read_text(encoding="utf-8"), filename=str(FILES[module]))


def room_of(module: str) -> str:
    """`core` for `interlingua.core.rows`, empty for the top-level files."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in MAY_IMPORT else ""


def imported(module: str, tree: ast.Module) -> set[str]:
    """Everything a file imports, at any depth of its code: absolute names of modules or of names in them."""
    package = module if FILES[module].name == "__init__.py" else module.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
                base = f"{above}.{base}".rstrip(".")
            found.update(f"{base}.{alias.name}" for alias in node.names)
    return found


def named(tree: ast.Module) -> set[str]:
    """Modules of ours that a file names in a string, as for `import_module` or a `Shelf`."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in FILES
    } - {"interlingua"}


def ours(name: str) -> str:
    """The file of ours behind an imported name (`interlingua.core.rows.Row` -> `interlingua.core.rows`)."""
    while name and name not in FILES:
        name = name.rpartition(".")[0]
    return name


EDGES = {module: {name for name in imported(module, tree_of(module)) if ours(name)} for module in FILES}


def test_only_the_two_top_level_files_lie_beside_the_rooms() -> None:
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}
    assert {path.parent.name for path in PACKAGE.glob("*/__init__.py")} == set(MAY_IMPORT)


def test_the_walk_sees_the_house() -> None:
    assert {room_of(module) for module in FILES} == {*MAY_IMPORT, ""}
    assert sum(len(edges) for edges in EDGES.values()) >= 100


def test_the_walk_sees_every_way_of_importing() -> None:
    source = """
import interlingua.core.rows as rows
def lazily():
    from interlingua.data import items, source
    from ..data.items import Choice
    from . import errors
"""
    assert imported("interlingua.core.rows", ast.parse(source)) == {
        "interlingua.core.rows",
        "interlingua.data.items",
        "interlingua.data.source",
        "interlingua.data.items.Choice",
        "interlingua.core.errors",
    }
    assert ours("interlingua.data.items.Choice") == "interlingua.data.items"
    assert ours("numpy.linalg") == ""


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_the_rooms_it_may(room: str) -> None:
    allowed = {room, *MAY_IMPORT[room].split()}
    wrong = [
        f"{module} imports {name}"
        for module in FILES
        if room_of(module) == room
        for name in EDGES[module] | named(tree_of(module))
        if room_of(ours(name)) not in allowed and name != "interlingua.__version__"
    ]
    assert wrong == []


def test_the_table_itself_has_no_cycle() -> None:
    order = list(
        graphlib.TopologicalSorter({room: above.split() for room, above in MAY_IMPORT.items()}).static_order()
    )
    assert len(order) == len(MAY_IMPORT)


def test_no_file_is_in_a_cycle() -> None:
    graph = {module: {ours(name) for name in names} - {module} for module, names in EDGES.items()}
    graph["interlingua"] = set()  # the facade is lazy: it names the rooms, no room leans on it
    graphlib.TopologicalSorter(graph).prepare()


def test_recipes_never_import_recipes() -> None:
    shelf = {
        module
        for module in FILES
        if room_of(module) == "recipes" and any(_assigns(node, "RECIPE") for node in tree_of(module).body)
    }
    assert shelf, "no file of the recipes room assigns RECIPE"
    wrong = [(module, name) for module in shelf for name in EDGES[module] if ours(name) in shelf - {module}]
    assert wrong == []


@pytest.mark.parametrize("room", OUTSIDE)
def test_cheap_rooms_stay_cheap(room: str) -> None:
    used = {
        name.partition(".")[0]
        for module in FILES
        if room_of(module) == room
        for name in imported(module, tree_of(module))
    }
    assert used - set(sys.stdlib_module_names) - {"interlingua"} <= OUTSIDE[room]


def test_the_report_needs_no_torch() -> None:
    used = {
        name.partition(".")[0]
        for module in FILES
        if room_of(module) == "report"
        for name in imported(module, tree_of(module))
    }
    assert not used & {"torch", "transformers", "peft", "accelerate"}


def test_nothing_is_pickled() -> None:
    wrong = []
    for module in FILES:
        tree = tree_of(module)
        used = {name.partition(".")[0] for name in imported(module, tree)} & PICKLES
        wrong += [(module, name) for name in used if (module, name) != (PIPES, "pickle")]
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in FILE_PICKLERS:
                wrong.append((module, ast.unparse(node)))
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                wrong.append((module, "allow_pickle"))
    assert wrong == []


def _assigns(node: ast.stmt, name: str) -> bool:
    """Whether a top-level statement binds `name`."""
    match node:
        case ast.Assign(targets=[ast.Name(id=bound)]) | ast.AnnAssign(target=ast.Name(id=bound)):
            return bound == name
    return False
