"""Languages in the plane of the first two principal components, layer by layer, before and after."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from interlingua.core.errors import UnknownName
from interlingua.report.parts import numbers
from interlingua.report.pieces import folded
from interlingua.report.plane import FOOT, SHAPES, SIZE, Frame, frames, plane, shape, style, unpacked
from interlingua.report.reading import Result, at, name_of, number, pivot_name
from interlingua.report.svg import Canvas, figure, text, tip
from interlingua.report.tables import Cell, Column, Table
from interlingua.report.tall import tall

_GAP = 20
_FITS = {
    "joint": "The plane was fitted on both models together, so a move from before to after means something.",
    "pivot": "The plane was fitted on {pivot} alone, for each model by itself: look at where languages lie, not at how far they moved.",
    "all": "The plane was fitted on all languages, for each model by itself: look at where languages lie, not at how far they moved.",
}


def section(result: Result) -> str:
    """The planes with their controls as HTML; empty where there are no points."""
    layers = _layers(result)
    if not layers:
        return ""
    codes, drawn = _codes(result), {layer: _frames(result, layer) for layer in layers}
    chosen = layers[len(layers) // 2]
    fit = _FITS.get(str(at(result, "geometry", "fit")), "").format(pivot=pivot_name(result))
    about = (
        '<p class="about">Every mark is the state of one sentence at its last token; a language keeps its colour and '
        f"its shape, and its code stands at the middle of its sentences. {escape(fit)}</p>"
    )
    sides = numbers.sides(result)
    plots = "".join(
        f'<svg class="figure plane" viewBox="0 0 {SIZE} {SIZE + FOOT}" role="img" data-side="{side}" '
        f'aria-label="Principal components, layer {escape(chosen)}, {side}">{_plane(result, chosen, side, drawn[chosen])}</svg>'
        for side in sides if side in drawn[chosen]
    )  # fmt: skip
    data = {
        "layers": layers, "chosen": layers.index(chosen), "codes": codes, "shapes": [shape(n) for n in range(len(codes))],
        "trails": _joint(result), "sides": list(sides),
        "frames": [{side: frame.as_dict(codes) for side, frame in drawn[layer].items()} for layer in layers],
        "axes": [{side: _axes(result, layer, side) for side in sides} for layer in layers],
    }  # fmt: skip
    caption = (
        f"Layer {chosen} of {layers[-1]}. Colours: Okabe–Ito; with the shapes they tell 63 languages apart."
    )
    return (
        f'{about}<figure class="planes"><div class="choose" hidden></div><div class="plots" data-count="{len(sides)}">{plots}</div>'
        f'<div class="legend" role="group" aria-label="Languages">{_legend(result, codes)}</div>'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
        f'<script type="application/json" class="planes-data">{_json(data)}</script>'
        + folded("Middles of the languages at every layer", tall(middles(result)))
    )


def draw(result: Result, *, layer: str | None = None, title: str = "") -> str:
    """The planes of one layer beside each other; the middle one of the layers where none is named.

    Raises `UnknownName` for a layer that was not read.
    """
    layers = _layers(result)
    chosen = layer or layers[len(layers) // 2]
    if chosen not in layers:
        raise UnknownName("layer", chosen, layers)
    sides, drawn, codes = numbers.sides(result), _frames(result, chosen), _codes(result)
    width, top = len(sides) * SIZE + (len(sides) - 1) * _GAP, 34 if title else 0
    parts = [text(0, 20, title, "title")] if title else []
    parts += [
        _plane(result, chosen, side, drawn, at=(place * (SIZE + _GAP), float(top)))
        for place, side in enumerate(sides) if side in drawn
    ]  # fmt: skip
    across, low = max(1, width // 148), top + SIZE + FOOT + 10
    for place, code in enumerate(codes):
        x, y = place % across * 148, low + place // across * 20
        parts.append(
            f'<g class="lang {style(place)}">{tip(code)}<path class="marks" d="M{x + 8} {y - 4}{shape(place)}"/></g>'
        )
        parts.append(text(x + 20, y, name_of(result, code), "small"))
    height = low + (len(codes) - 1) // across * 20 + 10
    drawn_all = figure(Canvas(True), height, f"Principal components, layer {chosen}", parts)
    return drawn_all.replace('viewBox="0 0 900 ', f'viewBox="0 0 {width} ', 1)


def middles(result: Result) -> Table:
    """The mean of the points of every language, by layer."""
    sides, names = numbers.sides(result), dict(zip(numbers.SIDES, numbers.legend(result), strict=True))
    columns = (
        Column("Language"), Column("Code", "code"), Column("layer", "count"),
        *(Column(f"PC {axis}", "ratio", names[side]) for side in sides for axis in (1, 2)),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for code in _codes(result):
        for layer in _layers(result):
            cells: list[Cell] = []
            for side in sides:
                own = _points(result, layer, side).get(code, ())
                cells += [sum(p[n] for p in own) / len(own) if own else None for n in (0, 1)]
            rows.append((name_of(result, code), code, float(layer), *cells))
    return Table("Middles of the languages", columns, tuple(rows))


def points(result: Result) -> Table:
    """Every point of the planes."""
    rows: list[tuple[Cell, ...]] = [
        (name_of(result, code), code, float(layer), side, float(place), float(point[0]), float(point[1]))
        for layer in _layers(result)
        for side in numbers.sides(result)
        for code, own in _points(result, layer, side).items()
        for place, point in enumerate(own)
    ]
    columns = (Column("Language"), Column("Code", "code"), Column("layer", "count"), Column("side"),
               Column("sentence", "count"), Column("PC 1", "ratio"), Column("PC 2", "ratio"))  # fmt: skip
    return Table("Points in the plane", columns, tuple(rows))


def tables(result: Result) -> dict[str, Table]:
    """Middles and points."""
    return {"pca": middles(result), "pca_points": points(result)} if _layers(result) else {}


def absent(result: Result) -> list[str]:
    """What is missing."""
    return [] if _layers(result) else ["PCA: not run."]


def _layers(result: Result) -> list[str]:
    """Layers with points, in order."""
    held = at(result, "geometry", "layers") or {}
    found = [
        str(layer)
        for layer, told in held.items()
        if any(_points(result, str(layer), side) for side in numbers.SIDES)
    ]
    return sorted(found, key=float)


def _points(result: Result, layer: str, side: str) -> dict[str, Sequence[Sequence[float]]]:
    told = at(result, "geometry", "layers", layer, "points") or {}
    own = {str(code): at(each, side) or () for code, each in told.items()}
    return {
        code: [p for p in points if _whole(p)] for code, points in own.items() if any(map(_whole, points))
    }


def _whole(point: Any) -> bool:
    return len(point) >= 2 and all(value is not None for value in numbers.values(list(point[:2])))


def _codes(result: Result) -> list[str]:
    """Languages with points in reading order, the pivot first: their places fix colour and shape."""
    held = {
        code for layer in _layers(result) for side in numbers.SIDES for code in _points(result, layer, side)
    }
    known = [code for code, _, _ in numbers.everyone(result) if code in held]
    return sorted([*known, *sorted(held.difference(known))], key=lambda code: code != result.get("pivot"))


def _frames(result: Result, layer: str) -> dict[str, Frame]:
    sides = {side: found for side in numbers.sides(result) if (found := _points(result, layer, side))}
    return frames(sides, joint=_joint(result), first=str(result.get("pivot")))


def _joint(result: Result) -> bool:
    return at(result, "geometry", "fit") == "joint"


def _plane(
    result: Result, layer: str, side: str, drawn: Mapping[str, Frame], *, at: tuple[float, float] = (0.0, 0.0)
) -> str:
    codes = _codes(result)
    trails = drawn["before"].middles if side == "after" and _joint(result) and "before" in drawn else None
    says = {code: f"{name_of(result, code)} ({code})" for code in codes}
    title = side.capitalize() if numbers.paired(result) else ""
    across, up = _axes(result, layer, side)
    return plane(drawn[side], codes, says, (across, up), title=title, trails=trails, at=at)


def _axes(result: Result, layer: str, side: str) -> list[str]:
    """Names of the axes with the share of variance that each explains."""
    told = at(result, "geometry", "layers", layer, "explained")
    found = numbers.values(at(told, side) if isinstance(told, Mapping) else told)
    shares = [
        f", {100 * value:.0f}% of variance" if value is not None else "" for value in [*found, None, None][:2]
    ]
    return [f"PC {n + 1}{shares[n]}" for n in (0, 1)]


def _legend(result: Result, codes: Sequence[str]) -> str:
    return "".join(
        f'<button type="button" aria-pressed="false" data-code="{escape(code)}"><svg class="figure key" viewBox="-6 -6 12 12" '
        f'aria-hidden="true"><g class="lang {style(place)}"><path class="marks" d="M0 0{shape(place)}"/></g></svg>'
        f"<bdi>{escape(name_of(result, code))}</bdi></button>"
        for place, code in enumerate(codes)
    )  # fmt: skip


def _json(value: object) -> str:
    """JSON that no parser of HTML takes for markup."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
