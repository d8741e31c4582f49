"""A tunnel's record as lines for a terminal, a hundred characters wide."""

import textwrap
from itertools import groupby

from interlingua.report.reading import Result, arm_title, points
from interlingua.report.tables import Column, Table
from interlingua.report.tunnel_reading import Judged, absent, basis, correction, headline, judged, ranked
from interlingua.report.tunnel_tables import leaderboard
from interlingua.report.tunnel_words import quantity_words, shortfall, words

_WIDTH = 100
_LEGEND = (
    "A line per judged claim: ↑ should rise, ↓ should fall; unseen languages were never tuned on, seen ones "
    "were. The best rival is the control, or baseline that a claim names, which the method is least ahead of."
)


def text(record: Result) -> str:
    """The record as lines for a terminal: the finding, a table per kind of world, what is missing."""
    parts = [textwrap.fill(told, _WIDTH) for told in (headline(record), basis(record), _LEGEND)]
    for kind, told in (record.get("kinds") or {}).items():
        why = textwrap.fill(f"{told['title']}. {told['why']}", _WIDTH)
        accuracies = _narrow(leaderboard(record, kind))
        asks = textwrap.fill(correction(record, kind), _WIDTH)
        parts += [why, _claim_lines(record, kind), asks, accuracies.text() if accuracies.rows else ""]
    missing = absent(record)
    if missing:
        lines = [textwrap.fill(f"- {line}", _WIDTH, subsequent_indent="  ") for line in missing]
        parts.append("\n".join(["Not in this result", *lines]))
    return "\n\n".join(part for part in parts if part) + "\n"


def _claim_lines(record: Result, kind: str) -> str:
    """A line per judged claim under the name of its recipe, the clearest result first."""
    found = [(told, each) for told in ranked(record, kind) for each in judged(told)]
    columns = (
        Column(" Judged claim"), Column("against base or bound (95%)", "ratio"),
        Column("against its best rival"), Column("Verdict"),
    )  # fmt: skip
    rows = [(f" {_claim(each)}", _brief(each), _rival(each), each.verdict or "none") for _, each in found]
    heads, *lines = Table("", columns, tuple(rows)).text().split("\n")
    told_lines = [heads, lines.pop(0)]
    for _, same in groupby(zip(found, lines, strict=True), key=lambda pair: pair[0][0]["name"]):
        group = list(same)
        told = group[0][0][0]
        short = f" ({title})" if (title := shortfall(told)[0]) else ""
        told_lines += [f"{words(told['name'])}{short}", *(line for _, line in group)]
    return "\n".join(told_lines) if rows else ""


def _claim(each: Judged) -> str:
    """`bits per byte ↓, seen`, `precision at 1 > 0.9, seen`: as short as a terminal wants it."""
    sign = {"rises": "↑", "falls": "↓"} if each.bound is None else {"rises": ">", "falls": "<"}
    bound = "" if each.bound is None else f" {each.bound:g}"
    return f"{quantity_words(each.quantity)} {sign[each.direction]}{bound}, {each.group}"


def _brief(each: Judged) -> str:
    """The difference from base or bound, decimals alike and three at most."""
    found = each.gain
    if found is None or found.low is None or found.high is None:
        return "–" if found is None else _digits(each, found.mean, found.mean)
    low, high = (_digits(each, end, found.mean) for end in (found.low, found.high))
    return f"{_digits(each, found.mean, found.mean)} ({low} to {high})"


def _rival(each: Judged) -> str:
    """The difference from the arm that comes closest: `+42.4, reverse direction`."""
    if each.ahead is None:
        return "–"
    return f"{_digits(each, each.ahead.mean, each.ahead.mean)}, {arm_title(each.rival)}"


def _digits(each: Judged, value: float, like: float) -> str:
    if each.accuracy:
        return points(value)
    decimals = 3 if abs(like) < 1 else 2
    shown = f"{round(value, decimals) + 0:+.{decimals}f}"
    return (shown[1:] if not float(shown) else shown).replace("-", "\N{MINUS SIGN}")


def _narrow(table: Table) -> Table:
    """Accuracies alone: the verdicts stand beside the claims, and a terminal has no room for the rest."""
    drop = {
        place for place, column in enumerate(table.columns)
        if column.title in ("Verdict", "tokens", "Needs")
        or (column.title == "95% interval" and column.group != "Never tuned on")
    }  # fmt: skip
    columns = tuple(column for place, column in enumerate(table.columns) if place not in drop)
    rows = tuple(tuple(cell for place, cell in enumerate(row) if place not in drop) for row in table.rows)
    return Table(table.caption, columns, rows)
