"""Fresh models: the family of a model, random, with other tokens, smaller if asked."""

import pytest
import torch

from interlingua.core.errors import BadInput
from interlingua.lab.architectures import small_tokenizer
from interlingua.models.fresh import fresh_like
from interlingua.models.lm import load, save


def test_it_is_of_the_family_and_knows_nothing(any_lm, tmp_path):
    tokenizer = small_tokenizer(["x y z"], 270)
    one, again, other = (fresh_like(any_lm, tokenizer, seed=seed) for seed in (0, 0, 1))
    assert type(one.model) is type(any_lm.model)
    assert one.model.get_input_embeddings().weight.shape == (len(tokenizer), 32)
    assert one.fingerprint() == again.fingerprint() != other.fingerprint()
    assert any_lm.model.config.vocab_size == 352
    assert load(save(one, tmp_path / "one"), device="cpu").fingerprint() == one.fingerprint()


@pytest.mark.parametrize("kind", ["llama", "qwen3", "gemma2", "gpt_neox"])
def test_smaller_ones_run(tiny_lm, kind):
    lm = tiny_lm(kind, num_hidden_layers=4)
    small = fresh_like(lm, lm.tokenizer, layers=2, narrower=2)
    assert small.model.config.num_hidden_layers == 2
    assert small.model.get_input_embeddings().weight.shape[1] == 16
    with torch.no_grad():
        assert small.model(input_ids=torch.tensor([[1, 2, 3]])).logits.isfinite().all()
    assert lm.model.config.num_hidden_layers == 4


def test_what_is_not_smaller_is_refused(lm):
    with pytest.raises(BadInput, match="cannot have 3"):
        fresh_like(lm, lm.tokenizer, layers=3)
    with pytest.raises(BadInput, match="which 5 does not divide"):
        fresh_like(lm, lm.tokenizer, narrower=5)


def test_copies_give_every_token_so_many_rows(lm):
    twice = fresh_like(lm, lm.tokenizer, copies=2)
    size = fresh_like(lm, lm.tokenizer).model.config.vocab_size
    assert twice.model.config.vocab_size == twice.model.get_output_embeddings().weight.shape[0] == 2 * size
