"""Sentences token by token: what stands in which cell."""

import re
from typing import Any

from interlingua.report.parts import grid


def result(cells: list[list[dict[str, Any]]], /, **more: Any) -> dict[str, Any]:
    told = {"lang": "arb_Arab", "text": "كان جيد", "tokens": ["كان", " جيد"], "cells": cells}
    return {"languages": {"arb_Arab": {"direction": "rtl"}}, "lens": {"grid": [told | more]}}


def cell(word: str, p: float) -> dict[str, Any]:
    return {"top": [[word, p], [" x", p / 2]], "entropy": 1.0}


COLUMNS = [
    [cell("a", 0.1), cell("b", 0.2), cell("c", 0.3)],
    [cell("d", 0.4), cell(" e", 0.5), cell("\n", 0.6)],
]


def test_the_last_layer_stands_on_top_and_blanks_are_seen() -> None:
    rows = re.findall(r"<tr><th scope=\"row\">(\d)</th>(.*?)</tr>", grid.section(result(COLUMNS)))
    shown = [(layer, re.findall(r"--p:([\d.]+)\".*?<bdi>(.*?)</bdi>", cells)) for layer, cells in rows]
    assert shown == [
        ("2", [("0.30", "c"), ("0.60", "↵")]),
        ("1", [("0.20", "b"), ("0.50", "·e")]),
        ("0", [("0.10", "a"), ("0.40", "d")]),
    ]


def test_layers_by_tokens_are_turned() -> None:
    turned = [list(row) for row in zip(*COLUMNS, strict=True)]
    assert grid.section(result(turned)) == grid.section(result(COLUMNS))


def test_the_table_has_the_same_cells_in_the_same_order() -> None:
    table = grid.tables(result(COLUMNS))["token_grid_1"]
    assert [row[2:6] for row in table.rows] == [
        (2.0, "كان", "c", 0.3), (2.0, "·جيد", "↵", 0.6), (1.0, "كان", "b", 0.2), (1.0, "·جيد", "·e", 0.5),
        (0.0, "كان", "a", 0.1), (0.0, "·جيد", "d", 0.4),
    ]  # fmt: skip
    assert len(table.columns) == 8


def test_the_table_runs_the_way_of_the_language() -> None:
    assert '<table class="grid" dir="rtl">' in grid.section(result(COLUMNS))


def test_sentences_without_cells_are_not_there() -> None:
    for missing in ({"cells": []}, {"tokens": []}):
        assert grid.section(result(COLUMNS, **missing)) == ""
        assert grid.absent(result(COLUMNS, **missing)) == ["Token-by-layer grid: not run."]


def test_what_does_not_fit_is_counted() -> None:
    many = result(COLUMNS)
    many["lens"]["grid"] *= 3
    assert "2 more sentences are in result.json." in grid.section(many, room=0.001)


def test_blanks_alone_and_nothing_at_all() -> None:
    assert [grid.visible(token) for token in ("  ", "", " a ", "\t", "a b")] == ["␣␣", "∅", "·a·", "⇥", "a b"]
