"""Figures of a study over worlds, each an SVG that stands alone: gains as a forest, and the law.

The forest shows every gain with its interval and, below it, a small dot per world. The law shows every
language never tuned on: bilingual text it had in pretraining against its accuracy after tuning.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor, log10, sqrt
from typing import Any

from interlingua.measures.verdict import MARGIN
from interlingua.report.charts import standalone
from interlingua.report.reading import at, count, gain_words, interval, mean, number, percent, points, share
from interlingua.report.study_numbers import Compared, Record, compared, law_rows, overall
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

_STYLE = """
.figure .world { fill: var(--dim); opacity: .7; }
.figure .was { fill: none; stroke: var(--base); stroke-width: 1.3; }
.figure .rise { stroke: var(--base); stroke-width: 1; opacity: .35; }
.figure .mean-base { stroke: var(--base); stroke-width: 1.6; stroke-dasharray: 6 4; }
.figure .related { fill: var(--tuned); stroke: var(--paper); stroke-width: 1.2; }
.figure .unrelated { fill: var(--control); stroke: var(--paper); stroke-width: 1.2; }
.figure text.inside { fill: var(--paper); font-size: 9.5px; font-weight: 700; }
"""
_ROW = 32
_RADIUS = 7.5
_BAND = 150  # width of the band of languages without bilingual text


@dataclass(frozen=True)
class _Dot:
    """A language on the plot: its row, its world's number, its place in pixels."""

    row: Mapping[str, Any]
    world: int
    x: float
    y: float


def forest(record: Record) -> str:
    """Gains per way of answering as points with 95% intervals; a small dot below for each world."""
    rows = compared(record)
    known = [value for row in rows for value in row.worlds if value is not None]
    ends = [e for row in rows for e in (row.gain.mean, row.gain.low, row.gain.high) if e is not None]
    ends += [-MARGIN, MARGIN, *known]
    step = 0.1 if max(ends) - min(ends) <= 0.9 else 0.2
    low, high = floor(min(ends) / step) * step, ceil(max(ends) / step) * step
    canvas = Canvas(True, low, high, inner=(230, 170))
    several = len(record["worlds"]) > 1
    legend = [("over-base", "over the base"), ("over-control", "over a control"), ("other", "for reference")]
    parts, y = opening(canvas, f"Gain on languages never tuned on, {_scale(record)}", legend)
    if several:
        parts += [dot(400, y - 11, "world", 2.8), text(412, y - 6, "one world by itself", "dim")]
    top, body = y, []
    for title, same in groupby(rows, key=lambda row: row.title):
        group = list(same)
        word = at(overall(record), "verdicts", group[0].mode) if group[0].kind == "over-base" else None
        y += 34
        body += heading(canvas, y, f"{title}: {word}" if word else title)
        for row in group:
            y += _ROW if several else canvas.row
            body.append(_whisker(canvas, row, y, several))
        y += 8
    ticks = [low + n * step for n in range(round((high - low) / step) + 1)]
    left, right = canvas.x(-MARGIN), canvas.x(MARGIN)
    parts.append(f'<rect class="band" x="{left}" y="{top}" width="{right - left:.1f}" height="{y - top}"/>')
    parts += axis(canvas, top, y, ticks, lambda value: points(value).removesuffix(".0"))
    parts.append(stroke(canvas.x(0), top, canvas.x(0), y, "zero"))
    margin = f"shaded: within {100 * MARGIN:.0f} points of zero"
    unit = f"percentage points with 95% intervals; {margin}"
    parts.append(text((canvas.left + canvas.right) / 2, y + 38, unit, "small dim", "middle"))
    return _alone(canvas, y + 46, "Gains with 95% intervals, in percentage points", parts + body)


