"""Shelf: files as a registry, without importing them."""

import sys
from importlib.metadata import EntryPoint

import pytest

from interlingua.core import shelf as shelf_module
from interlingua.core.errors import BadInput, UnknownName
from interlingua.core.shelf import Shelf

FILES = {
    "__init__.py": '"""A shelf for tests."""\n',
    "wechsel.py": '"""WECHSEL: a new vocabulary.\n\nMore."""\n\nimport sys\n\nRECIPE = "the recipe"\n',
    "focus.py": 'RECIPE: str = "focus"\n',
    "broken.py": '"""Broken: on purpose."""\n\nimport no_such_package_anywhere\n\nRECIPE = 1\n',
    "_private.py": "RECIPE = 1\n",
    "helper.py": '"""Only functions here."""\n\n\ndef f():\n    RECIPE = 1\n    return RECIPE\n',
    "notes.txt": "RECIPE = 1\n",
}


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "shelf_under_test"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    yield folder.name
    for name in [name for name in sys.modules if name.startswith(folder.name)]:
        del sys.modules[name]


def outside(monkeypatch, *points):
    found = [EntryPoint(*point, group="interlingua.recipes") for point in points]
    monkeypatch.setattr(shelf_module, "entry_points", lambda group: found)


def test_what_is_declared_is_read_without_importing(package, tmp_path):
    text = (
        "import no_such_package_anywhere\nOTHER = f(a=0)\nRECIPE{} = f(run, a='x', b={{'y'}}, c=run, d=[1])\n"
    )
    for name, kind in (("plain", ""), ("typed", ": Recipe")):
        (tmp_path / package / f"{name}.py").write_text(text.format(kind))
    shelf = Shelf(package, holds="RECIPE")
    for name in ("plain", "typed"):
        assert shelf.declared(name) == {"a": "x", "b": {"y"}, "d": [1]}
    assert shelf.declared("focus") == {}
    with pytest.raises(UnknownName, match="Did you mean plain"):
        shelf.declared("plane")


def test_names_and_blurbs_import_nothing(package):
    shelf = Shelf(package, holds="RECIPE")
    assert shelf.names() == ["broken", "focus", "wechsel"]
    assert shelf.blurb("wechsel") == "WECHSEL: a new vocabulary."
    assert shelf.blurb("broken") == "Broken: on purpose."
    assert shelf.blurb("focus") == ""
    assert not [name for name in sys.modules if name.startswith(f"{package}.")]


def test_get_imports_only_the_file_asked_for(package):
    assert Shelf(package, holds="RECIPE").get("wechsel") == "the recipe"
    assert [name for name in sys.modules if name.startswith(f"{package}.")] == [f"{package}.wechsel"]


@pytest.mark.parametrize("ask", ["get", "blurb"])
def test_unknown_names_are_refused_with_near_names(package, ask):
    with pytest.raises(UnknownName, match=r"^No recipe called 'weschel'\. Did you mean wechsel\?$"):
        getattr(Shelf(package, holds="RECIPE"), ask)("weschel")


def test_a_broken_file_raises_its_own_error(package):
    with pytest.raises(ModuleNotFoundError, match="no_such_package_anywhere"):
        Shelf(package, holds="RECIPE").get("broken")


def test_a_file_that_holds_nothing_says_so(package):
    with pytest.raises(BadInput, match=r"^shelf_under_test\.helper assigns no RECIPE; add one"):
        Shelf(package, holds="RECIPE").get("helper")


def test_a_shelf_needs_a_package():
    with pytest.raises(BadInput, match="no_such_room is not a package"):
        Shelf("no_such_room", holds="RECIPE").names()


def test_outside_packages_add_names(package, monkeypatch):
    outside(monkeypatch, ("decoder", "json.decoder:JSONDecoder"))
    shelf = Shelf(package, holds="RECIPE", group="interlingua.recipes")
    assert shelf.names() == ["broken", "decoder", "focus", "wechsel"]
    assert shelf.get("decoder").__name__ == "JSONDecoder"
    assert shelf.blurb("decoder").startswith("Implementation of JSONDecoder")


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ([("focus", "theirs:RECIPE")], "shelf_under_test.focus and theirs:RECIPE are both called 'focus'"),
        ([("new", "one:RECIPE"), ("new", "two:RECIPE")], "one:RECIPE and two:RECIPE are both called 'new'"),
    ],
)
def test_a_clash_of_names_is_an_error(package, monkeypatch, points, told):
    outside(monkeypatch, *points)
    with pytest.raises(BadInput, match=told):
        Shelf(package, holds="RECIPE", group="interlingua.recipes").names()
