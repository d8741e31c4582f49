"""Tiny random models and a byte-level tokenizer trained on a few lines in five scripts."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from transformers import PreTrainedTokenizerFast

from interlingua.data.items import Choice
from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.models.lm import LM

LINES = [
    "is the river long ? answer : yes no",
    "der fluss ist lang . antwort : ja nein",
    "река длинная . ответ : да нет",
    "这 条 河 很 长 答案 ： 正面 负面",
    "แม่น้ำ ยาว คำตอบ : ใช่ ไม่ใช่",
    "positive negative neutral entailment contradiction",
]


def _tiny_tokenizer(bos: bool = True) -> PreTrainedTokenizerFast:
    """Byte-level BPE of 400 tokens; `bos` puts the start token in front of every text."""
    return small_tokenizer(LINES * 4, 400, bos=bos)


def _tiny_lm(kind: str = "llama", *, seed: int = 0, bos: bool = True, **changes: int) -> LM:
    """A random two-layer model with 256 positions and logits wide enough that ties do not happen."""
    return tiny_model(kind, _tiny_tokenizer(bos), seed=seed, **{"max_position_embeddings": 256, **changes})


@pytest.fixture
def tiny_lm() -> Callable[..., LM]:
    """Makes tiny models: `tiny_lm(kind, seed=, bos=, **config)`."""
    return _tiny_lm


@pytest.fixture
def choice() -> Callable[..., Choice]:
    """Makes items: `choice(question, options, number, **fields)`."""
    return _choice


@pytest.fixture(params=["gemma", "gpt_neox", "llama", "qwen2"])
def any_lm(request: pytest.FixtureRequest) -> LM:
    """Four architectures, each once."""
    return _tiny_lm(request.param)


@pytest.fixture
def lm() -> LM:
    """One tiny Llama."""
    return _tiny_lm()


@pytest.fixture
def log_probabilities() -> Callable[[LM, Any], torch.Tensor]:
    """What plain transformers says after each token of a row alone: [pos, vocab], natural logarithm."""

    def read(lm: LM, ids: Any) -> torch.Tensor:
        with torch.inference_mode():
            return lm.model(input_ids=torch.tensor([list(ids)])).logits[0].double().log_softmax(-1)

    return read


def _choice(question: str, options: tuple[str, ...], number: int = 0, **more: str) -> Choice:
    """An item with everything that a test does not care about filled in."""
    name = str(number)
    fields = {"id": name, "task": "toy", "split": "test", "lang": "eng_Latn", "group": name, **more}
    return Choice(question=question, options=options, answer=0, cluster=name, **fields)
