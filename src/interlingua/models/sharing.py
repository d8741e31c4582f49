"""Copies of a model that share its tensors, so that a new model costs only what differs from the old one."""

import copy
from collections.abc import Callable
from typing import Any, TypeVar

from torch import Tensor, nn

M = TypeVar("M", bound=nn.Module)


def shared_copy(model: M, own: Callable[[str], bool] = lambda name: False) -> M:
    """A model of its own over the same storage; parameters and buffers whose name satisfies `own` are cloned.

    The copy has its own modules, `Parameter` objects and gradients, so freezing, wrapping or training
    it leaves the original alone; tied parameters stay tied.
    """
    memo: dict[int, Tensor] = {}
    for name, parameter in model.named_parameters():
        data = parameter.detach()
        memo[id(parameter)] = nn.Parameter(data.clone() if own(name) else data, parameter.requires_grad)
    for name, buffer in model.named_buffers():
        memo[id(buffer)] = buffer.detach().clone() if own(name) else buffer.detach()
    return copy.deepcopy(model, memo)


def merge_adapter(model: Any) -> Any:
    """The plain model under a PEFT adapter with the update added in; untouched layers stay shared."""
    adapted = tuple(f"{name}." for name, module in model.named_modules() if hasattr(module, "base_layer"))
    plain = shared_copy(model, own=lambda name: name.startswith(adapted)).merge_and_unload(safe_merge=True)
    return plain.requires_grad_(True).eval()
