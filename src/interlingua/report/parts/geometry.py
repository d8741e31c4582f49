"""Languages in the plane of the first two principal components, layer by layer, before and after."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from interlingua.core.errors import UnknownName
from interlingua.report.parts import numbers
from interlingua.report.pieces import folded
from interlingua.report.plane import FOOT, SIZE, Frame, frames, plane, shape, style
from interlingua.report.reading import Result, at, count, name_of, number, percent, pivot_name, reading_order
from interlingua.report.svg import Canvas, figure, text, tip
from interlingua.report.tables import Cell, Column, Table
from interlingua.report.tall import tall

_GAP, _KEY = 20, 148  # between planes; width of an entry of the legend
_ROOM = 560_000  # points of all layers that a page holds
_FITS = {
    "pivot": "The plane was fitted on {pivot}{before}",
    "all": "The plane was fitted on all languages{before}",
    "joint": "The plane was fitted on both models together and favours neither",
}
_Points = Mapping[str, Sequence[tuple[float, float]]]


@dataclass(frozen=True)
class _Cloud:
    """The points of every layer, side and language; `codes` is their order, which fixes colour and shape."""

    layers: Mapping[str, Mapping[str, _Points]]
    codes: tuple[str, ...]

    def thinned(self, room: float) -> "_Cloud":
        """Every n-th sentence of all languages, so that what is left fits."""
        every = math.ceil(
            sum(
                len(own) for sides in self.layers.values() for side in sides.values() for own in side.values()
            )
            / (_ROOM * room)
        )
        if every <= 1:
            return self
        kept = {
            layer: {side: {code: own[::every] for code, own in held.items()} for side, held in sides.items()}
            for layer, sides in self.layers.items()
        }
        return _Cloud(kept, self.codes)


def section(result: Result, *, room: float = 1.0) -> str:
    """The planes with their controls as HTML; empty where there are no points."""
    whole = _cloud(result)
    if not whole.layers:
        return ""
    cloud, layers, codes = whole.thinned(room), list(whole.layers), list(whole.codes)
    drawn = [_frames(result, cloud.layers[layer]) for layer in layers]
    chosen, sides = len(layers) // 2, numbers.sides(result)
    about = (
        '<p class="about">Every mark is the state of one sentence; a language keeps its colour and its '
        f"shape, and its code stands at the middle of its sentences. {escape(_fit(result))}</p>"
    )
    plots = ""
    for side in (each for each in sides if each in drawn[chosen]):
        inside = _plane(result, codes, layers[chosen], side, drawn[chosen])
        label = f"Principal components, layer {layers[chosen]}, {side}"
        box = f'viewBox="0 0 {SIZE} {SIZE + FOOT}" role="img" aria-label="{escape(label)}"'
        plots += f'<svg class="figure plane" data-side="{side}" {box}>{inside}</svg>'
    data = {
        "layers": layers, "chosen": chosen, "codes": codes, "shapes": [shape(n) for n in range(len(codes))],
        "sides": [side for side in sides if side in drawn[chosen]],
        "frames": [{side: frame.as_dict(codes) for side, frame in each.items()} for each in drawn],
        "axes": [_axes(result, layer) for layer in layers],
        "titles": [{side: _title(result, layer, side) for side in sides} for layer in layers],
    }  # fmt: skip
    caption = (
        f"Layer {layers[chosen]} of {layers[-1]}. Colours: Okabe–Ito, told apart by colour-blind readers; "
        "with the shapes they are enough for 63 languages."
    )
    if cloud is not whole:
        shown = max(len(own) for each in cloud.layers[layers[0]].values() for own in each.values())
        caption += f" Of every language {count(shown, 'sentence')} drawn evenly; all are in result.json."
    return (
        f'{about}<figure class="planes"><div class="choose" hidden></div>'
        f'<div class="plots" data-count="{len(drawn[chosen])}">{plots}</div>'
        f'<div class="legend" role="group" aria-label="Languages">{_legend(result, codes)}</div>'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
        f'<script type="application/json" class="planes-data">{_json(data)}</script>'
        + folded("Middles of the languages at every layer", tall(_middles(result, whole)))
    )


def draw(result: Result, *, layer: str | None = None, title: str = "") -> str:
    """The planes of one layer beside each other; the middle one of the layers where none is named.

    Raises `UnknownName` for a layer that was not read.
    """
    cloud = _cloud(result)
    layers, codes = list(cloud.layers), list(cloud.codes)
    chosen = layer if layer is not None else layers[len(layers) // 2]
    if chosen not in layers:
        raise UnknownName("layer", chosen, layers)
    drawn = _frames(result, cloud.layers[chosen])
    width, top = len(drawn) * SIZE + (len(drawn) - 1) * _GAP, 34 if title else 0
    parts = [text(0, 20, f"{title}, layer {chosen}", "title")] if title else []
    for place, side in enumerate(drawn):
        parts.append(_plane(result, codes, chosen, side, drawn, at=(place * (SIZE + _GAP), float(top))))
    across, low = max(1, width // _KEY), top + SIZE + FOOT + 10
    for place, code in enumerate(codes):
        x, y = place % across * _KEY, low + place // across * 20
        mark = f'{tip(code)}<path class="marks" d="M{x + 8} {y - 4}{shape(place)}"/>'
        parts.append(f'<g class="lang {style(place)}">{mark}</g>')
        parts.append(text(x + 20, y, name_of(result, code), "small"))
    height = low + (len(codes) - 1) // across * 20 + 10
    whole = figure(Canvas(True), height, f"Principal components, layer {chosen}", parts)
    return whole.replace('viewBox="0 0 900 ', f'viewBox="0 0 {width} ', 1)


def tables(result: Result) -> dict[str, Table]:
    """The middle of every language and every point of the planes, by layer."""
    cloud = _cloud(result)
    if not cloud.layers:
        return {}
    rows: list[tuple[Cell, ...]] = [
        (name_of(result, code), code, float(layer), side, float(place), *point)
        for layer, sides in cloud.layers.items()
        for side, held in sides.items()
        for code, own in held.items()
        for place, point in enumerate(own)
    ]
    columns = (Column("Language"), Column("Code", "code"), Column("layer", "count"), Column("side"),
               Column("sentence", "count"), Column("PC 1", "ratio"), Column("PC 2", "ratio"))  # fmt: skip
    return {"pca": _middles(result, cloud), "pca_points": Table("Points in the plane", columns, tuple(rows))}


def absent(result: Result) -> list[str]:
    """What is missing."""
    return [] if at(result, "geometry", "layers") else ["PCA: not run."]


def _middles(result: Result, cloud: _Cloud) -> Table:
    """The mean of the points of every language, by layer."""
    sides, names = numbers.sides(result), numbers.words(result)
    columns = (
        Column("Language"), Column("Code", "code"), Column("layer", "count"),
        *(Column(f"PC {axis}", "ratio", names[side]) for side in sides for axis in (1, 2)),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for code in cloud.codes:
        for layer, held in cloud.layers.items():
            cells: list[Cell] = []
            for side in sides:
                own = (held.get(side) or {}).get(code, ())
                cells += [sum(point[n] for point in own) / len(own) if own else None for n in (0, 1)]
            rows.append((name_of(result, code), code, float(layer), *cells))
    return Table("Middles of the languages", columns, tuple(rows))


def _cloud(result: Result) -> _Cloud:
    """The points of the result, layers in order, the pivot first; what is no number is left out."""
    layers: dict[str, dict[str, _Points]] = {}
    found: set[str] = set()
    for layer, told in sorted(
        (at(result, "geometry", "layers") or {}).items(), key=lambda each: float(each[0])
    ):
        points = at(told, "points") or {}
        for side in numbers.sides(result):
            own = {str(code): _whole(at(each, side) or ()) for code, each in points.items()}
            held = {code: each for code, each in own.items() if each}
            if held:
                layers.setdefault(str(layer), {})[side] = held
                found |= held.keys()
    known = [code for code in reading_order(result) if code in found]
    codes = sorted([*known, *sorted(found.difference(known))], key=lambda code: code != result.get("pivot"))
    return _Cloud(layers, tuple(codes))


def _whole(points: Sequence[Sequence[Any]]) -> list[tuple[float, float]]:
    pairs = ((point[0], point[1]) for point in points if len(point) >= 2)
    return [
        (float(x), float(y)) for x, y in pairs if x is not None and y is not None and math.isfinite(x + y)
    ]


def _frames(result: Result, sides: Mapping[str, _Points]) -> dict[str, Frame]:
    return frames(sides, first=str(result.get("pivot")))


def _fit(result: Result) -> str:
    """What the plane was fitted on; both models are drawn in it."""
    told = _FITS.get(str(at(result, "geometry", "fit")), "")
    before, both = ("", "")
    if numbers.paired(result):
        before, both = " of the model before", "; both models lie in it, so a point that moves has moved"
    return told and f"{told.format(pivot=pivot_name(result), before=before)}{both}."


def _plane(
    result: Result,
    codes: Sequence[str],
    layer: str,
    side: str,
    drawn: Mapping[str, Frame],
    *,
    at: tuple[float, float] = (0.0, 0.0),
) -> str:
    trails = drawn["before"].middles if side == "after" and "before" in drawn else None
    says = {code: f"{name_of(result, code)} ({code})" for code in codes}
    across, up = _axes(result, layer)
    return plane(
        drawn[side], codes, says, (across, up), title=_title(result, layer, side), trails=trails, at=at
    )


def _title(result: Result, layer: str, side: str) -> str:
    """The side, and how much of its variance the plane keeps."""
    kept = number(result, "geometry", "layers", layer, "shown", side)
    words = [side.capitalize()] if numbers.paired(result) else []
    words += [f"{percent(kept)}% of the variance is in this plane"] if kept is not None else []
    return ": ".join(words)


def _axes(result: Result, layer: str) -> list[str]:
    """Names of the axes with the share that each explains of what they were fitted on."""
    found = numbers.values(at(result, "geometry", "layers", layer, "explained"))
    shares = ["" if value is None else f", {100 * value:.0f}% of variance" for value in [*found, None, None]]
    return [f"PC {n + 1}{shares[n]}" for n in (0, 1)]


def _legend(result: Result, codes: Sequence[str]) -> str:
    marks = (
        f'<svg class="figure key" viewBox="-6 -6 12 12" aria-hidden="true"><g class="lang {style(place)}">'
        f'<path class="marks" d="M0 0{shape(place)}"/></g></svg>'
        for place in range(len(codes))
    )
    return "".join(
        f'<button type="button" aria-pressed="false" data-code="{escape(code)}">{mark}'
        f"<bdi>{escape(name_of(result, code))}</bdi></button>"
        for code, mark in zip(codes, marks, strict=True)
    )


def _json(value: object) -> str:
    """JSON that no parser of HTML takes for markup."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
