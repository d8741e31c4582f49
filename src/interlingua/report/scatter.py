"""One number against another, a mark per language: hollow before, filled after, an arrow between them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot

from interlingua.report.curves import ticks
from interlingua.report.labels import Box, beside, box
from interlingua.report.svg import Canvas, figure, keys, stroke, text, tip

_RADIUS = 5.5
_Dot = tuple[float, float]  # in pixels


@dataclass(frozen=True)
class Spot:
    """A language on the plot: its label, what a pointer is told, and where it was and is, as fractions."""

    label: str
    says: str
    before: tuple[float, float] | None
    after: tuple[float, float] | None
    seen: bool = False

    @property
    def last(self) -> tuple[float, float] | None:
        """Where it ends up."""
        return self.after or self.before


def scatter(
    spots: Sequence[Spot],
    axes: tuple[str, str],
    levels: Mapping[str, tuple[str, float]],
    legend: Sequence[tuple[str, str]],
    *,
    label: str,
    wide: bool = True,
    title: str = "",
) -> str:
    """Spots over two axes in percent; `levels` are lines across at (words, height) by their class."""
    ends = [end for spot in spots for end in (spot.before, spot.after) if end]
    across = ticks(0.0, max((x for x, _ in ends), default=1.0))
    heights = [y for _, y in ends] + [y for _, y in levels.values()]
    least, most = min(heights, default=0.0), max(heights, default=1.0)
    if least == most:
        least, most = max(0.0, least - 0.1), min(1.0, most + 0.1)
    up = ticks(least, most)
    canvas = Canvas(wide, across[0], across[-1], inner=(52, 110) if wide else (44, 14))
    parts = [text(0, 20, title, "title")] if title else []
    drawn, y = keys(legend, 4, 4, canvas.width, 50 if title else 18)
    top, height = y + 34, 400 if wide else 320
    bottom = top + height

    def high(value: float) -> float:
        return round(bottom - (value - up[0]) / (up[-1] - up[0]) * height, 1)

    parts += [*drawn, text(0, top - 14, axes[1], "small dim")]
    for tick in up:
        parts.append(stroke(canvas.left, high(tick), canvas.right, high(tick), "grid"))
        parts.append(text(canvas.left - 8, high(tick) + 4, f"{100 * tick:.0f}%", "small dim", "end"))
    for tick in across:
        parts.append(stroke(canvas.x(tick), top, canvas.x(tick), bottom, "grid"))
        parts.append(text(canvas.x(tick), bottom + 18, f"{100 * tick:.0f}%", "small dim", "middle"))
    parts.append(text((canvas.left + canvas.right) / 2, bottom + 38, axes[0], "small dim", "middle"))
    drawn, words = _levels(canvas, levels, high)
    parts += drawn
    places = [(spot, _at(canvas, high, spot.before), _at(canvas, high, spot.after)) for spot in spots]
    parts += [_arrow(old, new) for _, old, new in places if old and new]
    parts += [_marks(spot, old, new) for spot, old, new in places]
    inside = (canvas.left, top, canvas.width, bottom)
    return figure(canvas, bottom + 46, label, parts + _labels(places, words, inside))


def _at(canvas: Canvas, high: Callable[[float], float], end: tuple[float, float] | None) -> _Dot | None:
    return (canvas.x(end[0]), high(end[1])) if end else None


def _levels(
    canvas: Canvas, levels: Mapping[str, tuple[str, float]], high: Callable[[float], float]
) -> tuple[list[str], list[Box]]:
    """Lines across with their words at the right end, kept apart where lines are close; the words' boxes."""
    parts, boxes, above = [], [], float("inf")
    for kind, (words, value) in sorted(levels.items(), key=lambda level: level[1][1]):
        y = high(value)
        parts.append(stroke(canvas.left, y, canvas.right, y, kind))
        above = min(y + 4 if canvas.wide else y - 5, above - 14)
        x, anchor = (canvas.right + 8, "start") if canvas.wide else (canvas.right, "end")
        parts.append(text(x, above, words, f"small {kind}-text", anchor))
        boxes.append(box(x, above, words, anchor))
    return parts, boxes


def _arrow(old: _Dot, new: _Dot) -> str:
    """From the edge of one mark to the edge of the other, with a head where there is room for one."""
    long = hypot(new[0] - old[0], new[1] - old[1])
    if long <= 2 * _RADIUS:
        return ""
    right, down = (new[0] - old[0]) / long, (new[1] - old[1]) / long
    start = [round(old[n] + (right, down)[n] * _RADIUS, 1) for n in (0, 1)]
    tip_x, tip_y = (new[n] - (right, down)[n] * (_RADIUS + 1) for n in (0, 1))
    parts = [stroke(start[0], start[1], round(tip_x, 1), round(tip_y, 1), "move")]
    if long > 4 * _RADIUS:
        sides = [
            (tip_x - 7 * right + turn * 3.5 * down, tip_y - 7 * down - turn * 3.5 * right) for turn in (1, -1)
        ]
        ends = " ".join(f"L{x:.1f} {y:.1f}" for x, y in sides)
        parts.append(f'<path class="head" d="M{tip_x:.1f} {tip_y:.1f}{ends}z"/>')
    return "".join(parts)


def _marks(spot: Spot, old: _Dot | None, new: _Dot | None) -> str:
    drawn = "".join(
        _mark(place, kind, spot.seen) for place, kind in ((old, "base"), (new, "tuned")) if place is not None
    )
    return f"<g>{tip(spot.says)}{drawn}</g>"


def _mark(place: _Dot, kind: str, seen: bool) -> str:
    x, y = place
    if not seen:
        return f'<circle class="{kind}" cx="{x}" cy="{y}" r="{_RADIUS}"/>'
    r = _RADIUS + 1.5
    return f'<path class="{kind}" d="M{x} {y - r:.1f}l{r} {r}l-{r} {r}l-{r}-{r}z"/>'


def _labels(
    places: Sequence[tuple[Spot, _Dot | None, _Dot | None]], words: Sequence[Box], inside: Box
) -> list[str]:
    """The label of every language that finds room beside its last mark."""
    ends = [(spot, new or old) for spot, old, new in places]
    points = [(end[0], end[1], spot.label) for spot, end in ends if end]
    taken = [
        (x - _RADIUS, y - _RADIUS, x + _RADIUS, y + _RADIUS)
        for _, *dots in places for x, y in [dot for dot in dots if dot]
    ]  # fmt: skip
    found = zip(points, beside(points, [*words, *taken], inside), strict=True)
    return [text(at.x, at.y, words, "small label", at.anchor) for (_, _, words), at in found if at]