def law(record: Record) -> str | None:
    """Accuracy of restated answers after tuning against bilingual pretraining text, one dot per language.

    The share is on a square-root scale; languages without any stand in a band at the left. `None` where no
    language has both numbers.
    """
    rows = law_rows(record)
    if not rows:
        return None
    worlds = [str(world["world"]) for world in record["worlds"]]
    some = [row["bilingual_share"] for row in rows if row["bilingual_share"] > 0]
    without = len(rows) - len(some)
    ticks = _ticks(some)
    room = 56 + (_BAND + 28 if without else 0)
    canvas = Canvas(True, sqrt(ticks[0]), sqrt(ticks[-1]) or 1.0, inner=(room, 96))
    title = "Accuracy of restated answers after tuning, by bilingual text in pretraining"
    parts, y = opening(canvas, title, [])
    parts += _legend(y - 6)
    top, height = y + 30, 330
    bottom = top + height

    def up(value: float) -> float:
        return round(bottom - value * height, 1)

    if without:
        parts.append(
            f'<rect class="band" x="48" y="{top - 8}" width="{_BAND}" height="{height + 8}" rx="6"/>'
        )
        parts.append(text(48 + _BAND / 2, bottom + 18, "no bilingual text", "small dim", "middle"))
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        parts.append(stroke(48, up(tick), canvas.right + 10, up(tick), "grid"))
        parts.append(text(42, up(tick) + 4, f"{100 * tick:.0f}%", "small dim", "end"))
    if some:
        for tick in ticks:
            parts.append(stroke(canvas.x(sqrt(tick)), bottom, canvas.x(sqrt(tick)), bottom + 5, "rule"))
            parts.append(text(canvas.x(sqrt(tick)), bottom + 18, share(tick), "small dim", "middle"))
        middle = (canvas.left + canvas.right) / 2
        words = "share of pretraining text that was bilingual text of this language; square-root scale"
        parts.append(text(middle, bottom + 38, words, "small dim", "middle"))
    marks = {
        "mean-base": ("before", mean([row["base"] for row in rows])),
        "chance": ("chance", mean([number(world, "chance") for world in record["worlds"]])),
    }
    parts += _marks(canvas, marks, up)

    def across(row: Mapping[str, Any]) -> float:
        if row["bilingual_share"] > 0:
            return canvas.x(sqrt(row["bilingual_share"]))
        return 48 + _BAND * (0.3 if row["related"] else 0.7)

    dots = _apart([_Dot(r, worlds.index(r["world"]) + 1, across(r), up(r["tuned"])) for r in rows])
    parts += [_rise(each, up(each.row["base"])) for each in dots]
    parts += [_language(each) for each in dots]
    y = bottom + 62
    words = "Each mark is a language never tuned on; marks that would hide each other are moved sideways."
    parts.append(text(48, y, words, "small dim"))
    for number_of, world in enumerate(worlds, 1):
        own = [row for row in rows if row["world"] == world]
        none = sum(row["bilingual_share"] == 0 for row in own)
        words = f"{none} without bilingual text" if none else "all with bilingual text"
        words = f"{number_of} = {world}: {count(len(own), 'language')} never tuned on, {words}"
        y += 18
        parts.append(text(48, y, words, "small dim"))
    return _alone(canvas, y + 8, title, parts)


def _whisker(canvas: Canvas, row: Compared, y: float, several: bool) -> str:
    centre, found, kind = y - (15 if several else 10), row.gain, row.kind
    base = centre + 5
    parts = [
        tip(f"{row.title}, {row.words}: {gain_words(found)}"),
        row_label(canvas, base + 5, row.words, strong=kind == "over-base"),
        text(canvas.width - 112, base, points(found.mean), "strong", "end"),
        text(canvas.width - 2, base, interval(found), "dim small", "end"),
    ]
    if found.low is not None and found.high is not None:
        low, high = canvas.x(found.low), canvas.x(found.high)
        parts.append(stroke(low, centre, high, centre, kind))
        parts += [stroke(end, centre - 4, end, centre + 4, kind) for end in (low, high)]
    parts.append(symbol(kind, canvas.x(found.mean), centre))
    if several:
        parts += [
            dot(canvas.x(value), centre + 11, "world", 2.8) for value in row.worlds if value is not None
        ]
    return f"<g>{''.join(parts)}</g>"


