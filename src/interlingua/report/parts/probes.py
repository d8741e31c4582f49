"""What probes read from the states, layer by layer, and how much of the spread of states is language."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from interlingua.report.curves import Curve, Panel, Point, curves
from interlingua.report.parts import numbers
from interlingua.report.pieces import layered
from interlingua.report.reading import Result, at, number
from interlingua.report.tables import Cell, Column, Table

_PROBES = (("language", "Which language is it?"), ("task", "What is the answer?"))
_KEYS = (("accuracy", "probe"), ("control", "random labels"), ("selectivity", "selectivity"))


def section(result: Result) -> str:
    """Probes and the share of variance as HTML; empty where none was run."""
    if not _probes(result) and not _shares(result):
        return ""
    about = (
        '<p class="about">A linear probe reads the language of a sentence, or the answer to a question, from '
        "the states of a layer; the control reads random labels in the same way, and what lies between the "
        "two is selectivity. The share of variance says how much of the spread of states is the language "
        "they are in.</p>"
    )
    return about + layered(partial(draw, result), "Thin: the control with random labels.", table(result))


def draw(result: Result, *, wide: bool = True) -> str:
    """A panel per probe, and one for the share of variance."""
    names, panels = numbers.words(result), []
    for key, title in _PROBES:
        found = []
        for what, kind, prefix in (("accuracy", "line", ""), ("control", "thin", "control, ")):
            for side in numbers.sides(result):
                points = _points(_steps(result, key, side), what)
                style = f"{kind}-{numbers.style(result, side)}"
                found += [Curve(style, f"{prefix}{names[side]}", points)] if points else []
        if found:
            panels.append(Panel(title, numbers.whole_percent, {"": found}, (0.0, 1.0)))
    shares = []
    for side in numbers.sides(result):
        values = enumerate(_share(result, side))
        points = tuple(Point(layer, value) for layer, value in values if value is not None)
        shares += [Curve(f"line-{numbers.style(result, side)}", names[side], points)] if points else []
    if shares:
        panels.append(
            Panel("Share of variance that is language", numbers.whole_percent, {"": shares}, (0.0, 1.0))
        )
    return curves(panels, label="Probes and share of variance per layer", wide=wide)


def table(result: Result) -> Table:
    """The numbers behind the curves, by layer."""
    names, columns = numbers.words(result), []
    plan: list[dict[float, float | None]] = []
    for key, title in _PROBES:
        for side in numbers.sides(result):
            for what, words in _KEYS:
                plan.append({float(step["layer"]): number(step, what) for step in _steps(result, key, side)})
                columns.append(Column(f"{words}, {names[side]}", "percent", title))
    for side in numbers.sides(result):
        plan.append({float(layer): value for layer, value in enumerate(_share(result, side))})
        columns.append(Column(names[side], "percent", "Share of variance"))
    kept = [n for n, each in enumerate(plan) if any(value is not None for value in each.values())]
    heads = [Column("What"), Column("Code", "code"), Column("layer", "count"), *(columns[n] for n in kept)]
    rows: list[tuple[Cell, ...]] = [
        ("All languages", "", layer, *(plan[n].get(layer) for n in kept))
        for layer in sorted({layer for each in plan for layer in each})
    ]
    return Table("Probes and share of variance", tuple(heads), tuple(rows))


def tables(result: Result) -> dict[str, Table]:
    """The numbers of the figure."""
    found = table(result)
    return {"probes": found} if found.rows else {}


def absent(result: Result) -> list[str]:
    """What is missing."""
    missing = [] if _probes(result) else ["Probes: not run."]
    return missing + ([] if _shares(result) else ["Share of variance: not run."])


def _steps(result: Result, key: str, side: str) -> Sequence[Mapping[str, Any]]:
    found = at(result, "geometry", "probes", key, side) or ()
    return [step for step in found if number(step, "layer") is not None]


def _points(steps: Sequence[Mapping[str, Any]], what: str) -> tuple[Point, ...]:
    return tuple(
        Point(float(step["layer"]), value) for step in steps if (value := number(step, what)) is not None
    )


def _share(result: Result, side: str) -> list[float | None]:
    return numbers.values(at(result, "geometry", "variance_share", side))


def _probes(result: Result) -> bool:
    return any(_steps(result, key, side) for key, _ in _PROBES for side in numbers.SIDES)


def _shares(result: Result) -> bool:
    return any(value is not None for side in numbers.SIDES for value in _share(result, side))
