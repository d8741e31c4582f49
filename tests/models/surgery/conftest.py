"""Pairs of tiny random models that could be experts of one base."""

from collections.abc import Callable

import pytest
import torch

from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.models.lm import LM
from interlingua.models.sharing import shared_copy

LINES = ["is the river long ? yes", "der fluss ist lang . ja", "река длинная . да"] * 4


def moved(base: LM, name: str, seed: int) -> LM:
    """A model whose every weight is a little off the base's, as full tuning leaves it."""
    model = shared_copy(base.model, own=lambda name: True)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.1 * torch.randn(parameter.shape, generator=generator)
    return LM(model, base.tokenizer, name)


@pytest.fixture
def made() -> Callable[..., tuple[LM, LM, LM]]:
    """`made("llama", layers=4)`: a base and two experts tuned from it, one named task, one language."""

    def experts(kind: str = "llama", layers: int = 4, tied: bool = False) -> tuple[LM, LM, LM]:
        base = tiny_model(
            kind, small_tokenizer(LINES, 300), num_hidden_layers=layers, tie_word_embeddings=tied
        )
        return base, moved(base, "task", 1), moved(base, "language", 2)

    return experts
