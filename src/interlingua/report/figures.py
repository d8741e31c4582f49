"""Figures as inline SVG: before/after per language, gains with intervals, alignment per layer.

Every maker draws twice from the same numbers: `wide` for a screen or paper, narrow for a phone (a row of
text above each line). Colours come from `figures.css`, so a page can change them; `write_figure` takes
the style along.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from math import ceil, floor
from pathlib import Path

from interlingua.core.errors import BadInput
from interlingua.core.files import write_atomic
from interlingua.report.reading import (
    MODES,
    Gain,
    Mode,
    Result,
    after,
    before,
    codes,
    controls,
    gain,
    interval,
    mean,
    modes,
    name_of,
    note_of,
    number,
    percent,
    pivot_accuracy,
    points,
)
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
from interlingua.report.tables import Comparison, comparisons, control_score, layers

_NEGLIGIBLE = 0.03  # a gain whose interval stays inside this counts as none


@dataclass(frozen=True)
class Line:
    """One row of a before/after chart; fractions, `None` where not measured."""

    label: str
    note: str
    before: float | None
    after: float | None
    control: float | None = None
    strong: bool = False


def before_after(result: Result, mode: Mode, *, wide: bool = True, title: str = "") -> str:
    """Base and tuned accuracy of every language, seen and unseen apart, best first, with chance and pivot."""

    def line(code: str) -> Line:
        scores = [control_score(result, code, arm, mode) for arm in controls(result, mode)]
        strongest = max((score for score in scores if score is not None), default=None)
        return Line(
            name_of(result, code),
            note_of(result, code),
            before(result, code, mode),
            after(result, code, mode),
            strongest,
        )

    groups = _groups(result, line, with_mean=True)
    label = f"{mode.title}: accuracy per language before and after tuning"
    marks = {"chance": number(result, "chance"), "pivot": pivot_accuracy(result)}
    return dumbbells(groups, marks, label=label, wide=wide, title=title)


def alignment(result: Result, *, wide: bool = True) -> str:
    """MEXA of every language before and after, best first."""

    def line(code: str) -> Line:
        old, new = (number(result, "alignment", when, code) for when in ("before", "after"))
        return Line(name_of(result, code), note_of(result, code), old, new)

    label = "Alignment with the pivot per language, before and after"
    return dumbbells(_groups(result, line), {}, label=label, wide=wide)


def dumbbells(
    groups: Sequence[tuple[str, Sequence[Line]]],
    marks: Mapping[str, float | None],
    *,
    label: str,
    wide: bool = True,
    title: str = "",
) -> str:
    """Rows of two joined dots under headings; `marks` are upright lines at `chance` and `pivot`."""
    canvas = Canvas(wide)
    legend = [("base", "untuned base"), ("tuned", "tuned")]
    if any(line.control is not None for _, lines in groups for line in lines):
        legend.append(("control", "strongest control"))
    parts, y = opening(canvas, title, legend)
    places = {kind: canvas.x(value) for kind, value in marks.items() if value is not None}
    crowded = len(places) == 2 and abs(places["chance"] - places["pivot"]) < 90
    y += 14 * len(places) if crowded else 18 * bool(places)
    top, body = y, []
    for words, lines in groups:
        y += 30
        body += heading(canvas, y, words)
        for line in lines:
            y += canvas.row
            body.append(_dumbbell(canvas, line, y))
        y += 6
    parts += axis(canvas, top, y, [n / 5 for n in range(6)], lambda value: f"{100 * value:.0f}%")
    for rank, (kind, x) in enumerate(places.items()):
        words, high = f"{kind} {percent(marks[kind])}", 14 * rank if crowded else 0
        anchor = "end" if x + 40 > canvas.width else "middle"
        parts += [stroke(x, top, x, y, kind), text(x, top - 5 - high, words, f"small {kind}-text", anchor)]
    return figure(canvas, y + 24, label, parts + body)


def forest(result: Result, *, wide: bool = True) -> str:
    """Every gain as a point with its 95% interval: over the base, each control, and the pivot's change."""
    rows = comparisons(result)
    gains = [row.gain for row in rows]
    ends = [0.0, -_NEGLIGIBLE, _NEGLIGIBLE] + [
        e for g in gains for e in (g.mean, g.low, g.high) if e is not None
    ]
    step = 0.1 if max(ends) - min(ends) <= 0.9 else 0.2
    low, high = floor(min(ends) / step) * step, ceil(max(ends) / step) * step
    canvas = Canvas(wide, low, high)
    legend = [("over-base", "over the base"), ("over-control", "over a control"), ("other", "for reference")]
    parts, y = opening(canvas, "", [entry for entry in legend if entry[0] in {row.kind for row in rows}])
    top, body = y, []
    for (title, verdict), same in groupby(rows, key=lambda row: (row.title, row.verdict)):
        y += 32
        body += heading(canvas, y, f"{title}: {verdict}" if verdict else title)
        for row in same:
            y += canvas.row
            body.append(_whisker(canvas, row, y))
        y += 6
    ticks = [low + n * step for n in range(round((high - low) / step) + 1)]
    left, right = canvas.x(-_NEGLIGIBLE), canvas.x(_NEGLIGIBLE)
    parts.append(f'<rect class="band" x="{left}" y="{top}" width="{right - left:.1f}" height="{y - top}"/>')
    parts += axis(canvas, top, y, ticks, lambda value: points(value).removesuffix(".0"))
    parts.append(stroke(canvas.x(0), top, canvas.x(0), y, "zero"))
    return figure(canvas, y + 24, "Gains with 95% intervals, in percentage points", parts + body)


