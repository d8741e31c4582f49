"""Charts from plain rows, whatever result they come from: joined dots, whiskers; a chart that stands alone.

Every maker draws twice from the same numbers: `wide` for a screen or paper, narrow for a phone (a row of
text above each line). Colours come from `figures.css`, so a page can change them; `standalone` takes the
style along.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from math import ceil, floor

from interlingua.report.reading import Gain, gain_words, interval, mean, percent, points
from interlingua.report.svg import (
    Canvas,
    axis,
    dot,
    figure,
    heading,
    opening,
    row_label,
    stroke,
    symbol,
    text,
    tip,
)

NAMES = ("untuned base", "tuned")
_NEGLIGIBLE = 0.03  # a gain whose interval stays inside this counts as none
_EDGE = 16  # empty room around a figure that stands alone


@dataclass(frozen=True)
class Line:
    """One row of a before/after chart; fractions, `None` where not measured. Ranges are 95% intervals."""

    label: str
    note: str
    before: float | None
    after: float | None
    control: float | None = None
    strong: bool = False
    before_range: tuple[float, float] | None = None
    after_range: tuple[float, float] | None = None

    @property
    def last(self) -> float | None:
        """The score after tuning; for a model by itself the only one."""
        return self.before if self.after is None else self.after


@dataclass(frozen=True)
class Comparison:
    """One gain, what it is over, and how a chart marks it: `over-base`, `over-control` or `other`."""

    title: str
    words: str
    kind: str
    gain: Gain
    verdict: str = ""
    note: str = ""
    strong: bool = False


def dumbbells(
    groups: Sequence[tuple[str, Sequence[Line]]],
    marks: Mapping[str, float | None],
    *,
    label: str,
    wide: bool = True,
    title: str = "",
    names: tuple[str, str] = NAMES,
) -> str:
    """Rows of two joined dots under headings; `marks` are upright lines at `chance` and `pivot`.

    `names` are the legend's words for before and after; where no line has an after, only the first is used.
    """
    canvas = Canvas(wide)
    lines = [line for _, group in groups for line in group]
    legend = [("base", names[0])]
    if any(line.after is not None for line in lines):
        legend.append(("tuned", names[1]))
    if any(line.control is not None for line in lines):
        legend.append(("control", "strongest control"))
    parts, y = opening(canvas, title, legend)
    places = {kind: canvas.x(value) for kind, value in marks.items() if value is not None}
    crowded = len(places) == 2 and abs(places["chance"] - places["pivot"]) < 90
    y += 14 * len(places) if crowded else 18 * bool(places)
    top, body = y, []
    for words, group in groups:
        y += 30
        body += heading(canvas, y, words)
        for line in group:
            y += canvas.row
            body.append(_dumbbell(canvas, line, y, single=len(legend) == 1))
        y += 6
    parts += axis(canvas, top, y, [n / 5 for n in range(6)], lambda value: f"{100 * value:.0f}%")
    for rank, (kind, x) in enumerate(places.items()):
        words, high = f"{kind} {percent(marks[kind])}", 14 * rank if crowded else 0
        anchor = "end" if x + 40 > canvas.width else "middle"
        parts += [stroke(x, top, x, y, kind), text(x, top - 5 - high, words, f"small {kind}-text", anchor)]
    return figure(canvas, y + 24, label, parts + body)


def whiskers(
    rows: Sequence[Comparison],
    legend: Sequence[tuple[str, str]],
    *,
    label: str,
    wide: bool = True,
    title: str = "",
) -> str:
    """Gains as points with their intervals, under the headings that neighbours share.

    `legend` pairs a kind of mark with its words; kinds that no row has are left out of it.
    """
    ends = [0.0, -_NEGLIGIBLE, _NEGLIGIBLE]
    ends += [end for row in rows for end in (row.gain.mean, row.gain.low, row.gain.high) if end is not None]
    step = 0.1 if max(ends) - min(ends) <= 0.9 else 0.2
    low, high = floor(min(ends) / step) * step, ceil(max(ends) / step) * step
    canvas = Canvas(wide, low, high)
    kinds = {row.kind for row in rows}
    parts, y = opening(canvas, title, [entry for entry in legend if entry[0] in kinds])
    top, body = y, []
    for (words, verdict), same in groupby(rows, key=lambda row: (row.title, row.verdict)):
        y += 32
        body += heading(canvas, y, f"{words}: {verdict}" if verdict else words)
        for row in same:
            y += canvas.row
            body.append(_whisker(canvas, row, y))
        y += 6
    ticks = [low + n * step for n in range(round((high - low) / step) + 1)]
    left, right = canvas.x(-_NEGLIGIBLE), canvas.x(_NEGLIGIBLE)
    parts.append(f'<rect class="band" x="{left}" y="{top}" width="{right - left:.1f}" height="{y - top}"/>')
    parts += axis(canvas, top, y, ticks, lambda value: points(value).removesuffix(".0"))
    parts.append(stroke(canvas.x(0), top, canvas.x(0), y, "zero"))
    return figure(canvas, y + 24, label, parts + body)


def ranked(
    unseen: Sequence[Line],
    seen: Sequence[Line],
    *,
    with_mean: bool = False,
    titles: tuple[str, str] = ("Never tuned on", "Tuned on"),
) -> list[tuple[str, list[Line]]]:
    """Two groups, best first, without lines that have no number at all; an empty group is left out."""
    groups = []
    for group, title in ((unseen, titles[0]), (seen, titles[1])):
        lines = [each for each in group if each.last is not None]
        lines.sort(key=_rank, reverse=True)
        if with_mean and len(lines) > 1:
            old, new = mean([each.before for each in lines]), mean([each.after for each in lines])
            lines.insert(0, Line(f"Mean of {len(lines)}", "", old, new, strong=True))
        if lines:
            groups.append((title, lines))
    return groups


def standalone(drawn: str, style: str = "") -> str:
    """A drawn figure as a file of its own: with its colours, its paper and room around it."""
    shape = re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn)
    assert shape is not None
    width, height = (int(side) + 2 * _EDGE for side in shape.groups())
    box = f'x="{-_EDGE}" y="{-_EDGE}" width="{width}" height="{height}"'
    frame = f'viewBox="{-_EDGE} {-_EDGE} {width} {height}" width="{width}" height="{height}"'
    drawn = drawn.replace(shape.group(), f'xmlns="http://www.w3.org/2000/svg" {frame}', 1)
    backed = f'<style>{style_text()}{style}</style><rect {box} rx="10" fill="var(--paper)"/>'
    head, body = drawn.split(">", 1)
    return f"{head}>{backed}{body}\n"


def style_text() -> str:
    """The colours and classes that figures need."""
    return files("interlingua.report").joinpath("figures.css").read_text(encoding="utf-8")


def _rank(line: Line) -> tuple[bool, float]:
    """By the score after tuning; a line that lacks one where others have it comes last."""
    return line.after is not None, line.last or 0.0


def _dumbbell(canvas: Canvas, line: Line, y: float, *, single: bool = False) -> str:
    centre, old, new = y - 10, line.before, line.after
    change = None if old is None or new is None else new - old
    named = f"{line.label} {line.note}".strip()
    found = Gain(old, *line.before_range) if old is not None and line.before_range else None
    if single:
        around = interval(found, signed=False) if found else ""
        says = f"{named}: {percent(old)}{f' ({around})' if around else ''}"
        last = [
            text(canvas.width - 112, canvas.words(y), percent(old), "strong", "end"),
            text(canvas.width - 2, canvas.words(y), around, "dim small", "end"),
        ]
    else:
        says = f"{named}: {percent(old)} to {percent(new)}, {points(change)} points"
        last = [
            text(canvas.width - 62, canvas.words(y), f"{percent(old)} → {percent(new)}", "dim", "end"),
            text(canvas.width - 2, canvas.words(y), points(change), "gain", "end"),
        ]
    if line.control is not None:
        says += f"; strongest control {percent(line.control)}"
    parts = [tip(says), row_label(canvas, y, line.label, line.note, strong=line.strong), *last]
    if old is not None and new is not None:
        parts.append(stroke(canvas.x(old), centre, canvas.x(new), centre, "span"))
    for ends, kind, place in (
        (line.before_range, "base", 0 if single else 4),
        (line.after_range, "tuned", -4),
    ):
        if ends is not None:
            low, high = map(canvas.x, ends)
            parts.append(stroke(low, centre + place, high, centre + place, f"range {kind}-range"))
    if old is not None:
        parts.append(dot(canvas.x(old), centre, "base", 6 if line.strong else 5))
    if line.control is not None:
        parts.append(symbol("control", canvas.x(line.control), centre))
    if new is not None:
        parts.append(dot(canvas.x(new), centre, "tuned", 7 if line.strong else 6))
    opened = '<g class="strong">' if line.strong else "<g>"
    return opened + "".join(parts) + "</g>"


def _whisker(canvas: Canvas, row: Comparison, y: float) -> str:
    centre, found, kind = y - 10, row.gain, row.kind
    named = f"{row.words} {row.note}".strip()
    parts = [
        tip(f"{row.title}, {named}: {gain_words(found)}"),
        row_label(canvas, y, row.words, row.note, strong=row.strong),
        text(canvas.width - 112, canvas.words(y), points(found.mean), "strong", "end"),
        text(canvas.width - 2, canvas.words(y), interval(found), "dim small", "end"),
    ]
    if found.low is not None and found.high is not None:
        low, high = canvas.x(found.low), canvas.x(found.high)
        parts.append(stroke(low, centre, high, centre, kind))
        parts += [stroke(end, centre - 4, end, centre + 4, kind) for end in (low, high)]
    parts.append(symbol(kind, canvas.x(found.mean), centre))
    return f"<g>{''.join(parts)}</g>"
