"""Accuracy per language before and after, and the paired gains with their intervals."""

from functools import partial
from html import escape

from interlingua.report.charts import Comparison, Line, dumbbells, ranked, whiskers
from interlingua.report.parts import numbers
from interlingua.report.pieces import charted, tabs
from interlingua.report.reading import (
    MODES,
    Gain,
    Result,
    gain,
    gain_words,
    name_of,
    note_of,
    number,
    pivot_name,
    reading_order,
    role,
)
from interlingua.report.tables import Cell, Column, Table

_GROUPS = (("unseen", "never tuned on"), ("seen", "tuned on"), ("joint", "all but the pivot"))
_LEGEND = (("over-base", "never tuned on"), ("over-control", "tuned on"), ("other", "the pivot"))
_ALONE = (("over-base", "every language"), ("other", "the pivot"))
_PLAIN = "Best first. Thin lines are 95% intervals."
_PAIRED = "Best first in each group. Hollow: before. Filled: after. Thin lines are 95% intervals."
_GAINS = "Means first; then every language, greatest gain first. In percentage points, with 95% intervals."


def section(result: Result) -> str:
    """Accuracy per way of answering, as HTML; empty where none was measured."""
    panels: list[tuple[str, str, str]] = []
    caption = _PAIRED if numbers.paired(result) else _PLAIN
    for mode in numbers.found_modes(result):
        chart = charted(partial(draw, result, mode), caption, table(result, mode), sortable=True)
        panels.append((f"accuracy-{len(panels)}", numbers.mode_title(mode), _about(result, mode) + chart))
    return tabs("Way of answering", panels)


def gains_section(result: Result) -> str:
    """Gains per way of answering, as HTML; empty where there are none."""
    panels: list[tuple[str, str, str]] = []
    for mode in numbers.found_modes(result):
        if comparisons(result, mode):
            drawn = partial(draw_gains, result, mode)
            chart = charted(drawn, _GAINS, gains_table(result, mode), sortable=True)
            panels.append((f"gains-{len(panels)}", numbers.mode_title(mode), chart))
    about = (
        '<p class="about">Every question was put to both models; a gain is the difference on the same '
        "questions. Inside the grey band of ±3 points it counts as negligible. A gain over the base does not "
        "say what caused it: controls of the same compute without the signal do "
        "(<code>interlingua align --control</code>).</p>"
    )
    return about + tabs("Way of answering", panels) if panels else ""


def draw(result: Result, mode: str, *, wide: bool = True, title: str = "") -> str:
    """Accuracy of every language, seen and unseen apart, best first, with chance and pivot."""
    lines: dict[bool, list[Line]] = {False: [], True: []}
    for code in numbers.others(result):
        old, new = (numbers.score(result, mode, code, side) for side in numbers.SIDES)
        before, after = (found.mean if found else None for found in (old, new))
        line = Line(
            name_of(result, code),
            note_of(result, code),
            before,
            after,
            before_range=_range(old),
            after_range=_range(new),
        )
        lines[role(result, code) == "yes"].append(line)
    titles = ("Never tuned on", "Tuned on") if lines[True] else ("All languages", "")
    groups = ranked(lines[False], lines[True], with_mean=True, titles=titles)
    marks = {"chance": numbers.chance(result, mode), "pivot": numbers.pivot_accuracy(result, mode)}
    label = f"{numbers.mode_title(mode)}: accuracy per language"
    return dumbbells(groups, marks, label=label, wide=wide, title=title, names=numbers.legend(result))


def draw_gains(result: Result, mode: str, *, wide: bool = True, title: str = "") -> str:
    """The paired gain of every language as a point with its interval, after the means of the groups."""
    legend = _LEGEND if result.get("tuned_languages") else _ALONE
    label = f"{numbers.mode_title(mode)}: gains with 95% intervals, in percentage points"
    return whiskers(comparisons(result, mode), legend, label=label, wide=wide, title=title)


