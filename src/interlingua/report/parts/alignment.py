"""Alignment with the pivot: against accuracy, over the layers, and every measure per language."""

from functools import partial
from html import escape

from interlingua.report.curves import Curve, Panel, Point, curves
from interlingua.report.parts import numbers
from interlingua.report.pieces import charted, layered
from interlingua.report.reading import (
    Result,
    at,
    count,
    name_of,
    note_of,
    number,
    percent,
    pivot_name,
    role,
)
from interlingua.report.scatter import Spot, scatter
from interlingua.report.tables import Cell, Column, Kind, Table

_BY_LAYER = (
    ("mexa", "MEXA"), ("ranker", "cosine"), ("ranker_random", "unrelated"),
    ("retrieval", "retrieval"), ("csls", "CSLS"), ("cka", "CKA"),
)  # fmt: skip
_POOLED = (
    ("mexa_mean", "MEXA"), ("mexa_max", "MEXA, best layer"), ("estimate", "estimate"),
    ("ranker_above", "cosine above unrelated"),
)  # fmt: skip
_CROWD = 24  # more languages than this are labelled by their codes
_LAYERS = (
    "Layer 0 is the embedding. Cosine is the mean over sentences; the thin lines are pairs that do not "
    "belong together."
)


def section(result: Result, *, room: float = 1.0) -> str:
    """The charts of alignment as HTML; empty where none was measured."""
    langs, mode = _langs(result), numbers.lead_mode(result)
    if not langs:
        return ""
    pivot, place = escape(pivot_name(result)), numbers.position(result)
    size, what = number(result, "alignment", "sentences"), at(result, "alignment", "parallel")
    on = f" on {size:,.0f} {'sentences' if what in (None, 'pairs') else what}" if size else ""
    parts = [
        f'<p class="about">MEXA{escape(on)}: the share of sentences that lie nearer to their own translation '
        f"in {pivot} than to any other, in the hidden states ({escape(numbers.POSITIONS[place])}).</p>"
    ]
    if _spots(result, mode, long=True):
        shapes = " Round: never tuned on. Diamond: tuned on." if result.get("tuned_languages") else ""
        caption = f"{numbers.mode_title(str(mode))} against MEXA, mean over layers.{shapes}"
        parts.append(charted(partial(draw, result), caption, against_accuracy(result), sortable=True))
    shown, caption = numbers.fitting(langs, room), _LAYERS + numbers.left_out(langs, room)
    layers = layered(partial(draw_layers, result, shown), caption, by_layer(result, place, shown))
    rest = (
        "<h3>Every measure per language</h3>"
        '<p class="about">MEXA is the mean over layers unless the heading says otherwise; the estimate is '
        "that times the accuracy of the pivot. The cosine is without that of unrelated "
        "sentences, mean over layers. Retrieval, CSLS and CKA are those of the best layer.</p>"
    )
    parts.append(f"<h3>Layer by layer</h3>{layers}{rest}{pooled(result).html(sortable=True)}")
    return "".join(parts)


def draw(result: Result, *, wide: bool = True, title: str = "") -> str:
    """Accuracy against MEXA, an arrow from before to after for every language."""
    mode, names = numbers.lead_mode(result), numbers.legend(result)
    legend = [("base", names[0]), *([("tuned", names[1])] if numbers.paired(result) else [])]
    found = {"chance": numbers.chance(result, mode), "pivot": numbers.pivot_accuracy(result, mode)}
    levels = {kind: (f"{kind} {percent(value)}", value) for kind, value in found.items() if value is not None}
    axes = ("MEXA, mean over layers", f"accuracy of {numbers.mode_title(str(mode)).lower()}")
    spots = _spots(result, mode, long=wide and len(_langs(result)) <= _CROWD)
    return scatter(spots, axes, levels, legend, label="Accuracy against alignment", wide=wide, title=title)


def draw_layers(result: Result, langs: list[str], *, wide: bool = True) -> str:
    """MEXA and the cosine to the pivot over the layers, the mean over languages first."""

    def lines(code: str, measure: str, kind: str, prefix: str = "") -> list[Curve]:
        found = []
        for side in numbers.sides(result):
            values = _values(result, code, side, measure)
            points = tuple(Point(layer, value) for layer, value in enumerate(values) if value is not None)
            words = f"{prefix}{numbers.words(result)[side]}"
            found += [Curve(f"{kind}-{numbers.style(result, side)}", words, points)] if points else []
        return found

    mexa = {key: lines(key, "mexa", "line") for key in ["", *langs]}
    cosine = {
        key: [*lines(key, "ranker", "line"), *lines(key, "ranker_random", "thin", "unrelated, ")]
        for key in ["", *langs]
    }
    panels = [Panel("MEXA", numbers.whole_percent, mexa, (0.0, 1.0))]
    if any(cosine.values()):
        panels.append(Panel("Cosine to the pivot", "{:.1f}".format, cosine))
    return curves(panels, label="Alignment with the pivot per layer", wide=wide)


