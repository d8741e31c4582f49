"""Cost in tokens: which measures a table has, and what the chart falls back to."""

from typing import Any

from interlingua.report.parts import tokenizer


def result(**costs: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "pivot": "eng_Latn",
        "languages": {"swh_Latn": {"name": "Swahili"}, "eng_Latn": {}},
        "tokenizer": costs,
    }


def test_tokenizers_stand_side_by_side_under_each_measure() -> None:
    table = tokenizer.table(result(
        a={"swh_Latn": {"ratio": 2.0, "unknown": 0.0}, "eng_Latn": {"ratio": 1.0}},
        b={"swh_Latn": {"ratio": {"mean": 1.5, "low": 1.4, "high": 1.6}}},
    ))  # fmt: skip
    assert [(column.group, column.title) for column in table.columns[2:]] == [
        ("tokens, pivot = 1", "a"), ("tokens, pivot = 1", "b"), ("unknown", "a"),
    ]  # fmt: skip
    assert table.rows == (
        ("Swahili", "swh_Latn", 2.0, 1.5, 0.0), ("eng_Latn", "eng_Latn", 1.0, None, None),
    )  # fmt: skip


def test_one_tokenizer_needs_no_second_heading() -> None:
    table = tokenizer.table(result(a={"swh_Latn": {"per_byte": 0.5}}))
    assert [(column.group, column.title) for column in table.columns[2:]] == [("", "tokens per byte")]


def test_without_parallel_text_the_chart_shows_another_measure() -> None:
    drawn = tokenizer.draw(result(a={"swh_Latn": {"per_byte": 0.5}}))
    assert "tokens per byte" in drawn
    assert "pivot = 1" not in drawn
    assert 'class="pivot"' not in drawn
    assert tokenizer.absent(result()) == ["Tokenizer: not run."]
