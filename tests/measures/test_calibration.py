"""Calibration: by hand."""

import math

import pytest

from interlingua.core.errors import BadInput
from interlingua.measures.calibration import calibration


def test_three_languages_by_hand() -> None:
    """Off by .1, -.2, 0. The scores' mean is .5, from which they lie .2, 0, .2."""
    found = calibration([0.4, 0.3, 0.7], [0.3, 0.5, 0.7])
    assert (found.error, found.bias, found.constant) == pytest.approx((0.1, -0.1 / 3, 0.4 / 3))
    assert found.n == 3


def test_what_has_no_answer_is_refused() -> None:
    with pytest.raises(BadInput, match=r"\(2,\) and \(1,\)"):
        calibration([0.1, 0.2], [0.1])
    with pytest.raises(BadInput, match=r"\(0,\)"):
        calibration([], [])
    with pytest.raises(BadInput, match="finite"):
        calibration([0.1], [math.inf])
