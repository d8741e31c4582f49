"""Alignment with the pivot: against accuracy, over the layers, and every measure per language."""

from html import escape

from interlingua.report.curves import Curve, Panel, Point, curves
from interlingua.report.parts import numbers
from interlingua.report.pieces import charted, layered
from interlingua.report.reading import Result, at, count, name_of, note_of, number, percent, pivot_name, role
from interlingua.report.scatter import Spot, scatter
from interlingua.report.tables import Cell, Column, Table

_BY_LAYER = (
    ("mexa", "MEXA"), ("ranker", "cosine"), ("ranker_random", "unrelated"),
    ("retrieval", "retrieval"), ("csls", "CSLS"), ("cka", "CKA"),
)  # fmt: skip
_POOLED = (("mexa_mean", "MEXA, mean"), ("mexa_max", "MEXA, best layer"), ("estimate", "estimate"))
_CROWD = 24  # more languages than this are labelled by their codes


def section(result: Result) -> str:
    """The charts of alignment as HTML; empty where none was measured."""
    langs = _langs(result)
    if not langs:
        return ""
    sentences, what = number(result, "alignment", "sentences"), at(result, "alignment", "parallel")
    size = f" on {sentences:,.0f} {'sentences' if what in (None, 'pairs') else what}" if sentences else ""
    pivot, vectors = escape(pivot_name(result)), numbers.POSITIONS[numbers.position(result)]
    parts = [
        f'<p class="about">MEXA{escape(size)}: the share of sentences that lie nearer to their own translation in '
        f"{pivot} than to any other, in the hidden states ({escape(vectors)}).</p>"
    ]
    mode = numbers.lead_mode(result)
    if _spots(result, mode, long=True):
        caption = f"{numbers.mode_title(str(mode))} against MEXA, mean over layers. Round: never tuned on. Diamond: tuned on."
        parts.append(
            charted(lambda wide: draw(result, wide=wide), caption, against_accuracy(result), sortable=True)
        )
    parts.append("<h3>Layer by layer</h3>")
    caption = "Layer 0 is the embedding. Cosine is the mean over sentences; the thin lines are pairs that do not belong together."
    parts.append(
        layered(
            lambda wide: draw_layers(result, wide=wide), caption, by_layer(result, numbers.position(result))
        )
    )
    parts.append(f"<h3>Every measure per language</h3>{pooled(result).html(sortable=True)}")
    return "".join(parts)


def draw(result: Result, *, wide: bool = True, title: str = "") -> str:
    """Accuracy against MEXA, an arrow from before to after for every language."""
    mode = numbers.lead_mode(result)
    names = numbers.legend(result)
    legend = [("base", names[0]), *([("tuned", names[1])] if numbers.paired(result) else [])]
    levels = {}
    for kind, value in (
        ("chance", numbers.chance(result, mode)),
        ("pivot", numbers.pivot_accuracy(result, mode)),
    ):
        if value is not None:
            levels[kind] = (f"{kind} {percent(value)}", value)
    axes = ("MEXA, mean over layers", f"accuracy of {numbers.mode_title(str(mode)).lower()}")
    spots = _spots(result, mode, long=wide and len(_langs(result)) <= _CROWD)
    return scatter(spots, axes, levels, legend, label="Accuracy against alignment", wide=wide, title=title)


def draw_layers(result: Result, *, wide: bool = True) -> str:
    """MEXA and the cosine to the pivot over the layers, the mean over languages first."""
    sides, langs = numbers.sides(result), _langs(result)
    words = dict(zip(numbers.SIDES, numbers.legend(result), strict=True))

    def lines(code: str, measure: str, kind: str, prefix: str = "") -> list[Curve]:
        found = ((side, _values(result, code, side, measure)) for side in sides)
        return [
            Curve(f"{kind}-{side if len(sides) > 1 else 'after'}", f"{prefix}{words[side]}", tuple(
                Point(layer, value) for layer, value in enumerate(values) if value is not None
            ))
            for side, values in found if any(value is not None for value in values)
        ]  # fmt: skip

    keys = ["", *langs]
    mexa = {key: lines(key, "mexa", "line") for key in keys}
    cosine = {
        key: lines(key, "ranker", "line") + lines(key, "ranker_random", "thin", "unrelated, ") for key in keys
    }
    show = lambda value: f"{100 * value:.0f}%"  # noqa: E731
    panels = [Panel("MEXA", show, mexa, (0.0, 1.0))]
    if any(cosine.values()):
        panels.append(Panel("Cosine to the pivot", lambda value: f"{value:.1f}", cosine))
    return curves(panels, label="Alignment with the pivot per layer", wide=wide)


