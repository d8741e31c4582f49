"""Budget: how long and how hard to train, and the learning rate of every step."""

import math
from dataclasses import dataclass
from typing import Literal

from interlingua.core.errors import BadInput


@dataclass(frozen=True)
class Budget:
    """Optimiser steps and the settings of the optimiser.

    `accumulate` batches make one step; `warmup` is a share of the steps, `hold` the share after it at the
    full rate; `clip` bounds the gradient's norm (0: no bound); `weight_decay` spares biases and norms;
    `precision` auto is bf16 on CUDA and fp32 elsewhere. Raises `BadInput`.
    """

    steps: int
    lr: float
    warmup: float = 0.1
    schedule: Literal["cosine", "linear", "constant"] = "cosine"
    hold: float = 0.0
    accumulate: int = 1
    weight_decay: float = 0.0
    clip: float = 1.0
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    betas: tuple[float, float] = (0.9, 0.999)
    optimizer: Literal["adamw", "muon"] = "adamw"

    def __post_init__(self) -> None:
        rules = {
            "steps": (self.steps >= 1, "at least 1"),
            "lr": (0 < self.lr < math.inf, "above 0"),
            "warmup": (0 <= self.warmup <= 1, "a share in [0, 1]"),
            "hold": (0 <= self.hold <= 1 - self.warmup, "a share that warm-up leaves room for"),
            "schedule": (self.schedule in ("cosine", "linear", "constant"), "cosine, linear or constant"),
            "accumulate": (self.accumulate >= 1, "at least 1"),
            "weight_decay": (self.weight_decay >= 0, "at least 0"),
            "clip": (self.clip >= 0, "at least 0"),
            "optimizer": (self.optimizer in ("adamw", "muon"), "adamw or muon"),
            "precision": (self.precision in ("auto", "fp32", "bf16"), "auto, fp32 or bf16"),
            "betas": (all(0 <= beta < 1 for beta in self.betas), "two numbers in [0, 1)"),
        }
        for name, (kept, wanted) in rules.items():
            if not kept:
                raise BadInput(f"Budget: {name} must be {wanted}, not {getattr(self, name)!r}.")

    @property
    def batches(self) -> int:
        """Batches that training reads."""
        return self.steps * self.accumulate

    def rate(self, step: int) -> float:
        """Learning rate of `step` (from 0): linear warm-up, the full rate held, then the schedule towards 0.

        Step 0 gets a share of the rate, not 0 as in transformers, so that no step is idle.
        """
        warm = round(self.steps * self.warmup)
        full = warm + round(self.steps * self.hold)
        if step < warm:
            return self.lr * (step + 1) / (warm + 1)
        if self.schedule == "constant" or step < full:
            return self.lr
        left = 1 - (step - full) / max(1, self.steps - full)
        return self.lr * (left if self.schedule == "linear" else 0.5 * (1 - math.cos(math.pi * left)))
