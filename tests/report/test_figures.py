"""Figures are well-formed, say what the result says, and stand alone as files."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from interlingua.core.errors import BadInput
from interlingua.report import figures
from interlingua.report.reading import MODES
from interlingua.report.svg import Canvas, row_label

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("wide", [True, False])
def test_every_figure_is_well_formed_and_inside_its_box(result: dict[str, Any], wide: bool) -> None:
    drawn = [figures.before_after(result, mode, wide=wide) for mode in MODES.values()]
    drawn += [make(result, wide=wide) for make in (figures.forest, figures.per_layer, figures.alignment)]
    for figure in drawn:
        root = ElementTree.fromstring(figure)
        width = float(root.attrib["viewBox"].split()[2])
        assert width == (900 if wide else 360)
        places = [float(e.attrib[k]) for e in root.iter() for k in ("x", "cx", "x1", "x2") if k in e.attrib]
        assert min(places) >= 0
        assert max(places) <= width


def test_dots_stand_where_the_numbers_are(result: dict[str, Any]) -> None:
    canvas = Canvas(wide=True)
    root = ElementTree.fromstring(figures.before_after(result, MODES["restate"]))
    entry = result["languages"]["qal_Arab"]
    row = next(g for g in root.iter("g") if "qal_Arab" in (g.findtext("title") or ""))
    places = {dot.attrib["class"]: float(dot.attrib["cx"]) for dot in row.iter("circle")}
    assert places == {
        "base": canvas.x(entry["base"]["restate"]),
        "tuned": canvas.x(entry["tuned"]["restate"]),
    }
    tick = next(line for line in row.iter("line") if line.attrib["class"] == "control")
    strongest = max(arm["restate"] for arm in entry["controls"].values() if "restate" in arm)
    assert float(tick.attrib["x1"]) == canvas.x(strongest)


def test_chance_and_pivot_lines(result: dict[str, Any]) -> None:
    root = ElementTree.fromstring(figures.before_after(result, MODES["direct"]))
    lines = {line.attrib["class"]: float(line.attrib["x1"]) for line in root.iter("line")}
    assert lines["chance"] == Canvas(wide=True).x(result["chance"])
    assert lines["chance"] < lines["pivot"]
    del result["chance"]
    assert 'class="chance"' not in figures.before_after(result, MODES["direct"])


def test_a_language_without_a_tuned_score_keeps_its_base_and_comes_last(result: dict[str, Any]) -> None:
    del result["languages"]["qac_Grek"]["tuned"]["restate"]
    root = ElementTree.fromstring(figures.before_after(result, MODES["restate"]))
    titles = [g.findtext("title") or "" for g in root.iter("g")]
    assert titles[0].startswith("Mean of 9: 38.8 to –, – points")
    assert "qac_Grek" in titles[9]
    assert "to –, – points" in titles[9]


def test_long_names_are_clipped_and_escaped() -> None:
    label = row_label(Canvas(wide=False), 40, "<" + "a" * 60, "qaa_Latn")
    assert "&lt;aaa" in label
    assert "…" in label


def test_write_figure_stands_alone(result: dict[str, Any], tmp_path: Path) -> None:
    path = figures.write_figure(result, tmp_path / "deep" / "gain.svg")
    text = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert {"width", "height", "viewBox"} <= set(root.attrib)
    assert not re.search(r"(href|url\(|@import)", text)
    assert "--tuned" in (root.findtext(f"{SVG}style") or "")
    assert "Restated answers" in text


def test_write_figure_refuses_what_was_not_measured(result: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="measured here are restate, direct, own_answers"):
        figures.write_figure(result, tmp_path / "x.svg", mode="guess")
    assert not list(tmp_path.iterdir())
