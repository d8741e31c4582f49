"""Fingerprints: they see all that decides an answer, and nothing else."""

import torch

from interlingua.models.adapters import merged, with_lora
from interlingua.models.lm import LM
from interlingua.models.prints import print_of


def test_the_fingerprint_sees_weights_adapter_settings_and_tokenizer(lm, stirred):
    prints = [lm.fingerprint()]
    with torch.no_grad():
        other = merged(stirred(with_lora(lm, ["q_proj"], 2, 4)))
    prints += [other.fingerprint(), with_lora(lm, ["q_proj"], 2, 4).fingerprint()]
    prints += [with_lora(lm, ["q_proj"], 2, 8).fingerprint()]
    lm.tokenizer.add_tokens(["extra"])
    prints.append(LM(lm.model, lm.tokenizer, "other name").fingerprint())
    assert len(set(prints)) == len(prints)


def test_padding_a_batch_does_not_change_the_fingerprint(lm, logits):
    before = print_of(lm.model, lm.tokenizer)
    logits(lm)
    assert print_of(lm.model, lm.tokenizer) == before


def test_the_base_alone_decides_not_where_it_came_from(tiny_lm):
    one, two = tiny_lm(), tiny_lm()
    two.model.config._name_or_path = "elsewhere"
    assert print_of(one.model, one.tokenizer) == print_of(two.model, two.tokenizer)
    assert len({print_of(lm.model, lm.tokenizer) for lm in (one, tiny_lm(seed=1), tiny_lm("qwen3"))}) == 3
