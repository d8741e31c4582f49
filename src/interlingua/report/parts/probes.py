"""What probes read from the states, layer by layer, and how much of the spread of states is language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from interlingua.report.curves import Curve, Panel, Point, curves
from interlingua.report.parts import numbers
from interlingua.report.pieces import layered
from interlingua.report.reading import Gain, Result, at, gain, number
from interlingua.report.tables import Cell, Column, Table

_PROBES = (("language", "Which language is it?"), ("task", "What is the answer?"))
_STEPS = (("accuracy", "probe", "line"), ("control", "control", "thin"), ("selectivity", "selectivity", ""))
_SHARE = "Share of variance that is language"
_SHARES = (("language", "language", "line"), ("control", "control", "thin"), ("meaning", "meaning", ""),
           ("rest", "rest", ""))  # fmt: skip


@dataclass(frozen=True)
class _Series:
    """Numbers by layer: their panel, what they are, how they are drawn (`""`: only in the table)."""

    panel: str
    words: str
    kind: str
    side: str
    points: tuple[Point, ...]


def section(result: Result) -> str:
    """Probes and the share of variance as HTML; empty where none was run."""
    if not any(_series(result)):
        return ""
    about = (
        '<p class="about">A linear probe reads the language of a sentence, or the answer to a question, from '
        "the states of a layer; the control reads random labels in the same way, and what lies between the "
        "two is selectivity. The share of variance says how much of the spread of states is the language "
        "they are in.</p>"
    )
    return about + layered(
        partial(draw, result), "Thin lines are controls with random labels.", table(result)
    )


def draw(result: Result, *, wide: bool = True) -> str:
    """A panel per probe, and one for the share of variance."""
    names, panels = numbers.words(result), dict[str, list[Curve]]()
    for each in sorted(_series(result), key=lambda series: series.kind):
        if each.kind:
            words = names[each.side] if each.kind == "line" else f"{each.words}, {names[each.side]}"
            curve = Curve(f"{each.kind}-{numbers.style(result, each.side)}", words, each.points)
            panels.setdefault(each.panel, []).append(curve)
    order = [title for title in (*(title for _, title in _PROBES), _SHARE) if title in panels]
    drawn = [Panel(title, numbers.whole_percent, {"": panels[title]}, (0.0, 1.0)) for title in order]
    return curves(drawn, label="Probes and share of variance per layer", wide=wide)


def table(result: Result) -> Table:
    """The numbers behind the curves, by layer."""
    found, names = list(_series(result)), numbers.words(result)
    columns = [Column(f"{each.words}, {names[each.side]}", "percent", each.panel) for each in found]
    values = [{point.layer: point.value for point in each.points} for each in found]
    rows: list[tuple[Cell, ...]] = [
        ("All languages", "", layer, *(each.get(layer) for each in values))
        for layer in sorted({layer for each in values for layer in each})
    ]
    heads = (Column("What"), Column("Code", "code"), Column("layer", "count"), *columns)
    return Table("Probes and share of variance", heads, tuple(rows))


def tables(result: Result) -> dict[str, Table]:
    """The numbers of the figure."""
    found = table(result)
    return {"probes": found} if found.rows else {}


def absent(result: Result) -> list[str]:
    """What is missing."""
    there = {each.panel == _SHARE for each in _series(result)}
    missing = [] if False in there else ["Probes: not run."]
    return missing + ([] if True in there else ["Share of variance: not run."])


def _series(result: Result) -> Iterator[_Series]:
    """Everything that was measured, probes first."""
    for key, title in _PROBES:
        for what, words, kind in _STEPS:
            for side in numbers.sides(result):
                steps = at(result, "geometry", "probes", key, side) or ()
                found = [(number(step, "layer"), _size(step, what)) for step in steps]
                points = tuple(
                    Point(layer, size.mean, size.low, size.high)
                    for layer, size in found
                    if layer is not None and size is not None
                )
                if points:
                    yield _Series(title, words, kind, side, points)
    for what, words, kind in _SHARES:
        for side in numbers.sides(result):
            held = at(result, "geometry", "variance_share", side)
            told = held.get(what) if isinstance(held, Mapping) else held if what == "language" else None
            values = enumerate(numbers.values(told))
            points = tuple(Point(float(layer), value) for layer, value in values if value is not None)
            if points:
                yield _Series(_SHARE, words, kind, side, points)


def _size(step: object, what: str) -> Gain | None:
    """A number of a probe, with its interval where it has one."""
    plain = number(step, what)
    if plain is not None:
        return Gain(plain, None, None)
    return gain(step, what) if isinstance(step, Mapping) else None
