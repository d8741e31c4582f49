"""Future heads: heads beside the model's own, for the tokens after the next one; off again after training."""

from typing import Any

from torch import nn

from interlingua.core.errors import BadInput, ModelError
from interlingua.models.lm import LM
from interlingua.models.sharing import shared_copy

_NAME = "future_heads"


def with_future_heads(lm: LM, count: int = 1) -> LM:
    """`lm` with `count` linear heads more, each beginning as a copy of its own; see `multi_token`.

    Raises `BadInput` for a count below 1, `ModelError` for a model without a head.
    Source: Gloeckle et al. 2024, arXiv:2404.19737; as in the code of arXiv:2406.11477, heads are matrices
    without layers of their own.
    """
    if count < 1:
        raise BadInput(f"The number of future heads must be at least 1, not {count}.")
    model = shared_copy(lm.model)
    head = model.get_output_embeddings()
    if head is None:
        raise ModelError(f"{lm.name} has no head that a further one could be a copy of.")
    heads = [_copy(head) for _ in range(count)]
    setattr(model, _NAME, nn.ModuleList(heads).to(lm.device))
    return LM(model, lm.tokenizer, lm.name, dict(lm.card), lm.changed)


def without_future_heads(lm: LM) -> LM:
    """`lm` as it is saved and used: its own head alone."""
    model = shared_copy(lm.model)
    if hasattr(model, _NAME):
        delattr(model, _NAME)
    return LM(model, lm.tokenizer, lm.name, dict(lm.card), lm.changed)


def future_heads(model: Any) -> list[nn.Module]:
    """The further heads of a model, for the second next token, the third next, and so on."""
    return list(getattr(model, _NAME, ()))


def _copy(head: Any) -> nn.Linear:
    weight = head.weight.detach()
    made = nn.Linear(weight.shape[1], weight.shape[0], bias=False, dtype=weight.dtype)
    made.weight = nn.Parameter(weight.clone())
    return made
