"""A world as a page for the terminal, from what `lab_show.describe` says of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from langcodes import Language as Tag
from rich.console import Console
from rich.table import Table
from rich.text import Text

from interlingua.cli.output import console

Page = Mapping[str, Any]
ORIGINS = {"own": ("", ""), "inherited": ("°", "green"), "borrowed": ("*", "yellow")}
"""How a word's origin is marked: a sign, which survives without colours, and a colour."""
LEGEND = (
    "← right to left. Adj: adjective before noun (AN) or after. Cognate, Loans: words inherited from the\n"
    "family, borrowed from the pivot. Text, Bitext: share of pretraining text, alone, beside the pivot's."
)
WIDE = 112
"""Columns from which on the dictionary fits side by side."""
ISOLATE, POP = "\u2067", "\u2069"
"""Around right-to-left text, so that terminals and editors do not reorder what stands beside it."""


def show(page: Page) -> None:
    """Print tree of languages, sentences, dictionary and questions."""
    out = console()
    languages = page["languages"]
    scripts = len({language["script"] for language in languages.values()})
    size = f"{len(languages)} languages in {scripts} scripts, {len(page['tasks'])} tasks, seed {page['seed']}"
    out.print(Text.assemble((page["name"], "bold"), f"  {size}\n"))
    out.print(_tree(page))
    out.print(Text(f"\n{LEGEND}", style="dim"))
    for place, meaning in enumerate(page["sentences"]):
        _title(out, f"“{meaning}”")
        for code in _in_tree_order(page):
            out.print(_said(code, languages[code]["sentences"][place], page))
    _title(out, "Dictionary", "° cognate, * loan; below each word, how it sounds")
    concepts = list(languages[page["pivot"]]["words"])
    step = len(concepts) if out.width >= WIDE else (len(concepts) + 1) // 2
    for start in range(0, len(concepts), step):
        out.print(_dictionary(page, concepts[start : start + step]))
    for task, told in page["tasks"].items():
        _title(out, task.capitalize(), "below each question, what its words mean")
        for code, asked in told["asked"].items():
            out.print(_said(code, asked["question"], page))
            out.print(Text(f"{'':{len(code)}}  {asked['gloss']}", style="dim"))
        out.print(_answers(told))


def _families(page: Page) -> dict[str, list[str]]:
    """Codes by family, families first, isolates last; the pivot, which has none of its own, is left out."""
    groups: dict[str, list[str]] = {}
    for code, language in page["languages"].items():
        if code != page["pivot"]:
            groups.setdefault(language["family"] or "isolates", []).append(code)
    return dict(sorted(groups.items(), key=lambda group: group[0] == "isolates"))


def _in_tree_order(page: Page) -> list[str]:
    return [page["pivot"], *(code for codes in _families(page).values() for code in codes)]


def _tree(page: Page) -> Table:
    """Every language under its family, with what its grammar and its share of pretraining text are."""
    table = _table("Language", "Script", "Order", "Marks", "Adj")
    for title in ("Cognate", "Loans", "Text", "Bitext"):
        table.add_column(title, justify="right")
    table.add_row(*_grammar(page["pivot"], page, "", " pivot"))
    for family, codes in _families(page).items():
        table.add_row(Text(family, style="italic"))
        for code in codes:
            table.add_row(*_grammar(code, page, "└─ " if code == codes[-1] else "├─ ", ""))
    return table


def _grammar(code: str, page: Page, branch: str, role: str) -> list[Text]:
    language = page["languages"][code]
    script = Tag.make(script=language["script"]).script_name()
    cells = [
        script + (" ←" if language["direction"] == "rtl" else ""),
        language["order"],
        language["marking"],
        "AN" if language["adjective_first"] else "NA",
        *(f"{100 * language[key]:.0f}%" for key in ("inherited", "borrowed")),
        *(
            f"{100 * language[key]:.1f}%" if language[key] else "none"
            for key in ("text_share", "bilingual_share")
        ),
    ]
    return [Text.assemble((branch, "dim"), (code, "bold"), (role, "dim")), *map(Text, cells)]


def _dictionary(page: Page, concepts: Sequence[str]) -> Table:
    table = _table("", *concepts)
    for code in _in_tree_order(page):
        words = page["languages"][code]["words"]
        table.add_row(Text(code, style="bold"), *(_word(words[concept], page, code) for concept in concepts))
    return table


def _word(word: Mapping[str, str], page: Page, code: str) -> Text:
    """The word with the mark of its origin; below it how it sounds, where that is not how it is written."""
    sign, colour = ORIGINS[word["origin"]]
    written = _directed(word["written"], page["languages"][code])
    below = "" if word["written"] == word["sounds"] else f"\n{word['sounds']}"
    return Text.assemble((written + sign, colour), (below, "dim"))


def _said(code: str, text: str, page: Page) -> Text:
    return Text.assemble((f"{code}  ", "bold"), _directed(text, page["languages"][code]))


def _answers(told: Mapping[str, Any]) -> Text:
    """The answer words, which are the pivot's in every language, the right one first to be seen."""
    line = Text("Answer in the pivot: ")
    for place, (option, meaning) in enumerate(zip(told["options"], told["meanings"], strict=True)):
        right = place == told["answer"]
        line.append(", " if place else "")
        said = option if option == meaning else f"{option} ({meaning})"
        line.append(f"{said}{' ✓' if right else ''}", style="bold green" if right else "")
    return line


def _directed(text: str, language: Mapping[str, Any]) -> str:
    return f"{ISOLATE}{text}{POP}" if language["direction"] == "rtl" else text


def _table(*titles: str) -> Table:
    return Table(*titles, box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")


def _title(out: Console, words: str, note: str = "") -> None:
    out.print(Text.assemble("\n", (words, "bold"), (f"  {note}" if note else "", "dim")))
