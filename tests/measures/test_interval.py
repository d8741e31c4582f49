"""Intervals: what they say of zero, plain values, and no NaN."""

import math

import pytest

from interlingua.core.errors import BadInput
from interlingua.measures.gain import MeanGain
from interlingua.measures.interval import Interval


def test_sides_of_zero() -> None:
    assert Interval(0.2, 0.1, 0.3, 5).above_zero
    assert not Interval(0.2, 0.0, 0.3, 5).above_zero
    assert Interval(-0.2, -0.3, -0.1, 5).below_zero
    assert not Interval(-0.2, -0.3, 0.0, 5).below_zero


def test_plain_values_leave_out_what_was_not_computed() -> None:
    assert Interval(0.5, 0.4, 0.6, 10).as_dict() == {
        "mean": 0.5,
        "low": 0.4,
        "high": 0.6,
        "n": 10,
        "level": 0.95,
    }
    assert Interval(0.5, 0.4, 0.6, 10, p=0.01).as_dict()["p"] == 0.01


def test_plain_values_go_down_into_intervals() -> None:
    inner = Interval(0.5, 0.3, 0.7, 2)
    assert MeanGain(0.5, 0.4, 0.6, 2, resampled=inner).as_dict()["resampled"] == inner.as_dict()
    assert "resampled" not in MeanGain(0.5, 0.4, 0.6, 1, resampled=None).as_dict()


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_refused(bad: float) -> None:
    with pytest.raises(BadInput, match="not finite"):
        Interval(0.5, bad, 0.6, 10)
