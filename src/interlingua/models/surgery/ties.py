"""TIES: task vectors trimmed, their signs elected, and only those that agree averaged.

Source: Yadav et al. 2023, arXiv:2306.01708.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import torch
from torch import Tensor

from interlingua.core.errors import BadInput
from interlingua.models.adapters import merged
from interlingua.models.lm import LM
from interlingua.models.sharing import shared_copy
from interlingua.models.surgery.layers import check_alike


def ties(
    base: LM,
    experts: Sequence[LM],
    *,
    density: float = 0.2,
    scale: float = 1.0,
    within: Literal["model", "tensor"] = "model",
) -> LM:
    """The base plus `scale` times the merged changes of its experts; all models stay as they were.

    Of each expert's change the share `density` that is largest is kept, counted over the whole model as in
    the paper or within each tensor as mergekit does; each number's sign is that of the sum of what is kept;
    changes of that sign are averaged. Adapters are merged first; changes are in float32. Raises what
    `check_alike` raises, and `BadInput` for a density that is not in (0, 1].
    """
    if not 0 < density <= 1:
        raise BadInput(f"TIES keeps a share of the changes above 0 and up to 1, not {density}.")
    whole = [merged(lm) for lm in (base, *experts)]
    check_alike(whole)
    origin, *tuned = (dict(lm.model.named_parameters()) for lm in whole)
    changes = [
        {name: weights[name].detach().float() - start.detach().float() for name, start in origin.items()}
        for weights in tuned
    ]
    kept = [_trimmed(change, density, within) for change in changes]
    made = shared_copy(whole[0].model).eval()
    with torch.no_grad():
        for name, parameter in made.named_parameters():
            step = elected(torch.stack([change[name] for change in kept]))
            parameter.data = (parameter.float() + scale * step).to(parameter.dtype)
    card = {**base.card, "merged_from": [lm.name for lm in experts]}
    return LM(made, base.tokenizer, base.name, card, changed=True)


def trim(change: Tensor, density: float) -> Tensor:
    """The share `density` of the numbers that is largest in size, the others 0; at least one is kept."""
    keep = max(1, int(density * change.numel()))
    kept = torch.zeros_like(change).reshape(-1)
    places = change.abs().reshape(-1).topk(keep, sorted=False).indices
    kept[places] = change.reshape(-1)[places]
    return kept.reshape(change.shape)


def elected(changes: Tensor) -> Tensor:
    """Mean over models, (model, ...), of the changes that have the sign of their sum; 0 where none has."""
    agree = (changes.sign() == changes.sum(0).sign()) & (changes != 0)
    return (changes * agree).sum(0) / agree.sum(0).clamp(min=1)


def _trimmed(
    change: Mapping[str, Tensor], density: float, within: Literal["model", "tensor"]
) -> dict[str, Tensor]:
    if within == "tensor":
        return {name: trim(tensor, density) for name, tensor in change.items()}
    flat = trim(torch.cat([tensor.reshape(-1) for tensor in change.values()]), density)
    sizes = [tensor.numel() for tensor in change.values()]
    parts = zip(change.items(), torch.split(flat, sizes), strict=True)
    return {name: part.reshape(tensor.shape) for (name, tensor), part in parts}