def comparisons(result: Result, mode: str) -> list[Comparison]:
    """Means over groups of languages, then languages never tuned on, those tuned on, and the pivot."""
    tuned = bool(result.get("tuned_languages"))
    means = []
    for group, words in _GROUPS:
        size = gain(result, "accuracy", mode, f"gain_{group}")
        if size and (tuned or group == "joint"):
            kind = "over-control" if group == "seen" else "over-base"
            means.append(Comparison("Mean over languages", words, kind, size, strong=True))
    kinds = {
        "no": ("Never tuned on" if tuned else "All languages", "over-base"),
        "yes": ("Tuned on", "over-control"),
        "pivot": ("Pivot", "other"),
    }
    single = []
    for code in reading_order(result):
        size = gain(result, "accuracy", mode, "languages", code, "gain")
        if size:
            title, kind = kinds[role(result, code)]
            single.append(Comparison(title, name_of(result, code), kind, size, note=note_of(result, code)))
    order = [title for title, _ in kinds.values()]
    return means + sorted(single, key=lambda row: (order.index(row.title), -row.gain.mean))


def table(result: Result, mode: str) -> Table:
    """Accuracy of every language with its interval on both sides."""
    columns, words = numbers.heads(result), numbers.words(result)
    for side in numbers.sides(result):
        columns += [Column(title, "percent", words[side]) for title in ("accuracy", "from", "to")]
    rows: list[tuple[Cell, ...]] = []
    for code in reading_order(result):
        scores = [numbers.score(result, mode, code, side) for side in numbers.sides(result)]
        if any(scores):
            rows.append((*numbers.named(result, code), *(cell for one in scores for cell in _cells(one))))
    return Table(f"{numbers.mode_title(mode)}: accuracy", tuple(columns), tuple(rows))


def gains_table(result: Result, mode: str) -> Table:
    """Gains of means and languages, with intervals and p-values of paired tests."""
    columns = (
        Column("Language"), Column("Code", "code"), Column("Group"), Column("gain", "points"),
        Column("from", "points", "95% interval"), Column("to", "points", "95% interval"),
        Column("paired test", "p", "p-value"), Column("after Holm", "p", "p-value"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for group, words in _GROUPS:
        size = gain(result, "accuracy", mode, f"gain_{group}")
        if size:
            p = number(result, "accuracy", mode, f"gain_{group}", "p")
            rows.append((f"Mean, {words}", "", "mean", *_cells(size), p, None))
    strong = frozenset(range(len(rows)))
    for code in reading_order(result):
        where = ("accuracy", mode, "languages", code, "gain")
        size = gain(result, *where)
        if size:
            tests = (number(result, *where, key) for key in ("p", "p_holm"))
            rows.append((name_of(result, code), code, role(result, code), *_cells(size), *tests))
    return Table(f"{numbers.mode_title(mode)}: paired gains", columns, tuple(rows), strong)


def tables(result: Result) -> dict[str, Table]:
    """The numbers of both figures, a table per way of answering."""
    found = {}
    for mode in numbers.found_modes(result):
        found[f"accuracy_{mode}"] = table(result, mode)
        if comparisons(result, mode):
            found[f"gains_{mode}"] = gains_table(result, mode)
    return found


def absent(result: Result) -> list[str]:
    """What is missing, one line each."""
    modes = numbers.found_modes(result)
    if not modes:
        return ["Accuracy: no task was scored."]
    lacking = [mode for mode in modes if numbers.paired(result) and not comparisons(result, mode)]
    return [f"{numbers.mode_title(mode)}: no gains in this result." for mode in lacking]


def _about(result: Result, mode: str) -> str:
    words = MODES[mode].meaning.format(pivot=pivot_name(result)) if mode in MODES else ""
    sizes = [
        f"Mean gain, {group_words}: {gain_words(size)}."
        for group, group_words in _GROUPS[:2]
        if (size := gain(result, "accuracy", mode, f"gain_{group}"))
    ]
    told = " ".join([words, *sizes]).strip()
    return f'<p class="about">{escape(told)}</p>' if told else ""


def _range(found: Gain | None) -> tuple[float, float] | None:
    if found is None or found.low is None or found.high is None:
        return None
    return found.low, found.high


def _cells(found: Gain | None) -> tuple[Cell, Cell, Cell]:
    return (found.mean, found.low, found.high) if found else (None, None, None)