def _language(each: _Dot) -> str:
    row = each.row
    kin = "related" if row["related"] else "unrelated"
    words = (
        f"{row['world']}, {row['lang']} ({kin} to a tuned language): {percent(row['base'])} to "
        f"{percent(row['tuned'])}; bilingual text {share(row['bilingual_share'])}"
    )
    number_of = text(each.x, each.y + 3.4, str(each.world), "inside", "middle")
    return f"<g>{tip(words)}{_mark(kin, each.x, each.y)}{number_of}</g>"


def _mark(kind: str, x: float, y: float) -> str:
    if kind == "related":
        return dot(x, y, kind, _RADIUS)
    reach = _RADIUS + 2.2
    return (
        f'<path class="{kind}" d="M{x} {y - reach:.1f}l{reach} {reach}l-{reach} {reach}l-{reach}-{reach}z"/>'
    )


def _rise(each: _Dot, old: float) -> str:
    return stroke(each.x, old, each.x, each.y, "rise") + dot(each.x, old, "was", 2.6)


def _legend(y: float) -> list[str]:
    return [
        _mark("related", 56, y - 4.5), text(70, y, "related to a tuned language", "dim"),
        _mark("unrelated", 260, y - 4.5), text(275, y, "not related", "dim"),
        dot(372, y - 4.5, "was", 3), text(382, y, "the same language before tuning", "dim"),
        text(610, y, "number: world, listed below", "dim"),
    ]  # fmt: skip


def _marks(
    canvas: Canvas, marks: Mapping[str, tuple[str, float | None]], up: Callable[[float], float]
) -> list[str]:
    """Level lines with their words at the right, kept apart where the lines are close."""
    known = sorted((value, kind, words) for kind, (words, value) in marks.items() if value is not None)
    parts, above = [], float("inf")
    for value, kind, words in known:
        y = up(value)
        label = min(y + 4, above - 14)
        above = label
        parts.append(stroke(48, y, canvas.right + 10, y, kind))
        parts.append(text(canvas.right + 16, label, f"{words} {percent(value)}%", "small dim"))
    return parts


def _apart(dots: Sequence[_Dot]) -> list[_Dot]:
    """Dots moved sideways, as little as needed, so that none hides another."""
    placed: list[_Dot] = []
    for each in sorted(dots, key=lambda d: (d.x, d.y, d.world)):
        for step in range(60):
            x = round(each.x + (step + 1) // 2 * (1 if step % 2 else -1) * 4, 1)
            if all((x - p.x) ** 2 + (each.y - p.y) ** 2 >= (2 * _RADIUS) ** 2 for p in placed):
                break
        placed.append(_Dot(each.row, each.world, x, each.y))
    return placed


def _ticks(shares: Sequence[float]) -> list[float]:
    """Round shares that enclose all given ones, at most about eight."""
    if not shares:
        return [0.0]
    span = max(shares) - min(shares) or max(shares)
    step = 10.0 ** floor(log10(span))
    step = next(step * part for part in (0.1, 0.2, 0.5, 1.0, 2.0) if span / (step * part) <= 7)
    first, last = floor(min(shares) / step), ceil(max(shares) / step)
    return [n * step for n in range(first, max(last, first + 1) + 1)]


def _scale(record: Record) -> str:
    """What the intervals are over."""
    worlds = len(record["worlds"])
    return f"mean over {worlds} worlds" if worlds > 1 else f"{record['worlds'][0]['world']} alone"


def _alone(canvas: Canvas, height: float, label: str, parts: Sequence[str]) -> str:
    """The `<svg>` with its own colours and paper."""
    return standalone(figure(canvas, height, label, parts), _STYLE)
