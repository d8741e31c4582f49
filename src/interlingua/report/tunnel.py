"""The tunnel's page: leaderboards by kind of world, a card per recipe, claims against papers, provenance."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput
from interlingua.core.files import write_atomic
from interlingua.measures.verdict import MARGIN
from interlingua.report import tunnel_figures as figures
from interlingua.report import tunnel_tables as tables
from interlingua.report.page import framed
from interlingua.report.pieces import around, charted, duration, facts, folded, tabs, tile, tiles
from interlingua.report.reading import Result, count, listing, number, points
from interlingua.report.tables import Table
from interlingua.report.tunnel_reading import absent, basis, best, board, claimed, headline
from interlingua.report.tunnel_words import words

_TILES = 4
_MEANING = (
    "Works: above zero against the base, every control and every baseline that it claims to beat, by "
    "interval and by a p-value corrected (Holm) over all recipes of the table; hurts: the same below zero; "
    f"negligible: the interval against the base within {100 * MARGIN:.0f} points of zero; else undecided."
)


def write_tunnel_page(record: Result, path: Path) -> Path:
    """Write the page and return its path; raises `BadInput` where the record holds no recipe at all."""
    return write_atomic(path, tunnel_page(record))


def tunnel_page(record: Result) -> str:
    """The whole page as text."""
    if not record.get("recipes") and not record.get("failed"):
        raise BadInput("The tunnel's record holds no recipe. Give the record of a finished tunnel.")
    kinds = record.get("kinds") or {}
    return framed(
        what=f"wind tunnel · {count(len(record.get('recipes') or {}), 'recipe')}",
        verdict=headline(record),
        scale=basis(record),
        tiles=_tiles(record),
        missing=absent(record),
        sections=[
            *((str(told["title"]), f"kind-{kind}", _kind(record, kind)) for kind, told in kinds.items()),
            ("Recipe by recipe", "recipes", _cards(record)),
            ("What the papers claim", "claims", _claims(record)),
            ("How it was run", "run", _run(record)),
            ("Do it again", "again", f"<pre>{escape(str(record.get('command') or ''))}</pre>"),
        ],
    )


def _tiles(record: Result) -> str:
    """The best entries of the first leaderboard."""
    shown = []
    for entry in best(record)[:_TILES]:
        if entry.unseen is not None:
            lines = [escape(f"{entry.answers} answers")]
            lines += [around(entry.unseen)] if entry.unseen.low is not None else []
            title = entry.title[:1].upper() + entry.title[1:]
            shown.append(tile(title, points(entry.unseen.mean), "points", lines, entry.verdict))
    return tiles("Gain over the base on languages never tuned on: mean over worlds", shown)


def _kind(record: Result, kind: str) -> str:
    parts = [f'<p class="about">{escape(str(record["kinds"][kind]["why"]))}</p>']
    if board(record, kind):
        table, entries = tables.leaderboard(record, kind), claimed(record, kind)
        parts += [f'<p class="about">{escape(_MEANING)}</p>', table.html(sortable=True)]
        if any(entry.unseen or entry.seen for entry in entries):
            caption = "Gains over the base; inside the grey band of ±3 points they count as negligible."
            by_world = tables.by_world(record, kind) or table
            parts.append(charted(lambda wide: figures.ranking(record, kind, wide=wide), caption, by_world))
        if len([entry for entry in entries if entry.unseen and entry.seconds]) > 1:
            parts.append("<h3>Gain against cost</h3>")
            caption = "Each mark is a recipe in one way of answering; its line is the interval over worlds."
            parts.append(charted(lambda wide: figures.gain_and_cost(record, kind, wide=wide), caption, table))
    own = tables.own_numbers(record, kind)
    if own.rows:
        parts.append("<h3>Numbers that recipes measure themselves</h3>")
        parts.append(f'<div class="prose">{own.html()}</div>')
    return "".join(parts)


def _cards(record: Result) -> str:
    told = (record.get("recipes") or {}).values()
    return tabs("Recipe", [(f"recipe-{each['name']}", words(each["name"]), _card(each)) for each in told])


def _card(told: Mapping[str, Any]) -> str:
    about = facts(
        [
            ("What it does", told["blurb"]), ("Paper", told["paper"]), ("Standing", told["standing"]),
            ("Family", told["family"]), ("Needs", listing([words(need) for need in told["needs"]])),
            ("Worlds", ", ".join(told["worlds"])),
            *([("Not reproduced", told["shortfall"])] if told.get("shortfall") else []),
        ]
    )  # fmt: skip
    parts, over = [about], tables.over_arms(told)
    if any(claim["quantity"] in told["accuracies"] for claim in told["judged"]):
        caption = "What the method gains over the base, its controls and its baselines, at equal compute."
        parts.append(charted(lambda wide: figures.against(told, wide=wide), caption, over))
    elif over.rows:
        parts.append(over.html())
    for quantity, group in figures.has_levels(told):
        parts.append(_levels(told, quantity, group))
    parts.append(
        folded(
            "Every arm: accuracy in percent, change of the pivot in points, cost", tables.arms(told).html()
        )
    )
    return "".join(parts)


def _levels(told: Mapping[str, Any], quantity: str, group: str) -> str:
    caption = (
        f"{words(quantity)[:1].upper()}{words(quantity)[1:]} of every arm: mean and interval over worlds."
    )
    return charted(
        lambda wide: figures.levels(told, quantity, group, wide=wide), caption, tables.over_arms(told)
    )


def _claims(record: Result) -> str:
    table: Table = tables.claims(record)
    if not table.rows:
        return ""
    return (
        '<p class="about">Each claim as the recipe states it, with the paper\'s figure or words. Same: the '
        "whole interval lies on the paper's side (for what should stay: within three points, or three "
        "percent). Not settled: the interval includes zero. Misses stay in.</p>"
        f'<div class="prose">{table.html()}</div>'
    )


def _run(record: Result) -> str:
    items, seconds, every = (
        record.get("items_per_task"),
        number(record, "seconds"),
        number(record, "seconds_all"),
    )
    told = [
        (
            "Items",
            f"{items} per task and language" if items else "300 per language over the tasks asked, at least",
        ),
        ("Seed", str(record.get("seed", ""))),
        ("Knobs changed", ", ".join(f"{k}={v}" for k, v in (record.get("changes") or {}).items())),
        ("Took", "" if seconds is None else f"{duration(seconds)} this time"),
        ("All its jobs", "" if every is None else f"{duration(every)} of one process"),
        ("Machine", str(record.get("machine") or "")),
        ("Commit", str(record.get("commit") or "")),
        ("Versions", ", ".join(f"{key} {value}" for key, value in (record.get("versions") or {}).items())),
    ]
    table = tables.worlds(record)
    return facts([(title, value) for title, value in told if value]) + "<h3>Worlds</h3>" + table.html()
