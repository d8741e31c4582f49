"""The tunnel's page: leaderboards by kind of world, a card per recipe, claims against papers, provenance."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput
from interlingua.core.files import write_atomic
from interlingua.measures.verdict import MARGIN
from interlingua.report import tunnel_figures as figures
from interlingua.report import tunnel_layers as layers
from interlingua.report import tunnel_tables as tables
from interlingua.report.page import framed
from interlingua.report.pieces import charted, duration, facts, folded, tabs, tile, tiles
from interlingua.report.reading import Result, count, listing, number
from interlingua.report.tunnel_reading import (
    Judged,
    absent,
    basis,
    best,
    board,
    claimed,
    correction,
    headline,
    in_order,
    judged_unseen,
)
from interlingua.report.tunnel_words import commit_words, figure, shortfall, words

_TILES = 4
_MEANING = (
    "Works: beyond zero, on the claimed side, against what the claim names (the base, an arm or a bound), "
    "every control that can change the number, and every arm that another claim on it names, by interval and "
    "by a p-value corrected (Holm) over all recipes of the table; hurts: the same on the other side; "
    f"negligible, of accuracies alone: the interval within {100 * MARGIN:.0f} points of zero; else "
    "undecided. The best rival is the control, or arm that a claim names, which the method is least ahead of."
)
_STYLE = (  # words in a figure stand clear of its lines; claims leave the room to the words
    "<style>.below { margin-top: 14px; }"
    ".figure text { paint-order: stroke; stroke: var(--paper); stroke-width: 5px; }"
    ".claims tbody th { white-space: normal; width: 34%; } .claims td:last-child { width: 1%; }"
    "@media (min-width: 641px) { .claims td:nth-last-child(-n+2) { white-space: nowrap; } }</style>"
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
        tiles=_STYLE + _tiles(record),
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
    """The clearest of the judged claims, one of a recipe."""
    shown = [_tile(each) for each in best(record)[:_TILES]]
    return tiles("Judged claims, the clearest result first: mean over worlds", shown)


def _tile(each: Judged) -> str:
    """The difference from the base or bound, else from the best rival, which otherwise stands below."""
    size, _, around_it = each.shown(each.gain or each.ahead).partition(" (")
    first = "the base" if each.bound is None else figure(each.bound)
    lines = [each.where, f"against {first if each.gain else each.rival_words}"]
    lines += [f"95% {around_it.removesuffix(')')}"] if around_it else []
    if each.gain and each.ahead:
        lines.append(f"against {each.rival_words}: {each.shown(each.ahead).partition(' (')[0]}")
    name = words(each.recipe)
    unit = "points" if each.accuracy else ""
    return tile(name[:1].upper() + name[1:], size, unit, list(map(escape, lines)), each.verdict)


def _kind(record: Result, kind: str) -> str:
    parts = [f'<p class="about">{escape(str(record["kinds"][kind]["why"]))}</p>']
    claims = tables.judged_claims(record, kind)
    if claims.rows:
        parts += [claims.html(), f'<p class="about below">{escape(correction(record, kind))}</p>']
        parts.append(folded("What the verdicts and the best rival mean", f"<p>{escape(_MEANING)}</p>"))
    if board(record, kind):
        table, entries = tables.leaderboard(record, kind), claimed(record, kind)
        shown = tables.without(table, "tokens", "Verdict")  # they stand in the cards and above
        parts += ["<h3>Accuracy, cost and needs</h3>", shown.html(sortable=True)]
        if any(entry.unseen or entry.seen for entry in entries):
            caption = "Gains over the base; inside the grey band of ±3 points they count as negligible."
            by_world = tables.by_world(record, kind) or table
            parts.append(charted(lambda wide: figures.ranking(record, kind, wide=wide), caption, by_world))
        if len(judged_unseen(record, kind)) > 1:
            parts.append("<h3>Gain against cost</h3>")
            caption = "Each mark is a recipe in one way of answering; its line is the interval over worlds."
            parts.append(charted(lambda wide: figures.gain_and_cost(record, kind, wide=wide), caption, table))
    own = tables.own_numbers(record, kind)
    if own.rows:
        parts.append(folded(own.caption, own.html()))
    return "".join(parts)


def _cards(record: Result) -> str:
    """A card per recipe, in the order of the tables."""
    named = [(f"recipe-{told['name']}", words(told["name"]), _card(told)) for told in in_order(record)]
    return tabs("Recipe", named)


def _card(told: Mapping[str, Any]) -> str:
    about = facts(
        [
            ("What it does", told["blurb"]), ("Paper", told["paper"]), ("Standing", told["standing"]),
            ("Family", told["family"]), ("Needs", listing([words(need) for need in told["needs"]])),
            ("Worlds", ", ".join(told["worlds"])),
        ]
    )  # fmt: skip
    parts, over = [_short(told), about], tables.over_arms(told)
    if any(claim["quantity"] in told["accuracies"] for claim in told["judged"]):
        caption = (
            "The method against the base and its other arms; controls take as many steps and labelled "
            "tokens, and what each arm cost stands below."
        )
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
    own = tables.arm_levels(told)
    parts += [folded("Every arm: its own numbers, means over worlds", own.html())] if own.rows else []
    if layers.lines(told):
        caption = "What it reports layer by layer, 0 being the embeddings: means over worlds."
        parts.append(charted(lambda wide: layers.heat_map(told, wide=wide), caption, layers.by_layer(told)))
    more = tables.reported(told)
    parts += [folded("Reported, without a claim", more.html())] if more.rows else []
    return "".join(parts)


def _short(told: Mapping[str, Any]) -> str:
    """What does not show at lab scale, and why, set off from the rest; empty where it is not said."""
    title, why = shortfall(told)
    return f'<div class="note"><p>{title.capitalize()}</p>{escape(why)}</div>' if why else ""


def _levels(told: Mapping[str, Any], quantity: str, group: str) -> str:
    caption = (
        f"{words(quantity)[:1].upper()}{words(quantity)[1:]} of every arm: mean and interval over worlds."
    )
    return charted(
        lambda wide: figures.levels(told, quantity, group, wide=wide), caption, tables.over_arms(told)
    )


def _claims(record: Result) -> str:
    """A recipe's claims under its name, folded; empty where none makes a claim."""
    shown = [
        folded(f"{words(told['name'])}: {tables.tally(told)}", f'<div class="claims">{table.html()}</div>')
        for told in in_order(record)
        if (table := tables.claims(told)).rows
    ]
    if not shown:
        return ""
    return (
        '<p class="about">Each claim as the recipe states it, with the paper\'s figure or words. Same: the '
        "whole interval lies on the paper's side (for what should stay: within three points, or three "
        f"percent). Not settled: the interval includes zero. Misses stay in.</p>{''.join(shown)}"
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
        (
            "All its jobs",
            "" if every is None else f"{duration(every)} of one process, training of bases aside",
        ),
        ("Machine", str(record.get("machine") or "")),
        ("Commit", str(record.get("commit") or "")),
        ("Arms run at", commit_words(record)),
        ("Versions", ", ".join(f"{key} {value}" for key, value in (record.get("versions") or {}).items())),
    ]
    table = tables.worlds(record)
    return facts([(title, value) for title, value in told if value]) + "<h3>Worlds</h3>" + table.html()
