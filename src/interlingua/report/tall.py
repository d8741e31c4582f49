"""A long table with one body per language, written as briefly as HTML allows: for numbers by layer."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from interlingua.report.tables import Cell, Table, group_row, shown


def tall(table: Table) -> str:
    """The table as HTML; its first two columns, name and code, become the heading of a body of their rows.

    Cells carry no classes, and end tags that HTML does not ask for are left out: such tables are long.
    """
    columns = table.columns[2:]
    heads = "".join(f'<th scope="col">{escape(column.title)}' for column in columns)
    bodies, span = [], f'colspan="{len(columns)}" scope="rowgroup"'
    for (name, code), same in groupby(table.rows, key=_key):
        words = f"{escape(name)} <code>{escape(code)}</code>" if code else escape(name)
        rows = "".join(_row(row[2:], table) for row in same)
        bodies.append(f'<tbody data-key="{escape(code)}"><tr class="name"><th {span}>{words}{rows}</tbody>')
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(table.caption)}">'
        f'<table class="tall"><caption>{escape(table.caption)}</caption><thead>{group_row(columns)}'
        f"<tr>{heads}</thead>{''.join(bodies)}</table></div>"
    )


def _key(row: Sequence[Cell]) -> tuple[str, str]:
    return str(row[0]), str(row[1] or "")


def _row(cells: Sequence[Cell], table: Table) -> str:
    written = [escape(shown(cell, column)) for cell, column in zip(cells, table.columns[2:], strict=True)]
    return f'<tr><th scope="row">{written[0]}<td>' + "<td>".join(written[1:])
