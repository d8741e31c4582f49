"""Tiny models of every family: the family that was asked for, wide logits, and settings in its own words."""

import pytest
import torch
from transformers import AutoConfig

from interlingua.core.errors import BadInput, UnknownName
from interlingua.lab.architectures import ARCHITECTURES, small_tokenizer, tiny_model
from interlingua.models.lm import LM

LINES = ["is the river long ? yes", "der fluss ist lang . ja", "река длинная . да", "แม่น้ำ ยาว ใช่"] * 3


@pytest.fixture(scope="module")
def tokenizer():
    """320 tokens at most."""
    return small_tokenizer(LINES, 320)


def logits(lm: LM, text: str) -> torch.Tensor:
    """[pos, vocab]"""
    with torch.no_grad():
        return lm.model(input_ids=torch.tensor([lm.tokenizer(text)["input_ids"]])).logits[0]


def test_the_families_of_the_issue_are_there():
    wanted = {"llama", "mistral", "qwen2", "qwen3", "gemma2", "gemma3", "phi", "phi3", "olmo", "olmo2"}
    assert wanted | {"gpt_neox", "bloom", "gpt2", "mixtral", "qwen3_moe"} <= set(ARCHITECTURES)


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_each_family_is_itself_and_its_likeliest_tokens_are_apart(kind, tokenizer):
    lm = tiny_model(kind, tokenizer, vocab_size=352, num_hidden_layers=3, hidden_size=48)
    assert lm.name == f"tiny-{kind}"
    assert lm.model.config.model_type == {"gemma3": "gemma3_text"}.get(kind, kind)
    assert lm.model.get_input_embeddings().weight.shape == (352, 48)
    assert lm.model.config.num_hidden_layers == 3
    assert {parameter.dtype for parameter in lm.model.parameters()} == {torch.float32}
    assert not lm.model.training
    best = logits(lm, "is the river long ? ja").topk(2).values
    assert (best[:, 0] - best[:, 1] > 1e-3).all()
    assert logits(lm, "is the river").std() > 0.5


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_what_is_read_depends_on_what_came_before_and_not_on_what_comes(kind, tokenizer):
    lm = tiny_model(kind, tokenizer)
    one, two = logits(lm, "der river long"), logits(lm, "der fluss ist")
    torch.testing.assert_close(one[:2], two[:2])
    assert not torch.allclose(logits(lm, "is the river")[-1], logits(lm, "der the river")[-1], atol=1e-3)


def test_the_seed_decides_the_weights_and_nothing_else_is_disturbed(tokenizer):
    torch.manual_seed(3)
    state = torch.random.get_rng_state()
    prints = [tiny_model("qwen3", tokenizer, seed=seed).fingerprint() for seed in (0, 0, 1)]
    assert prints[0] == prints[1] != prints[2]
    assert torch.equal(torch.random.get_rng_state(), state)


@pytest.mark.parametrize("kind", ["mistral", "mixtral", "phi3", "gemma2", "gemma3"])
def test_a_sliding_window_forgets_what_lies_before_it(kind, tokenizer):
    texts = "is the river long ? yes . ja", "der the river long ? yes . ja"
    shape = {"num_hidden_layers": 1, "sliding_window": 3}
    if kind in ("gemma2", "gemma3"):
        shape["layer_types"] = ["sliding_attention"]
    windowed = tiny_model(kind, tokenizer, **shape)
    one, two = (logits(windowed, text)[-1] for text in texts)
    torch.testing.assert_close(one, two)
    shape |= {"sliding_window": 100}
    one, two = (logits(tiny_model(kind, tokenizer, **shape), text)[-1] for text in texts)
    assert not torch.allclose(one, two, atol=1e-3)


def test_settings_in_the_words_of_every_family(tokenizer):
    shape = {"num_attention_heads": 2, "max_position_embeddings": 64, "intermediate_size": 40}
    assert tiny_model("gpt2", tokenizer, **shape).model.config.n_inner == 40
    assert tiny_model("gpt2", tokenizer, **shape).model.config.n_positions == 64
    assert tiny_model("bloom", tokenizer, **shape).model.config.n_head == 2
    assert tiny_model("mixtral", tokenizer, num_experts=3).model.config.num_local_experts == 3
    assert tiny_model("llama", tokenizer, tie_word_embeddings=True).model.config.tie_word_embeddings
    assert tiny_model("llama", tokenizer, hidden_size=24, num_attention_heads=3).model.config.head_dim == 8


def test_special_tokens_are_those_of_the_tokenizer(tokenizer):
    bare = small_tokenizer(LINES, 300, bos=False, pad=False)
    assert AutoConfig.for_model("phi3").pad_token_id == 32000
    for one, ids in ((tokenizer, (1, 2, 0)), (bare, (1, 2, None))):
        config = tiny_model("phi3", one).model.config
        assert (config.bos_token_id, config.eos_token_id, config.pad_token_id) == ids


def test_the_tokenizer_knows_any_text_and_opens_it_if_asked(tokenizer):
    text = "ποτάμι 河 🌊\n"
    assert tokenizer.decode(tokenizer(text)["input_ids"], skip_special_tokens=True) == text
    assert tokenizer(text)["input_ids"][0] == tokenizer.bos_token_id
    bare = small_tokenizer(LINES, 300, bos=False)
    assert bare.bos_token_id not in bare(text)["input_ids"]
    assert len(bare) == 300
    assert tokenizer.pad_token_id == 0


def test_families_and_settings_nobody_knows(tokenizer):
    with pytest.raises(UnknownName, match=r"No model family called 'lama'\. Did you mean llama"):
        tiny_model("lama", tokenizer)
    with pytest.raises(BadInput, match=r"The llama family has no setting 'layers'; see LlamaConfig"):
        tiny_model("llama", tokenizer, layers=3)
    with pytest.raises(BadInput, match="No llama model of shape") as error:
        tiny_model("llama", tokenizer, hidden_size=30, num_attention_heads=4)
    assert "\n" not in str(error.value)
