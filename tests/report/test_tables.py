"""Tables: data first, then aligned text and escaped HTML."""

from typing import Any

import pytest

from interlingua.report import tables
from interlingua.report.reading import MODES
from interlingua.report.tables import Column, Table

SMALL = Table(
    "Two rows",
    (
        Column("Name"),
        Column("Code", "code"),
        Column("base", "percent", "Direct"),
        Column("gain", "points", "Direct"),
    ),
    (("<b>", "qaa_Latn", 0.5, -0.125), ("नमस्ते", "", None, 0.0)),
)


def test_text_is_aligned_and_marks_take_no_room() -> None:
    assert SMALL.text().split("\n") == [
        "                     Direct",
        "Name  Code      base   gain",
        "----  --------  ----  -----",
        "<b>   qaa_Latn  50.0  −12.5",
        "नमस्ते               –    0.0",
    ]


def test_a_heading_wider_than_its_columns_makes_room_for_itself() -> None:
    wide = "Share of pretraining"
    table = Table(
        "", (Column("Name"), Column("text", "share", wide), Column("gain", "points")), (("a", 0.5, 0.1),)
    )
    assert table.text().split("\n") == [
        "      Share of pretraining",
        "Name                  text   gain",
        "----  --------------------  -----",
        "a                      50%  +10.0",
    ]


def test_html_is_escaped_and_keeps_raw_numbers_for_sorting() -> None:
    html = SMALL.html(sortable=True)
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert 'data-value="0.5">50.0</td>' in html
    assert html.count("data-value") == 3
    assert '<th colspan="2" scope="colgroup">Direct</th>' in html
    assert html.count("<button") == 4
    assert "<button" not in SMALL.html()


def test_by_language_lists_every_language_once_and_the_pivot_last(result: dict[str, Any]) -> None:
    rows = tables.by_language(result).rows
    assert [row[1] for row in rows[-3:]] == ["qab_Cyrl", "qad_Deva", "qaa_Latn"]
    assert [row[3:5] for row in rows[-3:]] == [("SOV", "yes"), ("SVO", "yes"), ("SVO", "pivot")]
    assert sorted(str(row[1]) for row in rows) == sorted(result["languages"])


def test_before_after_means(result: dict[str, Any]) -> None:
    table = tables.before_after(result, MODES["restate"])
    assert [table.rows[place][0] for place in sorted(table.strong)] == [
        "Mean, never tuned on",
        "Mean, tuned on",
    ]
    mean = table.rows[min(table.strong)]
    assert mean[4] == pytest.approx(result["gain_unseen"]["restate"]["mean"], abs=1e-4)
    scores = [row[3] for row in table.rows[: min(table.strong)]]
    assert scores == sorted(scores, reverse=True)


def test_own_answers_start_from_direct_answers_of_the_base(result: dict[str, Any]) -> None:
    row = next(row for row in tables.before_after(result, MODES["own_answers"]).rows if row[1] == "qac_Grek")
    entry = result["languages"]["qac_Grek"]
    assert row[2:4] == (entry["base"]["direct"], entry["tuned"]["own_answers"])


def test_comparisons_leave_out_what_was_not_measured(result: dict[str, Any]) -> None:
    everything = [(row.title, row.words) for row in tables.comparisons(result)]
    assert len(everything) == 6 + 5 + 3 + 2
    del result["over_controls"]["restate"]["few_shot"]
    del result["pivot_change"]
    assert len(tables.comparisons(result)) == len(everything) - 3


def test_controls_by_language_is_none_without_controls(result: dict[str, Any]) -> None:
    table = tables.controls_by_language(result)
    assert table is not None
    assert len(table.columns) == 3 + 5 + 4 + 2
    for entry in result["languages"].values():
        entry["controls"] = {}
    assert tables.controls_by_language(result) is None


def test_an_oracle_stands_beside_the_controls_and_is_no_comparison(result: dict[str, Any]) -> None:
    for entry in result["languages"].values():
        entry["controls"]["own_answers_gold"] = {"own_answers": 0.97}
    columns = tables.before_after(result, MODES["own_answers"]).columns[-2:]
    assert [column.title for column in columns] == ["own answers only", "oracle: gold answers"]
    assert [column.group for column in columns] == ["Controls", ""]
    by_language = tables.controls_by_language(result)
    assert by_language is not None
    assert by_language.columns[-1].title == "oracle: gold answers"
    assert {row[-1] for row in by_language.rows} == {0.97}
    assert [row.words for row in tables.comparisons(result) if "gold" in row.words] == []


def test_compute_names_every_arm_and_leaves_out_what_none_spent(result: dict[str, Any]) -> None:
    table = tables.compute(result)
    assert [row[0] for row in table.rows] == ["base", "question translation", "shuffled pairs", "own answers"]
    assert [column.title for column in table.columns] == [
        "Arm", "steps", "labelled tokens", "tokens read", "tokens written", "seconds"
    ]  # fmt: skip
    assert table.rows[0] == ("base", None, None, None, None, 12.4)
    assert "124,479" in table.text()
    del result["cost"]["own_answers"]
    assert "tokens written" not in [column.title for column in tables.compute(result).columns]
    assert tables.compute({}).rows == ()


def test_layers_of_unequal_length_stay_missing(result: dict[str, Any]) -> None:
    result["alignment"]["per_layer"] = {"before": [0.1, None], "after": [0.2, 0.3, 0.4]}
    assert tables.layers(result).rows == (("0", 0.1, 0.2), ("1", None, 0.3), ("2", None, 0.4))
