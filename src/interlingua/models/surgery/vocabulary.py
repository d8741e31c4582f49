"""Vocabulary: a model with other tokens, their rows mixed from the rows it has; everything else is shared."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, vstack
from torch import Tensor, nn

from interlingua.core.errors import BadInput, ModelError
from interlingua.core.seeds import derive
from interlingua.models.lm import LM
from interlingua.models.sharing import shared_copy
from interlingua.models.surgery.tokens import size_of

Weights: TypeAlias = csr_array
"""(new token, old token): how much of each old row makes a new one. A row without weights is unknown."""


def with_vocabulary(lm: LM, tokenizer: Any, weights: Weights, *, seed: int = 0) -> LM:
    """A model that reads and writes with `tokenizer`: each table's new rows are `weights` times its old rows.

    Input and output tables, tied or not, and the head's bias are made alike; rows without weights are drawn
    from the normal distribution of the table's old rows, number by number. All other tensors are shared
    with `lm`, which stays as it is. Special tokens of the configuration become those of `tokenizer`.
    Raises `BadInput` for weights of other sizes, `ModelError` for an adapter, quantised weights, or a model
    without tables.
    """
    if lm.adapted or getattr(lm.model, "is_quantized", False):
        raise ModelError(f"{lm.name} carries an adapter or quantised weights; merge it, or load it whole.")
    model = shared_copy(lm.model)
    embeddings, head = model.get_input_embeddings(), model.get_output_embeddings()
    if not isinstance(embeddings, nn.Embedding) or head is None:
        raise ModelError(f"{lm.name} has no table of input rows and head of its own; its rows cannot change.")
    rows, columns = weights.shape
    if rows < size_of(tokenizer) or columns > embeddings.weight.shape[0]:
        raise BadInput(
            f"Weights of {rows} rows from {columns} do not fit {size_of(tokenizer)} tokens and the "
            f"{embeddings.weight.shape[0]} rows of {lm.name}."
        )
    tied = head.weight is embeddings.weight
    embeddings.weight = _table(embeddings.weight, weights, derive(seed, "input"))
    embeddings.num_embeddings = rows
    if embeddings.padding_idx is not None:
        embeddings.padding_idx = tokenizer.pad_token_id
    head.weight = embeddings.weight if tied else _table(head.weight, weights, derive(seed, "output"))
    head.out_features = rows
    if getattr(head, "bias", None) is not None:
        head.bias = _table(head.bias, weights, derive(seed, "bias"))
    return resized(LM(model, tokenizer, lm.name, dict(lm.card), changed=True))


def resized(lm: LM) -> LM:
    """`lm` itself, its configuration and modules told how many rows it has and which tokens are special."""
    model, tokenizer = lm.model, lm.tokenizer
    rows = model.get_input_embeddings().weight.shape[0]
    configs = {id(config): config for config in (model.config, model.config.get_text_config())}
    for config in configs.values():
        config.vocab_size = rows
    for module in model.modules():
        if isinstance(getattr(module, "vocab_size", None), int):
            module.vocab_size = rows
        if not isinstance(module, nn.Embedding) and isinstance(getattr(module, "padding_idx", None), int):
            module.padding_idx = tokenizer.pad_token_id
    for name in ("bos_token_id", "eos_token_id", "pad_token_id"):
        for config in (*configs.values(), getattr(model, "generation_config", None)):
            if config is not None:
                setattr(config, name, getattr(tokenizer, name))
    return lm


def over(*choices: Weights) -> Weights:
    """The rows of the first weights that know them; later ones fill in. The largest sizes count.

    Raises `BadInput` without weights.
    """
    if not choices:
        raise BadInput("over needs at least one set of weights.")
    shape = tuple(max(weights.shape[axis] for weights in choices) for axis in (0, 1))
    found = csr_array(shape, dtype=np.float64)
    for weights in choices:
        found = found + _only(_sized(weights, shape), ~known(found))
    return csr_array(found)


def known(weights: Weights) -> NDArray[np.bool_]:
    """Which rows have weights `(new token,)`."""
    return np.asarray(np.diff(csr_array(weights).indptr) > 0)


def or_average(weights: Weights) -> Weights:
    """The same weights, and for every unknown token the mean of all old rows."""
    unknown = csr_array(~known(weights)[:, None] * 1.0)
    return csr_array(weights + unknown @ csr_array(np.full((1, weights.shape[1]), 1 / weights.shape[1])))


def exchanged(weights: Weights, kept: Weights, seed: int) -> Weights:
    """Control: every row gets the weights of another one; rows that `kept` knows stay as they are.

    The distribution of rows is the same, which token has which is left to chance.
    """
    moved = np.flatnonzero(known(weights) & ~known(_sized(kept, weights.shape)))
    order = np.arange(weights.shape[0])
    order[moved] = np.random.default_rng(derive(seed, "exchanged")).permutation(moved)
    return csr_array(weights[order])


def from_rows(rows: Mapping[int, Mapping[int, float]], shape: tuple[int, int]) -> Weights:
    """Weights of `shape` from new token -> old token -> weight; zeros are left out."""
    cells = [(row, column, weight) for row, own in rows.items() for column, weight in own.items() if weight]
    places = np.array([cell[:2] for cell in cells], dtype=np.int64).reshape(-1, 2)
    values = np.array([cell[2] for cell in cells], dtype=np.float64)
    return csr_array((values, (places[:, 0], places[:, 1])), shape=shape)


def untouched(rows: int) -> Weights:
    """Weights that keep the first `rows` rows as they are."""
    return csr_array(diags_array(np.ones(rows), format="csr"))


def _table(old: Tensor, weights: Weights, seed: int) -> nn.Parameter:
    """A table (or bias) of new rows."""
    flat = old.detach()[: weights.shape[1]].double().cpu().numpy()
    flat = flat.reshape(len(flat), -1)
    rows = weights @ flat
    unknown = ~known(weights)
    if unknown.any():
        noise = np.random.default_rng(seed).standard_normal((int(unknown.sum()), flat.shape[1]))
        rows[unknown] = flat.mean(0) + noise * flat.std(0)
    shaped = torch.from_numpy(rows.reshape(weights.shape[0], *old.shape[1:]))
    return nn.Parameter(shaped.to(old.device, old.dtype), old.requires_grad)


def _only(weights: Weights, rows: NDArray[np.bool_]) -> Weights:
    return csr_array(diags_array(rows.astype(np.float64), format="csr") @ weights)


def _sized(weights: Weights, shape: tuple[int, ...]) -> Weights:
    """The same weights among more tokens."""
    found = csr_array(weights)
    wide = csr_array((found.data, found.indices, found.indptr), shape=(found.shape[0], shape[1]))
    if shape[0] == found.shape[0]:
        return wide
    return csr_array(vstack([wide, csr_array((shape[0] - found.shape[0], shape[1]))], format="csr"))
