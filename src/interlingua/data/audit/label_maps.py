"""Label maps: the labels of one column across languages, and pairs of them that are put for each other."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from interlingua.data.audit.finding import Hits
from interlingua.data.audit.sheet import Grid, Sheet

_SWAPPED = 0.2
"""Share of the rows of two labels that must be exchanged, both ways, to call them swapped."""
_LEAST = 6  # exchanged rows
_ONE_WAY = 0.2  # share of exchanged rows that must go the rarer way
_SAME_FORM = 0.6
"""Share of rows with the very same label from which on languages are held to use the same labels."""
_ENOUGH = 2000  # rows that show it


@dataclass(frozen=True)
class Labels:
    """One column across languages: `words[i][j]` is the label of id i in language j, None where it is not."""

    column: str
    grid: Grid
    words: list[list[str | None]]

    def of(self, lang: str) -> list[str | None]:
        """The labels of a language by id."""
        place = self.grid.langs.index(lang)
        return [row[place] for row in self.words]

    @property
    def same_form(self) -> bool:
        """Whether the languages write their labels the same: numbers, or English words in all of them."""
        same = told = 0
        for row in self.words[:_ENOUGH]:
            there = [word for word in row if word]
            told += max(0, len(there) - 1)
            same += max(Counter(there).values(), default=1) - 1 if there else 0
        return same >= _SAME_FORM * max(1, told)


def read_labels(sheet: Sheet, column: str, grid: Grid) -> Labels:
    """The labels of a column, space at their ends aside."""
    texts = [text.strip() for text in sheet.text(column)]
    words = [[texts[row] or None if row >= 0 else None for row in rows] for rows in grid.rows.tolist()]
    return Labels(column, grid, words)


def is_remark(sheet: Sheet, column: str) -> bool:
    """Whether a column tells something about the row itself, such as `changed`, rather than an answer."""
    return column not in sheet.roles.labels and isinstance(sheet.columns[column][0], bool)


def exchanged(sheet: Sheet, column: str, lang: str, differs: dict[int, tuple[str, str]]) -> Iterator[Hits]:
    """Two labels put for each other on a large share of their rows are one finding, the rest one each.

    `differs` maps rows to the label there and the one that should be there.
    """
    texts, block = sheet.text(column), sheet.blocks[lang]
    pairs = Counter(frozenset(pair) for pair in differs.values())
    for pair, times in pairs.most_common():
        one, two = sorted(pair)
        both = [sum(found == way for found in differs.values()) for way in ((one, two), (two, one))]
        rows = sorted(row for row, found in differs.items() if set(found) == pair)
        near = range(rows[0], rows[-1] + 1)
        of_pair = sum(texts[row].strip() in pair for row in (near if len(near) >= 2 * _LEAST else block))
        share = times / max(1, of_pair)
        if times >= _LEAST and min(both) >= _ONE_WAY * times and share >= _SWAPPED:
            said = (
                f"{column}: {one!r} and {two!r} are exchanged in {times:,} of {of_pair:,} rows with either: "
                f"{both[0]} x {one!r} for {two!r}, {both[1]} x {two!r} for {one!r}"
            )
            yield Hits("swapped_labels", lang, rows, min(1.0, 0.5 + share / 2), said, whole=True)
            for row in rows:
                del differs[row]
    rows = sorted(differs)
    yield Hits(
        "label_differs", lang, rows, 0.9 if len(rows) < 0.5 * len(block) else 0.6,
        lambda row: "{}: {!r}, in most other languages {!r}".format(column, *differs[row]),
        habit=True,
    )  # fmt: skip
