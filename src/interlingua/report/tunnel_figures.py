"""Figures of a tunnel: the leaderboard as intervals, gain against cost, and each arm's own level."""

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from typing import Any

from interlingua.report.charts import Comparison, whiskers
from interlingua.report.curves import ticks
from interlingua.report.labels import beside
from interlingua.report.reading import Gain, Result, arm_title, at, gain, number, points
from interlingua.report.svg import (
    Canvas,
    axis,
    dot,
    figure,
    heading,
    keys,
    opening,
    row_label,
    stroke,
    symbol,
    text,
    tip,
)
from interlingua.report.tunnel_reading import Entry, beaten, claimed, judged_unseen
from interlingua.report.tunnel_words import GROUPS, size, words
from interlingua.report.tunnel_words import figure as number_words

_PARTS = (
    ("Never tuned on", "unseen"),
    ("Tuned on", "seen"),
    ("The pivot, on tasks that the base knew", "pivot"),
)
_SECONDS = (1, 3, 10, 30, 100, 300, 1000, 3000, 10000)


def ranking(record: Result, kind: str, *, wide: bool = True) -> str:
    """Gains over the base with intervals: languages never tuned on, tuned on, and the pivot."""
    entries = claimed(record, kind)
    rows = []
    for title, part in _PARTS:
        told: set[str] = set()
        for entry in entries:
            note = "" if part == "pivot" else entry.answers
            found: Gain | None = getattr(entry, part)
            if found is not None and f"{entry.title} {note}" not in told:
                told.add(f"{entry.title} {note}")
                own = entry.judged_on == part
                mark = "over-base" if own else "other"
                rows.append(Comparison(title, entry.title, mark, found, note=note, strong=own))
    legend = [("over-base", "gain over the base, judged"), ("other", "the same, where nothing is judged")]
    return whiskers(rows, legend, label="Gains of every recipe over the base", wide=wide)


def against(told: Mapping[str, Any], *, wide: bool = True) -> str:
    """One recipe's gains in accuracy against the base and each of its other arms."""
    rows = []
    for claim in told["judged"]:
        quantity, group = claim["quantity"], claim["on"]
        if quantity not in told["accuracies"]:
            continue
        title = f"{'Restated' if quantity == 'restate' else 'Direct'}, {GROUPS[group]}"
        for arm, role, found in beaten(told, quantity, group):
            mark = {"base": "over-base", "oracle": "other"}.get(role, "over-control")
            named = "the base" if arm == "base" else arm_title(arm)
            note = "" if role in ("base", "control") else role
            verdict = str(told["verdicts"].get(quantity, ""))
            rows.append(Comparison(title, named, mark, found, verdict, note, strong=role == "base"))
    legend = [
        ("over-base", "against the base"), ("over-control", "against a control or baseline"),
        ("other", "against an oracle"),
    ]  # fmt: skip
    label = f"Gains of {words(told['name'])} against its other arms"
    return whiskers(rows, legend, label=label, wide=wide) if rows else ""


def levels(told: Mapping[str, Any], quantity: str, group: str, *, wide: bool = True) -> str:
    """Every arm's own value of a quantity that is no accuracy, with its interval over worlds."""
    found = {
        arm: size
        for arm in at(told, "levels", quantity, group) or {}
        if (size := gain(told, "levels", quantity, group, arm)) is not None
    }
    ends = [end for each in found.values() for end in (each.mean, each.low, each.high) if end is not None]
    room = 0.05 * (max(ends) - min(ends)) or 0.1 * abs(ends[0]) or 0.1
    scale = ticks(min(ends) - room, max(ends) + room)
    canvas = Canvas(wide, scale[0], scale[-1])
    legend = [
        ("tuned", "the method"),
        ("base", "base"),
        ("over-control", "control or baseline"),
        ("other", "oracle"),
    ]
    marks = {arm: _mark(told, arm) for arm in found}
    parts, y = opening(canvas, "", [entry for entry in legend if entry[0] in marks.values()])
    top, y = y, y + 32
    body = heading(canvas, y, f"{words(quantity)}, {GROUPS[group]}")
    for arm, each in found.items():
        y += canvas.row
        body.append(
            _level(canvas, words(told["name"]) if arm == "method" else arm_title(arm), marks[arm], each, y)
        )
    parts += axis(canvas, top, y + 6, scale, number_words)
    return figure(canvas, y + 32, f"{words(quantity)} of every arm", parts + body)


