"""The planes: every point kept, one scale where that means something, and what a layer looks like alone."""

from typing import Any
from xml.etree import ElementTree

import pytest

from interlingua.core.errors import UnknownName
from interlingua.report.parts import geometry


def result(fit: str | None = "joint", points: int = 2) -> dict[str, Any]:
    """Swahili moves from (8, 0) to (2, 0), English stays at the origin; layer 10 comes after layer 9."""
    layer = {
        "explained": [0.5, 0.25],
        "points": {
            "swh_Latn": {"before": [[8, 0]] * points, "after": [[2, 0]] * points},
            "eng_Latn": {"before": [[0, 0]] * points, "after": [[0, 0], [0, 4]][:points]},
        },
    }
    return {
        "after": {"name": "new"},
        "pivot": "eng_Latn",
        "languages": {"swh_Latn": {"name": "Swahili"}, "eng_Latn": {}},
        "geometry": {"fit": fit, "layers": {"10": layer, "9": layer}},
    }


def test_middles_and_points_by_layer_in_order() -> None:
    tables = geometry.tables(result())
    assert tables["pca"].rows == (
        ("eng_Latn", "eng_Latn", 9.0, 0.0, 0.0, 0.0, 2.0), ("eng_Latn", "eng_Latn", 10.0, 0.0, 0.0, 0.0, 2.0),
        ("Swahili", "swh_Latn", 9.0, 8.0, 0.0, 2.0, 0.0), ("Swahili", "swh_Latn", 10.0, 8.0, 0.0, 2.0, 0.0),
    )  # fmt: skip
    assert len(tables["pca_points"].rows) == 16
    assert tables["pca_points"].rows[0] == ("Swahili", "swh_Latn", 9.0, "before", 0.0, 8.0, 0.0)


def test_the_way_that_languages_went_is_drawn_after() -> None:
    root = ElementTree.fromstring(geometry.draw(result()))
    ways = [path.attrib["d"] for path in root.iter("path") if path.attrib["class"] == "trail"]
    assert [bool(way) for way in ways] == [False, False, True, True]


@pytest.mark.parametrize(
    ("fit", "paired", "says"),
    [
        ("joint", True, "fitted on both models together and favours neither; both models lie in it"),
        ("all", True, "fitted on all languages of the model before; both models lie in it"),
        ("pivot", False, "fitted on eng_Latn.</p>"),
        (None, True, "of its sentences. </p>"),
    ],
)
def test_what_the_plane_was_fitted_on_is_told(fit: str, paired: bool, says: str) -> None:
    assert says in geometry.section({**result(fit), "after": {"name": "new"} if paired else None})


def test_how_much_of_the_variance_the_plane_keeps() -> None:
    held = result()
    held["geometry"]["layers"]["10"]["shown"] = {"before": 0.5, "after": 0.25}
    assert "After: 25.0% of the variance is in this plane" in geometry.draw(held)


def test_a_layer_that_was_not_read_is_refused() -> None:
    assert "layer 9" in geometry.draw(result(), layer="9")
    with pytest.raises(UnknownName, match="No layer called '4'"):
        geometry.draw(result(), layer="4")


def test_what_is_no_number_is_left_out() -> None:
    held = result()
    held["geometry"]["layers"]["9"]["points"]["swh_Latn"]["before"] = [[None, 0], [float("nan"), 1], [7, 7]]
    rows = geometry.tables(held)["pca_points"].rows
    assert [row[5:] for row in rows if row[:4] == ("Swahili", "swh_Latn", 9.0, "before")] == [(7.0, 7.0)]


def test_too_many_points_are_thinned_and_counted() -> None:
    text = geometry.section(result(points=2), room=8 / 560_000)
    assert "Of every language 1 sentence drawn evenly; all are in result.json." in text
