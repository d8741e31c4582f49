"""The result of `tokenizer` as text: which languages are dearest, then a table per measure."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from interlingua.core.errors import UnknownName
from interlingua.report.reading import count, listing, name_of, number, pivot_name, ratio, whole
from interlingua.report.tables import Cell, Column, Kind, Table

MEASURES: Mapping[str, tuple[str, Kind]] = {
    "ratio": ("Tokens for the same text, pivot = 1", "ratio"),
    "context_sentences": ("Sentences in the context", "count"),
    "fertility": ("Tokens per word", "ratio"),
    "per_character": ("Tokens per character", "ratio"),
    "per_byte": ("Tokens per byte", "ratio"),
    "per_sentence": ("Tokens per sentence", "tenth"),
    "bits_per_byte": ("Bits per byte", "ratio"),
    "byte_fallback": ("Byte fallback, % of tokens", "percent"),
    "unknown": ("Unknown, % of tokens", "percent"),
    "split_graphemes": ("Graphemes in more than one token, %", "percent"),
    "changed_texts": ("Sentences that come back changed, %", "percent"),
    "lost_texts": ("Sentences that come back with other letters, %", "percent"),
}
"""What each measure is called, and how its numbers are written."""

UNREADABLE = 0.05
"""With a greater share of unknown tokens, what a language costs says nothing any more."""
SHOWN = 12
"""Languages that a warning names."""


def check(show: Sequence[str]) -> None:
    """Raise `UnknownName` for a measure that there is not."""
    for name in show:
        if name not in MEASURES:
            raise UnknownName("measure of tokenizers", name, MEASURES)


def text_of(result: Mapping[str, Any], show: Sequence[str] = ()) -> str:
    """Languages by what they cost, the dearest first; `show` names the measures (none: all)."""
    parts = [f"Cost in tokens on {result['source']}", "\n".join(_dearest(result, _short(result)))]
    ranked = _ranked(result)
    parts += [
        table for measure in show or MEASURES if (table := _table(result, measure, ranked, _short(result)))
    ]
    parts.append("\n".join(_warnings(result, _short(result))))
    return "\n\n".join(part for part in parts if part)


def _dearest(result: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """A sentence per tokenizer, and one about its context."""
    pivot = pivot_name(result)
    for name, codes in result["dearest"].items():
        if not codes:
            continue
        first, *others = codes[:3]
        cost = result["tokenizer"][name][first]
        if cost["ratio"]["mean"] <= 1:
            yield f"With {names[name]} no language takes more tokens than {pivot} for the same text."
            continue
        more = [f"{name_of(result, code)} {_ratio(result, name, code)}" for code in others]
        yield (
            f"Dearest with {names[name]}: {name_of(result, first)} takes {_ratio(result, name, first)} times "
            f"the tokens of {pivot} for the same text (95% {ratio(cost['ratio']['low'])} to "
            f"{ratio(cost['ratio']['high'])}){', then ' if more else ''}{listing(more) if more else ''}."
        )
        window, held = result["tokenizers"][name]["context"], cost.get("context_sentences")
        if held:
            same = whole(held * cost["ratio"]["mean"])
            yield (
                f"Its context of {whole(window)} tokens holds about {same} such sentences of {pivot}, "
                f"{whole(held)} of {name_of(result, first)}."
            )


def _table(result: Mapping[str, Any], measure: str, ranked: Sequence[str], names: Mapping[str, str]) -> str:
    """One measure: languages as rows, tokenizers as columns; empty where no tokenizer has it."""
    title, kind = MEASURES[measure]
    columns, plan = [Column("Language"), Column("Code", "code")], list[tuple[str, ...]]()
    for name, short in names.items():
        cells = [cost.get(measure) for cost in result["tokenizer"][name].values()]
        if any(isinstance(cell, Mapping) for cell in cells):
            ends = (("mean", short), ("low", "from"), ("high", "to"))
            columns += [Column(told, kind, "" if end == "mean" else "95%") for end, told in ends]
            plan += [(name, end) for end, _ in ends]
        elif any(cell is not None for cell in cells):
            columns.append(Column(short, kind))
            plan.append((name,))
    rows: list[tuple[Cell, ...]] = [
        (
            name_of(result, code), code,
            *(number(result, "tokenizer", name, code, measure, *end) for name, *end in plan),
        )
        for code in ranked
    ]  # fmt: skip
    return f"{title}\n{Table('', tuple(columns), tuple(rows)).text()}" if plan else ""


def _ranked(result: Mapping[str, Any]) -> list[str]:
    """Languages by their greatest cost against the pivot, or per byte where no text was parallel."""

    def cost(code: str) -> tuple[float, float]:
        each = [costs[code] for costs in result["tokenizer"].values()]
        ratios = [one["ratio"]["mean"] for one in each if "ratio" in one]
        return max(ratios, default=0.0), max(one["per_byte"] for one in each)

    return sorted(result["languages"], key=cost, reverse=True)


def _warnings(result: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """What a reader must know to trust the numbers."""
    about = result["languages"]
    alone = [name_of(result, code) for code, one in about.items() if one["text"] == "text"]
    if alone:
        yield f"Not parallel to {pivot_name(result)}, so without a ratio: {', '.join(alone)}."
    sizes = [one["sentences"] for one in about.values()]
    if min(sizes) < result["settings"]["sentences"]:
        least, most = min(sizes), max(sizes)
        yield f"Sentences per language: {least if least == most else f'{least} to {most}'}."
    for name, costs in result["tokenizer"].items():
        lossy = [name_of(result, code) for code, cost in costs.items() if cost["unknown"] > UNREADABLE]
        if lossy:
            more = f" and {len(lossy) - SHOWN} more" if len(lossy) > SHOWN else ""
            yield (
                f"{names[name]} does not know more than {UNREADABLE:.0%} of its tokens in "
                f"{', '.join(lossy[:SHOWN])}{more}: that text is lost there, not cheap."
            )
    for name, one in result["tokenizers"].items():
        if not one["tells_places"]:
            yield f"{names[name]} does not say where its tokens lie: split graphemes are not known."
        if one["context"] is None:
            yield f"No file says how many tokens the model of {names[name]} reads; --context sets a window."
    for name, lost in result["too_long"].items():
        if lost:
            told = ", ".join(f"{code} {number_of}" for code, number_of in lost.items())
            yield f"Longer than {names[name]} reads, and left out of its bits per byte: {told}."
    if left := result["left_out"]:
        yield f"{count(len(left), 'language')} without any text: {', '.join(left[:SHOWN])}" + (
            f" and {len(left) - SHOWN} more." if len(left) > SHOWN else "."
        )


def _short(result: Mapping[str, Any]) -> dict[str, str]:
    """Names of tokenizers without the folders that lead to them, where that leaves them apart."""
    last = {name: PurePath(name.rstrip("/")).name for name in result["tokenizer"]}
    once = len(set(last.values())) == len(last)
    return last if once else {name: name for name in last}


def _ratio(result: Mapping[str, Any], name: str, code: str) -> str:
    return ratio(result["tokenizer"][name][code]["ratio"]["mean"])
