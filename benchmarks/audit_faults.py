"""Faults that are planted into tables of which every row is known, for `benchmarks/audit.py`.

A planter changes one language of a table and returns the ids of the rows that are wrong now, or None where
the language has no such rows (a text without accents cannot be decomposed).
"""

import random
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from interlingua.data.audit.sheet import Sheet
from interlingua.languages.scripts import script_of

SIZES = (3, 10, 30)
"""Rows that single faults are planted into; one of these is drawn each time."""
LANGS = {
    "en", "ar", "bg", "de", "el", "es", "fi", "fr", "ha", "hi", "id", "ja", "ka", "my", "ru", "sw", "ta",
    "th", "tr", "ur", "vi", "yo", "zh", "zh-CN", "bn", "et", "ht", "it", "qu", "gu", "mr", "te",
}  # fmt: skip
"""Languages that are taken of sets with more than sixteen."""


@dataclass
class Table:
    """A set that faults are planted into: rows of columns by language."""

    ids: dict[str, list[str]]
    columns: dict[str, dict[str, list[Any]]]
    scripts: dict[str, str]
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    pivot: str
    draw: random.Random = field(default_factory=random.Random)

    def rows(self, lang: str, count: int = 0) -> list[int]:
        """Rows drawn without the first and last five."""
        count, room = count or self.draw.choice(SIZES), len(self.ids[lang])
        return sorted(self.draw.sample(range(5, room - 5), min(count, room // 10)))

    def block(self, lang: str, size: int, margin: int = 8) -> range:
        """Rows that follow each other, with so many before and behind them; none where there is no room."""
        size = min(size, len(self.ids[lang]) // 3)
        room = len(self.ids[lang]) - size - 2 * margin
        start = margin + self.draw.randrange(room) if room > 0 else 0
        return range(start, start + size if room > 0 else start)

    def write(self, path: Path) -> None:
        """The table as a long Parquet file."""
        langs = list(self.ids)
        told = {
            "id": [one for lang in langs for one in self.ids[lang]],
            "lang": [lang for lang in langs for _ in self.ids[lang]],
            "script": [self.scripts[lang] for lang in langs for _ in self.ids[lang]],
        }
        told |= {name: [one for lang in langs for one in by[lang]] for name, by in self.columns.items()}
        pq.write_table(pa.table(told), path)


def table_of(sheet: Sheet, seed: int) -> Table:
    """A copy to plant into: the pivot and some languages."""
    langs = [lang for lang in sheet.blocks if len(sheet.blocks) <= 16 or lang in LANGS]
    names = [name for name in sheet.columns if name not in ("id", "lang", "script", "flores")]
    return Table(
        {lang: [sheet.ids[row] for row in sheet.blocks[lang]] for lang in langs},
        {name: {lang: [sheet.columns[name][row] for row in sheet.blocks[lang]] for lang in langs}
         for name in names},
        {lang: sheet.scripts[lang] for lang in langs}, sheet.roles.texts, sheet.roles.labels, sheet.pivot,
        random.Random(seed),
    )  # fmt: skip


Plant = Callable[[Table, str], list[str] | None]


@dataclass(frozen=True)
class Fault:
    """How a fault is planted, which kinds of findings tell it, and which others it causes truly.

    `offset` is that of moved rows, which a finding should tell.
    """

    plant: Plant
    kinds: tuple[str, ...]
    offset: int = 0
    causes: tuple[str, ...] = ()


def changed(change: Callable[[str], str]) -> Plant:
    """The first text of some rows, changed."""

    def plant(table: Table, lang: str) -> list[str] | None:
        column, told = table.columns[table.texts[0]][lang], []
        for row in table.rows(lang):
            new = change(column[row])
            if new != column[row]:
                column[row] = new
                told.append(table.ids[lang][row])
        return told or None

    return plant


def moved(size: int, offset: int, texts: bool = True) -> Plant:
    """A block whose rows hold what belongs `offset` further down: texts, or labels alone."""

    def plant(table: Table, lang: str) -> list[str] | None:
        names = table.texts if texts else table.labels
        block = table.block(lang, size, max(8, abs(offset)))
        if not names or len(block) < size:
            return None
        new: dict[str, list[Any]] = {}
        for name in names:
            old = table.columns[name][lang]
            there = old[block.start + offset : block.stop + offset]
            new[name] = [*old[: block.start], *there, *old[block.stop :]]
        wrong = [
            row for row in block if any(new[name][row] != table.columns[name][lang][row] for name in names)
        ]
        if len(wrong) < size / 3:  # labels that are sorted hardly change
            return None
        for name in names:
            table.columns[name][lang] = new[name]
        return [table.ids[lang][row] for row in wrong]

    return plant


def decomposed(text: str) -> str:
    """NFD; as it was where that is NFC as well."""
    new = unicodedata.normalize("NFD", text)
    return text if unicodedata.is_normalized("NFC", new) else new


def dropped_line(table: Table, lang: str) -> list[str]:
    """One row's texts are lost, all that follow move up."""
    start = table.draw.randrange(10, len(table.ids[lang]) // 2)
    for name in table.texts:
        column = table.columns[name][lang]
        table.columns[name][lang] = [*column[:start], *column[start + 1 :], column[start]]
    return table.ids[lang][start:]


def shuffled(size: int) -> Plant:
    """A block in random order, or with size 0 all rows."""

    def plant(table: Table, lang: str) -> list[str] | None:
        block = list(table.block(lang, size) if size else range(len(table.ids[lang])))
        if len(block) < size:
            return None
        mixed = table.draw.sample(block, len(block))
        for name in table.texts:
            old = list(table.columns[name][lang])
            for row, other in zip(block, mixed, strict=True):
                table.columns[name][lang][row] = old[other]
        return [table.ids[lang][row] for row, other in zip(block, mixed, strict=True) if row != other]

    return plant


def swapped(share: float) -> Plant:
    """Two labels exchanged, in all rows or in a block of them."""

    def plant(table: Table, lang: str) -> list[str] | None:
        if not table.labels:
            return None
        column = table.columns[table.labels[0]][lang]
        size = int(share * len(column))
        start = table.draw.randrange(0, len(column) - size + 1)
        one, two = table.draw.sample(sorted(set(column), key=str), 2)
        rows = [row for row in range(start, start + size) if column[row] in (one, two)]
        for row in rows:
            column[row] = two if column[row] == one else one
        return [table.ids[lang][row] for row in rows]

    return plant


def wrong_labels(table: Table, lang: str) -> list[str] | None:
    """Rows with another label."""
    if not table.labels:
        return None
    column, rows = table.columns[table.labels[0]][lang], table.rows(lang)
    known = sorted(set(column), key=str)
    for row in rows:
        column[row] = table.draw.choice([label for label in known if label != column[row]])
    return [table.ids[lang][row] for row in rows]


def one_label(table: Table, lang: str) -> list[str] | None:
    """All rows with the same label."""
    if not table.labels:
        return None
    column = table.columns[table.labels[0]][lang]
    column[:] = [column[0]] * len(column)
    return list(table.ids[lang])


def from_language(pivot: bool) -> Plant:
    """The same rows of the pivot, or other rows of any other language."""

    def plant(table: Table, lang: str) -> list[str] | None:
        others = [table.pivot] if pivot else [one for one in table.ids if one not in (lang, table.pivot)]
        if not others:
            return None
        source, rows = table.draw.choice(others), table.rows(lang)
        for row in rows:
            at = row if pivot else table.draw.randrange(len(table.ids[source]))
            for name in table.texts:
                table.columns[name][lang][row] = table.columns[name][source][at]
        return [table.ids[lang][row] for row in rows]

    return plant


def doubled(opposite: bool) -> Plant:
    """Rows copied over others, with their label or another."""

    def plant(table: Table, lang: str) -> list[str] | None:
        if opposite and not table.labels:
            return None
        rows, told = table.rows(lang, 16), []
        half = len(rows) // 2
        for row, other in zip(rows[:half], rows[half:], strict=False):
            for name in table.columns:
                table.columns[name][lang][other] = table.columns[name][lang][row]
            if opposite:
                label = table.columns[table.labels[0]][lang]
                label[other] = next(one for one in sorted(set(label), key=str) if one != label[row])
            told += [table.ids[lang][row], table.ids[lang][other]]
        return told

    return plant


def emptied(labels: bool) -> Plant:
    """Rows without text or label."""

    def plant(table: Table, lang: str) -> list[str] | None:
        names = table.labels if labels else table.texts
        rows = table.rows(lang)
        for row in rows if names else ():
            table.columns[names[0]][lang][row] = None
        return [table.ids[lang][row] for row in rows] if names else None

    return plant


def removed(table: Table, lang: str) -> list[str]:
    """Ten rows that follow each other are gone."""
    block = table.block(lang, 10)
    gone = [table.ids[lang][row] for row in block]
    for column in (table.ids, *table.columns.values()):
        del column[lang][block.start : block.stop]
    return gone


def merged(table: Table, lang: str) -> list[str]:
    """Rows that hold the next one as well, which is gone."""
    told = []
    for row in reversed(table.rows(lang)):
        for name in table.texts:
            column = table.columns[name][lang]
            if isinstance(column[row], str):
                column[row] = f"{column[row]} {column[row + 1]}"
        told.append(table.ids[lang][row])
        for values in (table.ids, *table.columns.values()):
            del values[lang][row + 1]
    return told


def without_letter(table: Table, lang: str) -> list[str] | None:
    """A quarter of the rows has lost a letter that is usual in the language."""
    column = table.columns[table.texts[0]][lang]
    seen: dict[str, int] = defaultdict(int)
    for char in (char for text in column for char in set(text)):
        seen[char] += char.isalpha() and not char.isupper()
    usual = sorted((times, char) for char, times in seen.items() if 0.4 < times / len(column) < 0.95)
    if not usual or unicodedata.name(usual[-1][1]).startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA")):
        return None
    block = table.block(lang, len(column) // 4)
    for row in block:
        column[row] = column[row].replace(usual[-1][1], "")
    return [table.ids[lang][row] for row in block]


def prefixed(table: Table, lang: str) -> list[str] | None:
    """A character too many in the ids of all rows that begin alike."""
    start = max(
        {one[:2] for one in table.ids[lang]}, key=lambda two: sum(i.startswith(two) for i in table.ids[lang])
    )
    rows = [row for row, one in enumerate(table.ids[lang]) if one.startswith(start)]
    if len(rows) < 10 or len(rows) > 0.7 * len(table.ids[lang]):
        return None
    for row in rows:
        table.ids[lang][row] = f"{start}x{table.ids[lang][row][2:]}"
    return [table.ids[lang][row] for row in rows]


def latin(text: str) -> str:
    """Letters of other scripts by the last word of their Unicode names: a rough transliteration."""
    if script_of(text) == "Latn":
        return text
    names = {char: unicodedata.name(char, "").rsplit(" ", 1)[-1].lower() for char in set(text)}
    outside = {char for char in names if ord(char) > 0x36F and unicodedata.category(char)[0] in "LM"}
    return "".join(names[char] if char in outside else char for char in text)


def garbled(text: str) -> str:
    """UTF-8 read as Windows-1252, where it can be."""
    try:
        return text.encode().decode("cp1252") if not text.isascii() else text
    except UnicodeDecodeError:
        return text


def look_alike(text: str) -> str:
    """Latin letters for the Cyrillic and Greek ones that look the same."""
    return text.translate(str.maketrans("аеосрхοαν", "aeocpxoav"))


TWICE = ("duplicate", "opposite_labels")
"""What rows cause that are moved over others."""
FAULTS = {
    "6 rows moved by 1": Fault(moved(6, 1), ("shifted", "out_of_step"), 1, TWICE),
    "12 rows moved by 1": Fault(moved(12, 1), ("shifted", "out_of_step"), 1, TWICE),
    "40 rows moved by -3": Fault(moved(40, -3), ("shifted", "out_of_step"), -3, TWICE),
    "60 rows moved by 2": Fault(moved(60, 2), ("shifted", "out_of_step"), 2, TWICE),
    "12 rows moved by 40": Fault(moved(12, 40), ("shifted", "out_of_step"), 40, TWICE),
    "40 rows moved by -25": Fault(moved(40, -25), ("shifted", "out_of_step"), -25, TWICE),
    "a line lost, the rest moved": Fault(dropped_line, ("shifted",), 1),
    "30 rows in random order": Fault(shuffled(30), ("out_of_step", "shifted")),
    "all rows in random order": Fault(shuffled(0), ("out_of_step",)),
    "60 labels moved by 1": Fault(moved(60, 1, texts=False), ("shifted", "label_differs", "swapped_labels")),
    "two labels swapped everywhere": Fault(swapped(1.0), ("swapped_labels",)),
    "two labels swapped in a third": Fault(swapped(0.34), ("swapped_labels", "label_differs")),
    "single wrong labels": Fault(wrong_labels, ("label_differs",)),
    "one label for all": Fault(one_label, ("constant_labels",), causes=("label_differs",)),
    "rows left in English": Fault(
        from_language(True), ("untranslated",), causes=("other_language", "off_script")),
    "rows of another language": Fault(
        from_language(False), ("other_language", "off_script", "out_of_step", "untranslated"),
        causes=("look_alikes", "not_nfc")),
    "rows in Latin letters": Fault(changed(latin), ("off_script",), causes=("length", "other_language")),
    "doubles with another label": Fault(
        doubled(True), ("opposite_labels",), causes=("out_of_step", "label_differs")),
    "doubles": Fault(doubled(False), TWICE, causes=("out_of_step", "label_differs")),
    "control bytes": Fault(changed(lambda text: f"{text[:4]}\u0094{text[4:]}"), ("control_characters",)),
    "U+FFFD": Fault(changed(lambda text: f"{text[:3]}\ufffd{text[4:]}"), ("replacement_characters",)),
    "byte order marks": Fault(changed(lambda text: f"\ufeff{text}"), ("byte_order_mark",)),
    "soft hyphens": Fault(changed(lambda text: f"{text[:5]}\u00ad{text[5:]}"), ("zero_width",)),
    "decomposed (NFD)": Fault(changed(decomposed), ("not_nfc",)),
    "space at the end": Fault(changed(lambda text: f"{text.rstrip()} "), ("edge_spaces",)),
    "HTML entities": Fault(changed(lambda text: f"&quot;{text}&quot;"), ("html_entities",)),
    "mojibake": Fault(changed(garbled), ("mojibake",), causes=("control_characters",)),
    "look-alike letters": Fault(changed(look_alike), ("look_alikes",)),
    "a letter lost in a quarter": Fault(without_letter, ("lost_letter",)),
    "empty texts": Fault(emptied(False), ("empty",)),
    "missing labels": Fault(emptied(True), ("unlabelled",)),
    "rows gone": Fault(removed, ("missing",)),
    "ids with a character too many": Fault(prefixed, ("wrong_ids",), causes=("missing",)),
    "cut to a third": Fault(changed(lambda text: text[: len(text) // 3]), ("cut", "length")),
    "three times as long": Fault(changed(lambda text: " ".join([text] * 3)), ("length", "merged")),
    "merged with the next": Fault(merged, ("merged", "length"), causes=("missing",)),
}  # fmt: skip
