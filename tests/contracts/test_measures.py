"""What every measure promises: swept over the whole shelf, each on its own known truth."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

import interlingua.measures
from interlingua.core.errors import BadInput
from interlingua.core.rows import Row
from interlingua.core.shelf import Shelf
from interlingua.measures.measure import Measure

MEASURES = Shelf("interlingua.measures", holds="MEASURE")
NAMES = MEASURES.names()
ROWS = {name for name in NAMES if MEASURES.get(name).reads in ("rows", "paired rows")}


def numbers(result: object, path: str = "") -> dict[str, float]:
    """Every number in a result by its dotted path."""
    if is_dataclass(result):
        result = {field.name: getattr(result, field.name) for field in fields(result)}
    elif isinstance(result, list | tuple):
        result = {str(at): value for at, value in enumerate(result)}
    if isinstance(result, Mapping):
        below = (numbers(value, f"{path}{key}.") for key, value in result.items())
        return {name: number for part in below for name, number in part.items()}
    return {path.rstrip("."): float(result)} if isinstance(result, int | float) else {}


def measured(measure: Measure, arguments: Mapping[str, Any]) -> dict[str, float]:
    """The numbers a measure finds."""
    return numbers(measure.function(**arguments))


def is_rows(value: object) -> bool:
    """Whether an argument is a list of rows."""
    return isinstance(value, list) and all(isinstance(row, Row) for row in value)


def shuffled(arguments: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """The same items in another order: each list of rows by itself, arrays together along their items."""

    def other_order(value: Any) -> Any:
        if is_rows(value):
            return Random(seed).sample(value, len(value))
        if isinstance(value, np.ndarray):
            return value[:, np.random.default_rng(seed).permutation(value.shape[1])]
        if isinstance(value, dict):
            return {lang: other_order(own) for lang, own in value.items()}
        return value

    return {name: other_order(value) for name, value in arguments.items()}


def several(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of a known truth told in five languages, each of other answers, two of them seen."""

    def told(row: Row, n: int, at: int) -> Row:
        extra: dict[str, str | float] = {
            name: " ".join(str(text).split()[at % 4 :])
            for name, text in row.extra.items()
            if name == "restated"
        }
        if "f1" in row.extra:
            extra["f1"] = float(row.extra["f1"]) * (at + 1) / 5
        guess = (row.prediction + (at * n % 3 == 1)) % max(2, len(row.options))
        return replace(row, lang=f"{row.lang}-{at}", prediction=guess, extra={**row.extra, **extra})

    more = {
        name: [told(row, n, at) for at in range(5) for n, row in enumerate(value)]
        if is_rows(value)
        else value
        for name, value in arguments.items()
    }
    if "seen" in more:
        more["seen"] = [f"{lang}-{at}" for lang in more["seen"] for at in (0, 1)]
    return more


def renamed(arguments: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The same arguments with other names of languages."""

    def other_names(value: Any) -> Any:
        if is_rows(value):
            return [replace(row, lang=names[row.lang]) for row in value]
        return [names[lang] for lang in value] if isinstance(value, list | tuple) else value

    return {name: other_names(value) for name, value in arguments.items()}


def test_the_sweep_sees_every_measure() -> None:
    folder = Path(next(iter(interlingua.measures.__path__)))
    holding = [
        path.stem for path in folder.glob("*.py") if "\nMEASURE = " in path.read_text(encoding="utf-8")
    ]
    assert sorted(holding) == sorted(NAMES)
    assert len(NAMES) >= 10
    assert len(ROWS) >= 5


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is(name: str) -> None:
    measure = MEASURES.get(name)
    assert isinstance(measure, Measure)
    assert measure.function.__name__ == name
    assert measure.reads in {"rows", "paired rows", "vectors", "vectors by language", "token counts"}
    assert measure.better in {"higher", "lower"}
    assert measure.unit
    assert measure.source
    assert MEASURES.blurb(name).endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_recovers_the_known_truth(name: str) -> None:
    measure = MEASURES.get(name)
    known = measure.known_truth()
    found = measured(measure, known.arguments)
    assert known.truth
    assert {path: found[path] for path in known.truth} == pytest.approx(dict(known.truth), abs=1e-12)
    assert all(map(math.isfinite, found.values()))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", NAMES)
def test_item_order_is_irrelevant(name: str, seed: int) -> None:
    measure = MEASURES.get(name)
    arguments = measure.known_truth().arguments
    arguments = several(arguments) if name in ROWS else arguments
    assert measured(measure, shuffled(arguments, seed)) == measured(measure, arguments)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_names_of_languages_are_irrelevant(name: str) -> None:
    measure = MEASURES.get(name)
    arguments = several(measure.known_truth().arguments)
    langs = sorted({row.lang for value in arguments.values() if is_rows(value) for row in value})
    assert len(langs) >= 5
    names = dict(zip(langs, [f"q{letter}_Latn" for letter in "ezgdfabhijk"], strict=False))
    before, after = measured(measure, arguments), measured(measure, renamed(arguments, names))

    def translated(path: str) -> str:
        return ".".join(names.get(part, part) for part in path.split("."))

    assert {translated(path): number for path, number in before.items()} == after


@pytest.mark.parametrize("name", NAMES)
def test_empty_input_is_refused(name: str) -> None:
    measure = MEASURES.get(name)

    def emptied(value: Any) -> Any:
        if isinstance(value, dict):
            return {lang: emptied(own) for lang, own in value.items()}
        return value[:, :0] if isinstance(value, np.ndarray) else [] if is_rows(value) else value

    empty = {argument: emptied(value) for argument, value in measure.known_truth().arguments.items()}
    with pytest.raises(BadInput):
        measure.function(**empty)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_question_answered_twice_is_refused(name: str) -> None:
    measure = MEASURES.get(name)
    twice = {
        argument: [*value, value[0]] if is_rows(value) else value
        for argument, value in measure.known_truth().arguments.items()
    }
    with pytest.raises(BadInput, match="Two rows answer"):
        measure.function(**twice)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_call_gives_the_same_numbers(name: str) -> None:
    measure = MEASURES.get(name)
    arguments = measure.known_truth().arguments
    assert measured(measure, arguments) == measured(measure, arguments)
