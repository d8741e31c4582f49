"""Shelf: a folder of files as a registry. A name is a file name; adding a file adds the thing."""

import ast
import re
from contextlib import suppress
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput, UnknownName


class Shelf:
    """The files of `package` that assign `holds` at top level, plus what other packages add under `group`.

        RECIPES = Shelf("interlingua.recipes", holds="RECIPE", group="interlingua.recipes")
        RECIPES.get("question_translation")

    Listing, blurbs and what is declared are read from the files without importing them. Files that start
    with `_` or do not assign `holds` are helpers, not on the shelf. An outside entry point names the thing
    itself (`pkg.file:RECIPE`).
    """

    def __init__(self, package: str, holds: str, group: str | None = None) -> None:
        self.package, self.holds, self.group = package, holds, group

    def names(self) -> list[str]:
        """All names, sorted.

        Raises BadInput if an outside package claims a name that is taken.
        """
        return sorted([*self._files, *self._outside])

    def blurb(self, name: str) -> str:
        """First line of the file's docstring, read without importing it ('' where there is none).

        Raises UnknownName.
        """
        return (ast.get_docstring(self._tree(name)) or "").partition("\n")[0]

    def declared(self, name: str) -> dict[str, Any]:
        """Keyword arguments that stand as literals in the call that the file assigns, read without importing.

            RECIPE = Recipe(run, Knobs, paper="arXiv:2405.13816")    # {"paper": "arXiv:2405.13816"}

        Raises UnknownName.
        """
        found: dict[str, Any] = {}
        for node in self._tree(name).body:
            if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(node.value, ast.Call):
                continue
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == self.holds for target in targets):
                for keyword in node.value.keywords:
                    with suppress(ValueError):  # no literal
                        found[str(keyword.arg)] = ast.literal_eval(keyword.value)
        return found

    def get(self, name: str) -> Any:
        """The thing called `name`; imports its file and no other.

        Raises UnknownName with near names, BadInput if the file holds nothing, and a broken file's own error.
        """
        if name in self._outside:
            return self._outside[name].load()
        if name not in self._files and not (self._folder / f"{name}.py").is_file():
            raise UnknownName(self._kind, name, self.names())
        module = import_module(f"{self.package}.{name}")
        if not hasattr(module, self.holds):
            raise BadInput(f"{self.package}.{name} assigns no {self.holds}; add one to the file.")
        return getattr(module, self.holds)

    @property
    def _kind(self) -> str:
        return self.holds.lower().replace("_", " ")

    @cached_property
    def _folder(self) -> Path:
        spec = find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            raise BadInput(f"{self.package} is not a package; a shelf needs a folder of Python files.")
        return Path(spec.submodule_search_locations[0])

    @cached_property
    def _files(self) -> dict[str, Path]:
        assigns = re.compile(rf"^{re.escape(self.holds)}\s*[:=]", re.MULTILINE)
        return {
            path.stem: path
            for path in sorted(self._folder.glob("*.py"))
            if not path.stem.startswith("_") and assigns.search(path.read_text(encoding="utf-8"))
        }

    @cached_property
    def _outside(self) -> dict[str, EntryPoint]:
        found: dict[str, EntryPoint] = {}
        for point in entry_points(group=self.group) if self.group else ():
            if point.name in self._files or point.name in found:
                other = found[point.name].value if point.name in found else f"{self.package}.{point.name}"
                raise BadInput(f"{other} and {point.value} are both called {point.name!r}; uninstall one.")
            found[point.name] = point
        return found

    def _tree(self, name: str) -> ast.Module:
        path = self._path(name)
        return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))

    def _path(self, name: str) -> Path:
        if name in self._files:
            return self._files[name]
        if name not in self._outside:
            raise UnknownName(self._kind, name, self.names())
        spec = find_spec(self._outside[name].module)
        if spec is None or spec.origin is None:
            raise BadInput(f"{name!r} points to {self._outside[name].value}, which is missing; reinstall it.")
        return Path(spec.origin)
