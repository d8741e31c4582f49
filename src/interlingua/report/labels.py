"""Labels that do not cover each other: each takes the first free place near its point, or none."""

from collections.abc import Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]  # left, top, right, bottom
_LETTER, _HEIGHT = 6.4, 13.0
_BESIDE = (
    (9, 4, "start"), (-9, 4, "end"), (0, -9, "middle"), (0, 17, "middle"),
    (8, -6, "start"), (8, 14, "start"), (-8, -6, "end"), (-8, 14, "end"),
    (0, -22, "middle"), (0, 30, "middle"), (14, -18, "start"), (-14, -18, "end"),
)  # fmt: skip
_OVER = tuple((right, 4.0 + down, "middle") for down in (0, -13, 13, -26, 26) for right in (0, 16, -16))


@dataclass(frozen=True)
class Place:
    """Where a label's text goes; `anchor` as in SVG."""

    x: float
    y: float
    anchor: str


def beside(
    points: Sequence[tuple[float, float, str]], taken: Sequence[Box], inside: Box
) -> list[Place | None]:
    """Places next to points (x, y, words), clear of `taken` boxes; earlier points choose first."""
    return _placed(points, list(taken), inside, _BESIDE)


def over(points: Sequence[tuple[float, float, str]], inside: Box) -> list[Place | None]:
    """Places on top of points, for the middle of a cloud."""
    return _placed(points, [], inside, _OVER)


def box(x: float, y: float, words: str, anchor: str) -> Box:
    """The room that words take at a place."""
    width = len(words) * _LETTER
    left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    return left, y - _HEIGHT + 3, left + width, y + 3


def _placed(
    points: Sequence[tuple[float, float, str]],
    taken: list[Box],
    inside: Box,
    near: Sequence[tuple[float, float, str]],
) -> list[Place | None]:
    found: list[Place | None] = []
    for x, y, words in points:
        place = None
        for right, down, anchor in near:
            room = box(x + right, y + down, words, anchor)
            if _within(room, inside) and not any(_cross(room, other) for other in taken):
                place = Place(round(x + right, 1), round(y + down, 1), anchor)
                taken.append(room)
                break
        found.append(place)
    return found


def _within(box: Box, inside: Box) -> bool:
    return box[0] >= inside[0] and box[1] >= inside[1] and box[2] <= inside[2] and box[3] <= inside[3]


def _cross(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
