"""t-interval over worlds, by hand and against scipy."""

import math

import pytest
from scipy import stats

from interlingua.core.errors import BadInput
from interlingua.measures.t_interval import t_interval


def test_five_worlds_by_hand() -> None:
    """Mean 3, sample variance 10/4, standard error sqrt(.5), t(.975, 4) = 2.776445 from the table."""
    found = t_interval([1, 2, 3, 4, 5])
    half = 2.7764451 * math.sqrt(0.5)
    assert (found.mean, found.low, found.high) == pytest.approx((3, 3 - half, 3 + half), abs=1e-6)
    assert (found.n, found.level) == (5, 0.95)


def test_three_worlds_by_hand() -> None:
    """Mean .3, deviations -.1, 0, .1, error .1/sqrt(3); t(.975, 2) = 4.302653."""
    found = t_interval([0.2, 0.3, 0.4])
    assert found.low == pytest.approx(0.3 - 4.302653 * 0.1 / math.sqrt(3), abs=1e-6)


@pytest.mark.parametrize("values", [[0.31, 0.28, 0.4, 0.22, 0.35], [-0.1, 0.2, 0.05], [0.0, 1e-3]])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_agrees_with_scipy(values: list[float], level: float) -> None:
    found, referee = t_interval(values, level=level), stats.ttest_1samp(values, 0)
    interval = referee.confidence_interval(level)
    assert (found.low, found.high, found.p) == pytest.approx((interval.low, interval.high, referee.pvalue))


def test_interval_and_p_value_agree_on_zero() -> None:
    for shift in (0.05, 0.0621, 0.0622, 0.08):
        found = t_interval([shift - 0.05, shift, shift + 0.05, shift, shift])
        assert found.above_zero == (found.p is not None and found.p < 0.05)


def test_equal_worlds_have_no_width() -> None:
    found = t_interval([0.1, 0.1, 0.1])
    assert (found.mean, found.low, found.high, found.p) == (0.1, 0.1, 0.1, 0.0)
    assert t_interval([0.0, 0.0]).p == 1.0


@pytest.mark.parametrize("values", [[], [0.3]])
def test_fewer_than_two_worlds_are_refused(values: list[float]) -> None:
    with pytest.raises(BadInput, match="at least 2 worlds"):
        t_interval(values)


def test_nan_is_refused_and_named() -> None:
    with pytest.raises(BadInput, match="World 1 has no finite value"):
        t_interval([0.1, math.nan, 0.2])
