"""The house is in order: pins, dependencies, Makefile, changelog, generated pages, what the wheel ships."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path
from pkgutil import resolve_name
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import interlingua
from interlingua.recipes.recipe import RECIPES

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DECLARED = [
    *PROJECT["dependencies"],
    *(one for extra in PROJECT["optional-dependencies"].values() for one in extra),
]
PINS = [
    line
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def name_of(requirement: str) -> str:
    """Normalised package name of a requirement line."""
    return canonicalize_name(Requirement(requirement).name)


def needed() -> set[str]:
    """Names of everything our dependencies bring in, followed through what is installed here."""
    found: set[str] = set()
    todo = list(DECLARED)
    while todo:
        requirement = Requirement(todo.pop())
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        try:
            todo += requires(name) or []
        except PackageNotFoundError:  # an extra that is not installed; its own name is still checked
            continue
    return found - {"interlingua"}


def test_every_pin_is_exact_and_says_no_place() -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9.]+", line) for line in PINS)
    assert "torch==2.13.0" in PINS
    assert [line for line in PINS if PINS.count(line) > 1] == []


def test_every_dependency_is_pinned() -> None:
    names = needed()
    assert {"torch", "numpy", "mpmath"} <= names
    assert names - {name_of(line) for line in PINS} == set()


def test_every_import_is_declared() -> None:
    distributions = packages_distributions()
    declared = {name_of(line) for line in DECLARED}
    used: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
            if isinstance(node, ast.Import):
                used.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                used.add((node.module or "").partition(".")[0])
    outside = used - set(sys.stdlib_module_names) - {"interlingua"}
    assert {"torch", "click", "numpy"} <= outside
    undeclared = {
        module
        for module in outside
        if not declared & {canonicalize_name(name) for name in distributions.get(module, [module])}
    }
    assert undeclared == set()


def test_changelog_has_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(
        rf"^## \[{re.escape(interlingua.__version__)}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE
    )
    assert "## [Unreleased]" in changelog


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == targets
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^ +make (\w+) +\S", shown, re.MULTILINE)) == targets
    assert {"demo", "test", "check", "bench", "docs", "help", "census"} <= targets


def test_ci_runs_the_commands_of_the_readme() -> None:
    ci = ROOT / ".ci" / "run"
    assert os.access(ci, os.X_OK)
    assert ci.read_text(encoding="utf-8").rstrip().endswith("make test")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "make test" in readme


def program(name: str) -> ModuleType:
    """A program of `docs/` as a module."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", ROOT / "docs" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_in_step_with_the_code() -> None:
    assert set(program("build").drifted()) == set()


def test_census_tells_what_every_part_that_a_recipe_imports_is_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    census = program("census")
    census.main()
    shown = capsys.readouterr().out
    used = census.users()
    assert {"training.adapt", "data.holdout", "core.errors"} <= used.keys()
    for module, by in used.items():
        if not module.startswith("recipes."):
            line = rf"^ *{len(by)}  {re.escape(module)} +\w.*\[{by[0]}"
            assert re.search(line, shown, re.MULTILINE), module


def test_every_recipe_has_tests_of_its_own() -> None:
    names = RECIPES.names()
    assert "question_translation" in names
    assert [name for name in names if not (ROOT / "tests" / "recipes" / f"test_{name}.py").is_file()] == []


def test_contributing_names_parts_that_there_are() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition("| I want to | use |")[2].partition("\n\n")[0]
    named = re.findall(r"`((?:\w+\.)+\w+)`", table)
    assert len(named) >= 12
    assert [name for name in named if not callable(resolve_name(f"interlingua.{name}"))] == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from a copy so that no build folder is left in the tree."""
    copy = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy / name)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
    ]
    done = subprocess.run([*command, "-w", str(copy), str(copy)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(next(copy.glob("interlingua-*.whl")))


def test_the_wheel_ships_every_file_of_the_package(wheel: zipfile.ZipFile) -> None:
    package = ROOT / "src" / "interlingua"
    here = {
        path.relative_to(package.parent).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here - set(wheel.namelist()) == set()
    assert any(name.startswith("interlingua/lab/shipped/") and name.endswith(".safetensors") for name in here)


def test_the_wheel_names_its_licence_and_command(wheel: zipfile.ZipFile) -> None:
    folder = f"interlingua-{interlingua.__version__}.dist-info"
    assert "License-Expression: Apache-2.0" in wheel.read(f"{folder}/METADATA").decode()
    assert "interlingua = interlingua.cli.main:main" in wheel.read(f"{folder}/entry_points.txt").decode()
