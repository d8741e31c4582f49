"""A plane of points by language, drawn from frames: one per layer and side, each packed into text.

A language keeps its colour and its shape everywhere; its code stands at the middle of its points. The page's
script moves the points of a drawn plane to another frame, so both take places and shapes from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from interlingua.report.labels import over
from interlingua.report.svg import text, tip

SIZE, EDGE, FOOT = 440, 18, 26
STEPS = 511  # places on either axis; both places of a point take three of the 64 signs below
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_VALUE = {sign: place for place, sign in enumerate(SIGNS)}
COLOURS = 7
SHAPES = (
    "m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0", "m-2.7-2.7h5.4v5.4h-5.4z", "m0-3.6l3.3 5.8h-6.6z",
    "m-3.5 0h7m-3.5-3.5v7", "m0-3.8l3.8 3.8-3.8 3.8-3.8-3.8z", "m-2.7-2.7l5.4 5.4m0-5.4l-5.4 5.4",
    "m0 3.6l3.3-5.8h-6.6z", "m-3.8-1.1h7.6v2.2h-7.6z", "m-3.2-3l6.4 6v-6l-6.4 6z",
)  # fmt: skip
"""Paths around a point; with the seven colours they tell 63 languages apart."""

Points = Mapping[str, Sequence[Sequence[float]]]


@dataclass(frozen=True)
class Frame:
    """The points of every language in one layer on one side: packed, with middles and places of labels."""

    points: Mapping[str, str]
    middles: Mapping[str, tuple[int, int]]
    labels: Mapping[str, tuple[float, float] | None]

    def as_dict(self, codes: Sequence[str]) -> dict[str, Any]:
        """Lists in the order of `codes`, for the page's script."""
        return {
            "points": [self.points.get(code, "") for code in codes],
            "middles": [self.middles.get(code) for code in codes],
            "labels": [self.labels.get(code) for code in codes],
        }


def frames(sides: Mapping[str, Points], *, first: str = "") -> dict[str, Frame]:
    """A frame per side, all on one scale in both directions, so that a point that moves has moved.

    `first` is the language whose label is placed before the others.
    """
    together = [point for points in sides.values() for own in points.values() for point in own]
    return {side: _frame(points, together, first) for side, points in sides.items()}


def style(place: int) -> str:
    """The colour class of the language at this place."""
    return f"c{place % COLOURS}"


def shape(place: int) -> str:
    """The shape of the language at this place."""
    return SHAPES[place % len(SHAPES)]


def plane(
    frame: Frame,
    codes: Sequence[str],
    says: Mapping[str, str],
    axes: tuple[str, str],
    *,
    title: str,
    trails: Mapping[str, tuple[int, int]] | None = None,
    at: tuple[float, float] = (0.0, 0.0),
) -> str:
    """The parts of one plane, in a box of `SIZE` at `at`: points, paths of the middles, labels, axes.

    `codes` fixes colour and shape; `trails` are the middles that languages come from.
    """
    x, y = at
    box = f'x="{EDGE}" y="{EDGE + 10}" width="{SIZE - 2 * EDGE}" height="{SIZE - 2 * EDGE}"'
    low = SIZE - EDGE + 10
    parts = [
        f'<rect class="frame" {box} rx="6"/>', text(EDGE, 16, title, "strong"),
        text(SIZE - EDGE, low + 17, axes[0], "small dim across", "end"),
        f'<g transform="translate({EDGE - 6} {EDGE + 12}) rotate(-90)">'
        f'{text(0, 0, axes[1], "small dim up", "end")}</g>',
    ]  # fmt: skip
    for place, code in enumerate(codes):
        if code in frame.points:
            drawn = "".join(f"M{px} {py}{shape(place)}" for px, py in unpacked(frame.points[code]))
            start, end = (trails or {}).get(code), frame.middles[code]
            trail = f"M{start[0]} {start[1]}L{end[0]} {end[1]}" if start else ""
            parts.append(
                f'<g class="lang {style(place)}" data-code="{escape(code)}">{tip(says.get(code, code))}'
                f'<path class="trail" d="{trail}"/><path class="marks" d="{drawn}"/></g>'
            )
    for place, code in enumerate(codes):
        if code in frame.points:
            spot = frame.labels[code]
            mx, my = spot or frame.middles[code]
            kind = f"label {style(place)}{'' if spot else ' crowded'}"
            words = f'x="{mx}" y="{my}" text-anchor="middle">{escape(short(code))}</text>'
            parts.append(f'<text class="{kind}" data-code="{escape(code)}" {words}')
    moved = f' transform="translate({x:g} {y:g})"' if at != (0.0, 0.0) else ""
    return f"<g{moved}>{''.join(parts)}</g>"


def short(code: str) -> str:
    """`swh_Latn` is `swh`."""
    return code.partition("_")[0]


def unpacked(packed: str) -> list[tuple[float, float]]:
    """Places in pixels of a packed string."""
    signs = [_VALUE[sign] for sign in packed]
    steps = [4096 * a + 64 * b + c for a, b, c in zip(signs[::3], signs[1::3], signs[2::3], strict=True)]
    span = (SIZE - 2 * EDGE) / STEPS
    return [
        (round(EDGE + step // (STEPS + 1) * span, 1), round(EDGE + 10 + step % (STEPS + 1) * span, 1))
        for step in steps
    ]


def _frame(points: Points, scale: Sequence[Sequence[float]], first: str) -> Frame:
    xs, ys = [point[0] for point in scale], [point[1] for point in scale]
    middle = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    half = max(max(xs) - min(xs), max(ys) - min(ys)) / 2 * 1.04 or 1.0
    packed = {
        code: "".join(_pack(point, middle, half) for point in own) for code, own in points.items() if own
    }
    middles: dict[str, tuple[int, int]] = {}
    for code, signs in packed.items():
        places = unpacked(signs)
        x, y = (round(sum(place[n] for place in places) / len(places)) for n in (0, 1))
        middles[code] = (x, y)
    order = sorted(middles, key=lambda code: code != first)
    spots = over(
        [(*middles[code], short(code)) for code in order], (EDGE, EDGE + 10, SIZE - EDGE, SIZE - EDGE + 10)
    )
    labels = {code: (spot.x, spot.y) if spot else None for code, spot in zip(order, spots, strict=True)}
    return Frame(packed, middles, labels)


def _pack(point: Sequence[float], middle: tuple[float, float], half: float) -> str:
    """Three signs: the place from the left and from above."""
    steps = []
    for value, centre, turn in zip(point, middle, (1, -1), strict=True):
        part = 0.5 + turn * (value - centre) / (2 * half)
        steps.append(round(min(max(part, 0.0), 1.0) * STEPS))
    both = steps[0] * (STEPS + 1) + steps[1]
    return SIGNS[both // 4096] + SIGNS[both // 64 % 64] + SIGNS[both % 64]