def per_layer(result: Result, *, wide: bool = True) -> str:
    """MEXA against the layer (0 is the embedding), before and after."""
    rows = layers(result).rows
    canvas = Canvas(wide, 0.0, max(len(rows) - 1, 1), inner=(48, 34))
    parts, top = opening(canvas, "", [("line-before", "untuned base"), ("line-after", "tuned")])
    top, height = top + 10, 200

    def y(value: float) -> float:
        return round(top + (1 - value) * height, 1)

    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(stroke(canvas.left - 10, y(tick), canvas.right + 10, y(tick), "grid"))
        parts.append(text(canvas.left - 16, y(tick) + 4, f"{100 * tick:.0f}%", "small dim", "end"))
    every = ceil(len(rows) / (16 if wide else 8))
    for layer in range(0, len(rows), every):
        words = f"layer {layer}" if layer == 0 else str(layer)
        parts.append(text(canvas.x(layer), top + height + 20, words, "small dim", "middle"))
    for place, kind, mark in ((1, "before", "base"), (2, "after", "tuned")):
        known = [
            (n, canvas.x(n), cell) for n, row in enumerate(rows) if isinstance(cell := row[place], float)
        ]
        path = " ".join(f"{x},{y(value)}" for _, x, value in known)
        parts.append(f'<polyline class="line-{kind}" points="{path}"/>')
        for n, x, value in known:
            parts.append(
                f"<g>{tip(f'layer {n}, {kind}: {percent(value)}%')}{dot(x, y(value), mark, 4.5)}</g>"
            )
    return figure(canvas, top + height + 30, "Alignment with the pivot per layer, before and after", parts)


def write_figure(result: Result, path: str | Path, mode: str | None = None) -> Path:
    """Write the before/after chart of one way of answering (the first measured one) as an `.svg` by itself.

    Raises `BadInput` when that way of answering was not measured or the place cannot be written.
    """
    present = [known.name for known in modes(result)]
    chosen = mode or (present[0] if present else "restate")
    if chosen not in present:
        raise BadInput(
            f"No figure for {chosen!r}: measured here are {', '.join(present) or 'no ways of answering'}."
        )
    found = gain(result, "gain_unseen", chosen)
    size = f": {gain_words(found)}" if found else ""
    drawn = before_after(
        result, MODES[chosen], title=f"{MODES[chosen].title} on languages never tuned on{size}"
    )
    edge = 16
    shape = re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn)
    assert shape is not None
    width, height = (int(side) + 2 * edge for side in shape.groups())
    box = f'x="{-edge}" y="{-edge}" width="{width}" height="{height}"'
    frame = f'viewBox="{-edge} {-edge} {width} {height}" width="{width}" height="{height}"'
    drawn = drawn.replace(shape.group(), f'xmlns="http://www.w3.org/2000/svg" {frame}', 1)
    backed = f'<style>{style_text()}</style><rect {box} rx="10" fill="var(--paper)"/>'
    head, body = drawn.split(">", 1)
    return write_atomic(path, f"{head}>{backed}{body}\n")


def style_text() -> str:
    """The colours and classes that figures need."""
    return files("interlingua.report").joinpath("figures.css").read_text(encoding="utf-8")


def gain_words(found: Gain) -> str:
    """`+40.6 points (95% +35.0 to +46.1)`."""
    return f"{points(found.mean)} points (95% {interval(found)})"


def _groups(
    result: Result, line: Callable[[str], Line], *, with_mean: bool = False
) -> list[tuple[str, list[Line]]]:
    """Languages never tuned on, then those tuned on: best first, without those that have no number at all."""
    groups = []
    for seen, title in ((False, "Never tuned on"), (True, "Tuned on")):
        lines = [line(code) for code in codes(result, seen)]
        lines = [each for each in lines if each.before is not None or each.after is not None]
        lines.sort(key=lambda each: -1.0 if each.after is None else each.after, reverse=True)
        if with_mean and len(lines) > 1:
            old, new = mean([each.before for each in lines]), mean([each.after for each in lines])
            lines.insert(0, Line(f"Mean of {len(lines)}", "", old, new, strong=True))
        if lines:
            groups.append((title, lines))
    return groups


def _dumbbell(canvas: Canvas, line: Line, y: float) -> str:
    centre, old, new = y - 10, line.before, line.after
    change = None if old is None or new is None else new - old
    named = f"{line.label} {line.note}".strip()
    says = f"{named}: {percent(old)} to {percent(new)}, {points(change)} points"
    if line.control is not None:
        says += f"; strongest control {percent(line.control)}"
    parts = [
        tip(says),
        row_label(canvas, y, line.label, line.note, strong=line.strong),
        text(canvas.width - 62, canvas.words(y), f"{percent(old)} → {percent(new)}", "dim", "end"),
        text(canvas.width - 2, canvas.words(y), points(change), "gain", "end"),
    ]
    if old is not None and new is not None:
        parts.append(stroke(canvas.x(old), centre, canvas.x(new), centre, "span"))
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
    parts = [
        tip(f"{row.title}, {row.words}: {gain_words(found)}"),
        row_label(canvas, y, row.words, strong=kind == "over-base"),
        text(canvas.width - 112, canvas.words(y), points(found.mean), "strong", "end"),
        text(canvas.width - 2, canvas.words(y), interval(found), "dim small", "end"),
    ]
    if found.low is not None and found.high is not None:
        low, high = canvas.x(found.low), canvas.x(found.high)
        parts.append(stroke(low, centre, high, centre, kind))
        parts += [stroke(end, centre - 4, end, centre + 4, kind) for end in (low, high)]
    parts.append(symbol(kind, canvas.x(found.mean), centre))
    return f"<g>{''.join(parts)}</g>"
