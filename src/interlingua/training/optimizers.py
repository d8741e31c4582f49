"""Optimizers: the optimiser that a budget names, over the parameters that are learned."""

from collections.abc import Mapping

import torch
from torch import nn

from interlingua.core.errors import BadInput
from interlingua.training.budget import Budget
from interlingua.training.muon import Muon


def optimizer(
    learned: Mapping[str, nn.Parameter], budget: Budget, *, sharded: bool = False
) -> torch.optim.Optimizer:
    """The budget's optimiser; norms and biases do not decay.

    Raises BadInput for Muon over `sharded` parameters, since it turns whole matrices.
    """
    if budget.optimizer == "muon":
        if sharded:
            raise BadInput(
                "Muon needs whole matrices; train with optimizer adamw, or without INTERLINGUA_SHARD."
            )
        return Muon(learned.items(), budget.lr, betas=budget.betas, weight_decay=budget.weight_decay)
    groups = [
        {"params": [p for p in learned.values() if p.ndim > 1], "weight_decay": budget.weight_decay},
        {"params": [p for p in learned.values() if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=budget.lr, betas=budget.betas, fused=True)
