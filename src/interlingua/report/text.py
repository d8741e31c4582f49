"""The result as plain lines for a terminal: verdict, languages, gains and controls, what is missing."""

import textwrap

from interlingua.report.reading import (
    Result,
    absent,
    codes,
    count,
    number,
    percent,
    pivot_accuracy,
    pivot_name,
    verdict,
)
from interlingua.report.tables import Column, Table, by_language, gains

_WIDTH = 100
_TERMINAL = ("Language", "Code", "Tuned on", "bilingual")


def summary(result: Result) -> str:
    """The verdict, a table per language, every gain with its interval, and what was not run.

    Raises nothing for missing parts: they are named at the end.
    """
    parts = [_wrapped(verdict(result)), _scale(result)]
    if result.get("languages"):
        parts.append(_titled("Accuracy in percent", _short(by_language(result))))
    table = gains(result)
    if table.rows:
        unit = f" ({result['unit']})" if result.get("unit") else ""
        parts.append(_titled(f"Gains in percentage points{unit}", table))
    missing = absent(result)
    if missing:
        parts.append("\n".join(["Not in this result", *(_wrapped(f"- {line}") for line in missing)]))
    return "\n\n".join(parts) + "\n"


def _short(table: Table) -> Table:
    """The columns that fit a terminal, without those that no language fills."""
    keep = [
        place
        for place, column in enumerate(table.columns)
        if column.title in _TERMINAL
        or (column.kind == "percent" and any(row[place] is not None for row in table.rows))
    ]
    columns = [table.columns[place] for place in keep]
    renamed = tuple(
        Column("own", c.kind, c.group) if c.title == "own answers"
        else Column("bilingual text", c.kind) if c.title == "bilingual" else c
        for c in columns
    )  # fmt: skip
    return Table(table.caption, renamed, tuple(tuple(row[place] for place in keep) for row in table.rows))


def _scale(result: Result) -> str:
    chance, ceiling = percent(number(result, "chance")), percent(pivot_accuracy(result))
    unseen = count(len(codes(result, seen=False)), "language")
    seen = len(codes(result, seen=True))
    return f"{unseen} never tuned on, {seen} tuned on. Chance {chance}%, {pivot_name(result)} {ceiling}%."


def _titled(title: str, table: Table) -> str:
    return f"{title}\n{table.text()}"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, subsequent_indent="  " if text.startswith("- ") else "")
