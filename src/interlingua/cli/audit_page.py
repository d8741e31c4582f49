"""The result of `audit` as lines for a terminal: kinds in all, then file by file the surest findings."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from interlingua.report.reading import count
from interlingua.report.tables import Column, Table

SHOWN = 3
"""Findings of one kind in one language that are shown."""
LINES = 60
"""Lines of findings that are shown in all."""
Found = Mapping[str, Any]


def text_of(result: Mapping[str, Any]) -> str:
    """What was looked at, a table of kinds, the surest findings with their evidence, what is clean."""
    found, checked = result["findings"], result["checked"]
    size = (
        f"{count(len(checked['files']), 'file')}, {count(checked['rows'], 'row')} in "
        f"{count(checked['languages'], 'language')}"
    )
    if not found:
        return f"Nothing found in {size}.{_passed(checked)}"
    parts = [f"{count(len(found), 'finding')} in {size}.{_passed(checked)}", _kinds(found), *_files(found)]
    if names := _clean(result):
        parts.append(f"Nothing found in {', '.join(names)}.")
    return "\n\n".join(parts)


def _kinds(found: Sequence[Found]) -> str:
    """How much of each kind, the most rows first."""
    by_kind = defaultdict(list)
    for one in found:
        by_kind[one["kind"]].append(one)
    columns = (
        Column("Kind"), Column("findings", "count"), Column("rows", "count"), Column("languages", "count"),
        Column("files", "count"),
    )  # fmt: skip
    sized = sorted(by_kind.items(), key=lambda pair: -sum(one["rows"] for one in pair[1]))
    rows = [
        (
            kind, float(len(some)), float(sum(one["rows"] for one in some)),
            float(len({one["lang"] for one in some})), float(len({one["file"] for one in some})),
        )
        for kind, some in sized
    ]  # fmt: skip
    return Table("", columns, tuple(rows)).text()


def _files(found: Sequence[Found]) -> Iterator[str]:
    """The findings of each file, as many as there is room for, and how many are not shown."""
    by_file: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        by_file[one["file"]].append(one)
    room = max(SHOWN, LINES // len(by_file))
    hidden = 0
    for file, some in by_file.items():
        lines = _lines(some)[:room]
        hidden += len(some) - len(lines)
        yield "\n".join([file, *lines])
    if hidden:
        yield f"{count(hidden, 'finding')} not shown; --json has all, --kind and --lang choose."


def _lines(some: Sequence[Found]) -> list[str]:
    """The surest findings, a few of each kind and language, those that concern most rows first."""
    groups: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for one in some:
        groups[one["kind"], one["lang"]].append(one)
    chosen = []
    for group in groups.values():
        surest = sorted(group, key=lambda one: (-one["score"], -one["rows"]))
        chosen += [(rank, -sum(one["rows"] for one in group), one) for rank, one in enumerate(surest[:SHOWN])]
    chosen.sort(key=lambda entry: (entry[0], entry[1]))
    return [f"  {_line(one)}" for _, _, one in chosen]


def _line(one: Found) -> str:
    rows = one["first_id"] if one["rows"] == 1 else f"{one['first_id']} to {one['last_id']}"
    return f"{one['score']:.2f}  {one['lang']}  {one['kind']}  {rows}  {one['evidence']}"


def _passed(checked: Mapping[str, Any]) -> str:
    passed = checked["passed_over"]
    return f" Passed over, as it names no language: {', '.join(passed)}." if passed else ""


def _clean(result: Mapping[str, Any]) -> list[str]:
    """Files of which every language is clean."""
    files = result["checked"]["files"]
    return [
        one["file"]
        for one in result["clean"]
        if len(one["langs"]) == files.get(one["file"], {}).get("languages")
    ]
