"""Sentences read token by token: what each layer would say next, as a table that readers walk through."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from interlingua.report.pieces import folded, tabs
from interlingua.report.reading import Result, at, name_of, number, percent
from interlingua.report.tables import Cell, Column, Table
from interlingua.report.tall import tall

_ROOM = 700_000  # characters that the sentences may take of a page
_VISIBLE = str.maketrans({"\n": "↵", "\t": "⇥", "\r": "␍"})


def section(result: Result, *, room: float = 1.0) -> str:
    """The sentences as HTML, as many as there is room for; empty where there are none."""
    panels, used, left_out = [], 0, 0
    for place, told in enumerate(sentences(result)):
        lang = str(told.get("lang") or "")
        side = told.get("side") or told.get("model")
        title = " · ".join(
            str(word) for word in (name_of(result, lang) if lang else f"Sentence {place + 1}", side) if word
        )
        body = _panel(result, told, f"grid-{place}")
        if used and used + len(body) > _ROOM * room:
            left_out += 1
        else:
            used += len(body)
            panels.append((f"sentence-{place}", title, body))
    if not panels:
        return ""
    rest = f" {left_out} more sentences are in result.json." if left_out else ""
    about = (
        "<h3>Token by token</h3>"
        '<p class="about">What the model would say next after each token, layer by layer; the stronger the '
        "colour, the surer. Point at a cell, or walk with the arrow keys, to see its likeliest tokens."
        f"{rest}</p>"
    )
    return about + tabs("Sentence", panels)


def sentences(result: Result) -> list[Mapping[str, Any]]:
    """The sentences that were read, those without tokens left out."""
    found = at(result, "lens", "grid") or ()
    return [
        told
        for told in ([found] if isinstance(found, Mapping) else found)
        if told.get("tokens") and told.get("cells")
    ]


def table(result: Result, told: Mapping[str, Any], number_of: int) -> Table:
    """The likeliest tokens of every cell: the last layer first, as in the figure."""
    tokens, cells = [str(token) for token in told["tokens"]], _cells(told)
    most = max((len(_top(cell)) for column in cells for cell in column), default=0)
    columns = [Column("Sentence"), Column("Number", "code"), Column("layer", "count"), Column("after token")]
    for place in range(most):
        columns += [Column(f"{place + 1}."), Column("p", "percent")]
    rows: list[tuple[Cell, ...]] = []
    for layer in reversed(range(max(map(len, cells), default=0))):
        for token, column in zip(tokens, cells, strict=False):
            top = _top(column[layer]) if layer < len(column) else []
            flat: list[Cell] = [cell for word, p in top for cell in (visible(word), p)]
            rows.append(
                (
                    str(told.get("text") or ""),
                    str(number_of),
                    float(layer),
                    visible(token),
                    *flat,
                    *[None] * (2 * (most - len(top))),
                )
            )
    return Table(f"Likeliest tokens, sentence {number_of}", tuple(columns), tuple(rows))


def tables(result: Result) -> dict[str, Table]:
    """The likeliest tokens of every sentence, a table each."""
    return {f"token_grid_{n}": table(result, told, n) for n, told in enumerate(sentences(result), 1)}


def absent(result: Result) -> list[str]:
    """What is missing."""
    return [] if sentences(result) else ["Token-by-layer grid: not run."]


def visible(token: str) -> str:
    """A token with its outer blanks and line breaks made visible."""
    inner = token.strip(" ")
    if not inner:
        return "␣" * len(token) or "∅"
    before, after = len(token) - len(token.lstrip(" ")), len(token) - len(token.rstrip(" "))
    return ("·" * before + inner + "·" * after).translate(_VISIBLE)


def _panel(result: Result, told: Mapping[str, Any], key: str) -> str:
    tokens, cells = [str(token) for token in told["tokens"]], _cells(told)
    lang = str(told.get("lang") or "")
    direction = at(result, "languages", lang, "direction")
    way = f' dir="{direction}"' if direction in ("rtl", "ltr") else ""
    tag = f' lang="{escape(lang.replace("_", "-"))}"' if lang else ""
    heads = "".join(f'<th scope="col"><bdi{tag}>{escape(visible(token))}</bdi></th>' for token in tokens)
    depth = max(map(len, cells), default=0)
    rows = "".join(
        f'<tr><th scope="row">{layer}</th>'
        + "".join(_cell(column[layer] if layer < len(column) else None) for column in cells[: len(tokens)])
        + "</tr>"
        for layer in reversed(range(depth))
    )
    text = f'<p class="sentence" dir="auto"{tag}>{escape(str(told.get("text") or ""))}</p>'
    return (
        f'{text}<figure class="tokens" id="{key}">'
        '<div class="scroll" role="region" tabindex="0" aria-label="Layers by tokens">'
        f'<table class="grid"{way}><caption>Likeliest next token after each token, by layer</caption>'
        f'<thead><tr><th scope="col">layer</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
        f'<div class="told" aria-live="polite"></div></figure>'
        + folded(
            "Likeliest tokens of every cell", tall(table(result, told, int(key.removeprefix("grid-")) + 1))
        )
    )


def _cell(cell: object) -> str:
    top = _top(cell)
    if not top:
        return "<td></td>"
    word, p = top[0]
    return f'<td style="--p:{p or 0:.2f}" title="{percent(p)}%"><bdi>{escape(visible(word))}</bdi></td>'


def _cells(told: Mapping[str, Any]) -> list[list[Any]]:
    """A column of layers for every token, whichever way round the result has them."""
    cells: Sequence[Sequence[Any]] = told["cells"]
    if len(cells) == len(told["tokens"]):
        return [list(column) for column in cells]
    return [list(column) for column in zip(*cells, strict=False)]


def _top(cell: object) -> list[tuple[str, float | None]]:
    return [(str(word), number({"p": p}, "p")) for word, p in at(cell, "top") or ()]
