"""The logit lens: per layer, how likely the label words are in the pivot and in the item's own language."""

from html import escape
from typing import NamedTuple

from interlingua.report.curves import Curve, Mark, Panel, Point, curves
from interlingua.report.parts import grid, numbers
from interlingua.report.pieces import layered
from interlingua.report.reading import Result, at, count, gain, name_of, pivot_name, role
from interlingua.report.tables import Cell, Column, Table


class _Read(NamedTuple):
    mean: float | None
    low: float | None = None
    high: float | None = None


def section(result: Result) -> str:
    """Curves, the first layer at which the right answer leads, and sentences read token by token, as HTML."""
    if not _langs(result):
        return grid.section(result)
    words = ", ".join(f"“{word.strip()}”" for word in at(result, "lens", "english") or ())
    task = at(result, "lens", "task")
    pivot, on = escape(pivot_name(result)), f" on {escape(str(task))}" if task else ""
    kind = "tuned" if at(result, "lens", "tuned") else "raw"
    read = f" ({escape(words)})" if words else ""
    about = (
        f'<p class="about">What the model would say if it stopped at a layer{on}: the probability of the label words '
        f"in {pivot}{read} and in the language of the question, by the {kind} lens. Below, the layer from which the "
        "right answer leads. Raw lenses mislead in early layers.</p>"
    )
    chart = layered(
        lambda wide: draw(result, wide=wide),
        "Bands are 95% intervals over questions. Entropy in nats, over the whole vocabulary.", table(result),
    )  # fmt: skip
    found = lead(result)
    first = f"<h3>{found.caption}</h3>{found.html(sortable=True)}" if found.rows else ""
    return about + chart + first + grid.section(result)


def draw(result: Result, *, wide: bool = True, lang: str | None = None, title: str = "") -> str:
    """Both probabilities and the entropy over the layers; the mean over languages first, or `lang` alone."""
    keys = [lang] if lang else ["", *_langs(result)]
    sides = numbers.sides(result)
    words = dict(
        zip(
            numbers.SIDES,
            (f", {side}" if numbers.paired(result) else "" for side in numbers.SIDES),
            strict=True,
        )
    )
    probability, entropy, marks = {}, {}, {}
    for key in keys:
        probability[key] = [
            *_curves(
                result,
                key,
                "english",
                {s: (f"english-{_style(result, s)}", f"{pivot_name(result)}{words[s]}") for s in sides},
            ),
            *_curves(
                result,
                key,
                "native",
                {s: (f"native-{_style(result, s)}", f"own language{words[s]}") for s in sides},
            ),
        ]
        names = dict(zip(numbers.SIDES, numbers.legend(result), strict=True))
        entropy[key] = _curves(
            result, key, "entropy", {s: (f"line-{_style(result, s)}", names[s]) for s in sides}
        )
        marks[key] = [
            Mark(f"lead-{_style(result, side)}", f"right answer leads{words[side]}", Point(size.mean, size.mean, size.low, size.high))
            for side in sides if key and (size := gain(result, "lens", "languages", key, side, "lead"))
        ]  # fmt: skip
    panels = [Panel("Probability of label words", _share, probability, marks=marks)]
    if any(entropy.values()):
        panels.append(Panel("Entropy (nats)", lambda value: f"{value:g}", entropy))
    return curves(panels, label="Logit lens over the layers", wide=wide, title=title)


def table(result: Result) -> Table:
    """The numbers behind the curves; the mean over languages first."""
    words = dict(zip(numbers.SIDES, numbers.legend(result), strict=True))
    pivot = pivot_name(result)
    kinds = (("english", pivot), ("native", "own language"), ("entropy", "entropy"))
    plan = [(side, key, title) for side in numbers.sides(result) for key, title in kinds]
    columns = [Column("Language"), Column("Code", "code"), Column("layer", "count")]
    for side, key, title in plan:
        kind = "ratio" if key == "entropy" else "percent"
        group = f"{title}, {words[side]}"
        columns += [Column("mean", kind, group), Column("from", kind, group), Column("to", kind, group)]  # type: ignore[arg-type]
    rows: list[tuple[Cell, ...]] = []
    for code in ["", *_langs(result)]:
        found = [_read(result, code, side, key) for side, key, _ in plan]
        for layer in range(max(map(len, found), default=0)):
            cells = [cell for each in found for cell in (each[layer] if layer < len(each) else _Read(None))]
            rows.append((_name(result, code), code, float(layer), *cells))
    return Table("Logit lens per layer", tuple(columns), tuple(rows))


def lead(result: Result) -> Table:
    """The first layer from which the right answer leads, per language, with its interval."""
    words = dict(zip(numbers.SIDES, numbers.legend(result), strict=True))
    columns = [Column("Language"), Column("Code", "code"), Column("Tuned on")]
    for side in numbers.sides(result):
        columns += [Column(title, "ratio", words[side]) for title in ("layer", "from", "to")]
    rows: list[tuple[Cell, ...]] = []
    for code in _langs(result):
        found = [gain(result, "lens", "languages", code, side, "lead") for side in numbers.sides(result)]
        cells = [
            cell for size in found for cell in ((size.mean, size.low, size.high) if size else (None,) * 3)
        ]
        if any(found):
            rows.append((name_of(result, code), code, role(result, code), *cells))
    return Table("First layer from which the right answer leads", tuple(columns), tuple(rows))


def tables(result: Result) -> dict[str, Table]:
    """The numbers of the curves, of the leading layers and of the sentences."""
    found = {"lens": table(result), "lens_lead": lead(result), **grid.tables(result)}
    return {name: each for name, each in found.items() if each.rows}


def absent(result: Result) -> list[str]:
    """What is missing."""
    missing = [] if _langs(result) else ["Logit lens: not run."]
    return missing + grid.absent(result)


def _langs(result: Result) -> list[str]:
    held = at(result, "lens", "languages") or {}
    return [
        code for code, _, _ in numbers.everyone(result) if any(at(held, code, side) for side in numbers.SIDES)
    ]


def _curves(result: Result, code: str, key: str, named: dict[str, tuple[str, str]]) -> list[Curve]:
    found = []
    for side, (kind, words) in named.items():
        points = tuple(
            Point(layer, each.mean, each.low, each.high)
            for layer, each in enumerate(_read(result, code, side, key)) if each.mean is not None
        )  # fmt: skip
        if points:
            found.append(Curve(kind, words, points))
    return found


def _read(result: Result, code: str, side: str, key: str) -> list[_Read]:
    """(mean, low, high) at every layer; for the code "" the mean over languages but the pivot, without ends."""
    if code:
        told = at(result, "lens", "languages", code, side, key) or ()
        return [
            _Read(*numbers.values(each)) if isinstance(each, list | tuple) else _Read(*numbers.values([each]))
            for each in told
        ]
    every = [_read(result, lang, side, key) for lang in _langs(result) if lang != result.get("pivot")]
    known = [each for each in every if each]
    depth = min(map(len, known), default=0)
    return [_Read(numbers.average([each[layer].mean for each in known])) for layer in range(depth)]


def _name(result: Result, code: str) -> str:
    langs = [lang for lang in _langs(result) if lang != result.get("pivot")]
    return name_of(result, code) if code else f"Mean of {count(len(langs), 'language')}"


def _style(result: Result, side: str) -> str:
    return side if numbers.paired(result) else "after"


def _share(value: float) -> str:
    return f"{100 * value:g}%"
