"""Anatomy: layers, final norm and unembedding of every family, proved by the model's own numbers."""

import gc
import re
import weakref

import pytest
import torch
from transformers import (
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    BertConfig,
    CohereConfig,
    GPT2Config,
    GraniteConfig,
    LlamaConfig,
    OpenAIGPTConfig,
    OPTConfig,
    T5Config,
    XLMRobertaConfig,
)

from interlingua.core.errors import ModelError
from interlingua.models.adapters import with_lora
from interlingua.models.anatomy import anatomy, unembed, watched
from interlingua.models.lm import LM
from interlingua.models.prints import print_of

SIZES = {"vocab_size": 96, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
SIZES |= {"intermediate_size": 32, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}


def made(kind, config):
    """A random model of transformers as it comes."""
    return LM(kind.from_config(config).eval(), None, "tiny")


def shaken(lm):
    """Norms and biases, which begin as ones and zeros, made to matter."""
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in lm.model.parameters():
            if parameter.ndim == 1:
                parameter += 0.3 * torch.randn(parameter.shape, generator=generator)
    return lm


def read(lm, normed):
    """States per layer as `watched` hands them on, and the output of transformers."""
    batch = lm.tokenizer(["is the river long ?", "да"], return_tensors="pt", padding=True)
    found = {}
    with torch.no_grad(), watched(lm, found.__setitem__, normed=normed):
        output = lm.model(
            **{name: batch[name] for name in ("input_ids", "attention_mask")}, output_hidden_states=True
        )
    return found, output


def assert_understood(lm):
    """Layers are those of transformers, and the unembedding gives the model's logits."""
    states, output = read(lm, normed=True)
    assert list(states) == list(range(len(output.hidden_states)))
    for mine, theirs in zip(states.values(), output.hidden_states, strict=True):
        assert torch.equal(mine, theirs)
    bare, output = read(lm, normed=False)
    with torch.no_grad():
        torch.testing.assert_close(unembed(lm, bare[max(bare)]), output.logits, rtol=1e-6, atol=1e-6)
        assert unembed(lm, bare[0][0, -1]).shape == output.logits.shape[-1:]
        assert (unembed(lm, bare[1]) - output.logits).abs().max() > 1e-2
    return anatomy(lm)


def test_every_family_tied_or_not(every_lm):
    parts = assert_understood(shaken(every_lm))
    assert len(parts.layers) == 2
    assert parts.head is every_lm.model.get_output_embeddings()
    assert parts.embeddings is every_lm.model.get_input_embeddings()
    assert (parts.head.weight is parts.embeddings.weight) == every_lm.model.config.tie_word_embeddings


def test_every_family_under_an_adapter(any_lm, stirred):
    adapted = stirred(with_lora(shaken(any_lm), "all-linear", rank=2, alpha=4))
    assert_understood(adapted)
    inside = {id(module) for module in adapted.model.modules()}
    assert {id(module) for module in anatomy(adapted).layers} <= inside
    assert not {id(module) for module in anatomy(any_lm).layers} & inside


def test_what_comes_after_the_head(tiny_lm):
    """Soft caps bend, scales multiply; both so strong here that leaving them out would show."""
    lm = tiny_lm("gemma2")
    assert anatomy(lm).cap == 30
    lm.model.config.final_logit_softcapping = 0.5
    capped = LM(lm.model, lm.tokenizer, "capped")
    assert assert_understood(capped).cap == 0.5
    assert unembed(capped, 100 * torch.ones(3, 32)).abs().max() <= 0.5
    for config in (CohereConfig(logit_scale=0.125, **SIZES), GraniteConfig(logits_scaling=8.0, **SIZES)):
        assert anatomy(made(AutoModelForCausalLM, config)).scale == 0.125


def test_states_in_another_format_are_taken_as_the_model_wants_them(tiny_lm):
    lm = tiny_lm("llama")
    half = LM(lm.model.to(torch.bfloat16), lm.tokenizer, "half")
    states = torch.randn(2, 3, 32, generator=torch.Generator().manual_seed(0))
    assert torch.equal(unembed(half, states), unembed(half, states.bfloat16()))
    assert anatomy(half).cap is None


def test_gradients_flow_through_the_unembedding(lm):
    states = torch.randn(3, 32, requires_grad=True)
    unembed(lm, states).logsumexp(-1).sum().backward()
    assert states.grad.abs().sum() > 0


def test_nothing_about_the_model_changes(lm):
    before = print_of(lm.model, lm.tokenizer)
    lm.model.train()
    anatomy(lm)
    with pytest.raises(ZeroDivisionError), watched(lm, lambda layer, states: 1 / 0):
        lm.model(input_ids=torch.tensor([[3, 4]]))
    assert lm.model.training
    assert print_of(lm.model, lm.tokenizer) == before
    hooks = [(*module._forward_hooks, *module._forward_pre_hooks) for module in lm.model.modules()]
    assert not any(hooks)


def test_what_is_known_of_a_model_does_not_keep_it_alive(tiny_lm):
    lm = tiny_lm("llama")
    assert anatomy(lm) is anatomy(lm)
    gone = weakref.ref(lm)
    del lm
    gc.collect()
    assert gone() is None


NO_HEAD = "no causal language model with an unembedding"
T5 = T5Config(vocab_size=96, d_model=16, num_layers=2, d_ff=32, num_heads=2, d_kv=8)
PROJECTED = OPTConfig(
    vocab_size=96,
    hidden_size=16,
    num_hidden_layers=2,
    num_attention_heads=2,
    ffn_dim=32,
    word_embed_proj_dim=8,
)


@pytest.mark.parametrize(
    ("kind", "config", "told"),
    [
        (
            AutoModelForMaskedLM,
            BertConfig(**SIZES),
            r"BertForMaskedLM\) looks at later tokens, as encoders do",
        ),
        (AutoModelForMaskedLM, XLMRobertaConfig(**SIZES), "XLMRobertaForMaskedLM.*as encoders do"),
        (AutoModel, BertConfig(**SIZES), NO_HEAD),
        (AutoModel, LlamaConfig(**SIZES), NO_HEAD),
        (AutoModel, GPT2Config(vocab_size=96, n_embd=16, n_layer=2, n_head=2), NO_HEAD),
        (AutoModelForSeq2SeqLM, T5, NO_HEAD),
        (
            AutoModelForCausalLM,
            OpenAIGPTConfig(vocab_size=96, n_embd=16, n_layer=2, n_head=2),
            "no single stack",
        ),
        (AutoModelForCausalLM, BertConfig(is_decoder=True, **SIZES), "does more after its layers"),
        (AutoModelForCausalLM, PROJECTED, "does more after its layers"),
    ],
)
def test_what_has_no_such_parts_is_refused_in_one_line(kind, config, told):
    with pytest.raises(ModelError, match=told) as error:
        anatomy(made(kind, config))
    assert re.fullmatch(r"tiny \(\w+\) .+[.]", str(error.value))
