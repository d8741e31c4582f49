"""Every objective: a finite scalar that trains, leaves the model alone, and does not see padding."""

import pytest
import torch
from tokenizers import Tokenizer, pre_tokenizers
from tokenizers.models import WordLevel
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from interlingua.core.shelf import Shelf
from interlingua.data.items import Example
from interlingua.models.lm import LM
from interlingua.training.batches import sft_batches
from interlingua.training.loss import Loss

OBJECTIVES = Shelf("interlingua.training.objectives", holds="OBJECTIVE")
ROWS = [Example("a b c ", "d e"), Example("a ", "b"), Example("c c ", "a b d e")]


@pytest.fixture
def lm() -> LM:
    """A random Llama over seven words."""
    words = {word: number for number, word in enumerate(["<pad>", "</s>", *"abcde"])}
    backend = Tokenizer(WordLevel(words))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, eos_token="</s>", pad_token="<pad>")
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=7, hidden_size=8, intermediate_size=16, num_hidden_layers=2, num_attention_heads=2
    )
    return LM(LlamaForCausalLM(config).eval(), tokenizer, "seven words")


def test_the_sweep_sees_the_shelf():
    assert len(OBJECTIVES.names()) >= 1
    assert all(OBJECTIVES.blurb(name) for name in OBJECTIVES.names())


@pytest.mark.parametrize("name", OBJECTIVES.names())
def test_the_value_is_a_finite_scalar_with_gradients_over_some_units(name, lm):
    batches = sft_batches(lm, ROWS, 3, 1, 0)
    loss = OBJECTIVES.get(name)(lm, batches[0])
    assert isinstance(loss, Loss)
    assert loss.value.shape == ()
    assert loss.value.isfinite()
    assert loss.weight == batches.label_tokens
    loss.value.backward()
    assert sum(p.grad.abs().sum() for p in lm.model.parameters() if p.grad is not None) > 0


@pytest.mark.parametrize("name", OBJECTIVES.names())
def test_the_model_is_left_alone_and_asked_twice_says_the_same(name, lm):
    batch = sft_batches(lm, ROWS, 3, 1, 0)[0]
    before = {key: tensor.clone() for key, tensor in lm.model.state_dict().items()}
    values = [OBJECTIVES.get(name)(lm, batch).value.item() for _ in range(2)]
    assert values[0] == values[1]
    assert all(torch.equal(tensor, before[key]) for key, tensor in lm.model.state_dict().items())


@pytest.mark.parametrize("name", OBJECTIVES.names())
def test_padding_and_the_order_of_rows_change_nothing(name, lm):
    batch = sft_batches(lm, ROWS, 3, 1, 0)[0]
    objective = OBJECTIVES.get(name)
    expected = objective(lm, batch).value
    fill = {"input_ids": 0, "attention_mask": 0, "labels": -100}
    padded = {key: torch.nn.functional.pad(tensor, (0, 5), value=fill[key]) for key, tensor in batch.items()}
    turned = {key: tensor.flip(0) for key, tensor in batch.items()}
    torch.testing.assert_close(objective(lm, padded).value, expected)
    torch.testing.assert_close(objective(lm, turned).value, expected)
