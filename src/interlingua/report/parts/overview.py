"""Every language in one table: what its text costs, how it is aligned, from where the answer leads, how it answers."""

from interlingua.report.parts import numbers
from interlingua.report.reading import Result, at, gain, name_of, number, role
from interlingua.report.tables import Cell, Column, Kind, Table


def section(result: Result) -> str:
    """The table as HTML."""
    about = (
        '<p class="about">Where a language is lost: in the tokenizer, which makes it dear; in the states, which do not '
        "bring it to the pivot; or in answering, although both are fine. Choose a heading to sort.</p>"
    )
    return about + table(result).html(sortable=True)


def table(result: Result) -> Table:
    """A row per language; columns that no language fills are left out."""
    mode, sides = numbers.lead_mode(result), numbers.sides(result)
    names = dict(zip(numbers.SIDES, numbers.legend(result), strict=True))
    columns: list[Column] = [
        Column("Language"),
        Column("Code", "code"),
        Column("Family"),
        Column("Speakers, millions", "count"),
    ]
    if result.get("tuned_languages"):
        columns.append(Column("Tuned on"))
    columns.append(Column("Bilingual text", "share"))
    fixed = len(columns)

    def across(title: str, kind: Kind) -> list[Column]:
        return [
            Column(names[side] if len(sides) > 1 else title, kind, title if len(sides) > 1 else "")
            for side in sides
        ]

    columns.append(Column("Tokens, pivot = 1", "ratio"))
    columns += across("MEXA", "percent") + across("Answer leads from layer", "ratio")
    columns += across(numbers.mode_title(mode) if mode else "Accuracy", "percent")
    columns.append(Column("Gain", "points"))
    rows: list[tuple[Cell, ...]] = []
    tokenizer = next(iter(at(result, "tokenizer") or {}), "")
    for code, name, _ in numbers.everyone(result):
        told = result["languages"][code]
        speakers = number(told, "speakers")
        size = gain(result, "accuracy", mode, "languages", code, "gain") if mode else None
        rows.append((
            name, code, str(told.get("family") or ""), speakers / 1e6 if speakers is not None else None,
            *([role(result, code)] if result.get("tuned_languages") else []), number(told, "bilingual_share"),
            number(result, "tokenizer", tokenizer, code, "ratio"),
            *(numbers.aligned(result, code, side) for side in sides),
            *(number(result, "lens", "languages", code, side, "lead", "mean") for side in sides),
            *(numbers.accuracy(result, mode, code, side) for side in sides),
            size.mean if size else None,
        ))  # fmt: skip
    kept = [n for n in range(len(columns)) if n < 2 or any(row[n] not in (None, "") for row in rows)]
    assert fixed <= len(columns)
    return Table(
        "Every language", tuple(columns[n] for n in kept), tuple(tuple(row[n] for n in kept) for row in rows)
    )


def tables(result: Result) -> dict[str, Table]:
    """The table."""
    return {"languages": table(result)}
