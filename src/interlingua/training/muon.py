"""Muon: orthogonalised momentum for matrices, Adam for the rest; small models learn in far fewer steps.

Source: Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks"; coefficients of its
quintic Newton-Schulz iteration.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

_A, _B, _C = 3.4445, -4.7750, 2.0315


class Muon(torch.optim.Optimizer):
    """Matrices move by the orthogonal factor of their Nesterov momentum, other parameters by Adam.

    Which is which is decided by name: two-dimensional weights but those of embeddings and heads are matrices.
    Matrices of one shape are orthogonalised together. `lr` is Adam's; matrices use `lr * ratio`, scaled by
    the root of (rows / columns) where that is above 1. Weight decay, decoupled, is for matrices alone.
    """

    def __init__(
        self,
        named: Iterable[tuple[str, nn.Parameter]],
        lr: float,
        *,
        ratio: float = 7.0,
        momentum: float = 0.95,
        betas: tuple[float, float] = (0.9, 0.95),
        weight_decay: float = 0.01,
        iterations: int = 5,
    ) -> None:
        matrices: list[nn.Parameter] = []
        others: list[nn.Parameter] = []
        for name, parameter in named:
            apart = parameter.ndim != 2 or "embed" in name or "lm_head" in name
            (others if apart else matrices).append(parameter)
        groups: list[dict[str, Any]] = [
            {"params": parameters, "muon": muon}
            for parameters, muon in ((matrices, True), (others, False))
            if parameters
        ]
        defaults = {
            "lr": lr, "ratio": ratio, "momentum": momentum, "betas": betas,
            "weight_decay": weight_decay, "iterations": iterations, "muon": False,
        }  # fmt: skip
        super().__init__(groups, defaults)

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """One update; `closure` is not used."""
        for group in self.param_groups:
            (self._matrices if group["muon"] else self._adam)(group)

    def _matrices(self, group: dict[str, Any]) -> None:
        same: dict[tuple[int, ...], list[tuple[nn.Parameter, Tensor]]] = defaultdict(list)
        for parameter in group["params"]:
            if parameter.grad is None:
                continue
            state = self.state[parameter]
            if not state:
                state["momentum"] = torch.zeros_like(parameter)
            state["momentum"].lerp_(parameter.grad, 1 - group["momentum"])
            update = parameter.grad.lerp(state["momentum"], group["momentum"])
            wide = update if update.shape[0] <= update.shape[1] else update.T
            same[tuple(wide.shape)].append((parameter, wide))
        rate = group["lr"] * group["ratio"]
        for found in same.values():
            directions = orthogonal(torch.stack([wide for _, wide in found]), group["iterations"])
            for (parameter, _), direction in zip(found, directions, strict=True):
                rows, columns = parameter.shape
                parameter.mul_(1 - rate * group["weight_decay"])
                turned = direction if rows <= columns else direction.T
                parameter.add_(turned, alpha=-rate * max(1.0, rows / columns) ** 0.5)

    def _adam(self, group: dict[str, Any]) -> None:
        one, two = group["betas"]
        for parameter in group["params"]:
            if parameter.grad is None:
                continue
            state = self.state[parameter]
            if not state:
                state["step"] = torch.zeros(())
                state["exp_avg"] = torch.zeros_like(parameter)
                state["exp_avg_sq"] = torch.zeros_like(parameter)
            state["step"] += 1
            count = float(state["step"])
            state["exp_avg"].lerp_(parameter.grad, 1 - one)
            state["exp_avg_sq"].lerp_(parameter.grad.square(), 1 - two)
            spread = (state["exp_avg_sq"] / (1 - two**count)).sqrt_().add_(1e-8)
            parameter.addcdiv_(state["exp_avg"], spread, value=-group["lr"] / (1 - one**count))


def orthogonal(matrices: Tensor, iterations: int = 5) -> Tensor:
    """Nearly the orthogonal factor of each matrix; (n, rows, columns) with rows <= columns, float32 out.

    Singular values land between about 0.7 and 1.2.
    """
    x = matrices.bfloat16()
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(iterations):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=_B, alpha=_C), x, beta=_A)
    return x.float()
