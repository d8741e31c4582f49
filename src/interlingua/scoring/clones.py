"""Clones of a language: how well a model knows each, and how far it takes the same text for the same."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from interlingua.core.errors import BadInput
from interlingua.models.lm import LM
from interlingua.models.surgery.tokens import size_of
from interlingua.scoring.readings import Request, readings
from interlingua.scoring.tokens import start_token


def clone_loss(lm: LM, texts: Sequence[str], clone: int) -> float:
    """Nats per token that a model needs for texts in one clone, the first token read after the start token.

    Clones are those of `training.cloned_text`. Raises `BadInput` for texts without tokens.
    """
    rows = _rows(lm, texts, clone)
    reads = [tuple((place - 1, (row[place],)) for place in range(1, len(row))) for row in rows]
    requests = [Request(tuple(row[:-1]), read) for row, read in zip(rows, reads, strict=True)]
    nats = sum(-sum(reading.values) for batch in readings(lm, requests) for _, reading in batch)
    return nats / sum(len(row) - 1 for row in rows)


def state_cosines(lm: LM, texts: Sequence[str]) -> tuple[float, float]:
    """Mean cosine of hidden states of the same text in clones 0 and 1, and of texts that are not the same.

    Place by place behind the start token, every layer above the embeddings, texts weighing the same; the
    other text is the one before. Raises `BadInput` for fewer than two texts with tokens.
    """
    pairs = list(zip(_rows(lm, texts, 0), _rows(lm, texts, 1), strict=True))
    if len(pairs) < 2:
        raise BadInput("Cosines take at least two texts with tokens, so that there is another to compare.")
    states = [_states(lm, pair) for pair in pairs]
    same = [_cosine(own[:, 0], own[:, 1]) for own in states]
    other = [
        _cosine(own[:, 0], before[:, 1])
        for own, before in zip(states, states[-1:] + states[:-1], strict=True)
    ]
    return float(np.mean(same)), float(np.mean(other))


def gradient_cosine(lm: LM, texts: Sequence[str]) -> float:
    """Cosine of the gradients that the same texts give in clones 0 and 1, over all weights but token tables.

    Raises `BadInput` for texts without tokens.
    """
    tables = (lm.model.get_input_embeddings(), lm.model.get_output_embeddings())
    apart = {id(weight) for table in tables if table is not None for weight in table.parameters()}
    weights = [weight for weight in lm.model.parameters() if id(weight) not in apart]
    one, two = (_gradient(lm, _rows(lm, texts, clone), weights) for clone in (0, 1))
    return float(F.cosine_similarity(one, two, dim=0))


def _rows(lm: LM, texts: Sequence[str], clone: int) -> list[list[int]]:
    """Ids of texts that have tokens, start token in front, as the model can read them."""
    own: list[list[int]] = lm.tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]
    start, by = start_token(lm), clone * size_of(lm.tokenizer)
    rows = [[token + by for token in (start, *ids)][: lm.context] for ids in own if ids]
    if not rows:
        raise BadInput("There are no texts with tokens to read; give at least one.")
    return rows


def _states(lm: LM, rows: Sequence[Sequence[int]]) -> Tensor:
    """States [layer, row, pos, d_model] of rows of one length, embeddings and first place left out."""
    with torch.inference_mode():
        read = lm.model(input_ids=torch.tensor(rows, device=lm.device), output_hidden_states=True)
    return torch.stack(read.hidden_states[1:])[:, :, 1:].float()


def _cosine(one: Tensor, two: Tensor) -> float:
    """Mean cosine [layer, pos] over the places that both have."""
    end = min(one.shape[1], two.shape[1])
    return float(F.cosine_similarity(one[:, :end], two[:, :end], dim=-1).mean())


def _gradient(lm: LM, rows: Sequence[Sequence[int]], weights: Sequence[Tensor]) -> Tensor:
    """The gradient of all nats of some rows, as one vector."""
    total = [torch.zeros_like(weight) for weight in weights]
    for row in rows:
        ids = torch.tensor([row], device=lm.device)
        loss = F.cross_entropy(lm.model(input_ids=ids).logits[0, :-1].float(), ids[0, 1:], reduction="sum")
        for kept, found in zip(total, torch.autograd.grad(loss, weights, allow_unused=True), strict=True):
            if found is not None:
                kept += found
    return torch.cat([kept.flatten().float() for kept in total])
