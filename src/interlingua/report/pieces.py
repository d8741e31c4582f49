"""Pieces of a page: a chart with its numbers below, facts in two columns, what is folded away."""

from collections.abc import Callable, Sequence
from html import escape

from interlingua.report.reading import Gain, interval
from interlingua.report.tables import Table
from interlingua.report.tall import tall


def charted(draw: Callable[..., str], caption: str, table: Table, *, sortable: bool = False) -> str:
    """A figure, drawn `wide` for a screen and not so for a phone, its caption, and its numbers as a table."""
    numbers = folded("Numbers behind this chart", table.html(sortable=sortable))
    return f"{_figure(draw, caption)}{numbers}"


def layered(draw: Callable[..., str], caption: str, table: Table) -> str:
    """The same for curves over layers, whose script lets a reader choose a language and walk the layers."""
    numbers = folded("Numbers behind this chart", tall(table))
    return f'<div class="layered">{_figure(draw, caption)}{numbers}</div>'


def tabs(label: str, panels: Sequence[tuple[str, str, str]]) -> str:
    """Panels (anchor, title, HTML), of which the page's script shows one at a time; empty without any."""
    shown = ""
    for key, title, body in panels:
        named = f'id="{escape(key)}" data-title="{escape(title)}"'
        shown += f'<div class="panel" {named}><h3>{escape(title)}</h3>{body}</div>'
    return f'<div class="tabs" data-label="{escape(label)}">{shown}</div>' if shown else ""


def folded(title: str, content: str) -> str:
    """HTML that opens when its title is chosen."""
    return f"<details><summary>{escape(title)}</summary>{content}</details>"


def facts(pairs: list[tuple[str, str]]) -> str:
    """Titles beside values, both escaped; empty where there are none."""
    told = "".join(f"<dt>{escape(title)}</dt><dd>{escape(value)}</dd>" for title, value in pairs)
    return f'<dl class="facts">{told}</dl>' if told else ""


def duration(seconds: float) -> str:
    """`227.4` is `3 min 47 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def tiles(title: str, shown: Sequence[str]) -> str:
    """Tiles in a row under a title; empty where there are none."""
    return (
        f'<p class="tiles-title">{escape(title)}</p><div class="tiles">{"".join(shown)}</div>'
        if shown
        else ""
    )


def tile(title: str, big: str, unit: str, lines: Sequence[str], badge: str = "") -> str:
    """One number large, with its unit and what stands below it; `lines` are HTML, the rest is escaped."""
    word = f'<span class="badge {escape(badge)}">{escape(badge)}</span>' if badge else ""
    size = f'<p class="big">{escape(big)} <small>{escape(unit)}</small></p>'
    return f'<div class="tile"><h3>{escape(title)}</h3>{size}<p>{"<br>".join(lines)}</p>{word}</div>'


def around(found: Gain, *, signed: bool = True) -> str:
    """The 95% interval as HTML that is not broken over lines."""
    return f'95% interval <span class="together">{escape(interval(found, signed=signed))}</span>'


def _figure(draw: Callable[..., str], caption: str) -> str:
    drawn = f"{draw(wide=True)}{draw(wide=False)}"
    return f"<figure>{drawn}<figcaption>{escape(caption)}</figcaption></figure>"
