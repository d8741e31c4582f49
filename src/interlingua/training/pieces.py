"""Pieces: a batch cut into parts of rows of similar length, so that less padding is computed."""

from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from interlingua.models.lm import LM
from interlingua.training.loss import Batch


def pieces(batch: Batch, overhead: float) -> list[Batch]:
    """The rows of a batch in parts, longest first, each part as long as its longest row.

    A part costs its rows times its length, in tokens, and `overhead` more; of all ways to cut the rows,
    sorted by length, the cheapest is taken. A batch that is best left whole, is not padded on the right or
    holds anything but (batch, pos) tensors comes back as it is.
    """
    mask = batch.get("attention_mask")
    if mask is None or any(tensor.shape != mask.shape for tensor in batch.values()) or not right_padded(mask):
        return [batch]
    lengths = mask.sum(1).numpy(force=True)
    order = np.argsort(-lengths, kind="stable")
    bounds = _cheapest(lengths[order].astype(float), overhead)
    if len(bounds) == 2:
        return [batch]
    parts: list[Batch] = []
    for first, last in pairwise(bounds):
        rows = torch.from_numpy(order[first:last]).to(mask.device)
        longest = int(lengths[order[first]])
        parts.append({name: tensor[rows, :longest] for name, tensor in batch.items()})
    return parts


def overhead(lm: LM) -> float:
    """How many tokens through the model take as long as what a forward and backward pass costs besides them.

    Small layers are over sooner than their kernels are launched; measured on two CPU cores with layers of
    0.2 to 2 million weights (`benchmarks/training.py`).
    """
    config = lm.model.config.get_text_config()
    embeddings = lm.model.get_input_embeddings().weight.numel()
    weights = sum(parameter.numel() for parameter in lm.model.parameters()) - embeddings
    return float(24 + 2e7 * config.num_hidden_layers / max(1, weights))


def right_padded(mask: Tensor) -> bool:
    """Whether every row of a (batch, pos) mask is ones, then zeros."""
    return bool((mask[:, 1:] <= mask[:, :-1]).all())


def _cheapest(lengths: NDArray[np.float64], overhead: float) -> list[int]:
    """Bounds of the parts of falling `lengths` that cost least: 0, ..., number of rows."""
    count = len(lengths)
    cost, start = np.zeros(count + 1), np.zeros(count + 1, dtype=int)
    for end in range(1, count + 1):
        begins = np.arange(end)
        costs = cost[:end] + (end - begins) * lengths[:end] + overhead
        start[end] = int(costs.argmin())
        cost[end] = costs[start[end]]
    bounds = [count]
    while bounds[-1]:
        bounds.append(int(start[bounds[-1]]))
    return bounds[::-1]
