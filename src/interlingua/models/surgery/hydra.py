"""Hydra: one trunk that reads and writes through several tables, each with a tokenizer of its own."""

from interlingua.core.errors import ModelError
from interlingua.models.lm import LM
from interlingua.models.sharing import shared_copy
from interlingua.models.surgery.vocabulary import resized


def with_tables_of(trunk: LM, other: LM) -> LM:
    """The layers of `trunk` between the input and output tables of `other`, whose tokenizer it takes.

    Nothing is copied: all tensors are shared with the two. Raises `ModelError` for tables of another width,
    an adapter, or a model without tables.
    Source: Remy et al. 2024, arXiv:2408.04303 (Hydra LLMs).
    """
    if trunk.adapted or other.adapted:
        raise ModelError(f"{trunk.name} or {other.name} carries an adapter; merge it first.")
    model, lent = shared_copy(trunk.model), shared_copy(other.model)
    tables, heads = (
        [getattr(one, get)() for one in (model, lent)]
        for get in ("get_input_embeddings", "get_output_embeddings")
    )
    if None in (*tables, *heads) or tables[0].weight.shape[1:] != tables[1].weight.shape[1:]:
        raise ModelError(f"The tables of {other.name} do not fit the layers of {trunk.name}.")
    model.set_input_embeddings(tables[1])
    model.set_output_embeddings(heads[1])
    return resized(LM(model, other.tokenizer, trunk.name, dict(trunk.card), changed=True))
