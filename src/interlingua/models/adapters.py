"""LoRA adapters: a new model that shares every base tensor with the old one.

Source: Hu et al. 2021, arXiv:2106.09685, through PEFT.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from torch import nn
from transformers.pytorch_utils import Conv1D

from interlingua.core.errors import BadInput
from interlingua.models.hub import on_hub, split_name
from interlingua.models.libraries import quiet
from interlingua.models.lm import LM
from interlingua.models.sharing import merge_adapter, shared_copy

log = logging.getLogger(__name__)

ALL = "all-linear"
# In a mixture of experts PEFT takes these names for the experts, whichever modules bear them.
_EXPERTS = {"gate", "gate_proj", "up_proj", "gate_up_proj", "down_proj", "w1", "w2", "w3"}


def with_lora(
    lm: LM,
    targets: Sequence[str] | str,
    rank: int,
    alpha: float,
    dropout: float = 0.0,
    seed: int = 0,
) -> LM:
    """`lm` with a fresh LoRA adapter that changes nothing yet; `lm` itself stays as it was.

    `targets` are the last parts of module names (`q_proj`, `v_proj`) or `"all-linear"`: every linear
    layer but the output head. Experts that are fused into one tensor are no linear layers: they and their
    router stay as they are, which `all-linear` logs. The update is scaled by `alpha / rank`. Raises
    `BadInput` for a model that already has an adapter, for a module it lacks, for fused experts and for an
    output head tied to the embeddings.
    """
    if lm.adapted:
        raise BadInput(f"{lm.name} already has an adapter; merge it first (`merged`).")
    if rank < 1 or alpha <= 0 or not 0 <= dropout < 1:
        raise BadInput(
            f"LoRA needs rank >= 1, alpha > 0 and dropout in [0, 1), not {rank}, {alpha} and {dropout}."
        )
    names = [targets] if isinstance(targets, str) else list(targets)
    linear = _linear(lm.model)
    if names != [ALL]:
        _check(lm, names, linear)
    config = LoraConfig(
        task_type="CAUSAL_LM",
        target_modules=_everywhere(lm, linear) if names == [ALL] else names,
        r=rank,
        lora_alpha=alpha,  # type: ignore[arg-type]  # PEFT only divides it by the rank
        lora_dropout=dropout,
        fan_in_fan_out=any(isinstance(module, Conv1D) for module in linear.values()),
    )
    with torch.random.fork_rng(devices=[]), quiet():
        torch.manual_seed(seed)
        model = get_peft_model(shared_copy(lm.model), config)
    config.base_model_name_or_path, config.revision = _origin(lm)
    return LM(model.eval(), lm.tokenizer, lm.name, dict(lm.card), lm.changed)


def merged(lm: LM) -> LM:
    """`lm` with its adapter added into the weights; layers without an adapter stay shared with `lm`.

    Raises `ModelError` for a base in four bits.
    """
    if not lm.adapted:
        return lm
    return LM(merge_adapter(lm.model), lm.tokenizer, lm.name, dict(lm.card), changed=True)


def _origin(lm: LM) -> tuple[str, str | None]:
    """The base and its revision as an adapter's configuration names them.

    The base is a hub name, an absolute folder, or our own name.
    """
    if on_hub(lm.name):
        return split_name(lm.name)
    return (str(Path(lm.name).resolve()) if Path(lm.name).is_dir() else lm.name), None


def _linear(model: Any) -> dict[str, nn.Module]:
    """Every linear layer (GPT-2's are transposed) by its full name."""
    return {name: module for name, module in model.named_modules() if isinstance(module, (nn.Linear, Conv1D))}


def _fused_experts(lm: LM) -> bool:
    """Whether all experts of a layer are one tensor, (expert, out, in)."""
    return any(".experts." in name and weight.ndim == 3 for name, weight in lm.model.named_parameters())


def _everywhere(lm: LM, linear: dict[str, nn.Module]) -> str | list[str]:
    """What PEFT is told for all linear layers: its own word, but names where it would reach for experts."""
    if not _fused_experts(lm):
        return ALL
    head = lm.model.get_output_embeddings()
    names = sorted({_leaf(name) for name, module in linear.items() if module is not head} - _EXPERTS)
    log.warning("The experts of %s are fused tensors and get no adapter; %s do.", lm.name, ", ".join(names))
    return names


def _check(lm: LM, names: Sequence[str], linear: dict[str, nn.Module]) -> None:
    """Refuse targets that are no linear module of the model, fused experts, or its tied head."""
    if not names:
        raise BadInput("LoRA needs at least one target module; name some, or say all-linear.")
    experts = _EXPERTS if _fused_experts(lm) else set()
    leaves = ", ".join(sorted({_leaf(name) for name in linear} - experts))
    head = lm.model.get_output_embeddings()
    tied = head is not None and head.weight is lm.model.get_input_embeddings().weight
    for wanted in names:
        hit = [name for name in linear if name == wanted or name.endswith(f".{wanted}")]
        if _leaf(wanted) in experts:
            raise BadInput(
                f"{wanted!r} means the experts of {lm.name}, fused tensors that take no adapter; "
                f"it has {leaves}; or say all-linear."
            )
        if not hit:
            raise BadInput(f"{lm.name} has no linear module {wanted!r}; it has {leaves}; or say all-linear.")
        if tied and any(linear[name] is head for name in hit):
            raise BadInput(f"{wanted!r} of {lm.name} shares its weights with the embeddings; leave it out.")


def _leaf(name: str) -> str:
    return name.rsplit(".", 1)[-1]
