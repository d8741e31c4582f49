"""Every language in one table: what its text costs, how it is aligned, and how it answers."""

from interlingua.report.parts import numbers
from interlingua.report.reading import Result, at, gain, name_of, number, reading_order, role
from interlingua.report.tables import Cell, Column, Kind, Table


def section(result: Result) -> str:
    """The table as HTML."""
    about = (
        '<p class="about">Where a language is lost: in the tokenizer, which makes it dear; in the states, '
        "which do not bring it to the pivot; or in answering, although both are fine. "
        "Choose a heading to sort.</p>"
    )
    return about + table(result).html(sortable=True)


def table(result: Result) -> Table:
    """A row per language; columns that no language fills are left out."""
    mode, sides = numbers.lead_mode(result), numbers.sides(result)
    names = numbers.words(result)

    def across(title: str, kind: Kind) -> list[Column]:
        if len(sides) == 1:
            return [Column(title, kind)]
        return [Column(names[side], kind, title) for side in sides]

    columns = [
        Column("Language"), Column("Code", "code"), Column("Tuned on"), Column("Tokens, pivot = 1", "ratio"),
        *across("MEXA", "percent"), *across("Answer leads from layer", "tenth"),
        *across(numbers.mode_title(mode) if mode else "Accuracy", "percent"), Column("Gain", "points"),
        Column("Bilingual text", "share"), Column("Speakers (million)", "count"), Column("Family"),
    ]  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    tokenizer = next(iter(at(result, "tokenizer") or {}), "")
    for code in reading_order(result):
        told = result["languages"][code]
        speakers = number(told, "speakers")
        size = gain(result, "accuracy", mode, "languages", code, "gain") if mode else None
        rows.append((
            name_of(result, code), code, role(result, code) if result.get("tuned_languages") else None,
            numbers.cost(result, tokenizer, code),
            *(numbers.aligned(result, code, side) for side in sides),
            *(number(result, "lens", "languages", code, side, "lead", "mean") for side in sides),
            *(numbers.accuracy(result, mode, code, side) for side in sides), size.mean if size else None,
            number(told, "bilingual_share"), None if speakers is None else speakers / 1e6, told.get("family"),
        ))  # fmt: skip
    kept = [n for n in range(len(columns)) if any(row[n] is not None for row in rows)]
    shown = tuple(tuple(row[n] for n in kept) for row in rows)
    return Table("Every language", tuple(columns[n] for n in kept), shown)


def tables(result: Result) -> dict[str, Table]:
    """The table."""
    return {"languages": table(result)}
