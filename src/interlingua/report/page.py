"""The report as one HTML file that opens offline: nothing is fetched, every text is escaped.

It shows what the result holds and names what it does not. `page.html`, `page.css` and `page.js` beside this
file are put into the page; without the script every panel is shown and tables keep their order.
"""

from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from interlingua.core.errors import BadInput
from interlingua.core.files import write_atomic
from interlingua.report import sections
from interlingua.report.figures import style_text
from interlingua.report.reading import (
    Gain,
    Mode,
    Result,
    absent,
    after,
    at,
    before,
    codes,
    count,
    gain,
    interval,
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
    parts = [(title, key, body) for title, key, body in sections.every(result) if body]
    return Template(_asset("page.html")).substitute(
        what=escape(" · ".join(dict.fromkeys(str(result[k]) for k in ("world", "model") if result.get(k)))),
        style=style_text() + _asset("page.css"),
        verdict=escape(verdict(result)),
        scale=escape(_scale(result)),
        tiles=_tiles(result),
        missing=_missing(result),
        links="".join(f'<a href="#{key}">{escape(title)}</a>' for title, key, _ in parts),
        sections="\n".join(
            f'<section id="{key}"><h2>{escape(title)}</h2>{body}</section>' for title, key, body in parts
        ),
        script=_asset("page.js"),
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
    tiles = [_tile(result, mode) for mode in modes(result)]
    for key in at(result, "pivot_change") or {}:
        if (found := gain(result, "pivot_change", key)) is not None:
            words, size = f"{key.replace('_', ' ').capitalize()} in {pivot_name(result)}", points(found.mean)
            tiles.append(
                f'<div class="tile"><h3>Pivot</h3><p class="big">{size} <small>points</small></p>'
                f"<p>{escape(words)}<br>{_around(found)}</p></div>"
            )
            break
    if not tiles:
        return ""
    also = ", and in the pivot" if len(tiles) > len(modes(result)) else ""
    title = f"Change in accuracy: mean over languages never tuned on{also}"
    return f'<p class="tiles-title">{title}</p><div class="tiles">{"".join(tiles)}</div>'


def _tile(result: Result, mode: Mode) -> str:
    found, group = gain(result, "gain_unseen", mode.name), codes(result, seen=False)
    old, new = mean([before(result, c, mode) for c in group]), mean([after(result, c, mode) for c in group])
    around = _around(found) if found else "no gain was computed"
    word = escape(str(at(result, "verdicts", mode.name) or ""))
    badge = f'<span class="badge {word}">{word}</span>' if word else ""
    return (
        f'<div class="tile"><h3>{mode.title}</h3><p class="big">{points(found.mean if found else None)} '
        f"<small>points</small></p><p>{percent(old)}% → {percent(new)}%<br>{around}</p>{badge}</div>"
    )


def _around(found: Gain) -> str:
    return f'95% interval <span class="together">{interval(found)}</span>'


def _missing(result: Result) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in absent(result))
    return f'<div class="note"><p>Not in this result</p><ul>{lines}</ul></div>' if lines else ""


def _asset(name: str) -> str:
    return files("interlingua.report").joinpath(name).read_text(encoding="utf-8")
