"""The parts that figures are drawn with: the canvas, its labels and axis, dots, lines and text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

_LETTER = 6.7  # mean width of a letter at 13px, for legends and clipped labels


@dataclass(frozen=True)
class Canvas:
    """Where things go: the domain of the numbers and the edges of the plot, in pixels."""

    wide: bool
    low: float = 0.0
    high: float = 1.0
    inner: tuple[int, int] | None = (
        None  # room left and right of the plot, where not that of rows with numbers
    )

    @property
    def width(self) -> int:
        """Width of the whole figure."""
        return 900 if self.wide else 360

    @property
    def left(self) -> int:
        """Left edge of the plot."""
        return self.inner[0] if self.inner else 204 if self.wide else 12

    @property
    def right(self) -> int:
        """Right edge of the plot."""
        return self.width - (self.inner[1] if self.inner else 190 if self.wide else 12)

    @property
    def row(self) -> int:
        """Height of a row."""
        return 27 if self.wide else 44

    def words(self, y: float) -> float:
        """Baseline of the words of a row that ends at `y`."""
        return y - (5 if self.wide else 26)

    def x(self, value: float) -> float:
        """The horizontal place of a number; numbers outside the domain stop at its edge."""
        part = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.left + part * (self.right - self.left), 1)


def figure(canvas: Canvas, height: float, label: str, parts: Sequence[str]) -> str:
    """The `<svg>` around the parts, named for readers who cannot see it."""
    kind = "wide" if canvas.wide else "narrow"
    return (
        f'<svg class="figure {kind}" viewBox="0 0 {canvas.width} {height:.0f}" role="img" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def opening(canvas: Canvas, title: str, legend: Sequence[tuple[str, str]]) -> tuple[list[str], float]:
    """Title and legend of (symbol, words), wrapped where the room ends; also the height they use."""
    parts, y = [], 0.0
    if title:
        y += 32
        parts.append(text(0, y - 12, title, "title"))
    start = 8 if canvas.wide else canvas.left
    drawn, y = keys(legend, start, canvas.left, canvas.width, y + 18)
    return parts + drawn, y + 6


def keys(
    legend: Sequence[tuple[str, str]], start: float, left: float, right: float, y: float
) -> tuple[list[str], float]:
    """A legend from `start`, wrapped back to `left` before it passes `right`; also where its last line is."""
    parts, x = [], float(start)
    for kind, words in legend:
        need = 30 + len(words) * _LETTER
        if x + need > right and x > start:
            x, y = float(left), y + 20
        parts += [symbol(kind, x + 4, y - 5), text(x + 20, y, words, "dim")]
        x += need + 14
    return parts, y


def heading(canvas: Canvas, y: float, words: str) -> list[str]:
    """A heading over a group of rows, underlined."""
    return [
        text(0 if canvas.wide else canvas.left, y - 9, words, "strong"),
        stroke(0, y - 2, canvas.width, y - 2, "rule"),
    ]


def row_label(canvas: Canvas, y: float, words: str, note: str = "", *, strong: bool = False) -> str:
    """What a row is about: left of the plot, or above its line on a phone; clipped to its room."""
    room = (canvas.left - 12 if canvas.wide else 210) - (6.2 * len(note) + 8 if note else 0)
    clipped = words if len(words) * _LETTER <= room else words[: max(3, int(room / _LETTER) - 1)] + "…"
    beside = f'<tspan class="dim small" dx="7">{escape(note)}</tspan>' if note else ""
    kind = "strong" if strong else ""
    return (
        f'<text x="{0 if canvas.wide else canvas.left}" y="{canvas.words(y)}" class="{kind}">'
        f"{escape(clipped)}{beside}</text>"
    )


def axis(
    canvas: Canvas, top: float, bottom: float, ticks: Sequence[float], show: Callable[[float], str]
) -> list[str]:
    """Upright grid lines with their numbers below; every second number where room is short."""
    parts = []
    for place, tick in enumerate(ticks):
        x = canvas.x(tick)
        parts.append(stroke(x, top, x, bottom, "grid"))
        if canvas.wide or len(ticks) <= 8 or place % 2 == 0:
            anchor = "end" if x + 18 > canvas.width else "middle"
            parts.append(
                text(x + (10 if anchor == "end" else 0), bottom + 18, show(tick), "small dim", anchor)
            )
    return parts


def symbol(kind: str, x: float, y: float) -> str:
    """The mark of a kind of number, the same in legend and plot."""
    if kind in ("base", "tuned", "other"):
        return dot(x, y, kind, 5 if kind == "other" else 5.5)
    if kind.startswith("lead-"):
        return stroke(x - 8, y, x + 10, y, kind) + dot(x + 1, y, f"on {kind}", 4)
    if kind == "control":
        return stroke(x, y - 9, x, y + 9, kind)
    if kind == "over-base":
        return f'<rect class="{kind}" x="{x - 4.5:.1f}" y="{y - 4.5}" width="9" height="9"/>'
    if kind == "over-control":
        return f'<path class="{kind}" d="M{x} {y - 5.5}l5.5 5.5l-5.5 5.5l-5.5-5.5z"/>'
    return stroke(x - 8, y, x + 10, y, kind)


def dot(x: float, y: float, kind: str, radius: float) -> str:
    """A circle."""
    return f'<circle class="{kind}" cx="{x}" cy="{y}" r="{radius}"/>'


def stroke(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """A straight line."""
    return f'<line class="{kind}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """Escaped text."""
    return f'<text x="{x}" y="{y}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def tip(words: str) -> str:
    """What a pointer resting on a group shows."""
    return f"<title>{escape(words)}</title>"