def against_accuracy(result: Result) -> Table:
    """The numbers behind the scatter."""
    mode, words, columns = numbers.lead_mode(result), numbers.words(result), numbers.heads(result)
    for side in numbers.sides(result):
        columns += [Column("MEXA", "percent", words[side]), Column("accuracy", "percent", words[side])]
    rows: list[tuple[Cell, ...]] = []
    for code in _langs(result):
        cells = numbers.named(result, code)
        for side in numbers.sides(result):
            cells += [numbers.aligned(result, code, side), numbers.accuracy(result, mode, code, side)]
        rows.append(tuple(cells))
    return Table("Alignment and accuracy", tuple(columns), tuple(rows))


def by_layer(result: Result, position: str, langs: list[str]) -> Table:
    """Every measure at every layer for one way of pooling; the mean over all languages first."""
    every, words = _langs(result), numbers.words(result)
    plan = [
        (side, key, title)
        for side in numbers.sides(result)
        for key, title in _BY_LAYER
        if any(_values(result, code, side, key, position) for code in every)
    ]
    columns = [Column("Language"), Column("Code", "code"), Column("layer", "count")]
    for side, key, title in plan:
        columns.append(Column(title, "ratio" if key.startswith("ranker") else "percent", words[side]))
    rows: list[tuple[Cell, ...]] = []
    for code in ["", *langs]:
        name = name_of(result, code) if code else f"Mean of {count(len(every), 'language')}"
        found = [_values(result, code, side, key, position) for side, key, _ in plan]
        for layer in range(max(map(len, found), default=0)):
            cells = [each[layer] if layer < len(each) else None for each in found]
            rows.append((name, code, float(layer), *cells))
    return Table(f"Alignment per layer ({numbers.POSITIONS[position]})", tuple(columns), tuple(rows))


def pooled(result: Result) -> Table:
    """MEXA and its estimate per language, and every other measure at the layer where it is highest."""
    sides, words = numbers.sides(result), numbers.words(result)
    columns = numbers.heads(result)
    rows = [numbers.named(result, code) for code in _langs(result)]
    for key, title in [*_POOLED, *_BY_LAYER[3:]]:
        for side in sides:
            cells = [
                numbers.aligned(result, code, side, key)
                if (key, title) in _POOLED
                else _highest(_values(result, code, side, key))
                for code in _langs(result)
            ]
            if any(cell is not None for cell in cells):
                paired = len(sides) > 1
                kind: Kind = "ratio" if key.startswith("ranker") else "percent"
                columns.append(Column(words[side] if paired else title, kind, title if paired else ""))
                for row, cell in zip(rows, cells, strict=True):
                    row.append(cell)
    return Table("Alignment per language", tuple(columns), tuple(map(tuple, rows)))


def tables(result: Result) -> dict[str, Table]:
    """The numbers of the charts: pooled, against accuracy, and by layer for every way of pooling."""
    langs = _langs(result)
    if not langs:
        return {}
    found = {"alignment": pooled(result)}
    if _spots(result, numbers.lead_mode(result), long=True):
        found["alignment_accuracy"] = against_accuracy(result)
    layers = {f"alignment_layers_{place}": by_layer(result, place, langs) for place in numbers.POSITIONS}
    return found | {name: table for name, table in layers.items() if table.rows}


def absent(result: Result) -> list[str]:
    """What is missing."""
    return [] if _langs(result) else ["Alignment: not run."]


def _langs(result: Result) -> list[str]:
    held = at(result, "alignment", "languages") or {}
    return [
        code for code in numbers.others(result) if any(at(held, code, side) for side in numbers.sides(result))
    ]


def _spots(result: Result, mode: str | None, *, long: bool) -> list[Spot]:
    spots = []
    for code in _langs(result):
        ends: list[tuple[float, float] | None] = []
        for side in numbers.SIDES:
            x, y = numbers.aligned(result, code, side), numbers.accuracy(result, mode, code, side)
            ends.append(None if x is None or y is None else (x, y))
        if any(ends):
            told = " to ".join(f"MEXA {percent(end[0])}, accuracy {percent(end[1])}" for end in ends if end)
            says = f"{name_of(result, code)} {note_of(result, code)}: {told}"
            label = name_of(result, code) if long else code.partition("_")[0]
            spots.append(Spot(label, says, ends[0], ends[1], role(result, code) == "yes"))
    return spots


def _values(
    result: Result, code: str, side: str, measure: str, position: str | None = None
) -> list[float | None]:
    """A measure at every layer; for the code "" its mean over languages."""
    place = position or numbers.position(result)
    if code:
        return numbers.values(at(result, "alignment", "languages", code, side, place, measure))
    every = [_values(result, lang, side, measure, place) for lang in _langs(result)]
    known = [each for each in every if each]
    depth = min(map(len, known), default=0)
    return [numbers.average([each[layer] for each in known]) for layer in range(depth)]


def _highest(found: list[float | None]) -> float | None:
    return max((value for value in found if value is not None), default=None)
