"""Curves over the layers of a model: panels side by side, in each one group of curves per language.

All groups share the axes, so that one language can be set against another. The first group is shown; the
others lie hidden in the same figure, where the page's script brings them out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from math import ceil, floor, log10

from interlingua.report.svg import Canvas, dot, figure, keys, stroke, text, tip

_DOTTED = 16  # up to so many layers every value is a dot that can be pointed at


@dataclass(frozen=True)
class Point:
    """A value at a layer, with its interval where one is known."""

    layer: float
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Curve:
    """One line: its class in the style sheet, its words in the legend, its points by layer."""

    kind: str
    words: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Mark:
    """A place on the layer axis with its interval, drawn just above that axis."""

    kind: str
    words: str
    point: Point


@dataclass(frozen=True)
class Panel:
    """One plot: curves by group; `ends` of the upright axis are taken from the values where not given."""

    title: str
    show: Callable[[float], str]
    groups: Mapping[str, Sequence[Curve]]
    ends: tuple[float, float] | None = None
    marks: Mapping[str, Sequence[Mark]] = field(default_factory=dict)


def curves(panels: Sequence[Panel], *, label: str, wide: bool = True, title: str = "") -> str:
    """The panels beside each other, or one below the other on a phone."""
    layers = [p.layer for panel in panels for group in panel.groups.values() for c in group for p in c.points]
    first, last = min(layers, default=0), max(layers, default=1)
    page = Canvas(wide)
    across = len(panels) if wide else 1
    room, gap = (page.width + 18) / across, 18
    top, below = (34.0 if title else 0.0), 0.0
    parts = [text(0, 20, title, "title")] if title else []
    shown = next((key for panel in panels for key in panel.groups), "")
    rooms = []
    for place, panel in enumerate(panels):
        left = round(place * room if wide else 0)
        right = left + round(room - gap)
        drawn, height = keys(_legend(panel), left + 4, left + 4, right, 38)
        rooms.append((panel, left, right, drawn, height + 16))
    for panel, left, right, drawn, height in rooms:
        canvas = Canvas(wide, first, max(last, first + 1), (left + 46, page.width - right + 12))
        start = top + (max(room[-1] for room in rooms) if wide else height)
        parts.append(
            f'<g transform="translate(0 {top:g})">{text(left, 14, panel.title, "strong")}{"".join(drawn)}</g>'
        )
        parts += _panel(canvas, panel, start, 210 if wide else 170, shown)
        below = start + (210 if wide else 170) + 30
        top = top if wide else below + 16
    return figure(page, below, label, parts)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """At most `most` + 1 round numbers that enclose both ends, two at least."""
    if low == high:
        high = low + (abs(low) or 1.0)
    span = high - low
    size = 10.0 ** floor(log10(span / most))
    step = next(size * part for part in (1, 2, 2.5, 5, 10) if span / (size * part) <= most)
    return [n * step for n in range(floor(low / step + 1e-9), ceil(high / step - 1e-9) + 1)]


def _legend(panel: Panel) -> list[tuple[str, str]]:
    """Every kind of curve and mark once."""
    kinds = dict.fromkeys((curve.kind, curve.words) for group in panel.groups.values() for curve in group)
    return list(
        kinds | dict.fromkeys((mark.kind, mark.words) for group in panel.marks.values() for mark in group)
    )


def _panel(canvas: Canvas, panel: Panel, plot: float, height: float, shown: str) -> list[str]:
    """The parts of one plot that begins at `plot`."""
    parts = []
    marks = ticks(*(panel.ends or _ends(panel)))
    low, high = marks[0], marks[-1]

    def y(value: float) -> float:
        return round(plot + (1 - (min(max(value, low), high) - low) / (high - low)) * height, 1)

    for tick in marks:
        parts.append(stroke(canvas.left - 6, y(tick), canvas.right + 6, y(tick), "grid"))
        parts.append(text(canvas.left - 11, y(tick) + 4, panel.show(tick), "small dim", "end"))
    every = max(1, ceil((canvas.high - canvas.low) / ((canvas.right - canvas.left) / 42)))
    for layer in range(ceil(canvas.low), floor(canvas.high) + 1, every):
        words = f"layer {layer}" if layer == canvas.low else str(layer)
        parts.append(text(canvas.x(layer), plot + height + 20, words, "small dim", "middle"))
    ends = {"left": canvas.left, "right": canvas.right, "low": canvas.low, "high": canvas.high}
    box = " ".join(f'data-{name}="{end:g}"' for name, end in ends.items())
    parts.append(f'<g class="plot" {box}>')
    parts.append(stroke(canvas.left, plot, canvas.left, plot + height, "cross"))
    for key in dict.fromkeys([*panel.groups, *panel.marks]):
        hidden = "" if key == shown else ' hidden="hidden"'
        body = "".join(_curve(canvas, curve, y) for curve in panel.groups.get(key, ()))
        body += "".join(_marks(canvas, panel.marks.get(key, ()), plot + height))
        parts.append(f'<g data-key="{escape(key)}"{hidden}>{body}</g>')
    return [*parts, "</g>"]


def _curve(canvas: Canvas, curve: Curve, y: Callable[[float], float]) -> str:
    points = curve.points
    parts = []
    around = [(p.layer, p.low, p.high) for p in points if p.low is not None and p.high is not None]
    if len(around) > 1:
        there = " ".join(f"{_short(canvas.x(at))} {_short(y(high))}" for at, _, high in around)
        back = " ".join(f"{_short(canvas.x(at))} {_short(y(low))}" for at, low, _ in reversed(around))
        parts.append(f'<path class="area {curve.kind}" d="M{there} {back}z"/>')
    line = " ".join(f"{_short(canvas.x(p.layer))} {_short(y(p.value))}" for p in points)
    parts.append(f'<path class="line {curve.kind}" d="M{line}"/>' if points else "")
    if len(points) <= _DOTTED:
        for p in points:
            says = tip(f"layer {p.layer:g}, {curve.words}: {p.value:.3g}")
            parts.append(f"<g>{says}{dot(canvas.x(p.layer), y(p.value), f'on {curve.kind}', 3)}</g>")
    return "".join(parts)


def _marks(canvas: Canvas, marks: Sequence[Mark], bottom: float) -> Iterator[str]:
    for place, mark in enumerate(marks):
        y, p = bottom - 7 - 9 * (len(marks) - 1 - place), mark.point
        low, high = (p.layer if end is None else end for end in (p.low, p.high))
        yield (
            f"<g>{tip(f'{mark.words}: layer {p.layer:.1f}')}"
            f"{stroke(canvas.x(low), y, canvas.x(high), y, mark.kind)}"
            f"{dot(canvas.x(p.layer), y, f'on {mark.kind}', 4)}</g>"
        )


def _ends(panel: Panel) -> tuple[float, float]:
    """From zero, or the least value below it, to the greatest value or end of an interval."""
    values = [
        value
        for group in panel.groups.values()
        for curve in group
        for p in curve.points
        for value in (p.value, p.low, p.high)
        if value is not None
    ]
    return min([0.0, *values]), max(values, default=1.0) or 1.0


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
