"""Tiny random models of four architectures and a byte-level tokenizer trained on a few lines."""

from collections.abc import Callable

import pytest
import torch
from tokenizers import Tokenizer, decoders, pre_tokenizers, processors, trainers
from tokenizers.models import BPE
from transformers import (
    AutoModelForCausalLM,
    GemmaConfig,
    GPTNeoXConfig,
    LlamaConfig,
    PreTrainedTokenizerFast,
    Qwen2Config,
)

from interlingua.data.items import Choice
from interlingua.models.lm import LM

LINES = [
    "is the river long ? answer : yes no",
    "der fluss ist lang . antwort : ja nein",
    "река длинная . ответ : да нет",
    "这 条 河 很 长 答案 ： 正面 负面",
    "แม่น้ำ ยาว คำตอบ : ใช่ ไม่ใช่",
    "positive negative neutral entailment contradiction",
]
CONFIGS = {"llama": LlamaConfig, "qwen2": Qwen2Config, "gemma": GemmaConfig, "gpt_neox": GPTNeoXConfig}


def _tiny_tokenizer(bos: bool = True) -> PreTrainedTokenizerFast:
    """Byte-level BPE of 400 tokens; `bos` puts the start token in front of every text."""
    backend = Tokenizer(BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<pad>", "<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    backend.train_from_iterator(LINES * 4, trainer)
    if bos:
        backend.post_processor = processors.TemplateProcessing(
            single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", 1)]
        )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend, bos_token="<s>", eos_token="</s>", pad_token="<pad>"
    )


def _tiny_lm(kind: str = "llama", *, seed: int = 0, bos: bool = True, **changes: int) -> LM:
    """A random two-layer model with logits wide enough that ties do not happen."""
    settings = {
        "vocab_size": 400,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "max_position_embeddings": 256,
        "initializer_range": 0.3,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "pad_token_id": 0,
    }
    if kind == "gpt_neox":
        settings = {k: v for k, v in settings.items() if k not in ("num_key_value_heads", "head_dim")}
    torch.manual_seed(seed)
    model = AutoModelForCausalLM.from_config(CONFIGS[kind](**(settings | changes)))
    return LM(model.eval(), _tiny_tokenizer(bos), f"tiny-{kind}")


@pytest.fixture
def tiny_lm() -> Callable[..., LM]:
    """Makes tiny models: `tiny_lm(kind, seed=, bos=, **config)`."""
    return _tiny_lm


@pytest.fixture
def choice() -> Callable[..., Choice]:
    """Makes items: `choice(question, options, number, **fields)`."""
    return _choice


@pytest.fixture(params=sorted(CONFIGS))
def any_lm(request: pytest.FixtureRequest) -> LM:
    """Each architecture once."""
    return _tiny_lm(request.param)


@pytest.fixture
def lm() -> LM:
    """One tiny Llama."""
    return _tiny_lm()


def _choice(question: str, options: tuple[str, ...], number: int = 0, **more: str) -> Choice:
    """An item with everything that a test does not care about filled in."""
    name = str(number)
    fields = {"id": name, "task": "toy", "split": "test", "lang": "eng_Latn", "group": name, **more}
    return Choice(question=question, options=options, answer=0, cluster=name, **fields)
