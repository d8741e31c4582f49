"""Layers of several models put together into one: swaps, averages and everything between them.

Part 0 of a model is what comes before its layers (the embeddings), parts 1 to n are its layers from bottom
to top, part n + 1 what comes after them: final norm and unembedding. An unembedding that is tied to the
embeddings is in part 0.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from torch import Tensor

from interlingua.core.errors import BadInput, ModelError
from interlingua.models.adapters import merged
from interlingua.models.anatomy import anatomy
from interlingua.models.lm import LM
from interlingua.models.prints import tokenizer_print
from interlingua.models.sharing import shared_copy

Shares: TypeAlias = tuple[float, ...]
"""How much each model counts, in the order of the models; shares of a part add up to 1."""


@dataclass(frozen=True)
class Plan:
    """What a merged model is made of: shares in its embeddings, in each layer from the bottom, in its head.

    The head is what comes after the layers; where the unembedding is tied, the final norm alone.
    Raises `BadInput` for shares that do not add up to 1 or are not as many everywhere.
    """

    embeddings: Shares
    layers: tuple[Shares, ...]
    head: Shares

    def __post_init__(self) -> None:
        for number, shares in enumerate(self.parts):
            if len(shares) != len(self.embeddings) or not math.isclose(sum(shares), 1, abs_tol=1e-6):
                raise BadInput(
                    f"Part {number} of the plan has shares {', '.join(f'{s:g}' for s in shares) or 'none'}; "
                    f"{len(self.embeddings)} that add up to 1 are needed."
                )

    @property
    def parts(self) -> tuple[Shares, ...]:
        """Shares of all parts from bottom to top."""
        return (self.embeddings, *self.layers, self.head)

    def opposite(self) -> "Plan":
        """Layers from the models in the opposite order: of two, each gives those of the other.

        Embeddings and head stay, so that only the place of the layers is tested by it.
        """
        return Plan(self.embeddings, tuple(shares[::-1] for shares in self.layers), self.head)


def swap_plan(
    layers: int,
    bottom: int | None = None,
    top: int | None = None,
    transition: int | None = None,
    *,
    embeddings: Shares = (0, 1),
    head: Shares = (0, 1),
) -> Plan:
    """Layer swapping of two models: the ends are the second's, the middle is the first's.

    `bottom` and `top` layers come from the second model; the `transition` layers next to each end are
    averages of both. What is None is 5, 5 and 2 of 32 layers in proportion, the bottom at least 1. Raises
    `BadInput` where the first model has a say in no layer.
    Source: Bandarkar et al. 2024, arXiv:2410.01335.
    """
    bottom = max(1, round(layers * 5 / 32)) if bottom is None else bottom
    top = round(layers * 5 / 32) if top is None else top
    transition = round(layers * 2 / 32) if transition is None else transition
    if min(bottom, top, transition) < 0 or bottom + top + 2 * transition >= layers + (transition > 0):
        raise BadInput(
            f"{bottom} layers at the bottom, {top} at the top and {transition} of transition next to each "
            f"leave no middle in {layers} layers; take fewer."
        )
    middle = layers - bottom - top - 2 * transition
    first, second, both = (1.0, 0.0), (0.0, 1.0), (0.5, 0.5)
    inner = [*[both] * transition, *[first] * middle, *[both] * transition]
    return Plan(embeddings, (*[second] * bottom, *inner, *[second] * top), head)


def even_plan(layers: int, shares: Shares) -> Plan:
    """The same shares everywhere: equal ones give a soup, a single 1 gives that model back.

    Source: Wortsman et al. 2022, arXiv:2203.05482.
    """
    return Plan(shares, (shares,) * layers, shares)


def swap_layers(*models: LM, plan: Plan) -> LM:
    """The model that `plan` describes, of models of one shape and one tokenizer; these stay as they were.

    Adapters are merged into their weights first. A part that is one model's alone shares that model's
    tensors; others are averaged in float32. Number format, name and settings are those of the first model.
    Raises `BadInput` for models or a plan that do not fit each other, `ModelError` for quantised weights and
    for models that are no stack of layers.
    """
    whole = [merged(lm) for lm in models]
    numbers = check_alike(whole)
    demand_fit(plan, len(models), len(anatomy(whole[0]).layers))
    weights = [dict(lm.model.named_parameters()) for lm in whole]
    made = shared_copy(whole[0].model).eval()
    with torch.no_grad():
        for name, parameter in made.named_parameters():
            shares = plan.parts[numbers[name]]
            parameter.data = average([source[name].detach() for source in weights], shares)
    first = models[0]
    card = {**first.card, "merged_from": [lm.name for lm in models]}
    return LM(made, first.tokenizer, first.name, card, changed=True)


def demand_fit(plan: Plan, models: int, layers: int) -> None:
    """Raise `BadInput` where a plan is for other models than so many of so many layers."""
    if (len(plan.embeddings), len(plan.layers)) != (models, layers):
        raise BadInput(
            f"The plan is for {len(plan.embeddings)} models of {len(plan.layers)} layers, "
            f"not for {models} of {layers}."
        )


def average(tensors: Sequence[Tensor], shares: Shares) -> Tensor:
    """Sum of `share * tensor` in format and place of the first; one that is alone is handed on as it is."""
    like = tensors[0]
    taken = [(tensor, share) for tensor, share in zip(tensors, shares, strict=True) if share]
    if [share for _, share in taken] == [1]:
        return taken[0][0].to(like.device, like.dtype)
    total = torch.zeros_like(like, dtype=torch.promote_types(like.dtype, torch.float32))
    for tensor, share in taken:
        total += share * tensor.to(total.device, total.dtype)
    return total.to(like.dtype)


def part_numbers(lm: LM) -> dict[str, int]:
    """The part that every parameter of a model without adapter belongs to; a tied head is named once.

    Raises `ModelError` for a model that is no stack of layers under a final norm.
    """
    found = anatomy(lm)
    numbers = {
        id(parameter): number
        for number, modules in enumerate([*([layer] for layer in found.layers), [found.norm, found.head]], 1)
        for module in modules
        for parameter in module.parameters()
    }
    numbers |= {id(parameter): 0 for parameter in found.embeddings.parameters()}
    return {name: numbers.get(id(parameter), 0) for name, parameter in lm.model.named_parameters()}


def check_alike(models: Sequence[LM]) -> dict[str, int]:
    """The part of every parameter (`part_numbers`), if the models can be merged weight by weight.

    Raises `BadInput` for fewer than two models, other parameters or another tokenizer, `ModelError` for
    quantised weights.
    """
    if len(models) < 2:
        raise BadInput(f"Merging needs at least two models, not {len(models)}.")
    first, *rest = models
    shapes = _shapes(first.model)
    for lm in models:
        if getattr(lm.model, "is_quantized", False):
            raise ModelError(f"{lm.name} is quantised and cannot be merged; load it as bfloat16.")
    for lm in rest:
        theirs = _shapes(lm.model)
        if shapes != theirs:
            names = shapes.keys() | theirs.keys()
            name = min(name for name in names if shapes.get(name) != theirs.get(name))
            raise BadInput(
                f"{first.name} and {lm.name} cannot be merged: {name} is {shapes.get(name, 'absent')} in "
                f"one, {theirs.get(name, 'absent')} in the other; give models tuned from one base."
            )
        if tokenizer_print(lm.tokenizer) != tokenizer_print(first.tokenizer):
            raise BadInput(
                f"{first.name} and {lm.name} have different tokenizers, so their embeddings are of different "
                "tokens; give models tuned from one base."
            )
    return part_numbers(first)


def _shapes(model: Any) -> dict[str, tuple[int, ...]]:
    return {name: tuple(parameter.shape) for name, parameter in model.named_parameters()}
