"""Numbers that a recipe tells layer by layer, as a heat map and as a table."""

from collections.abc import Mapping
from typing import Any

from interlingua.report.reading import number
from interlingua.report.svg import Canvas, figure, row_label, text, tip
from interlingua.report.tables import Column, Table
from interlingua.report.tunnel_words import GROUPS, words
from interlingua.report.tunnel_words import figure as number_words

_ROOM = 34  # pixels that a number in a cell needs
_HEIGHT = 26

Lines = dict[str, dict[int, float]]
"""What a line is about -> layer -> mean over worlds."""


def layered(told: Mapping[str, Any]) -> dict[str, tuple[str, int]]:
    """What a recipe reports by layer without a claim: quantity -> its name without the layer, and the layer.

    `cosine_0`, `cosine_1` and so on are such numbers, from 0 (the embeddings) on without a gap.
    """
    parts = {name: name.rpartition("_") for name in told.get("reported") or {}}
    found = {name: (stem, int(end)) for name, (stem, _, end) in parts.items() if end.isdecimal()}
    known: dict[str, set[int]] = {}
    for stem, layer in found.values():
        known.setdefault(stem, set()).add(layer)
    whole = {stem for stem, own in known.items() if len(own) > 1 and own == set(range(len(own)))}
    return {name: (stem, layer) for name, (stem, layer) in found.items() if stem in whole}


def lines(told: Mapping[str, Any]) -> Lines:
    """The same numbers as lines, one for each group of languages."""
    found: Lines = {}
    for quantity, (stem, layer) in layered(told).items():
        for group in told["reported"][quantity]:
            where = "" if group == "all" else f", {GROUPS[group]}"
            value = number(told, "reported", quantity, group, "mean")
            if value is not None:
                found.setdefault(f"{words(stem)}{where}", {})[layer] = value
    return found


def by_layer(told: Mapping[str, Any]) -> Table:
    """A row per line, a column per layer."""
    found = lines(told)
    layers = sorted({layer for line in found.values() for layer in line})
    columns = (Column("Mean over worlds"), *(Column(f"layer {layer}", "ratio") for layer in layers))
    rows = tuple((name, *(number_words(line.get(layer)) for layer in layers)) for name, line in found.items())
    return Table(f"By layer: {words(told['name'])}", columns, rows)


def heat_map(told: Mapping[str, Any], *, wide: bool = True) -> str:
    """The same drawn: the stronger the colour, the nearer to the largest number of its line."""
    found = lines(told)
    layers = sorted({layer for line in found.values() for layer in line})
    canvas = Canvas(wide, inner=(280, 4) if wide else (4, 4))
    width = (canvas.right - canvas.left) / len(layers)
    lead = 0 if wide else 20  # on a phone a line's name stands above its cells
    y = 30.0
    parts = [
        text(_middle(canvas, width, place), 18, str(layer), "small dim", "middle")
        for place, layer in enumerate(layers)
        if width >= 20 or place % 4 == 0
    ]
    for name, line in found.items():
        top = y + lead
        if wide:
            parts.append(row_label(canvas, y + _HEIGHT - 4, name))
        else:
            parts.append(text(canvas.left, y + 14, name, "small"))
        most = max(map(abs, line.values())) or 1.0
        for place, layer in enumerate(layers):
            if layer in line:
                x = canvas.left + place * width
                parts.append(_cell(name, layer, line[layer], line[layer] / most, x, top, width))
        y = top + _HEIGHT + 4
    return figure(canvas, y + 4, f"{words(told['name'])} by layer", parts)


def _middle(canvas: Canvas, width: float, place: int) -> float:
    return round(canvas.left + (place + 0.5) * width, 1)


def _cell(name: str, layer: int, value: float, share: float, x: float, y: float, width: float) -> str:
    """One cell; a number below zero is drawn in the other colour."""
    kind, strength = "heat" if share >= 0 else "heat below", 0.06 + 0.6 * abs(share)
    shown = number_words(value)
    inside = text(round(x + width / 2, 1), y + 17, shown, "small cell", "middle") if width >= _ROOM else ""
    return (
        f"<g>{tip(f'{name}, layer {layer}: {shown}')}"
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width - 2:.1f}" height="{_HEIGHT}" '
        f'fill-opacity="{strength:.2f}"/>{inside}</g>'
    )