def gain_and_cost(record: Result, kind: str, *, wide: bool = True) -> str:
    """Gain on languages never tuned on, where it is judged, against the seconds that the recipe took."""
    entries = judged_unseen(record, kind)
    if not entries:
        return ""
    gains = [
        end
        for e in entries
        if e.unseen
        for end in (e.unseen.mean, e.unseen.low, e.unseen.high)
        if end is not None
    ]
    up = ticks(min(0.0, *gains), max(0.05, *gains))
    logs = [log10(e.seconds or 1) for e in entries]
    low, high = floor(2 * min(logs)) / 2, ceil(2 * max(logs) + 0.2) / 2
    canvas = Canvas(wide, low, max(high, low + 0.5), inner=(52, 120) if wide else (44, 16))
    parts, y = keys([("tuned", "works"), ("base", "any other verdict")], 4, 4, canvas.width, 18)
    top, height = y + 34, 320 if wide else 280
    bottom = top + height

    def across(seconds: float | None) -> float:
        return canvas.x(log10(seconds or 1))

    def at_height(value: float) -> float:
        return round(bottom - (value - up[0]) / (up[-1] - up[0]) * height, 1)

    parts.append(text(0, top - 14, "gain on languages never tuned on, in points", "small dim"))
    for tick in up:
        parts.append(
            stroke(
                canvas.left, at_height(tick), canvas.right, at_height(tick), "zero" if tick == 0 else "grid"
            )
        )
        parts.append(
            text(canvas.left - 8, at_height(tick) + 4, points(tick).removesuffix(".0"), "small dim", "end")
        )
    for seconds in _SECONDS:
        if canvas.low <= log10(seconds) <= canvas.high:
            parts.append(stroke(across(seconds), top, across(seconds), bottom, "grid"))
            parts.append(text(across(seconds), bottom + 18, f"{seconds:,} s", "small dim", "middle"))
    middle = (canvas.left + canvas.right) / 2
    parts.append(
        text(middle, bottom + 38, "seconds to run the recipe once, on one process", "small dim", "middle")
    )
    spots = [(across(e.seconds), at_height(e.unseen.mean if e.unseen else 0.0), e) for e in entries]
    parts += [_spot(x, y, e, at_height) for x, y, e in spots]
    named = [(x, y, f"{e.title}, {e.answers}") for x, y, e in spots]
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y, _ in spots]
    for (_, _, label), place in zip(
        named, beside(named, taken, (canvas.left, top, canvas.width, bottom)), strict=True
    ):
        if place:
            parts.append(text(place.x, place.y, label, "small label", place.anchor))
    return figure(canvas, bottom + 46, "Gain against cost", parts)


def _spot(x: float, y: float, entry: Entry, height: Any) -> str:
    found = entry.unseen
    assert found is not None
    parts = [tip(f"{entry.title}, {entry.answers}: {size(found)}; {entry.seconds:.0f} s")]
    kind = "tuned" if entry.verdict == "works" else "base"
    if found.low is not None and found.high is not None:
        parts.append(stroke(x, height(found.low), x, height(found.high), f"range {kind}-range"))
    return f"<g>{''.join(parts)}{dot(x, y, kind, 5.5)}</g>"


def _level(canvas: Canvas, label: str, mark: str, found: Gain, y: float) -> str:
    centre = y - 10
    around = ""
    parts = [row_label(canvas, y, label, strong=mark == "tuned")]
    if found.low is not None and found.high is not None:
        around = f"{number_words(found.low)} to {number_words(found.high)}"
        kind = mark if mark in ("over-control", "other") else f"range {mark}-range"
        parts.append(stroke(canvas.x(found.low), centre, canvas.x(found.high), centre, kind))
    parts += [
        tip(f"{label}: {number_words(found.mean)} {around}"),
        text(canvas.width - 112, canvas.words(y), number_words(found.mean), "strong", "end"),
        text(canvas.width - 2, canvas.words(y), around, "dim small", "end"),
        symbol(mark, canvas.x(found.mean), centre),
    ]
    return f"<g>{''.join(parts)}</g>"


def _mark(told: Mapping[str, Any], arm: str) -> str:
    """How an arm is drawn."""
    if arm in ("method", "base"):
        return "tuned" if arm == "method" else "base"
    return "other" if at(told, "arms", arm, "role") == "oracle" else "over-control"


def has_levels(told: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """(quantity, group) of every judged number of the recipe's own."""
    return [
        (claim["quantity"], claim["on"])
        for claim in told["judged"]
        if claim["quantity"] not in told["accuracies"]
        and number(told, "levels", claim["quantity"], claim["on"], "method", "mean") is not None
    ]
