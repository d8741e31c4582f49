"""The logit lens: per layer, how likely the label words are in the pivot and in the item's own language."""

from functools import partial
from html import escape
from typing import NamedTuple

from interlingua.core.errors import UnknownName
from interlingua.report.curves import Curve, Mark, Panel, Point, curves
from interlingua.report.parts import grid, numbers
from interlingua.report.pieces import layered
from interlingua.report.reading import (
    Result,
    at,
    count,
    gain,
    name_of,
    number,
    pivot_name,
    reading_order,
)
from interlingua.report.tables import Cell, Column, Kind, Table

_CAPTION = "Bands are 95% intervals over questions. Entropy in nats, over the whole vocabulary."


class _Read(NamedTuple):
    mean: float | None
    low: float | None = None
    high: float | None = None


def section(result: Result, *, room: float = 1.0) -> str:
    """Curves, the first layer at which the right answer leads, and sentences read token by token, as HTML."""
    langs = _langs(result)
    if not langs:
        return grid.section(result, room=room)
    words = ", ".join(f"“{str(word).strip()}”" for word in at(result, "lens", "english") or ())
    on = f" on {at(result, 'lens', 'task')}" if at(result, "lens", "task") else ""
    kind = "tuned" if at(result, "lens", "tuned") else "raw"
    warned = "" if kind == "tuned" else " Raw lenses mislead in early layers."
    native = any(_read(result, code, side, "native") for code in langs for side in numbers.SIDES)
    own = " and in the language of the question" if native else ""
    likely = (
        f"the probability of the right label word in {pivot_name(result)}{f' ({words})' if words else ''}"
    )
    what = f"{likely}{own}" if _worded(result) else "how sure it is of the next token"
    told = (
        f"What the model would say if it stopped at a layer{on}: {what}, by the {kind} lens; marked is the "
        f"layer from which the right answer leads.{warned}"
    )
    shown = numbers.fitting(langs, room)
    caption = _CAPTION + numbers.left_out(langs, room)
    chart = layered(partial(_draw, result, ["", *shown]), caption, _table(result, ["", *shown]))
    first = lead(result)
    leads = f"<h3>{first.caption}</h3>{first.html(sortable=True)}" if first.rows else ""
    return f'<p class="about">{escape(told)}</p>{chart}{leads}{grid.section(result, room=room)}'


def draw(result: Result, *, lang: str | None = None, wide: bool = True, title: str = "") -> str:
    """Both probabilities and the entropy over the layers: the mean over languages, or those of `lang`.

    Raises `UnknownName` for a language that was not read.
    """
    if lang and lang not in _langs(result):
        raise UnknownName("language of the lens", lang, _langs(result))
    return _draw(result, [lang or ""], wide=wide, title=title)


def lead(result: Result) -> Table:
    """The first layer from which the right answer leads, per language, with its interval."""
    columns, words = numbers.heads(result), numbers.words(result)
    for side in numbers.sides(result):
        columns += [Column(title, "tenth", words[side]) for title in ("layer", "from", "to")]
    rows: list[tuple[Cell, ...]] = []
    for code in _langs(result):
        found = [gain(result, "lens", "languages", code, side, "lead") for side in numbers.sides(result)]
        if any(found):
            ends = [(one.mean, one.low, one.high) if one else (None, None, None) for one in found]
            rows.append((*numbers.named(result, code), *(cell for each in ends for cell in each)))
    return Table("First layer from which the right answer leads", tuple(columns), tuple(rows))


def tables(result: Result) -> dict[str, Table]:
    """The numbers of the curves, of the leading layers and of the sentences."""
    every = _table(result, ["", *_langs(result)])
    found = {"lens": every, "lens_lead": lead(result), **grid.tables(result)}
    return {name: each for name, each in found.items() if each.rows}


def absent(result: Result) -> list[str]:
    """What is missing."""
    missing = [] if _langs(result) else ["Logit lens: not run."]
    if _langs(result) and not _worded(result):
        known = at(result, "lens", "english")
        why = "label words begin alike" if known else "every question has answers of its own"
        missing.append(f"Probability of label words in the lens: {why}.")
    return missing + grid.absent(result)


