"""Answers that changed: items of which only one of the two models answers rightly, to browse and filter."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from interlingua.report.reading import Result, at, count, name_of
from interlingua.report.tables import Column, Table

_ROOM = 800_000  # characters that the items may take of a page
_LONG = 420  # a longer question is folded
_FIELDS = (("Right answer", "gold"), ("Before", "before"), ("After", "after"))


def section(result: Result, *, room: float = 1.0) -> str:
    """The items as cards, as many as there is room for, drawn evenly over languages, better and worse."""
    items = _items(result)
    if not items:
        return ""
    shown = _fitting(result, items, _ROOM * room)
    better = sum(bool(item.get("better")) for item in items)
    worse = len(items) - better
    told = f"{count(len(items), 'answer')} changed: {better} for the better, {worse} for the worse."
    if len(shown) < len(items):
        told += f" {len(shown)} of them are here, evenly over the languages; all are in result.json."
    cards = "".join(card for _, card in shown)
    return (
        f'<p class="about">{escape(told)}</p><div class="browse"><div class="choose" hidden></div>'
        f'<p class="matching" role="status"></p><div class="samples">{cards}</div></div>'
    )


def table(result: Result) -> Table:
    """Every item that changed."""
    columns = (Column("Language"), Column("Code", "code"), Column("Task"), Column("Item"), Column("Change"),
               Column("Question"), *(Column(title) for title, _ in _FIELDS))  # fmt: skip
    rows = tuple(
        (name_of(result, _word(item, "lang")), _word(item, "lang"), _word(item, "task"), _word(item, "id"),
         _way(item), _word(item, "question"), *(_word(item, key) for _, key in _FIELDS))
        for item in _items(result)
    )  # fmt: skip
    return Table("Answers that changed", columns, rows)


def tables(result: Result) -> dict[str, Table]:
    """Every item that changed."""
    return {"changed": table(result)} if _items(result) else {}


def absent(result: Result) -> list[str]:
    """What is missing; a single model has no answers that changed."""
    if not result.get("after") or _items(result):
        return []
    return [
        "Answers that changed: none."
        if isinstance(result.get("changed"), Sequence)
        else "Answers that changed: not run."
    ]


def _items(result: Result) -> list[Mapping[str, Any]]:
    return [item for item in result.get("changed") or () if isinstance(item, Mapping)]


def _fitting(result: Result, items: Sequence[Mapping[str, Any]], room: float) -> list[tuple[int, str]]:
    """(place, card) of the items that fit, in their order: each language's better and worse in turn."""
    piles = defaultdict(list)
    for place, item in enumerate(items):
        piles[_word(item, "lang"), bool(item.get("better"))].append(place)
    chosen: list[tuple[int, str]] = []
    used = 0
    for turn in range(max(map(len, piles.values()))):
        for pile in piles.values():
            if turn < len(pile):
                card = _card(result, items[pile[turn]])
                used += len(card)
                if used > room and chosen:
                    return sorted(chosen)
                chosen.append((pile[turn], card))
    return sorted(chosen)


def _card(result: Result, item: Mapping[str, Any]) -> str:
    lang, way, task = _word(item, "lang"), _way(item), _word(item, "task")
    said = (f' lang="{escape(lang.replace("_", "-"))}"' if lang else "") + ' dir="auto"'
    question = f'<dt>Question</dt><dd class="question"{said}>{_folded(_word(item, "question"))}</dd>'
    rest = ""
    for title, key in _FIELDS:
        words = escape(_word(item, key)) or "<em>nothing</em>"
        rest += f'<div><dt>{title}</dt><dd class="{key}"{said}>{words}</dd></div>'
    notes = " · ".join(f"<bdi>{escape(note)}</bdi>" for note in (lang, task, _word(item, "id")) if note)
    badge = f'<span class="badge {"works" if way == "better" else "hurts"}">{way}</span>'
    kept = f'data-lang="{escape(lang)}" data-task="{escape(task)}" data-way="{way}"'
    return (
        f'<article class="sample" {kept}><h3><bdi>{escape(name_of(result, lang))}</bdi> <span>{notes}</span> '
        f'{badge}</h3><dl>{question}</dl><dl class="answers">{rest}</dl></article>'
    )


def _folded(words: str) -> str:
    """The text, or its beginning with the rest folded away."""
    if len(words) <= _LONG:
        return escape(words)
    cut = words.rfind(" ", _LONG // 2, _LONG)
    cut = cut if cut > 0 else _LONG
    return f'{escape(words[:cut])}<details class="rest"><summary>…</summary>{escape(words[cut:])}</details>'


def _way(item: Mapping[str, Any]) -> str:
    return "better" if item.get("better") else "worse"


def _word(item: Mapping[str, Any], key: str) -> str:
    value = at(item, key)
    return "" if value is None else str(value).strip()
