"""Labels: those that are swapped, differ from the other languages' or never change."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Floats, Hits, Ints, surprise
from interlingua.data.audit.fits import best_run
from interlingua.data.audit.label_maps import Labels, exchanged, is_remark, read_labels
from interlingua.data.audit.profiles import OFFSETS
from interlingua.data.audit.sheet import Sheet
from interlingua.data.audit.slips import HALF

_CONSTANT = 20  # rows of a language whose label never changes
_SURE = 3.0  # nats of a label that fits one place and not the other
_FITS = 0.9  # share of a run that must fit the place it moved to
_RUN = 5  # rows that must differ in a run that moved


def _find(sheet: Sheet) -> Iterator[Hits]:
    yield from _constant(sheet)
    if sheet.grid is None:
        return
    for column in (*sheet.roles.labels, *sheet.roles.categories, *sheet.roles.shared):
        if not is_remark(sheet, column):
            labels = read_labels(sheet, column, sheet.grid)
            if labels.same_form:
                yield from _same_form(sheet, labels)


def _constant(sheet: Sheet) -> Iterator[Hits]:
    """A language with one label for all rows, where others have several."""
    for column in (*sheet.roles.labels, *(sheet.roles.categories if sheet.grid else ())):
        if is_remark(sheet, column):
            continue
        texts = sheet.text(column)
        told = {lang: {texts[row] for row in block if texts[row]} for lang, block in sheet.blocks.items()}
        several = sum(len(one) > 1 for one in told.values())
        for lang, block in sheet.blocks.items():
            if len(told[lang]) == 1 and len(block) >= _CONSTANT and several * 2 >= len(told) - 1 and several:
                said = f"{column} is {next(iter(told[lang]))!r} in all {len(block):,} rows"
                yield Hits("constant_labels", lang, np.array(block), 1.0, said, whole=True)


def _same_form(sheet: Sheet, labels: Labels) -> Iterator[Hits]:
    """Rows whose label is not the one that most languages have; of two languages, the pivot is right."""
    few = len(labels.grid.langs) == 2
    usual = [_usual(row, labels.grid.langs.index(sheet.pivot) if few else None) for row in labels.words]
    for place, lang in enumerate(labels.grid.langs):
        differs: dict[int, tuple[str, str]] = {}
        for at, row in enumerate(labels.words):
            mine, right = row[place], usual[at]
            if mine and right and mine != right:
                differs[int(labels.grid.rows[at, place])] = (mine, right)
        yield from _moved(sheet, labels, place, usual, differs)
        yield from exchanged(sheet, labels.column, lang, differs)


def _moved(
    sheet: Sheet, labels: Labels, place: int, usual: Sequence[str | None], differs: dict[int, tuple[str, str]]
) -> Iterator[Hits]:
    """Runs of labels that are those of rows a little further up or down; takes them out of `differs`."""
    lang, rows = labels.grid.langs[place], labels.grid.rows[:, place]
    numbers = {word: number for number, word in enumerate({*usual, *labels.of(lang)} - {None})}
    right = np.array([numbers.get(word, -1) for word in usual])
    mine = np.array([numbers.get(word, -2) for word in labels.of(lang)])
    while len(differs) >= _RUN:
        runs = {offset: best_run(_gain(mine, right, offset)) for offset in OFFSETS}
        offset = max(runs, key=lambda offset: runs[offset][2])
        first, stop, gain = runs[offset]
        inside = [row for row in rows[first:stop].tolist() if row in differs]
        if gain < HALF:
            return
        if len(inside) < _RUN or _share(mine, right, offset, range(first, stop)) < _FITS:
            mine[first:stop] = -2
            continue
        said = (
            f"{labels.column}: {stop - first} rows hold what belongs {abs(offset)} further "
            f"{'down' if offset > 0 else 'up'} (offset {offset:+d}); likelier by {gain:.0f} nats"
        )
        moved = np.sort(rows[first:stop][rows[first:stop] >= 0])
        yield Hits("shifted", lang, moved, surprise(gain, HALF), said, whole=True)
        for row in inside:
            del differs[row]
        mine[first:stop] = -2


def _share(mine: Ints, right: Ints, offset: int, run: range) -> float:
    """Share of the labels of a run that are those of the rows `offset` further down."""
    here = np.array([at for at in run if mine[at] >= 0 and 0 <= at + offset < len(right)])
    return float((mine[here] == right[here + offset]).mean())


def _gain(mine: Ints, right: Ints, offset: int) -> Floats:
    """Nats by which each label is likelier that of the row `offset` further down than its own."""
    there = np.full(len(right), -1)
    first, last = max(0, -offset), len(right) - max(0, offset)
    there[first:last] = right[first + offset : last + offset]
    told = (mine >= 0) & (right >= 0) & (there >= 0)
    gain: Floats = np.where(told, _SURE * ((mine == there).astype(float) - (mine == right)), 0.0)
    return gain


def _usual(row: list[str | None], pivot: int | None) -> str | None:
    """The label that most languages have, if at least two do; the pivot's where it is asked for."""
    if pivot is not None:
        return row[pivot]
    most = Counter(word for word in row if word).most_common(1)
    return most[0][0] if most and most[0][1] > 1 else None


DETECTOR = Detector(
    _find,
    {
        "swapped_labels": "two labels put for each other in a large part of a language's rows",
        "label_differs": "a label, or a column that is the same everywhere else, unlike the other languages'",
        "shifted": "labels that belong to other rows, all moved by the same offset",
        "constant_labels": "a language with one and the same label for all rows",
    },
)
