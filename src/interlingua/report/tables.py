"""Tables of a result, each once as data and then as HTML for the page or aligned text for the terminal."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any, Literal

from interlingua.report.charts import Comparison
from interlingua.report.reading import (
    MODES,
    Gain,
    Mode,
    Result,
    after,
    arm_title,
    at,
    before,
    chance_of,
    codes,
    control_title,
    controls,
    gain,
    mean,
    modes,
    name_of,
    number,
    oracles,
    percent,
    points,
    ratio,
    reading_order,
    role,
    share,
    tenth,
    whole,
)

Cell = str | float | None
Kind = Literal["text", "code", "percent", "points", "share", "count", "ratio", "tenth", "p"]
_COSTS = {
    "steps": "steps", "labelled tokens": "label_tokens", "tokens read": "tokens",
    "tokens written": "generated_tokens", "seconds": "seconds",
}  # fmt: skip
_SHOW = {
    "percent": percent,
    "points": points,
    "share": share,
    "count": whole,
    "ratio": ratio,
    "tenth": tenth,
    "p": chance_of,
}


@dataclass(frozen=True)
class Column:
    """A heading, how its cells are written, and the heading it shares with its neighbours."""

    title: str
    kind: Kind = "text"
    group: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under columns; fractions stay fractions until they are shown. The first cell names the row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    strong: frozenset[int] = frozenset()  # rows that sum up others: bold, and never sorted away

    def text(self) -> str:
        """Aligned lines for a terminal; words to the left, numbers to the right."""
        body = [
            [shown(cell, column) for cell, column in zip(row, self.columns, strict=True)] for row in self.rows
        ]
        heads = [[column.title for column in self.columns]]
        widths = [max(map(_width, cells)) for cells in zip(*heads, *body, strict=True)]
        _make_room(widths, self.columns)
        top = _group_line(self.columns, widths)
        lines = ["  ".join(map(_padded, row, widths, self.columns)).rstrip() for row in [*heads, *body]]
        lines.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join(([top] if top else []) + lines)

    def html(self, *, sortable: bool = False) -> str:
        """A `<table>`, every cell escaped; `sortable` adds a button per column for the page's script."""
        heads = "".join(_head(column, sortable) for column in self.columns)
        body = "".join(self._row(index, row) for index, row in enumerate(self.rows))
        kind = ' class="sortable"' if sortable else ""
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(self.caption)}">'
            f"<table{kind}><caption>{escape(self.caption)}</caption><thead>{group_row(self.columns)}<tr>{heads}</tr></thead>"
            f"<tbody>{body}</tbody></table></div>"
        )

    def _row(self, index: int, row: tuple[Cell, ...]) -> str:
        cells = []
        for place, (cell, column) in enumerate(zip(row, self.columns, strict=True)):
            tag = 'th scope="row"' if place == 0 else "td"
            value = f' data-value="{cell!r}"' if isinstance(cell, float) else ""
            words = escape(shown(cell, column))
            words = f"<code>{words}</code>" if column.kind == "code" else words
            cells.append(f'<{tag} class="{column.kind}"{value}>{words}</{tag.split()[0]}>')
        return f"<tr{' class=strong' if index in self.strong else ''}>{''.join(cells)}</tr>"


def by_language(result: Result) -> Table:
    """A row per language: what the base had read of it, and every score before and after."""
    columns = [
        Column("Language"), Column("Code", "code"), Column("Family"), Column("Order"), Column("Tuned on"),
        Column("text", "share", "Share of pretraining"), Column("bilingual", "share", "Share of pretraining"),
    ]  # fmt: skip
    present = {mode.name for mode in modes(result)}
    scores = [("Direct", "base", "base", "direct"), ("Direct", "tuned", "tuned", "direct")]
    if "own_answers" in present:
        scores.append(("Direct", "own", "tuned", "own_answers"))
    scores += [("Restate", "base", "base", "restate"), ("Restate", "tuned", "tuned", "restate")]
    scores += [
        ("Words right", "base", "base", "word_accuracy"),
        ("Words right", "tuned", "tuned", "word_accuracy"),
    ]
    columns += [Column(title, "percent", group) for group, title, _, _ in scores]
    rows: list[tuple[Cell, ...]] = []
    for code in reading_order(result):
        entry = result["languages"][code]
        rows.append((
            name_of(result, code), code, _word(entry.get("family")), _word(entry.get("order")),
            role(result, code), number(entry, "share"), number(entry, "bilingual_share"),
            *(number(entry, arm, key) for _, _, arm, key in scores),
        ))  # fmt: skip
    return Table("Every language", tuple(columns), tuple(rows))