def against_accuracy(result: Result) -> Table:
    """The numbers behind the scatter."""
    mode, words = numbers.lead_mode(result), dict(zip(numbers.SIDES, numbers.legend(result), strict=True))
    columns = [Column("Language"), Column("Code", "code"), Column("Tuned on")]
    for side in numbers.sides(result):
        columns += [Column("MEXA", "percent", words[side]), Column("accuracy", "percent", words[side])]
    rows: list[tuple[Cell, ...]] = []
    for code in _langs(result):
        cells = [
            cell
            for side in numbers.sides(result)
            for cell in (numbers.aligned(result, code, side), numbers.accuracy(result, mode, code, side))
        ]
        rows.append((name_of(result, code), code, role(result, code), *cells))
    return Table("Alignment and accuracy", tuple(columns), tuple(rows))


def by_layer(result: Result, position: str) -> Table:
    """Every measure at every layer for one way of pooling; the mean over languages first."""
    sides = numbers.sides(result)
    words = dict(zip(numbers.SIDES, numbers.legend(result), strict=True))
    langs = _langs(result)
    kept = [
        (key, title)
        for key, title in _BY_LAYER
        if any(_values(result, code, side, key, position) for code in langs for side in sides)
    ]
    plan = [(side, key, title) for side in sides for key, title in kept]
    columns = (
        Column("Language"), Column("Code", "code"), Column("layer", "count"),
        *(Column(title, "ratio" if key.startswith("ranker") else "percent", words[side]) for side, key, title in plan),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for code in ["", *langs]:
        found = [_values(result, code, side, key, position) for side, key, _ in plan]
        name = name_of(result, code) if code else f"Mean of {count(len(langs), 'language')}"
        for layer in range(max(map(len, found), default=0)):
            rows.append(
                (name, code, float(layer), *(each[layer] if layer < len(each) else None for each in found))
            )
    return Table(f"Alignment per layer ({numbers.POSITIONS[position]})", columns, tuple(rows))


def pooled(result: Result) -> Table:
    """MEXA and its estimate per language, and every other measure at the layer where it is highest."""
    sides, words = numbers.sides(result), dict(zip(numbers.SIDES, numbers.legend(result), strict=True))
    plan = [(side, key, title) for side in sides for key, title in _POOLED]
    best = [(side, key, f"{title}, best layer") for side in sides for key, title in _BY_LAYER[3:]]
    rows: list[tuple[Cell, ...]] = []
    for code in _langs(result):
        cells = [numbers.aligned(result, code, side, key) for side, key, _ in plan]
        highest = [_highest(_values(result, code, side, key)) for side, key, _ in best]
        rows.append((name_of(result, code), code, role(result, code), *cells, *highest))
    columns = [Column(title, "percent", words[side]) for side, _, title in [*plan, *best]]
    held = [n for n in range(len(columns)) if any(row[n + 3] is not None for row in rows)]
    held.sort(key=lambda n: sides.index(([*plan, *best])[n][0]))
    return Table(
        "Alignment per language", (Column("Language"), Column("Code", "code"), Column("Tuned on"), *(columns[n] for n in held)),
        tuple((*row[:3], *(row[n + 3] for n in held)) for row in rows),
    )  # fmt: skip


def tables(result: Result) -> dict[str, Table]:
    """The numbers of the charts: pooled, against accuracy, and by layer for every way of pooling."""
    if not _langs(result):
        return {}
    found = {"alignment": pooled(result)}
    if _spots(result, numbers.lead_mode(result), long=True):
        found["alignment_accuracy"] = against_accuracy(result)
    for position in numbers.POSITIONS:
        table = by_layer(result, position)
        if table.rows:
            found[f"alignment_layers_{position}"] = table
    return found


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
