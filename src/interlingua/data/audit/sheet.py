"""Sheet: the rows of one file, or of several files whose rows are aligned, language by language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlingua.data.audit.codes import Codes
from interlingua.data.audit.roles import Roles, roles_of
from interlingua.data.audit.writing import Writing, writing
from interlingua.languages.language import find
from interlingua.languages.scripts import script_named

CONTEXT = "(context)"
"""Column with the text that `context_id` names in another table; it is audited there."""
PIVOTS = ("en", "eng", "eng_Latn", "en-US", "English", "english")


@dataclass(frozen=True)
class Sheet:
    """Rows in the order of the file, those of a language together.

    `blocks` maps a language, spelled as in the file, to its rows; `ids` and `columns` have one entry per row.
    `scripts` are the scripts that the file (or else the language) says.
    """

    file: str
    ids: list[str]
    columns: Mapping[str, list[Any]]
    blocks: Mapping[str, range]
    scripts: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def file_of(self, lang: str) -> str:
        """The file that holds the rows of a language."""
        return self.files.get(lang, self.file)

    @cached_property
    def roles(self) -> Roles:
        """What each column is."""
        return roles_of(self.columns, self.blocks, self.ids)

    @cached_property
    def pivot(self) -> str:
        """English where it is there, else the first language."""
        return next((lang for lang in PIVOTS if lang in self.blocks), next(iter(self.blocks)))

    def text(self, column: str) -> list[str]:
        """A column as texts; what is missing is empty, lists are joined by line ends."""
        if column not in self._texts:
            self._texts[column] = [_as_text(value) for value in self.columns[column]]
        return self._texts[column]

    def codes(self, column: str) -> Codes:
        """A column as code points; `""` is all texts of a row, joined by line ends."""
        if column not in self._codes:
            texts = self.text(column) if column else self.joined
            self._codes[column] = Codes.of(texts)
        return self._codes[column]

    @cached_property
    def joined(self) -> list[str]:
        """All texts of each row."""
        columns = [self.text(column) for column in self.roles.texts]
        return columns[0] if len(columns) == 1 else ["\n".join(texts) for texts in zip(*columns, strict=True)]

    def writing(self, column: str, lang: str) -> Writing:
        """In which script a column of a language is."""
        if (column, lang) not in self._writing:
            block = self.blocks[lang]
            codes = self.codes(column)[block.start : block.stop]
            self._writing[column, lang] = writing(codes, self.scripts[lang])
        return self._writing[column, lang]

    @cached_property
    def foreign(self) -> frozenset[tuple[str, str]]:
        """Columns of a language that are in another script throughout, while another column of it is not."""
        found = set()
        for lang in self.blocks if len(self.roles.texts) > 1 else ():
            off = {column: _share_off(self.writing(column, lang)) for column in self.roles.texts}
            if min(off.values()) < 0.1:
                found |= {(column, lang) for column, share in off.items() if share > 0.9}
        return frozenset(found)

    @cached_property
    def _writing(self) -> dict[tuple[str, str], Writing]:
        return {}

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Columns of which the second translates the first."""
        named = tuple((base, name) for name, base in self.roles.english.items() if base in self.roles.texts)
        there = {"source", "translation"} <= set(self.roles.texts)
        return (*named, ("source", "translation")) if there else named

    @cached_property
    def kept(self) -> dict[tuple[str, str], Any]:
        """What one detector found out and another needs as well, by a name and a column."""
        return {}

    @cached_property
    def _texts(self) -> dict[str, list[str]]:
        return {}

    @cached_property
    def _codes(self) -> dict[str, Codes]:
        return {}

    @cached_property
    def keyed(self) -> bool:
        """Whether an id names one row of a language (rare repetitions aside)."""
        unique = sum(len({self.ids[row] for row in block}) for block in self.blocks.values())
        return unique >= 0.99 * len(self.ids)

    @cached_property
    def grid(self) -> "Grid | None":
        """Where each id is in each language; None where the languages do not share ids."""
        if not self.keyed or len(self.blocks) < 2:
            return None
        grid = Grid.of(self)
        return grid if grid.shared else None


@dataclass(frozen=True)
class Grid:
    """`rows[i, j]` is the row of id i in language j, or -1. Ids are in the order of the pivot."""

    ids: list[str]
    langs: tuple[str, ...]
    rows: NDArray[np.int64]

    @classmethod
    def of(cls, sheet: Sheet) -> "Grid":
        """The grid of a sheet."""
        langs = tuple(sheet.blocks)
        first = [sheet.pivot, *(lang for lang in langs if lang != sheet.pivot)]
        number: dict[str, int] = {}
        for lang in first:
            for row in sheet.blocks[lang]:
                number.setdefault(sheet.ids[row], len(number))
        rows = np.full((len(number), len(langs)), -1, np.int64)
        for place, lang in enumerate(langs):
            block = sheet.blocks[lang]
            rows[[number[sheet.ids[row]] for row in block], place] = block
        return cls(list(number), langs, rows)

    @property
    def shared(self) -> bool:
        """Whether most rows have a counterpart in another language."""
        there = self.rows >= 0
        return bool(there[there.sum(axis=1) >= 2].sum() >= 0.5 * there.sum())

    def common(self, least: int = 2) -> NDArray[np.bool_]:
        """Ids that at least this many languages have."""
        found: NDArray[np.bool_] = (self.rows >= 0).sum(axis=1) >= least
        return found


def make_sheet(
    file: str,
    ids: Sequence[Any],
    langs: Sequence[str],
    columns: Mapping[str, list[Any]],
    scripts: Mapping[str, str],
    files: Mapping[str, str] | None = None,
) -> Sheet:
    """A sheet of rows in any order. Raises what `find` raises for a language nobody knows."""
    names = list(dict.fromkeys(langs))
    number = {name: place for place, name in enumerate(names)}
    code = np.fromiter((number[lang] for lang in langs), np.int64, len(langs))
    order = np.argsort(code, kind="stable")
    if not np.array_equal(order, np.arange(len(order))):
        turn = order.tolist()
        ids = [ids[row] for row in turn]
        columns = {name: [values[row] for row in turn] for name, values in columns.items()}
    bounds = np.concatenate(([0], np.cumsum(np.bincount(code, minlength=len(names)))))
    blocks = {name: range(int(bounds[at]), int(bounds[at + 1])) for at, name in enumerate(names)}
    written = {name: script_named(scripts.get(name, "")) or find(name).script for name in names}
    return Sheet(file, [str(one) for one in ids], columns, blocks, written, files or {})


def _share_off(found: Writing) -> float:
    return float(found.off.sum() / max(1, found.judged.sum()))


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(str(one) for one in value)
    return str(value)
