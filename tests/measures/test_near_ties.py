"""Near-ties: within what rounding may move."""

from dataclasses import replace

import pytest

from interlingua.measures.measure import example_row
from interlingua.measures.near_ties import near_tie, near_ties, tolerance

ROW = example_row("topic", "1", "swh_Latn", 0, ("a", "b", "c"))


@pytest.mark.parametrize(
    ("scores", "near"),
    [
        ((-1.0, -1.00019, -9.0), True),  # 0.00019 apart, each may move by 0.0001
        ((-1.0, -1.00021, -9.0), False),
        ((-9.0, -1.00019, -1.0), True),
        ((-1000.0, -1000.0015, -2000.0), True),  # the tolerance grows with the likelihood
        ((-1.0,), False),
        ((), False),
    ],
)
def test_two_best_options_within_both_tolerances(scores: tuple[float, ...], near: bool) -> None:
    assert near_tie(replace(ROW, scores=scores)) is near
    assert near_ties([replace(ROW, scores=scores)]) == ([replace(ROW, scores=scores)] if near else [])


def test_tolerance_is_absolute_for_small_and_relative_for_large_likelihoods() -> None:
    assert tolerance(-10.0) == 1e-4
    assert tolerance(-1000.0) == pytest.approx(1e-3)
