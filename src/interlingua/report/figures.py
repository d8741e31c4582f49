"""Figures of a tuning result as inline SVG: before/after per language, gains, alignment per layer."""

from collections.abc import Callable
from pathlib import Path

from interlingua.core.errors import BadInput
from interlingua.core.files import write_atomic
from interlingua.report.charts import Line, dumbbells, ranked, standalone, whiskers
from interlingua.report.curves import Curve, Panel, Point, curves
from interlingua.report.reading import (
    MODES,
    Mode,
    Result,
    after,
    before,
    codes,
    controls,
    gain,
    gain_words,
    modes,
    name_of,
    note_of,
    number,
    pivot_accuracy,
)
from interlingua.report.tables import comparisons, control_score, layers


def before_after(result: Result, mode: Mode, *, wide: bool = True, title: str = "") -> str:
    """Base and tuned accuracy of every language, seen and unseen apart, best first, with chance and pivot."""

    def line(code: str) -> Line:
        scores = [control_score(result, code, arm, mode) for arm in controls(result, mode)]
        strongest = max((score for score in scores if score is not None), default=None)
        return Line(
            name_of(result, code),
            note_of(result, code),
            before(result, code, mode),
            after(result, code, mode),
            strongest,
        )

    groups = _groups(result, line, with_mean=True)
    label = f"{mode.title}: accuracy per language before and after tuning"
    marks = {"chance": number(result, "chance"), "pivot": pivot_accuracy(result)}
    return dumbbells(groups, marks, label=label, wide=wide, title=title)


def alignment(result: Result, *, wide: bool = True) -> str:
    """MEXA of every language before and after, best first."""

    def line(code: str) -> Line:
        old, new = (number(result, "alignment", when, code) for when in ("before", "after"))
        return Line(name_of(result, code), note_of(result, code), old, new)

    label = "Alignment with the pivot per language, before and after"
    return dumbbells(_groups(result, line), {}, label=label, wide=wide)


def forest(result: Result, *, wide: bool = True) -> str:
    """Every gain as a point with its 95% interval: over the base, each control, and the pivot's change."""
    legend = [("over-base", "over the base"), ("over-control", "over a control"), ("other", "for reference")]
    label = "Gains with 95% intervals, in percentage points"
    return whiskers(comparisons(result), legend, label=label, wide=wide)


def per_layer(result: Result, *, wide: bool = True) -> str:
    """MEXA against the layer (0 is the embedding), before and after."""
    rows, found = layers(result).rows, []
    for place, kind, words in ((1, "before", "untuned base"), (2, "after", "tuned")):
        cells = ((layer, row[place]) for layer, row in enumerate(rows))
        points = tuple(Point(layer, cell) for layer, cell in cells if isinstance(cell, float))
        found.append(Curve(f"line-{kind}", words, points))
    panel = Panel("", lambda value: f"{100 * value:.0f}%", {"": found}, (0.0, 1.0))
    return curves([panel], label="Alignment with the pivot per layer, before and after", wide=wide)


def write_figure(result: Result, path: str | Path, mode: str | None = None) -> Path:
    """Write the before/after chart of one way of answering (the first measured one) as an `.svg` by itself.

    Raises `BadInput` when that way of answering was not measured or the place cannot be written.
    """
    present = [known.name for known in modes(result)]
    chosen = mode or (present[0] if present else "restate")
    if chosen not in present:
        raise BadInput(
            f"No figure for {chosen!r}: measured here are {', '.join(present) or 'no ways of answering'}."
        )
    found = gain(result, "gain_unseen", chosen)
    size = f": {gain_words(found)}" if found else ""
    drawn = before_after(
        result, MODES[chosen], title=f"{MODES[chosen].title} on languages never tuned on{size}"
    )
    return write_atomic(path, standalone(drawn))


def _groups(
    result: Result, line: Callable[[str], Line], *, with_mean: bool = False
) -> list[tuple[str, list[Line]]]:
    """Languages never tuned on, then those tuned on: best first, without those that have no number at all."""
    lines = [[line(code) for code in codes(result, seen)] for seen in (False, True)]
    return ranked(*lines, with_mean=with_mean)
