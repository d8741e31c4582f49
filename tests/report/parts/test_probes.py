"""Probes, share of variance and distances between languages: what is drawn and what a table holds."""

from typing import Any
from xml.etree import ElementTree

from interlingua.report.parts import centroids, probes


def result(**geometry: Any) -> dict[str, Any]:
    return {
        "pivot": "eng_Latn",
        "languages": {"swh_Latn": {}, "tha_Thai": {}, "eng_Latn": {}},
        "after": {"name": "new"},
        "geometry": geometry,
    }


STEP = {"layer": 4, "accuracy": {"mean": 0.9, "low": 0.8, "high": 1.0}, "control": 0.5, "selectivity": 0.4}


def test_a_probe_is_drawn_with_its_control_and_its_interval() -> None:
    held = result(probes={"language": {"before": [STEP, STEP | {"layer": 8}]}})
    root = ElementTree.fromstring(probes.draw(held))
    kinds = [path.attrib["class"] for path in root.iter("path")]
    assert kinds == ["area line-before", "line line-before", "line thin-before"]
    table = probes.table(held)
    assert [column.title for column in table.columns[3:]] == [
        "probe, before",
        "control, before",
        "selectivity, before",
    ]
    assert table.rows[0] == ("All languages", "", 4.0, 0.9, 0.5, 0.4)
    assert probes.absent(held) == ["Share of variance: not run."]


def test_shares_of_variance_as_a_list_or_with_their_control() -> None:
    plain = probes.table(result(variance_share={"before": [0.5, None, 0.25]}))
    assert plain.rows == (("All languages", "", 0.0, 0.5), ("All languages", "", 2.0, 0.25))
    split = probes.table(
        result(variance_share={"after": {"language": [0.5], "control": [0.1], "rest": [0.2]}})
    )
    assert [column.title for column in split.columns[3:]] == [
        "language, after",
        "control, after",
        "rest, after",
    ]
    assert split.rows == (("All languages", "", 0.0, 0.5, 0.1, 0.2),)


def test_distances_and_their_mean_over_languages() -> None:
    held = result(centroids={
        "swh_Latn": {"before": {"relative": [1.0, None]}}, "tha_Thai": {"before": {"relative": [3.0, 2.0]}},
    })  # fmt: skip
    rows = centroids.tables(held)["centroids"].rows
    assert [row[1:4] for row in rows] == [
        ("", 0.0, 2.0), ("", 1.0, 2.0), ("swh_Latn", 0.0, 1.0), ("swh_Latn", 1.0, None),
        ("tha_Thai", 0.0, 3.0), ("tha_Thai", 1.0, 2.0),
    ]  # fmt: skip
    ElementTree.fromstring(centroids.draw(held, ["swh_Latn"]))


def test_nothing_measured() -> None:
    assert probes.section(result()) == centroids.section(result()) == ""
    assert probes.tables(result()) == centroids.tables(result()) == {}
