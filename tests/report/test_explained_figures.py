"""Figures by name: well-formed, inside their box, and refused where a part is missing."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from interlingua.core.errors import BadInput, UnknownName
from interlingua.report.explained_figures import NAMES, Choice, draw_figure


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_stands_alone(explained: dict[str, Any], name: str) -> None:
    text = draw_figure(explained, name)
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert {"width", "height", "viewBox"} <= set(root.attrib)
    assert not re.search(r"(href|url\(|@import)", text)
    assert 'class="title"' in text
    assert "hidden=" not in text


def test_a_choice_is_drawn(explained: dict[str, Any]) -> None:
    assert "Direct answers on languages never tuned on" in draw_figure(
        explained, "gains", Choice(mode="direct")
    )
    assert "Logit lens: Swahili" in draw_figure(explained, "lens", Choice(lang="sw"))
    assert "layer 8" in draw_figure(explained, "pca", Choice(layer="8"))


@pytest.mark.parametrize(
    ("name", "choice", "says"),
    [
        ("graph", Choice(), "No figure called 'graph'"),
        ("accuracy", Choice(mode="guess"), "No way of answering here called 'guess'"),
        ("lens", Choice(lang="is"), "No language here called 'isl_Latn'"),
        ("pca", Choice(layer="99"), "No layer called '99'"),
    ],
)
def test_unknown_names_are_refused(explained: dict[str, Any], name: str, choice: Choice, says: str) -> None:
    with pytest.raises(UnknownName, match=says):
        draw_figure(explained, name, choice)


@pytest.mark.parametrize("name", NAMES)
def test_what_was_not_run_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match=f"No figure '{name}': that part is not in this result"):
        draw_figure({"languages": {"swh_Latn": {}}}, name)
    with pytest.raises(BadInput, match="no languages"):
        draw_figure({}, name)


def test_a_demo_has_three_of_them(result: dict[str, Any]) -> None:
    for name in ("accuracy", "gains", "alignment"):
        ElementTree.fromstring(draw_figure(result, name))
    assert "Direct answers" in draw_figure(result, "accuracy", Choice(mode="direct"))
    with pytest.raises(BadInput, match="not in this result"):
        draw_figure(result, "lens")
    with pytest.raises(UnknownName, match="guess"):
        draw_figure(result, "accuracy", Choice(mode="guess"))
