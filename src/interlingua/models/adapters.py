"""LoRA adapters: a new model that shares every base tensor with the old one.

Source: Hu et al. 2021, arXiv:2106.09685, through PEFT.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from torch import nn

from interlingua.core.errors import BadInput
from interlingua.models.lm import LM, quiet
from interlingua.models.sharing import merge_adapter, shared_copy


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
    layer but the output head. The update is scaled by `alpha / rank`. Raises `BadInput` for a model
    that already has an adapter, for a module it lacks and for an output head tied to the embeddings.
    """
    if lm.adapted:
        raise BadInput(f"{lm.name} already has an adapter; merge it first (`merged`).")
    if rank < 1 or alpha <= 0 or not 0 <= dropout < 1:
        raise BadInput(
            f"LoRA needs rank >= 1, alpha > 0 and dropout in [0, 1), not {rank}, {alpha} and {dropout}."
        )
    names = [targets] if isinstance(targets, str) else list(targets)
    everywhere = names == ["all-linear"]
    if not everywhere:
        _check(lm, names)
    config = LoraConfig(
        task_type="CAUSAL_LM",
        target_modules="all-linear" if everywhere else names,
        r=rank,
        lora_alpha=alpha,  # type: ignore[arg-type]  # PEFT only divides it by the rank
        lora_dropout=dropout,
    )
    with torch.random.fork_rng(devices=[]), quiet():
        torch.manual_seed(seed)
        model = get_peft_model(shared_copy(lm.model), config)
    config.base_model_name_or_path = _origin(lm)
    return LM(model.eval(), lm.tokenizer, lm.name, dict(lm.card))


def merged(lm: LM) -> LM:
    """`lm` with its adapter added into the weights; layers without an adapter stay shared with `lm`."""
    if not lm.adapted:
        return lm
    return LM(merge_adapter(lm.model), lm.tokenizer, lm.name, dict(lm.card))


def _origin(lm: LM) -> str:
    """The base as an adapter's configuration names it: hub name, absolute folder, or our own name."""
    return str(Path(lm.name).resolve()) if Path(lm.name).is_dir() else lm.name.removeprefix("hf:")


def _check(lm: LM, names: Sequence[str]) -> None:
    """Refuse targets that are no linear module of the model, or its tied head."""
    if not names:
        raise BadInput("LoRA needs at least one target module; name some, or say all-linear.")
    linear = {name for name, module in lm.model.named_modules() if isinstance(module, nn.Linear)}
    leaves = sorted({name.rsplit(".", 1)[-1] for name in linear})
    head = lm.model.get_output_embeddings()
    tied = head is not None and head.weight is lm.model.get_input_embeddings().weight
    for wanted in names:
        hit = [name for name in linear if name == wanted or name.endswith(f".{wanted}")]
        if not hit:
            raise BadInput(
                f"{lm.name} has no linear module {wanted!r}; it has {', '.join(leaves)}; or say all-linear."
            )
        if tied and any(lm.model.get_submodule(name) is head for name in hit):
            raise BadInput(f"{wanted!r} of {lm.name} shares its weights with the embeddings; leave it out.")
