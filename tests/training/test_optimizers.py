"""Optimizers: which parameters decay, and what shards cannot be given to."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.training.budget import Budget
from interlingua.training.muon import Muon
from interlingua.training.optimizers import optimizer


def test_norms_do_not_decay(lm):
    learned = dict(lm.model.named_parameters())
    decayed, spared = optimizer(learned, Budget(1, 1e-2, weight_decay=0.1)).param_groups
    assert (decayed["weight_decay"], spared["weight_decay"]) == (0.1, 0.0)
    assert len(spared["params"]) == 5  # two norms in each of two layers, one at the end
    assert len(decayed["params"]) == len(learned) - 5


def test_muon_is_refused_over_shards(lm):
    learned, budget = dict(lm.model.named_parameters()), Budget(1, 1e-2, optimizer="muon")
    assert isinstance(optimizer(learned, budget), Muon)
    with pytest.raises(BadInput, match="Muon needs whole matrices; train with optimizer adamw"):
        optimizer(learned, budget, sharded=True)
