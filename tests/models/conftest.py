"""Tiny random models of five architectures with a byte-level tokenizer trained on a few lines."""

import pytest
import torch
from tokenizers import Tokenizer, decoders, pre_tokenizers, processors, trainers
from tokenizers.models import BPE
from transformers import (
    AutoModelForCausalLM,
    GemmaConfig,
    GPTNeoXConfig,
    LlamaConfig,
    MistralConfig,
    PreTrainedTokenizerFast,
    Qwen2Config,
)

from interlingua.models.lm import LM

CONFIGS = {
    "gemma": GemmaConfig,
    "gpt_neox": GPTNeoXConfig,
    "llama": LlamaConfig,
    "mistral": MistralConfig,
    "qwen2": Qwen2Config,
}
LINES = [
    "is the river long ? yes",
    "der fluss ist lang . ja",
    "река длинная . да",
    "这 条 河 很 长",
    "แม่น้ำ ยาว ใช่",
]


def tiny_lm(kind: str = "llama", **changes: object) -> LM:
    """A random two-layer model; GPT-NeoX has a fused attention projection, Gemma a tied head."""
    backend = Tokenizer(BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    special = ["<pad>", "<s>", "</s>"]
    trainer = trainers.BpeTrainer(
        vocab_size=320, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    backend.train_from_iterator(LINES * 4, trainer)
    backend.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, bos_token="<s>", eos_token="</s>", pad_token="<pad>"
    )
    shape = {
        "vocab_size": 320,
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "max_position_embeddings": 128,
        "initializer_range": 0.2,
    }
    if kind != "gpt_neox":
        shape |= {"num_key_value_heads": 2, "head_dim": 8}
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(CONFIGS[kind](**(shape | changes)))
    return LM(model.eval(), tokenizer, f"tiny-{kind}")


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


@pytest.fixture(params=sorted(CONFIGS))
def any_lm(request: pytest.FixtureRequest) -> LM:
    """Each architecture once."""
    return tiny_lm(request.param)


@pytest.fixture
def lm() -> LM:
    """One tiny Llama."""
    return tiny_lm()


@pytest.fixture
def logits():
    """`logits_of`."""
    return logits_of


@pytest.fixture
def stirred():
    """`stir`."""
    return stir
