"""How it was run and how to run it again: models, source, settings, seeds, versions, commit, command."""

import json
import shlex
from collections.abc import Iterator, Mapping
from html import escape

from interlingua.report.parts import numbers
from interlingua.report.pieces import duration, facts
from interlingua.report.reading import Result, at, count, name_of, number, pivot_name
from interlingua.report.tables import Column, Table


def section(result: Result) -> str:
    """What was run, as HTML."""
    seconds, ties = number(result, "seconds"), number(result, "near_ties")
    told: list[tuple[str, object]] = []
    for side in numbers.sides(result):
        title = f"Model {side}" if numbers.paired(result) else "Model"
        name = at(result, side, "name") or (result.get("model") if side == numbers.SIDES[0] else None)
        told += [(title, name), ("Its fingerprint", at(result, side, "fingerprint"))]
    told += [
        ("Measured on", result.get("source")),
        ("Pivot", f"{pivot_name(result)} ({result['pivot']})" if result.get("pivot") else None),
        ("Tuned on", ", ".join(name_of(result, str(code)) for code in result.get("tuned_languages") or ())),
        ("Seeds", _listed(result.get("seeds"))),
        ("Versions", _listed(result.get("versions"))),
        ("Commit", result.get("commit")),
        ("Took", None if seconds is None else duration(seconds)),
        ("Run folder", result.get("folder")),
        ("Near-ties", f"{count(round(ties), 'answer')} so close that rounding may decide" if ties else None),
        ("Left out", "; ".join(map(str, result.get("left_out") or ()))),
        ("Cut to the context", _listed(dict(_flat(result.get("cut"))))),
    ]
    found = settings(result)
    parts = [facts([(title, str(value)) for title, value in told if value])]
    if found.rows:
        parts.append(f'<h3>Settings</h3><div class="prose">{found.html()}</div>')
    command = result.get("command")
    if command:
        line = command if isinstance(command, str) else shlex.join(map(str, command))
        parts.append(f"<h3>The same again</h3><pre>{escape(line)}</pre>")
    return "".join(parts)


def settings(result: Result) -> Table:
    """Every setting and its value."""
    rows = tuple((key, value) for key, value in _flat(result.get("settings")))
    return Table("Settings", (Column("Setting"), Column("Value")), rows)


def absent(result: Result) -> list[str]:
    """What is missing."""
    parts = {"command": "Command", "versions": "Versions", "seeds": "Seeds", "settings": "Settings"}
    return [f"{title}: not in this result." for key, title in parts.items() if not result.get(key)]


def _flat(value: object, above: str = "") -> Iterator[tuple[str, str]]:
    """(dotted key, value as text) of nested settings; what is not set is left out."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _flat(each, f"{above}.{key}" if above else str(key))
    elif value is not None and value != "":
        yield above, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _listed(value: object) -> str:
    return ", ".join(f"{key} {each}" for key, each in value.items()) if isinstance(value, Mapping) else ""
