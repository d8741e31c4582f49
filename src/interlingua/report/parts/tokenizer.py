"""What a language costs in tokens: against the pivot for the same sentences, and by itself."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from interlingua.report.curves import ticks
from interlingua.report.parts import numbers
from interlingua.report.pieces import charted
from interlingua.report.plane import COLOURS, SHAPES
from interlingua.report.reading import Result, at, name_of, note_of, pivot_name, ratio, reading_order
from interlingua.report.svg import Canvas, axis, figure, heading, row_label, stroke, text, tip
from interlingua.report.tables import Cell, Column, Kind, Table

_MEASURES: tuple[tuple[str, str, Kind], ...] = (
    ("ratio", "tokens, pivot = 1", "ratio"), ("fertility", "tokens per word", "ratio"),
    ("per_character", "tokens per character", "ratio"), ("per_byte", "tokens per byte", "ratio"),
    ("bits_per_byte", "bits per byte", "ratio"), ("byte_fallback", "byte fallback", "share"),
    ("unknown", "unknown", "share"), ("split_graphemes", "split graphemes", "share"),
    ("context_sentences", "sentences in context", "count"),
)  # fmt: skip
_SHAPE = (0, 4, 2, 1, 6)


def section(result: Result) -> str:
    """The chart and the table side by side as HTML; empty where no tokenizer was measured."""
    if not _names(result):
        return ""
    about = (
        '<p class="about">Dearer text means less of it in the context, slower answers, and often worse ones. '
        "Tokens per word only where words are written apart; byte fallback, unknown and split graphemes are "
        "shares of tokens.</p>"
    )
    words = _lead(result)[1]
    caption = f"{words.capitalize()}, dearest first. The pivot is {pivot_name(result)}."
    return about + charted(partial(draw, result), caption, table(result), sortable=True)


def draw(result: Result, *, wide: bool = True, title: str = "") -> str:
    """Cost of every language, a mark per tokenizer, dearest first."""
    measure, words = _lead(result)
    every = _codes(result)
    names = [
        name
        for name in _names(result)
        if any(numbers.cost(result, name, code, measure) is not None for code in every)
    ]
    costs = {code: [numbers.cost(result, name, code, measure) for name in names] for code in every}
    known = {code: each for code, each in costs.items() if any(value is not None for value in each)}
    most = max((value for each in known.values() for value in each if value is not None), default=1.0)
    marks = ticks(0.0, most)
    canvas = Canvas(wide, marks[0], marks[-1])
    parts = [text(0, 20, title, "title")] if title else []
    x, y = 8.0 if wide else float(canvas.left), 50.0 if title else 18.0
    if len(names) > 1:
        for place, name in enumerate(names):
            if x + 26 + 6.7 * len(name) > canvas.width:
                x, y = float(canvas.left), y + 20
            parts += [_mark(place, x + 4, y - 5), text(x + 16, y, name, "dim")]
            x += 44 + 6.7 * len(name)
    y += 6
    top, body = y, []
    y += 24
    body += heading(canvas, y, words)
    for code in sorted(known, key=lambda code: -max(value for value in known[code] if value is not None)):
        y += canvas.row
        body.append(_row(result, canvas, code, y, names, known[code]))
    parts += axis(canvas, top + 24, y + 6, marks, lambda value: f"{value:g}")
    if measure == "ratio":
        parts.append(stroke(canvas.x(1.0), top + 24, canvas.x(1.0), y + 6, "pivot"))
    return figure(canvas, y + 32, f"Tokenizer: {words} per language", parts + body)


def table(result: Result) -> Table:
    """Every measure of every tokenizer; measures that nothing has are left out."""
    names, codes = _names(result), _codes(result)
    plan = [
        (name, key, title, kind)
        for key, title, kind in _MEASURES for name in names
        if any(numbers.cost(result, name, code, key) is not None for code in codes)
    ]  # fmt: skip
    single = len(names) == 1
    columns = [
        Column(title if single else name, kind, "" if single else title) for name, _, title, kind in plan
    ]
    rows: list[tuple[Cell, ...]] = [
        (name_of(result, code), code, *(numbers.cost(result, name, code, key) for name, key, _, _ in plan))
        for code in codes
    ]
    return Table("Cost in tokens", (Column("Language"), Column("Code", "code"), *columns), tuple(rows))


def tables(result: Result) -> dict[str, Table]:
    """The numbers of the figure."""
    return {"tokenizer": table(result)} if _names(result) else {}


def absent(result: Result) -> list[str]:
    """What is missing."""
    return [] if _names(result) else ["Tokenizer: not run."]


def _row(
    result: Result, canvas: Canvas, code: str, y: float, names: list[str], costs: list[float | None]
) -> str:
    told = ", ".join(f"{name} {ratio(value)}" for name, value in zip(names, costs, strict=True))
    label = row_label(canvas, y, name_of(result, code), note_of(result, code))
    parts = [tip(f"{name_of(result, code)}: {told}"), label]
    parts.append(text(canvas.width - 2, canvas.words(y), " · ".join(map(ratio, costs)), "dim", "end"))
    ends = [canvas.x(value) for value in costs if value is not None]
    parts.append(stroke(canvas.x(canvas.low), y - 10, max(ends), y - 10, "stem"))
    parts += [_mark(n, canvas.x(value), y - 10) for n, value in enumerate(costs) if value is not None]
    return f"<g>{''.join(parts)}</g>"


def _mark(place: int, x: float, y: float) -> str:
    return (
        f'<g class="lang solid c{(place + 1) % COLOURS}" transform="translate({x} {y}) scale(1.5)">'
        f'<path class="marks" d="M0 0{SHAPES[_SHAPE[place % len(_SHAPE)]]}"/></g>'
    )


def _lead(result: Result) -> tuple[str, str]:
    """What the chart shows: tokens against the pivot, or else the first measure that there is."""
    each = [(name, code) for name in _names(result) for code in _codes(result)]
    for key, title, _ in _MEASURES:
        if any(numbers.cost(result, name, code, key) is not None for name, code in each):
            return key, "tokens for the same sentences, pivot = 1" if key == "ratio" else title
    return _MEASURES[0][:2]


def _names(result: Result) -> list[str]:
    held: Mapping[str, Any] = at(result, "tokenizer") or {}
    return [name for name, told in held.items() if told]


def _codes(result: Result) -> list[str]:
    held = {code for name in _names(result) for code in at(result, "tokenizer", name) or {}}
    known = [code for code in reading_order(result) if code in held]
    return [*known, *sorted(held.difference(known))]
