"""Numbers by layer: what counts as such, the table, and the drawing."""

from typing import Any

import pytest

from interlingua.report.tunnel_layers import by_layer, heat_map, layered, lines


@pytest.fixture
def told() -> dict[str, Any]:
    """Two lines of three layers, and numbers whose names only look alike."""

    def of(mean: float) -> dict[str, Any]:
        return {"mean": mean, "n": 2, "worlds": [mean, mean]}

    reported = {f"task_change_{n}": {"all": of(value)} for n, value in enumerate((0.5, 0.25, -0.125))}
    reported |= {f"cosine_{n}": {"unseen": of(n / 10), "seen": of(n / 5)} for n in range(3)}
    reported |= {
        "precision_at_1": {"all": of(0.9)},
        "hits_at_1": {"all": of(0.1)},
        "hits_at_5": {"all": of(0.2)},
    }
    return {"name": "layer_swap", "reported": reported}


def test_layers_are_counted_from_the_embeddings_without_a_gap(told: dict[str, Any]) -> None:
    assert layered(told) == {
        **{f"task_change_{n}": ("task_change", n) for n in range(3)},
        **{f"cosine_{n}": ("cosine", n) for n in range(3)},
    }
    assert lines(told) == {
        "task change": {0: 0.5, 1: 0.25, 2: -0.125},
        "cosine, never tuned on": {0: 0.0, 1: 0.1, 2: 0.2},
        "cosine, tuned on": {0: 0.0, 1: 0.2, 2: 0.4},
    }
    assert layered({"name": "x"}) == lines({"name": "x"}) == {}


def test_the_table_has_a_row_per_line_and_a_column_per_layer(told: dict[str, Any]) -> None:
    table = by_layer(told)
    assert [column.title for column in table.columns] == ["Mean over worlds", "layer 0", "layer 1", "layer 2"]
    assert table.rows[0] == ("task change", "0.500", "0.250", "\N{MINUS SIGN}0.125")


def test_cells_are_as_strong_as_their_share_of_the_largest_in_their_line(told: dict[str, Any]) -> None:
    drawn = heat_map(told)
    assert drawn.count("<rect") == 9
    assert '<title>task change, layer 0: 0.500</title><rect class="heat"' in drawn
    assert drawn.count('class="heat below"') == 1  # -0.125
    strengths = [part[:4] for part in drawn.split('fill-opacity="')[1:]]
    assert strengths[:3] == ["0.66", "0.36", "0.21"]  # .06 + .6 times 1, 1/2 and 1/4
    assert heat_map(told, wide=False).count("<rect") == 9
