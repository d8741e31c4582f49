"""Doubles: rows that say the same twice, and those that are answered differently each time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from unicodedata import normalize

from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Hits, shown
from interlingua.data.audit.sheet import Sheet

_MANY = 0.2
"""Share of a language's rows above which a repeated field is how the table is made (premises, passages)."""
_LONG = 12
"""Characters from which on one field that is the same in two rows is worth a word."""


def _find(sheet: Sheet) -> Iterator[Hits]:
    roles = sheet.roles
    if not roles.texts or not sheet.keyed:
        return
    keys = [
        *(sheet.text(column) for column in roles.texts),
        *(map(str, sheet.columns[c]) for c in roles.categories),
    ]
    lists = [sheet.text(column) for column in roles.lists if column not in roles.texts]
    plain = ["\n".join(map(_plain, row)) for row in zip(*keys, *lists, strict=True)]
    labels = list(zip(*(sheet.text(column) for column in roles.labels), strict=True))
    for lang, block in sheet.blocks.items():
        same = _same(plain, block)
        opposite = {row: first for first, rows in same.items() for row in rows if _differ(labels, rows)}
        double = {row: first for first, rows in same.items() for row in rows if row not in opposite}
        yield from _hits(sheet, "opposite_labels", lang, opposite, 1.0, labels)
        yield from _hits(sheet, "duplicate", lang, double, 0.9, labels)
        if len(roles.texts) + len(roles.categories) + len(roles.lists) > 1:
            yield from _repeated(sheet, lang, {*opposite, *double})


def _same(plain: Sequence[str], block: range) -> dict[int, list[int]]:
    """Rows with the same text, by the first of them."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row in block:
        if plain[row].strip():
            groups[plain[row]].append(row)
    return {rows[0]: rows for rows in groups.values() if len(rows) > 1}


def _differ(labels: Sequence[tuple[str, ...]], rows: Sequence[int]) -> bool:
    """Whether rows have two different labels, those without any aside."""
    return bool(labels) and len({labels[row] for row in rows if all(labels[row])}) > 1


def _hits(
    sheet: Sheet, kind: str, lang: str, first: dict[int, int], score: float, labels: Sequence[tuple[str, ...]]
) -> Iterator[Hits]:
    """Every row of a group is told, with the others of its group."""
    if not first:
        return
    group: dict[int, list[int]] = defaultdict(list)
    for row in sorted(first):
        group[first[row]].append(row)
    for rows in group.values():
        told = ", ".join(
            f"{sheet.ids[row]}{f' ({labels[row][0]})' if labels and kind == 'opposite_labels' else ''}"
            for row in rows[:4]
        )
        said = f"same text in {len(rows)} rows {told}: {shown(sheet.joined[rows[0]])}"
        for row in rows:
            yield Hits(kind, lang, [row], score, said)


def _repeated(sheet: Sheet, lang: str, known: set[int]) -> Iterator[Hits]:
    """A field that two rows share although rows seldom do."""
    block = sheet.blocks[lang]
    for column in sheet.roles.texts:
        texts = sheet.text(column)
        same = {
            first: rows
            for first, rows in _same(
                [_plain(text) for text in texts[block.start : block.stop]], range(len(block))
            ).items()
            if len(texts[block.start + first]) >= _LONG
        }
        if sum(map(len, same.values())) > _MANY * len(block):
            continue
        for rows in same.values():
            here = [row + block.start for row in rows]
            if known.issuperset(here):
                continue
            told = ", ".join(sheet.ids[row] for row in here[:4])
            said = f"{column} is the same in {len(here)} rows {told}: {shown(texts[here[0]])}"
            for row in here:
                yield Hits("repeated_text", lang, [row], 0.3, said)


def _plain(text: str) -> str:
    return " ".join(normalize("NFC", text).casefold().split())


DETECTOR = Detector(
    _find,
    {
        "opposite_labels": "the same text in several rows of a language, with different labels",
        "duplicate": "the same row twice",
        "repeated_text": "one field is the same in rows that differ otherwise, though rows seldom share it",
    },
)
