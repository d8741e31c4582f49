"""AUC: by hand, against scikit-learn, and an interval that leaves room."""

import math

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from interlingua.core.errors import BadInput
from interlingua.measures.auc import auc, auc_by_kind, auc_numbers


def test_pairs_by_hand() -> None:
    """Of six pairs four are won and one is tied."""
    assert auc([3, 1, 2], [0, 2]).mean == pytest.approx(4.5 / 6)
    assert auc([1, 1], [1, 1, 1]).mean == 0.5
    assert auc([2, 3], [0, 1]).mean == 1.0
    assert auc([0, 1], [2, 3]).mean == 0.0


def test_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    one, two = rng.integers(0, 6, 14) + 1.0, rng.integers(0, 6, 9) + 0.0
    referee = roc_auc_score([1] * 14 + [0] * 9, [*one, *two])
    assert auc(list(one), list(two)).mean == pytest.approx(referee)
    assert auc(list(two), list(one)).mean == pytest.approx(1 - referee)


def test_the_bounds_are_where_the_score_equation_holds() -> None:
    found = auc([3, 1, 2, 5], [0, 2, 4])
    for bound in (found.low, found.high):
        part = (1 - bound) / (2 - bound) + bound / (1 + bound)
        variance = bound * (1 - bound) * (1 + 2.5 * part) / 12
        assert abs(found.mean - bound) == pytest.approx(1.959964 * math.sqrt(variance), abs=1e-6)
    assert found.low < found.mean < found.high
    assert found.n == 7


def test_more_models_say_more_and_no_errors_leave_room() -> None:
    few, many = auc([1.0] * 10, [0.0] * 10), auc([1.0] * 40, [0.0] * 40)
    assert (few.mean, few.high) == (1.0, 1.0)
    assert 0.7 < few.low < many.low < 1
    turned = auc([0.0] * 10, [1.0] * 10)
    assert (turned.low, turned.high) == pytest.approx((0, 1 - few.low))


def test_the_interval_covers_what_it_says() -> None:
    rng = np.random.default_rng(1)
    truth = 0.760250  # normal distributions a unit apart: the normal's share below 1 / sqrt(2)
    found = [auc(list(rng.normal(1, 1, 12)), list(rng.normal(0, 1, 12))) for _ in range(300)]
    assert np.mean([one.low <= truth <= one.high for one in found]) > 0.92


def test_numbers_belong_to_no_language() -> None:
    numbers = auc_numbers("auc_x", [1, 2], [0, 1])
    assert numbers.keys() == {"auc_x", "auc_x_low", "auc_x_high"}
    assert numbers["auc_x"] == {"": 0.875}


def test_sides_without_numbers_are_refused() -> None:
    for one, two in (([], [1.0]), ([1.0], [])):
        with pytest.raises(BadInput, match="one side has none"):
            auc(one, two)
    with pytest.raises(BadInput, match="finite"):
        auc([1.0, math.nan], [0.0])


def test_kinds_are_told_from_one_of_them_together_and_each_by_itself() -> None:
    kinds = {"clean": [3.0, 3.1], "plain": [1.0, 1.1], "cross": [3.0, 3.1]}
    found = auc_by_kind("auc", kinds, "clean", -1)  # small is suspicious
    assert {name: at[""] for name, at in found.items() if not name.endswith(("_low", "_high"))} == {
        "auc": 0.75, "auc_plain": 1.0, "auc_cross": 0.5,
    }  # fmt: skip
    assert auc_by_kind("auc", kinds, "clean")["auc_plain"][""] == 0.0
    assert found["auc_cross_low"][""] == auc([3.0, 3.1], [3.0, 3.1]).low
    assert auc_by_kind("auc", {**kinds, "clean": []}, "clean") == {}