def controls_by_language(result: Result) -> Table | None:
    """Scores of tuned model, controls and oracles per way of answering; `None` where no such was scored."""
    arms = [
        (mode, arm)
        for mode in modes(result)
        for arm in [*controls(result, mode), *oracles(result, mode)]
        if _scored(result, mode, arm)
    ]
    if not arms:
        return None
    columns, plan = [Column("Language"), Column("Code", "code"), Column("Tuned on")], []
    for mode, same in groupby(arms, key=lambda pair: pair[0]):
        keys = [mode.after, *(("controls", arm, mode.name) for _, arm in same)]
        plan += keys
        columns += [Column(_arm_title(key), "percent", mode.title) for key in keys]
    rows = [
        (
            name_of(result, code),
            code,
            role(result, code),
            *(number(result, "languages", code, *key) for key in plan),
        )
        for code in reading_order(result)
    ]
    return Table("Every control, per language", tuple(columns), tuple(rows))


def before_after(result: Result, mode: Mode) -> Table:
    """The numbers behind the before/after chart of one way of answering, with the mean of each group."""
    groups = {"Controls": controls(result, mode), "": oracles(result, mode)}
    arms = [arm for group in groups.values() for arm in group]
    columns = (
        Column("Language"), Column("Code", "code"), Column("base", "percent"), Column("tuned", "percent"),
        Column("gain", "points"),
        *(Column(arm_title(arm), "percent", title) for title, group in groups.items() for arm in group),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    strong = set()
    for seen in (False, True):
        group = sort_by_after(result, codes(result, seen), mode)
        lines: list[list[float | None]] = []
        for code in group:
            old, new = before(result, code, mode), after(result, code, mode)
            change = None if old is None or new is None else new - old
            lines.append([old, new, change, *(control_score(result, code, arm, mode) for arm in arms)])
            rows.append((name_of(result, code), code, *lines[-1]))
        if group:
            strong.add(len(rows))
            title = f"Mean, {'tuned on' if seen else 'never tuned on'}"
            rows.append((title, "", *(mean(column) for column in zip(*lines, strict=True))))
    return Table(f"{mode.title}, before and after", columns, tuple(rows), frozenset(strong))


def gains(result: Result) -> Table:
    """Every gain with its interval: over the base and each control, per way of answering, and the pivot's."""
    rows: list[tuple[Cell, ...]] = [
        (each.title, each.words, each.gain.mean, each.gain.low, each.gain.high)
        for each in comparisons(result)
    ]
    columns = (
        Column("Answers"), Column("Gain"), Column("points", "points"),
        Column("from", "points", "95% interval"), Column("to", "points", "95% interval"),
    )  # fmt: skip
    return Table("Gains in percentage points", columns, tuple(rows))


def comparisons(result: Result) -> list[Comparison]:
    """Every gain in reading order; what was not measured is not listed."""
    found: list[tuple[str, str, str, Gain | None, str]] = []
    for mode in modes(result):
        word = str(at(result, "verdicts", mode.name) or "")
        base, seen = (gain(result, key, mode.name) for key in ("gain_unseen", "gain_seen"))
        found.append((mode.title, "over base, never tuned on", "over-base", base, word))
        for arm in controls(result, mode):
            over = gain(result, "over_controls", mode.name, arm)
            found.append((mode.title, f"over {control_title(arm)}", "over-control", over, word))
        found.append((mode.title, "over base, tuned on", "other", seen, word))
    for key in at(result, "pivot_change") or {}:
        words = f"change of {MODES[key].title.lower() if key in MODES else key}"
        found.append(("Pivot", words, "other", gain(result, "pivot_change", key), ""))
    return [
        Comparison(title, words, kind, size, word, strong=kind == "over-base")
        for title, words, kind, size, word in found
        if size is not None
    ]


def tasks(result: Result) -> Table:
    """The tasks, whether each was kept, and why."""
    rows = [
        (_word(t.get("name")), number(t, "chance"), number(t, "pivot_accuracy"),
         "kept" if t.get("kept", True) else "left out", _word(t.get("reason")))
        for t in result.get("tasks") or ()
    ]  # fmt: skip
    columns = (
        Column("Task"), Column("chance", "percent"), Column("pivot accuracy", "percent"),
        Column("Used"), Column("Reason"),
    )  # fmt: skip
    return Table("Tasks", columns, tuple(rows))


def knobs(result: Result) -> Table:
    """Every setting, the paper's value beside it, and the reason where they differ."""
    rows = [
        tuple(_word(knob.get(key)) for key in ("name", "value", "paper", "reason"))
        for knob in result.get("knobs") or ()
    ]
    return Table(
        "Settings", (Column("Setting"), Column("Here"), Column("Paper"), Column("Reason")), tuple(rows)
    )


def compute(result: Result) -> Table:
    """What every arm cost: optimiser steps, tokens with a loss, tokens read and written, seconds."""
    kept = [
        (title, key)
        for title, key in _COSTS.items()
        if any(number(cost, key) is not None for cost in (at(result, "cost") or {}).values())
    ]
    rows: list[tuple[Cell, ...]] = [
        (arm_title(arm), *(number(cost, key) for _, key in kept))
        for arm, cost in (at(result, "cost") or {}).items()
    ]
    columns = (Column("Arm"), *(Column(title, "count") for title, _ in kept))
    return Table("Compute of each arm", columns, tuple(rows))


def alignment(result: Result) -> Table:
    """MEXA per language, before and after."""
    rows: list[tuple[Cell, ...]] = []
    for code in reading_order(result):
        old, new = number(result, "alignment", "before", code), number(result, "alignment", "after", code)
        change = None if old is None or new is None else new - old
        if old is not None or new is not None:
            rows.append((name_of(result, code), code, role(result, code), old, new, change))
    columns = (Column("Language"), Column("Code", "code"), Column("Tuned on"), Column("before", "percent"),
               Column("after", "percent"), Column("change", "points"))  # fmt: skip
    return Table("Alignment with the pivot (MEXA)", columns, tuple(rows))


def layers(result: Result) -> Table:
    """MEXA per layer, before and after; layer 0 is the embedding."""
    old, new = (_numbers(at(result, "alignment", "per_layer", when)) for when in ("before", "after"))
    rows = [
        (str(layer), old[layer] if layer < len(old) else None, new[layer] if layer < len(new) else None)
        for layer in range(max(len(old), len(new)))
    ]
    columns = (Column("Layer"), Column("before", "percent"), Column("after", "percent"))
    return Table("Alignment per layer (MEXA)", columns, tuple(rows))


def sort_by_after(result: Result, group: Sequence[str], mode: Mode) -> list[str]:
    """Languages by their score after tuning, best first; those without one come last."""
    return sorted(group, key=lambda code: -(after(result, code, mode) or 0.0))


def control_score(result: Result, code: str, arm: str, mode: Mode) -> float | None:
    """A control's accuracy in one language."""
    return number(result, "languages", code, "controls", arm, mode.name)


def _scored(result: Result, mode: Mode, arm: str) -> bool:
    return any(control_score(result, code, arm, mode) is not None for code in result["languages"])


def _arm_title(key: tuple[str, ...]) -> str:
    return arm_title(key[1]) if key[0] == "controls" else "tuned"


def shown(cell: Cell, column: Column) -> str:
    """A cell as its column writes it."""
    if column.kind in _SHOW and not isinstance(cell, str):
        return _SHOW[column.kind](cell)
    return "–" if cell is None or (cell == "" and column.kind != "code") else str(cell)


def group_row(columns: Sequence[Column]) -> str:
    """The row of headings that columns share, as HTML; empty where there are none."""
    groups = [(name, end - start) for name, start, end in _spans(columns)]
    if not any(name for name, _ in groups):
        return ""
    cells = (
        f'<th colspan="{span}" scope="colgroup">{escape(name)}</th>'
        if name
        else f'<td colspan="{span}"></td>'
        for name, span in groups
    )
    return f'<tr class="groups">{"".join(cells)}</tr>'


def _numbers(values: Any) -> list[float | None]:
    return [number({"value": value}, "value") for value in values or ()]


def _word(value: object) -> str:
    return "" if value is None else str(value)


def _head(column: Column, sortable: bool) -> str:
    title = escape(column.title)
    inner = f'<button type="button">{title}</button>' if sortable else title
    return f'<th scope="col" class="{column.kind}">{inner}</th>'


def _width(text: str) -> int:
    """Columns a terminal needs for a text: marks none, wide characters two."""
    return sum(
        0 if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me", "Cf")
        else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )  # fmt: skip


def _padded(text: str, width: int, column: Column) -> str:
    space = " " * (width - _width(text))
    return space + text if column.kind in _SHOW else text + space


def _make_room(widths: list[int], columns: Sequence[Column]) -> None:
    """Widen the first column of every group that is narrower than its heading."""
    for name, start, end in _spans(columns):
        widths[start] += max(0, _width(name) - sum(widths[start:end]) - 2 * (end - start - 1))


def _group_line(columns: Sequence[Column], widths: Sequence[int]) -> str:
    rooms = [(name, sum(widths[start:end]) + 2 * (end - start - 1)) for name, start, end in _spans(columns)]
    return "  ".join(name.rjust(room) for name, room in rooms).rstrip()


def _spans(columns: Sequence[Column]) -> list[tuple[str, int, int]]:
    """(heading, first column, column after the last) of neighbours that share a heading."""
    spans, start = [], 0
    for name, same in groupby(column.group for column in columns):
        end = start + len(list(same))
        spans.append((name, start, end))
        start = end
    return spans
