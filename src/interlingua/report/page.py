"""The report as one HTML file that opens offline: nothing is fetched, every text is escaped.

It shows what the result holds and names what it does not. `page.html`, `page.css` and `page.js` beside this
file are put into the page; without the script every panel is shown and tables keep their order.
"""

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from interlingua.core.errors import BadInput
from interlingua.core.files import write_atomic
from interlingua.report import sections
from interlingua.report.charts import style_text
from interlingua.report.pieces import around, tile, tiles
from interlingua.report.reading import (
    Mode,
    Result,
    absent,
    after,
    at,
    before,
    codes,
    count,
    gain,
    mean,
    modes,
    number,
    percent,
    pivot_accuracy,
    pivot_name,
    points,
    verdict,
)


def write_page(result: Result, path: str | Path) -> Path:
    """Write the page and return its path.

    Raises `BadInput` when the result holds no languages or the place cannot be written, `OutOfRoom` on a full
    disk.
    """
    return write_atomic(path, page(result))


def page(result: Result) -> str:
    """The whole page as text; raises `BadInput` when the result holds no languages."""
    if not result.get("languages"):
        raise BadInput("The result holds no languages to report on. Give the result of a finished run.")
    return framed(
        what=" · ".join(dict.fromkeys(str(result[k]) for k in ("world", "model") if result.get(k))),
        verdict=verdict(result),
        scale=_scale(result),
        tiles=_tiles(result),
        missing=absent(result),
        sections=sections.every(result),
    )


def framed(
    *,
    what: str,
    verdict: str,
    scale: str,
    tiles: str,
    missing: Sequence[str],
    sections: Sequence[tuple[str, str, str]],
    also: str = "",
) -> str:
    """A page around its sections (title, anchor, HTML); those without HTML are left out.

    `tiles` is HTML; the other texts are escaped here. `also` names a pair of assets beside the page's own
    (`also.css`, `also.js`).
    """
    told = [(title, key, body) for title, key, body in sections if body]
    return Template(_asset("page.html")).substitute(
        what=escape(what),
        style=style_text() + _asset("page.css") + (_asset(f"{also}.css") if also else ""),
        verdict=escape(verdict),
        scale=escape(scale),
        tiles=tiles,
        missing=_missing(missing),
        links="".join(f'<a href="#{key}">{escape(title)}</a>' for title, key, _ in told),
        sections="\n".join(
            f'<section id="{key}"><h2>{escape(title)}</h2>{body}</section>' for title, key, body in told
        ),
        script=_asset("page.js") + (_asset(f"{also}.js") if also else ""),
    )


def _scale(result: Result) -> str:
    unseen, seen = len(codes(result, seen=False)), len(codes(result, seen=True))
    facts = [f"{count(unseen, 'language')} never tuned on and {seen} tuned on"]
    if result.get("items_per_task"):
        facts.append(f"{count(int(result['items_per_task']), 'item')} per task and language")
    if (chance := number(result, "chance")) is not None:
        facts.append(f"chance {percent(chance)}%")
    if (ceiling := pivot_accuracy(result)) is not None:
        facts.append(f"{pivot_name(result)}, the pivot, {percent(ceiling)}%")
    unit = f" Intervals speak for {result['unit']}." if result.get("unit") else ""
    return "; ".join(facts) + "." + unit


def _tiles(result: Result) -> str:
    shown = [_tile(result, mode) for mode in modes(result)]
    for key in at(result, "pivot_change") or {}:
        if (found := gain(result, "pivot_change", key)) is not None:
            words = f"{key.replace('_', ' ').capitalize()} in {pivot_name(result)}"
            shown.append(tile("Pivot", points(found.mean), "points", [escape(words), around(found)]))
            break
    also = ", and in the pivot" if len(shown) > len(modes(result)) else ""
    return tiles(f"Change in accuracy: mean over languages never tuned on{also}", shown)


def _tile(result: Result, mode: Mode) -> str:
    found, group = gain(result, "gain_unseen", mode.name), codes(result, seen=False)
    old, new = mean([before(result, c, mode) for c in group]), mean([after(result, c, mode) for c in group])
    lines = [f"{percent(old)}% → {percent(new)}%", around(found) if found else "no gain was computed"]
    word = str(at(result, "verdicts", mode.name) or "")
    return tile(mode.title, points(found.mean if found else None), "points", lines, word)


def _missing(lines: Sequence[str]) -> str:
    told = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<div class="note"><p>Not in this result</p><ul>{told}</ul></div>' if told else ""


def _asset(name: str) -> str:
    return files("interlingua.report").joinpath(name).read_text(encoding="utf-8")
