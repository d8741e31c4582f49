"""Budgets: the learning rate of every step worked by hand, and refusals."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.training.budget import Budget


def test_warm_up_then_cosine():
    budget = Budget(steps=10, lr=1.0, warmup=0.2)
    rates = [budget.rate(step) for step in range(10)]
    assert rates[:3] == pytest.approx([1 / 3, 2 / 3, 1.0])
    assert rates[6] == pytest.approx(0.5)
    assert rates[9] == pytest.approx(0.5 * (1 - 0.92388), abs=1e-5)
    assert rates[2:] == sorted(rates[2:], reverse=True)


def test_other_schedules():
    assert [Budget(4, 1.0, 0.0, "linear").rate(step) for step in range(4)] == [1.0, 0.75, 0.5, 0.25]
    assert [Budget(4, 1.0, 0.5, "constant").rate(step) for step in range(4)] == [1 / 3, 2 / 3, 1.0, 1.0]
    assert Budget(1, 1.0).rate(0) == 1.0


def test_the_full_rate_is_held_after_warm_up():
    rates = [Budget(10, 1.0, 0.2, "linear", hold=0.4).rate(step) for step in range(10)]
    assert rates == pytest.approx([1 / 3, 2 / 3, 1.0, 1.0, 1.0, 1.0, 1.0, 0.75, 0.5, 0.25])
    assert Budget(10, 1.0, 0.2, hold=0.8).rate(9) == 1.0


def test_accumulated_batches_are_counted():
    assert Budget(5, 1.0, accumulate=3).batches == 15


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"steps": 0}, "steps must be at least 1, not 0"),
        ({"lr": -1.0}, r"lr must be above 0, not -1\.0"),
        ({"lr": float("nan")}, "lr must be above 0"),
        ({"warmup": 10.0}, r"warmup must be a share in \[0, 1\]"),
        ({"schedule": "cosin"}, "cosine, linear or constant, not 'cosin'"),
        ({"precision": "fp16"}, "auto, fp32 or bf16"),
        ({"accumulate": 0}, "accumulate must be at least 1"),
        ({"betas": (0.9, 1.0)}, "betas"),
        ({"hold": 0.95}, "hold must be a share that warm-up leaves room for"),
        ({"optimizer": "sgd"}, "adamw or muon, not 'sgd'"),
    ],
)
def test_impossible_budgets_are_refused(change, told):
    with pytest.raises(BadInput, match=told):
        Budget(**{"steps": 5, "lr": 0.1, **change})
