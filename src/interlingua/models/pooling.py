"""Pooling: one vector for a text, the mean of the last layer over its tokens, with gradients if wanted."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from interlingua.core.errors import ModelError
from interlingua.models.lm import LM


def body(lm: LM) -> Any:
    """The transformer below the head, in an adapter's wrapper or not; an encoder is its own body."""
    model = lm.model.get_base_model() if lm.adapted else lm.model
    return model.base_model


def body_names(lm: LM) -> frozenset[str]:
    """Names of the parameters that sentence vectors depend on: all but those of an untied head."""
    inside = {id(parameter) for parameter in body(lm).parameters()}
    return frozenset(name for name, parameter in lm.model.named_parameters() if id(parameter) in inside)


def token_rows(lm: LM, texts: Sequence[str], max_tokens: int) -> list[list[int]]:
    """Ids of each text, special tokens with them; at most `max_tokens`, nor more than the model can read.

    The text is cut at its end; what the tokenizer puts behind it ([SEP], </s>) stays, as in
    sentence-transformers. A text of no token is one filler.
    """
    if not texts:
        return []
    limit = min(max_tokens, lm.context or max_tokens)
    found = lm.tokenizer(list(texts), truncation=False, padding=False, return_special_tokens_mask=True)
    rows = []
    for ids, special in zip(found["input_ids"], found["special_tokens_mask"], strict=True):
        over = max(0, len(ids) - limit)
        behind = next((at for at, one in enumerate(reversed(special)) if not one), 0)
        end = len(ids) - behind
        rows.append([*ids[: max(0, end - over)], *ids[end:]][:limit] or [lm.filler])
    return rows


def mean_states(lm: LM, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
    """Mean of the last layer's states (after the final norm) over the tokens of each text: (batch, d_model).

    `input_ids` and `attention_mask` are (batch, pos), filled up on the right; special tokens count. Causal
    models and encoders alike. Float32; gradients flow where the caller lets them.
    Raises `ModelError` for a model that hands out no states.
    Source: Sentence-BERT's mean pooling, arXiv:1908.10084.
    """
    states = getattr(body(lm)(input_ids=input_ids, attention_mask=attention_mask), "last_hidden_state", None)
    if states is None:
        raise ModelError(
            f"{lm.name} hands out no states of its last layer; give a causal model or an encoder."
        )
    states = states[:, -input_ids.shape[1] :].float()  # an adapter may put virtual tokens in front
    weights = attention_mask.to(states)[:, :, None]
    pooled: Tensor = (states * weights).sum(1) / weights.sum(1).clamp(min=1)
    return pooled
