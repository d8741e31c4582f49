"""Vocabulary: rows are the mixtures asked for, all else is shared, and transformers agrees where it can."""

import copy

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM

from interlingua.core.errors import BadInput, ModelError
from interlingua.lab.architectures import small_tokenizer
from interlingua.models.adapters import with_lora
from interlingua.models.lm import save
from interlingua.models.surgery.tokens import grown, size_of
from interlingua.models.surgery.vocabulary import (
    exchanged,
    from_rows,
    known,
    or_average,
    over,
    untouched,
    with_vocabulary,
)

LINES = ["ο ποταμός είναι μακρύς", "ο ποταμός είναι ωραίος", "είναι μακρύς ο δρόμος"] * 3
TEXT = "is the river long ?"


def logits_for(model, ids):
    """Logits of one row of tokens."""
    with torch.no_grad():
        return model(input_ids=torch.tensor([ids])).logits[0]


def test_transformers_resizing_is_met_and_the_old_model_stays(every_lm, tmp_path):
    rows = every_lm.model.get_input_embeddings().weight.shape[0]
    before = {name: tensor.clone() for name, tensor in every_lm.model.state_dict().items()}
    tokenizer = grown(every_lm.tokenizer, LINES, 60)
    assert size_of(tokenizer) > rows
    made = with_vocabulary(
        every_lm, tokenizer, over(untouched(rows), from_rows({}, (size_of(tokenizer), rows)))
    )
    referee = copy.deepcopy(every_lm.model)
    referee.resize_token_embeddings(size_of(tokenizer), mean_resizing=False)
    ids = every_lm.tokenizer(TEXT)["input_ids"]
    ours, theirs = logits_for(made.model, ids), logits_for(referee, ids)
    assert ours.shape == theirs.shape == (len(ids), size_of(tokenizer))
    torch.testing.assert_close(ours[:, :rows], theirs[:, :rows], rtol=0, atol=0)
    torch.testing.assert_close(
        ours[:, :rows], logits_for(every_lm.model, ids), rtol=0, atol=2e-6
    )  # a wider matrix is multiplied in another order
    assert made.model.config.vocab_size == referee.config.vocab_size
    tied = made.model.get_output_embeddings().weight is made.model.get_input_embeddings().weight
    assert tied == (referee.get_output_embeddings().weight is referee.get_input_embeddings().weight)
    assert all(torch.equal(tensor, before[name]) for name, tensor in every_lm.model.state_dict().items())
    assert every_lm.model.config.vocab_size == rows


def test_a_model_with_another_vocabulary_reloads_in_plain_transformers(every_lm, tmp_path):
    tokenizer = small_tokenizer(LINES, 290)
    rows = {number: {number % 300: 0.75, 5: 0.25} for number in range(size_of(tokenizer))}
    made = with_vocabulary(every_lm, tokenizer, from_rows(rows, (size_of(tokenizer), 300)))
    plain = AutoModelForCausalLM.from_pretrained(save(made, tmp_path / "made")).eval()
    ids = tokenizer(LINES[0])["input_ids"]
    torch.testing.assert_close(logits_for(made.model, ids), logits_for(plain, ids), rtol=0, atol=0)
    assert plain.config.eos_token_id == tokenizer.eos_token_id


def test_rows_are_the_mixtures_asked_for_in_both_tables(tiny_lm):
    lm = tiny_lm(tie_word_embeddings=False)
    rows = {number: {number: 1.0} for number in range(size_of(lm.tokenizer))} | {
        7: {3: 0.5, 4: 0.25, 5: 0.25}
    }
    made = with_vocabulary(lm, lm.tokenizer, from_rows(rows, (size_of(lm.tokenizer), 352)))
    for get in ("get_input_embeddings", "get_output_embeddings"):
        old, new = (getattr(one.model, get)().weight for one in (lm, made))
        torch.testing.assert_close(new[7], 0.5 * old[3] + 0.25 * old[4] + 0.25 * old[5])
        assert torch.equal(new[:7], old[:7])
        assert len(new) == size_of(lm.tokenizer)
    layer = "model.layers.0.mlp.up_proj.weight"
    assert made.model.get_parameter(layer).data_ptr() == lm.model.get_parameter(layer).data_ptr()


def test_unknown_rows_are_drawn_like_the_tables_rows(tiny_lm):
    lm = tiny_lm(hidden_size=64)
    nothing = from_rows({}, (4000, 352))
    one, again, other = (
        with_vocabulary(lm, lm.tokenizer, nothing, seed=seed).model.get_input_embeddings().weight
        for seed in (1, 1, 2)
    )
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    one, old = one.detach(), lm.model.get_input_embeddings().weight.detach()
    torch.testing.assert_close(one.mean(0), old.mean(0), rtol=0, atol=0.1 * float(old.std()))
    torch.testing.assert_close(one.std(0), old.std(0), rtol=0.1, atol=0)


def test_weights_fill_in_for_each_other():
    first, second = from_rows({0: {1: 1.0}}, (2, 2)), from_rows({0: {0: 1.0}, 2: {2: 1.0}}, (3, 3))
    assert over(first, second).toarray().tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 1]]
    assert known(over(first, second)).tolist() == [True, False, True]
    assert or_average(first).toarray().tolist() == [[0, 1], [0.5, 0.5]]
    assert untouched(2).toarray().tolist() == [[1, 0], [0, 1]]
    with pytest.raises(BadInput, match="at least one"):
        over()


def test_exchanged_rows_are_the_same_rows_elsewhere():
    weights = from_rows({number: {number: 1.0} for number in range(50)}, (60, 60))
    moved = exchanged(weights, untouched(10), seed=3)
    rows = np.flatnonzero(known(moved))
    assert rows.tolist() == list(range(50))
    found = moved.toarray().argmax(1)[:50]
    assert found[:10].tolist() == list(range(10))
    assert sorted(found[10:]) == list(range(10, 50))
    assert (found[10:] != np.arange(10, 50)).mean() > 0.8


def test_what_does_not_fit_is_refused(tiny_lm):
    lm = tiny_lm()
    with pytest.raises(BadInput, match="do not fit"):
        with_vocabulary(lm, lm.tokenizer, untouched(5))
    with pytest.raises(BadInput, match="do not fit"):
        with_vocabulary(lm, lm.tokenizer, untouched(353))
    with pytest.raises(ModelError, match="adapter"):
        with_vocabulary(with_lora(lm, "all-linear", 2, 4), lm.tokenizer, untouched(352))
