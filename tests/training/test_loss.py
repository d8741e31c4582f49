"""Mixing objectives: values and parts add up, gradients too."""

import pytest
import torch

from interlingua.core.errors import BadInput
from interlingua.training.loss import Loss, mix


def constant(value, weight, **parts):
    return lambda lm, batch: Loss(torch.tensor(value), parts, weight)


def test_values_are_weighted_and_parts_kept():
    loss = mix((constant(2.0, 10.0, a=2.0), 1.0), (constant(3.0, 4.0, b=3.0), 0.5))(None, {})
    assert loss.value.item() == 3.5
    assert loss.parts == {"a": 2.0, "b": 3.0}
    assert loss.weight == 10.0


def test_one_objective_with_weight_one_is_itself():
    assert mix((constant(2.0, 7.0), 1.0))(None, {}) == Loss(torch.tensor(2.0), {}, 7.0)


def test_nothing_to_mix_is_refused():
    with pytest.raises(BadInput, match="at least one"):
        mix()