def _draw(result: Result, keys: list[str], *, wide: bool = True, title: str = "") -> str:
    kinds = (("english", pivot_name(result)), ("native", "own language"))
    side_words = {side: f", {side}" if numbers.paired(result) else "" for side in numbers.SIDES}
    probability: dict[str, list[Curve]] = {}
    entropy: dict[str, list[Curve]] = {}
    marks: dict[str, list[Mark]] = {}
    for key in keys:
        probability[key], entropy[key], marks[key] = [], [], []
        for side in numbers.sides(result):
            style, words = numbers.style(result, side), side_words[side]
            for kind, title_of in kinds:
                points = _points(result, key, side, kind)
                probability[key] += [Curve(f"{kind}-{style}", f"{title_of}{words}", points)] if points else []
            points = _points(result, key, side, "entropy")
            entropy[key] += [Curve(f"line-{style}", numbers.words(result)[side], points)] if points else []
            found = _leads(result, key, side)
            marks[key] += [Mark(f"lead-{style}", f"right answer leads{words}", found)] if found else []
        probability[key].sort(key=lambda curve: not curve.kind.startswith("english"))
    panels = []
    if any(probability.values()) or not any(entropy.values()):
        title_of_all = "Probability of the right label word"
        panels.append(Panel(title_of_all, numbers.whole_percent, probability, marks=marks))
    if any(entropy.values()):
        panels.append(Panel("Entropy (nats)", "{:g}".format, entropy))
    return curves(panels, label="Logit lens over the layers", wide=wide, title=title)


def _table(result: Result, keys: list[str]) -> Table:
    """The numbers behind the curves; the mean over languages first."""
    words = numbers.words(result)
    kinds: tuple[tuple[str, str, Kind], ...] = (
        ("english", pivot_name(result), "percent"), ("native", "own language", "percent"),
        ("entropy", "entropy", "ratio"),
    )  # fmt: skip
    plan = [(side, *kind) for side in numbers.sides(result) for kind in kinds]
    columns = [Column("Language"), Column("Code", "code"), Column("layer", "count")]
    for side, _, title, kind in plan:
        columns += [Column(end, kind, f"{title}, {words[side]}") for end in ("mean", "from", "to")]
    rows: list[tuple[Cell, ...]] = []
    langs = [lang for lang in _langs(result) if lang != result.get("pivot")]
    for code in keys:
        name = name_of(result, code) if code else f"Mean of {count(len(langs), 'language')}"
        found = [_read(result, code, side, key) for side, key, _, _ in plan]
        for layer in range(max(map(len, found), default=0)):
            cells = [cell for each in found for cell in (each[layer] if layer < len(each) else _Read(None))]
            rows.append((name, code, float(layer), *cells))
    return Table("Logit lens per layer", tuple(columns), tuple(rows))


def _worded(result: Result) -> bool:
    """Whether any language has the probability of a label word."""
    return any(
        _read(result, code, side, kind)
        for code in _langs(result) for side in numbers.SIDES for kind in ("english", "native")
    )  # fmt: skip


def _langs(result: Result) -> list[str]:
    held = at(result, "lens", "languages") or {}
    return [code for code in reading_order(result) if any(at(held, code, side) for side in numbers.SIDES)]


def _points(result: Result, code: str, side: str, key: str) -> tuple[Point, ...]:
    return tuple(
        Point(layer, each.mean, each.low, each.high)
        for layer, each in enumerate(_read(result, code, side, key))
        if each.mean is not None
    )


def _read(result: Result, code: str, side: str, key: str) -> list[_Read]:
    """(mean, low, high) at every layer; for the code "" the mean over languages but the pivot."""
    if code:
        told = at(result, "lens", "languages", code, side, key) or ()
        every = (each if isinstance(each, list | tuple) else [each] for each in told)
        return [_Read(*numbers.values(list(each))[:3]) for each in every]
    langs = [lang for lang in _langs(result) if lang != result.get("pivot")]
    known = [read for read in (_read(result, lang, side, key) for lang in langs) if read]
    depth = min(map(len, known), default=0)
    return [_Read(numbers.average([each[layer].mean for each in known])) for layer in range(depth)]


def _leads(result: Result, code: str, side: str) -> Point | None:
    """The layer from which the right answer leads; for the code "" the mean over languages but the pivot."""
    if code:
        found = gain(result, "lens", "languages", code, side, "lead")
        return Point(found.mean, found.mean, found.low, found.high) if found else None
    langs = [lang for lang in _langs(result) if lang != result.get("pivot")]
    mean = numbers.average(
        [number(result, "lens", "languages", lang, side, "lead", "mean") for lang in langs]
    )
    return None if mean is None else Point(mean, mean)
