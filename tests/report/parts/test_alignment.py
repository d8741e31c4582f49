"""Alignment: means over languages, best layers, and the place of each language against its accuracy."""

from typing import Any
from xml.etree import ElementTree

from interlingua.report.parts import alignment


def measured(low: float, high: float) -> dict[str, Any]:
    layers = [low, high]
    return {"mexa": layers, "mexa_mean": (low + high) / 2, "mexa_max": high, "csls": layers, "ranker": layers}


def result() -> dict[str, Any]:
    """Two languages, of which the second has no accuracy after tuning."""
    langs = {"swh_Latn": measured(0.0, 0.5), "tha_Thai": measured(0.5, 0.75)}
    accuracy = {
        "swh_Latn": {"before": {"mean": 0.4}, "after": {"mean": 0.6}},
        "tha_Thai": {"before": {"mean": 0.5}},
    }
    both = {code: {"before": {"weighted": told}, "after": {"weighted": told}} for code, told in langs.items()}
    return {
        "after": {"name": "new"},
        "pivot": "eng_Latn",
        "languages": {code: {} for code in [*langs, "eng_Latn"]},
        "accuracy": {"direct": {"chance": 0.25, "languages": accuracy}},
        "alignment": {"sentences": 4, "languages": both},
    }


def test_the_mean_over_languages_comes_first() -> None:
    rows = alignment.by_layer(result(), "weighted", ["swh_Latn"]).rows
    assert [row[:4] for row in rows] == [
        ("Mean of 2 languages", "", 0.0, 0.25), ("Mean of 2 languages", "", 1.0, 0.625),
        ("swh_Latn", "swh_Latn", 0.0, 0.0), ("swh_Latn", "swh_Latn", 1.0, 0.5),
    ]  # fmt: skip


def test_pooled_numbers_and_those_of_the_best_layer() -> None:
    table = alignment.pooled(result())
    assert [f"{column.group}, {column.title}" for column in table.columns[2:]] == [
        "MEXA, before", "MEXA, after", "MEXA, best layer, before", "MEXA, best layer, after", "CSLS, before",
        "CSLS, after",
    ]  # fmt: skip
    assert table.rows[0] == ("swh_Latn", "swh_Latn", 0.25, 0.25, 0.5, 0.5, 0.5, 0.5)


def test_a_language_with_one_side_is_one_mark_without_an_arrow() -> None:
    root = ElementTree.fromstring(alignment.draw(result()))
    marks = {g.findtext("title"): [mark.attrib["class"] for mark in g.iter("circle")] for g in root.iter("g")}
    assert marks == {
        "swh_Latn swh_Latn: MEXA 25.0, accuracy 40.0 to MEXA 25.0, accuracy 60.0": ["base", "tuned"],
        "tha_Thai tha_Thai: MEXA 62.5, accuracy 50.0": ["base"],
    }
    assert sum(line.attrib["class"] == "move" for line in root.iter("line")) == 1


def test_nothing_measured() -> None:
    assert alignment.section({"languages": {"swh_Latn": {}}}) == ""
    assert alignment.tables({"languages": {"swh_Latn": {}}}) == {}
