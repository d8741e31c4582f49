"""Hydra: one trunk between the tables of another model, every tensor shared."""

import pytest
import torch
from transformers import AutoModelForCausalLM

from interlingua.core.errors import ModelError
from interlingua.lab.architectures import small_tokenizer
from interlingua.models.lm import LM, save
from interlingua.models.sharing import shared_copy
from interlingua.models.surgery.hydra import with_tables_of
from interlingua.models.surgery.tokens import size_of
from interlingua.models.surgery.vocabulary import from_rows, with_vocabulary


def other_tables(lm: LM) -> LM:
    """The model with another tokenizer and layers that have moved since."""
    tokenizer = small_tokenizer(["ο ποταμός"] * 3, 280)
    rows = {number: {number: 1.0} for number in range(size_of(tokenizer))}
    made = with_vocabulary(lm, tokenizer, from_rows(rows, (size_of(tokenizer), 352)))
    model = shared_copy(made.model, own=lambda name: ".0." in name)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if ".0." in name:
                parameter *= torch.linspace(0.5, 2, parameter.numel()).reshape(parameter.shape)
    return LM(model, tokenizer, "moved")


def test_the_trunk_reads_and_writes_through_other_tables(every_lm, tmp_path):
    trunk = other_tables(every_lm)
    made = with_tables_of(trunk, every_lm)
    assert made.tokenizer is every_lm.tokenizer
    assert made.model.config.vocab_size == 352
    assert trunk.model.config.vocab_size == size_of(trunk.tokenizer)
    for get in ("get_input_embeddings", "get_output_embeddings"):
        assert (
            getattr(made.model, get)().weight.data_ptr() == getattr(every_lm.model, get)().weight.data_ptr()
        )
    tables = {
        id(parameter)
        for get in ("get_input_embeddings", "get_output_embeddings")
        for parameter in getattr(made.model, get)().parameters()
    }
    trunks = dict(trunk.model.named_parameters())
    for name, parameter in made.model.named_parameters():
        if id(parameter) not in tables:
            assert parameter.data_ptr() == trunks[name].data_ptr()
    ids = torch.tensor([[3, 5, 8]])
    with torch.no_grad():
        logits = made.model(input_ids=ids).logits
        assert logits.shape == (1, 3, 352)
        assert not torch.allclose(logits, every_lm.model(input_ids=ids).logits, atol=1e-4)
        plain = AutoModelForCausalLM.from_pretrained(save(made, tmp_path / "made")).eval()
        torch.testing.assert_close(plain(input_ids=ids).logits, logits, rtol=0, atol=0)


def test_tables_of_another_width_do_not_fit(tiny_lm):
    with pytest.raises(ModelError, match="do not fit"):
        with_tables_of(tiny_lm(), tiny_lm(hidden_size=64))
