"""How far the middle of every language lies from that of the pivot, layer by layer."""

from collections.abc import Mapping
from functools import partial
from html import escape

from interlingua.report.curves import Curve, Panel, Point, curves
from interlingua.report.parts import numbers
from interlingua.report.pieces import layered
from interlingua.report.reading import Result, at, count, name_of, pivot_name
from interlingua.report.tables import Cell, Column, Table


def section(result: Result, *, room: float = 1.0) -> str:
    """The curves as HTML; empty where nothing was measured."""
    langs = _langs(result)
    if not langs:
        return ""
    about = (
        f"<h3>Distance to {escape(pivot_name(result))}</h3>"
        '<p class="about">Between the middles of the two languages, in units of the spread within a '
        "language, so that layers and models can be compared; 0 is one place.</p>"
    )
    shown = numbers.fitting(langs, room)
    caption = f"Layer 0 is the embedding.{numbers.left_out(langs, room)}"
    return about + layered(partial(draw, result, shown), caption, table(result, shown))


def draw(result: Result, langs: list[str], *, wide: bool = True) -> str:
    """The distance over the layers, the mean over languages first."""
    found: dict[str, list[Curve]] = {}
    for code in ["", *langs]:
        found[code] = []
        for side in numbers.sides(result):
            values = enumerate(_values(result, code, side))
            points = tuple(Point(layer, value) for layer, value in values if value is not None)
            curve = Curve(f"line-{numbers.style(result, side)}", numbers.words(result)[side], points)
            found[code] += [curve] if points else []
    panel = Panel("Distance of the middles", "{:g}".format, found)
    return curves([panel], label="Distance to the pivot per layer", wide=wide)


def table(result: Result, langs: list[str]) -> Table:
    """The numbers behind the curves."""
    sides, every = numbers.sides(result), _langs(result)
    columns = [Column("Language"), Column("Code", "code"), Column("layer", "count")]
    columns += [Column(numbers.words(result)[side], "ratio") for side in sides]
    rows: list[tuple[Cell, ...]] = []
    for code in ["", *langs]:
        name = name_of(result, code) if code else f"Mean of {count(len(every), 'language')}"
        found = [_values(result, code, side) for side in sides]
        for layer in range(max(map(len, found), default=0)):
            cells = [each[layer] if layer < len(each) else None for each in found]
            rows.append((name, code, float(layer), *cells))
    return Table("Distance to the pivot per layer", tuple(columns), tuple(rows))


def tables(result: Result) -> dict[str, Table]:
    """The numbers of the figure."""
    return {"centroids": table(result, _langs(result))} if _langs(result) else {}


def absent(result: Result) -> list[str]:
    """What is missing."""
    return [] if _langs(result) else ["Distance between languages: not run."]


def _langs(result: Result) -> list[str]:
    return [
        code
        for code in numbers.others(result)
        if any(_values(result, code, side) for side in numbers.sides(result))
    ]


def _values(result: Result, code: str, side: str) -> list[float | None]:
    """Distances in units of the spread at every layer; for the code "" their mean over languages."""
    if code:
        told = at(result, "geometry", "centroids", code, side)
        return numbers.values(told.get("relative") if isinstance(told, Mapping) else told)
    known = [found for found in (_values(result, lang, side) for lang in _langs(result)) if found]
    depth = min(map(len, known), default=0)
    return [numbers.average([each[layer] for each in known]) for layer in range(depth)]
