"""Copies of a model that share its tensors, so that a new model costs only what differs from the old one."""

import copy
from collections.abc import Callable
from typing import Any, TypeVar

from torch import Tensor, nn

from interlingua.core.errors import ModelError

M = TypeVar("M", bound=nn.Module)


def shared_copy(model: M, own: Callable[[str], bool] = lambda name: False) -> M:
    """A model of its own over the same storage; parameters and buffers whose name satisfies `own` are cloned.

    The copy has its own modules, `Parameter` objects and gradients, so freezing, wrapping or training
    it leaves the original alone; tied parameters stay tied, quantised ones keep how they were quantised.
    """
    memo: dict[int, Tensor] = {}
    for name, parameter in model.named_parameters():
        memo[id(parameter)] = _parameter(parameter, own(name))
    for name, buffer in model.named_buffers():
        memo[id(buffer)] = buffer.detach().clone() if own(name) else buffer.detach()
    return copy.deepcopy(model, memo)


def merge_adapter(model: Any) -> Any:
    """The plain model under a PEFT adapter with the update added in; untouched layers stay shared.

    Raises `ModelError` for quantised weights, which would round the update away.
    """
    if getattr(model, "is_quantized", False):
        raise ModelError("An adapter cannot be merged into quantised weights; load the base as bfloat16.")
    adapted = tuple(f"{name}." for name, module in model.named_modules() if hasattr(module, "base_layer"))
    plain = shared_copy(model, own=lambda name: name.startswith(adapted)).merge_and_unload(safe_merge=True)
    return plain.requires_grad_(True).eval()


def _parameter(parameter: nn.Parameter, own: bool) -> Tensor:
    """A parameter of the same kind over the same or cloned storage."""
    if type(parameter) is nn.Parameter:
        data = parameter.detach()
        return nn.Parameter(data.clone() if own else data, parameter.requires_grad)
    return copy.deepcopy(parameter) if own else copy.copy(parameter)
