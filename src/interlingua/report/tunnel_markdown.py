"""A tunnel's record as a page of Markdown: leaderboards, claims, worlds, provenance."""

from typing import Any

from interlingua.report.reading import Result
from interlingua.report.tables import Table, shown
from interlingua.report.tunnel_layers import by_layer
from interlingua.report.tunnel_reading import absent, basis, correction, headline, in_order
from interlingua.report.tunnel_tables import (
    arm_levels,
    arms,
    by_world,
    claims,
    judged_claims,
    leaderboard,
    over_arms,
    own_numbers,
    reported,
    tally,
    worlds,
)
from interlingua.report.tunnel_words import commit_words, shortfall, words

_LEFT = ("text", "code")


def markdown(record: Result) -> str:
    """The record for readers."""
    parts = ["# Wind tunnel", headline(record), basis(record)]
    for kind, told in (record.get("kinds") or {}).items():
        parts += [f"## {told['title']}", str(told["why"])]
        board, own, alone = leaderboard(record, kind), own_numbers(record, kind), by_world(record, kind)
        judged = judged_claims(record, kind)
        parts += ["Judged claims:", table_of(judged), correction(record, kind)] if judged.rows else []
        parts += ["Accuracy:", table_of(board)] if board.rows else []
        parts += [f"{own.caption}:", table_of(own)] if own.rows else []
        parts += [f"{alone.caption}, in points:", table_of(alone)] if alone else []
    parts.append("## What the papers claim")
    for told in in_order(record):
        parts += [f"### {words(told['name'])}: {tally(told)}", table_of(claims(told))]
    for told in in_order(record):
        parts += [f"## {words(told['name'])}", f"{told['blurb']} {told['paper']}; {told['standing']}."]
        title, why = shortfall(told)
        if why:
            parts.append(f"**{title.capitalize()}:** {why}")
        parts += [table_of(over_arms(told)), table_of(arms(told))]
        own = arm_levels(told)
        parts += ["Every arm's own numbers, means over worlds:", table_of(own)] if own.rows else []
        layers = by_layer(told)
        parts += [f"{layers.caption}, 0 being the embeddings:", table_of(layers)] if layers.rows else []
        more = reported(told)
        parts += ["Reported, without a claim:", table_of(more)] if more.rows else []
    parts += ["## Worlds", table_of(worlds(record)), "## Provenance", _provenance(record)]
    missing = absent(record)
    parts += ["## Not in this result", "\n".join(f"- {line}" for line in missing)] if missing else []
    return "\n\n".join(part for part in parts if part) + "\n"


def table_of(table: Table) -> str:
    """A table as Markdown; headings that columns share stand before theirs."""
    if not table.rows:
        return ""
    heads = [f"{column.group}: {column.title}" if column.group else column.title for column in table.columns]
    lines = [heads, ["---" if column.kind in _LEFT else "---:" for column in table.columns]]
    for row in table.rows:
        lines.append([_cell(shown(cell, column)) for cell, column in zip(row, table.columns, strict=True)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "\\n")


def _provenance(record: Result) -> str:
    known: dict[str, Any] = {key: record.get(key) for key in ("commit", "machine", "seed", "seconds_all")}
    known["arms run at"] = commit_words(record)
    known["versions"] = ", ".join(f"{name} {of}" for name, of in (record.get("versions") or {}).items())
    known["knobs changed"] = ", ".join(f"{k}={v}" for k, v in (record.get("changes") or {}).items())
    lines = [
        f"- {name.replace('_', ' ')}: {value}" for name, value in known.items() if value not in (None, "")
    ]
    return "\n".join(lines) + f"\n\nTo reproduce:\n\n```\n{record.get('command')}\n```"
