"""LoRA: a new adapter changes nothing, the base stays usable, unusable targets are told."""

import json

import pytest
import torch
from transformers import AutoModelForCausalLM, Qwen2MoeConfig

from interlingua.core.errors import BadInput
from interlingua.models.adapters import merged, with_lora
from interlingua.models.lm import LM, save


def test_a_new_adapter_changes_no_logit_by_a_bit(every_lm, logits):
    before = logits(every_lm)
    assert before.shape[-1] == 352 > len(every_lm.tokenizer)
    adapted = with_lora(every_lm, "all-linear", rank=4, alpha=8, dropout=0.1)
    assert torch.equal(logits(adapted), before)
    assert adapted.adapted
    assert not every_lm.adapted


def test_nor_does_it_in_bfloat16(any_lm, logits):
    half = LM(any_lm.model.to(torch.bfloat16), any_lm.tokenizer, any_lm.name)
    assert torch.equal(logits(with_lora(half, "all-linear", rank=4, alpha=8)), logits(half))


def test_the_base_gives_the_same_bits_when_the_adapter_has_learned(any_lm, logits, stirred):
    before, print_before = logits(any_lm), any_lm.fingerprint()
    adapted = stirred(with_lora(any_lm, "all-linear", rank=4, alpha=8))
    assert not torch.allclose(logits(adapted), before, atol=1e-3)
    assert torch.equal(logits(any_lm), before)
    assert all(parameter.requires_grad for parameter in any_lm.model.parameters())
    any_lm._print = None
    assert any_lm.fingerprint() == print_before


def test_named_targets_and_all_linear_reach_what_they_say(lm):
    def reached(adapted):
        return {
            n.split(".lora_A")[0].rsplit(".", 1)[1]
            for n, _ in adapted.model.named_parameters()
            if "lora_A" in n
        }

    assert reached(with_lora(lm, ["q_proj", "v_proj"], 2, 4)) == {"q_proj", "v_proj"}
    linear = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}
    assert reached(with_lora(lm, "all-linear", 2, 4)) == linear


@pytest.mark.parametrize("kind", ["mixtral", "qwen3_moe"])
def test_fused_experts_stay_as_they_are_and_that_is_told(tiny_lm, caplog, kind):
    lm = tiny_lm(kind)
    adapted = with_lora(lm, "all-linear", 2, 4)
    assert "experts of tiny-" in caplog.text
    assert "get no adapter; k_proj, o_proj, q_proj, v_proj do." in caplog.text
    config = adapted.model.peft_config["default"]
    assert config.target_modules == {"k_proj", "o_proj", "q_proj", "v_proj"}
    assert not config.target_parameters
    for name in ("gate_up_proj", "down_proj", "gate"):
        with pytest.raises(BadInput, match=rf"'{name}' means the experts of tiny-{kind}, fused tensors"):
            with_lora(lm, ["q_proj", name], 2, 4)


def test_shared_experts_beside_fused_ones_are_left_out_too(tiny_lm):
    """PEFT would take `gate_proj` of the shared expert for the fused ones."""
    config = Qwen2MoeConfig(
        vocab_size=352, hidden_size=32, num_hidden_layers=1, num_attention_heads=4, num_key_value_heads=2,
        num_experts=4, num_experts_per_tok=2, moe_intermediate_size=16, shared_expert_intermediate_size=16,
        intermediate_size=16,
    )  # fmt: skip
    lm = LM(AutoModelForCausalLM.from_config(config).eval(), tiny_lm().tokenizer, "moe")
    adapted = with_lora(lm, "all-linear", 2, 4)
    reached = {n.split(".lora_A")[0] for n, _ in adapted.model.named_parameters() if "lora_A" in n}
    assert not any("shared_expert." in name or ".experts" in name for name in reached)
    assert {name.rsplit(".", 1)[1] for name in reached} >= {"q_proj", "k_proj", "v_proj", "o_proj"}


def test_the_adapter_of_a_hub_model_names_repository_and_revision(lm, tmp_path):
    named = LM(lm.model, lm.tokenizer, "hf:some/base@v2")
    folder = save(with_lora(named, ["q_proj"], 2, 4), tmp_path / "adapter")
    settings = json.loads((folder / "adapter_config.json").read_text())
    assert (settings["base_model_name_or_path"], settings["revision"]) == ("some/base", "v2")


def test_the_seed_alone_decides_the_start(lm):
    def start(seed):
        return with_lora(lm, ["q_proj"], 2, 4, seed=seed).fingerprint()

    torch.manual_seed(5)
    first = start(0)
    state = torch.random.get_rng_state()
    assert start(0) == first != start(1)
    assert torch.equal(torch.random.get_rng_state(), state)


def test_merging_keeps_the_logits_and_gives_a_plain_model(any_lm, logits, stirred):
    adapted = stirred(with_lora(any_lm, "all-linear", rank=4, alpha=8))
    plain = merged(adapted)
    assert not plain.adapted
    assert type(plain.model) is type(any_lm.model)
    torch.testing.assert_close(logits(plain), logits(adapted), atol=2e-5, rtol=1e-5)
    assert merged(any_lm) is any_lm


def test_unknown_targets_are_refused_with_the_names_there_are(lm):
    with pytest.raises(
        BadInput, match=r"no linear module 'query'; it has down_proj, .*q_proj.*; or say all-linear"
    ):
        with_lora(lm, ["q_proj", "query"], 2, 4)
    with pytest.raises(BadInput, match="at least one target"):
        with_lora(lm, [], 2, 4)


@pytest.mark.parametrize("any_lm", ["gemma"], indirect=True)
def test_a_tied_head_is_refused(any_lm):
    with pytest.raises(BadInput, match="'lm_head' of tiny-gemma shares its weights"):
        with_lora(any_lm, ["lm_head"], 2, 4)


def test_a_second_adapter_and_impossible_numbers_are_refused(lm):
    with pytest.raises(BadInput, match="already has an adapter"):
        with_lora(with_lora(lm, ["q_proj"], 2, 4), ["q_proj"], 2, 4)
    with pytest.raises(BadInput, match="rank >= 1"):
        with_lora(lm, ["q_proj"], 0, 4)
