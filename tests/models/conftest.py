"""Tiny random models of every family; their vocabulary has more rows than their tokenizer has tokens."""

from collections.abc import Callable

import pytest
import torch

from interlingua.lab.architectures import ARCHITECTURES, small_tokenizer, tiny_model
from interlingua.models.lm import LM

LINES = [
    "is the river long ? yes",
    "der fluss ist lang . ja",
    "река длинная . да",
    "这 条 河 很 长",
    "แม่น้ำ ยาว ใช่",
]
ROWS = 352


def _tiny_lm(kind: str = "llama", **changes: int) -> LM:
    """A random two-layer model that reads 128 tokens; the last 32 rows of its vocabulary are padding."""
    shape = {"vocab_size": ROWS, "max_position_embeddings": 128} | changes
    return tiny_model(kind, small_tokenizer(LINES * 4, 320), **shape)


def logits_of(lm: LM) -> torch.Tensor:
    """Logits of one padded batch of two lines."""
    batch = lm.tokenizer(LINES[:2], return_tensors="pt", padding=True, padding_side="right")
    with torch.no_grad():
        return lm.model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits


def stir(lm: LM) -> LM:
    """Give the adapter's zero half values, as training would."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, parameter in lm.model.named_parameters():
            if "lora_B" in name:
                parameter.normal_(0, 0.3, generator=generator)
    return lm


@pytest.fixture
def tiny_lm() -> Callable[..., LM]:
    """Makes tiny models: `tiny_lm(kind, **shape)`."""
    return _tiny_lm


@pytest.fixture(params=ARCHITECTURES)
def any_lm(request: pytest.FixtureRequest) -> LM:
    """Each architecture once."""
    return _tiny_lm(request.param)


@pytest.fixture(params=ARCHITECTURES)
def kind(request: pytest.FixtureRequest) -> str:
    """The name of each architecture once."""
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["tied", "untied"])
def every_lm(kind: str, request: pytest.FixtureRequest) -> LM:
    """Each architecture twice: its head tied to the embeddings, and not."""
    return _tiny_lm(kind, tie_word_embeddings=request.param)


@pytest.fixture
def lm() -> LM:
    """One tiny Llama."""
    return _tiny_lm()


@pytest.fixture
def logits() -> Callable[[LM], torch.Tensor]:
    """`logits_of`."""
    return logits_of


@pytest.fixture
def stirred() -> Callable[[LM], LM]:
    """`stir`."""
    return stir
