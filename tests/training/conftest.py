"""A tiny random Llama over whole words, and rows to train it on."""

import pytest
import torch
from tokenizers import Tokenizer, pre_tokenizers
from tokenizers.models import WordLevel
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from interlingua.data.items import Example
from interlingua.models.lm import LM

WORDS = [f"{letter}{number}" for letter in "abcd" for number in range(8)]


def tiny_llama() -> LM:
    """Two layers of width 16; `tokenizer("a0 b3")` gives one token a word and nothing else."""
    names = ["<pad>", "<s>", "</s>", "<unk>", *WORDS]
    backend = Tokenizer(WordLevel({name: number for number, name in enumerate(names)}, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, bos_token="<s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>"
    )
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(names),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=64,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
    )
    return LM(LlamaForCausalLM(config).eval(), tokenizer, "tiny")


def copying(count: int = 24) -> list[Example]:
    """Rows of one to five words to be repeated."""
    rows = [[WORDS[(row * 7 + word * 3) % len(WORDS)] for word in range(1 + row % 5)] for row in range(count)]
    return [Example(" ".join(words) + " a0 ", " ".join(words)) for words in rows]


@pytest.fixture
def lm() -> LM:
    """The tiny Llama."""
    return tiny_llama()


@pytest.fixture
def examples() -> list[Example]:
    """24 rows."""
    return copying()
