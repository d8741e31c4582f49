"""Curves over layers: round ticks, one shown group among hidden ones, values where the axes say."""

from xml.etree import ElementTree

import pytest

from interlingua.report.curves import Curve, Mark, Panel, Point, curves, ticks


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (0.0, 1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0.0, 0.031, [0.0, 0.01, 0.02, 0.03, 0.04]),
        (0.36, 0.92, [0.2, 0.4, 0.6, 0.8, 1.0]),
        (-0.4, 11.2, [-2.5, 0.0, 2.5, 5.0, 7.5, 10.0, 12.5]),
        (0.0, 0.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0.5, 0.5, [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]),
    ],
)
def test_ticks_are_round_and_enclose_the_ends(low: float, high: float, found: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(found)


def drawn(wide: bool = True) -> ElementTree.Element:
    own = {
        "": [Curve("line-after", "after", (Point(0, 0.0), Point(2, 1.0)))],
        "swh_Latn": [Curve("line-after", "after", (Point(0, 0.5, 0.4, 0.6), Point(2, 0.5, 0.4, 0.6)))],
    }
    marks = {"swh_Latn": [Mark("lead-after", "leads", Point(1, 1, 0.5, 1.5))]}
    panels = [Panel("First", str, own, (0.0, 1.0), marks), Panel("Second", str, own)]
    return ElementTree.fromstring(curves(panels, label="two", wide=wide))


@pytest.mark.parametrize("wide", [True, False])
def test_one_group_is_shown_and_all_lie_inside(wide: bool) -> None:
    root = drawn(wide)
    groups = [(g.attrib["data-key"], "hidden" in g.attrib) for g in root.iter("g") if "data-key" in g.attrib]
    assert groups == [("", False), ("swh_Latn", True)] * 2
    width, height = (float(side) for side in root.attrib["viewBox"].split()[2:])
    for element in root.iter():
        for side, end in (
            ("x", width),
            ("cx", width),
            ("x1", width),
            ("cy", height),
            ("y1", height),
            ("y", height),
        ):
            assert 0 <= float(element.attrib.get(side, 0)) <= end


def test_values_stand_between_the_ends_of_their_plot() -> None:
    root = drawn()
    plot = next(g for g in root.iter("g") if g.attrib.get("class") == "plot")
    left, right = float(plot.attrib["data-left"]), float(plot.attrib["data-right"])
    lines = [path.attrib["d"] for path in plot.iter("path") if "line" in path.attrib["class"].split()]
    (x0, y0), (x2, y2) = (
        [float(v) for v in point] for point in zip(*[iter(lines[0][1:].split())] * 2, strict=True)
    )
    assert (x0, x2) == (left, right)
    assert y0 - y2 == pytest.approx(210)
    areas = [path for path in plot.iter("path") if "area" in path.attrib["class"]]
    assert len(areas) == 1


def test_without_points_there_is_an_empty_plot_and_no_error() -> None:
    root = ElementTree.fromstring(curves([Panel("None", str, {"": []})], label="none"))
    assert not list(root.iter("path"))
