"""Pooling: the mean of the last layer, of causal models with and without adapters and of encoders."""

import pytest
import torch
from transformers import BertConfig, BertModel

from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM, load
from interlingua.models.pooling import body, body_names, mean_states, token_rows
from interlingua.scoring.hidden import sentence_vectors
from interlingua.scoring.sentence_vectors import encoded

TEXTS = ["is the river long ? yes", "der fluss"]


def test_the_mean_is_that_of_the_states_alone(tiny_lm) -> None:
    lm = tiny_lm("llama")
    rows = [lm.tokenizer(text)["input_ids"] for text in TEXTS]
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    found = mean_states(lm, ids, mask)
    for row, vector in zip(rows, found, strict=True):
        states = lm.model(input_ids=torch.tensor([row]), output_hidden_states=True).hidden_states[-1][0]
        torch.testing.assert_close(vector, states.mean(0), rtol=1e-4, atol=1e-5)
    assert found.requires_grad


def test_texts_are_encoded_as_the_last_layer_is_pooled_elsewhere(tiny_lm) -> None:
    for lm in (tiny_lm("llama"), with_lora(tiny_lm("qwen2"), ["q_proj"], 2, 4)):
        ours, theirs = encoded(lm, TEXTS), sentence_vectors(lm, TEXTS, "mean")[-1]
        torch.testing.assert_close(torch.tensor(ours), torch.tensor(theirs), rtol=1e-4, atol=1e-5)
    assert encoded(lm, [], max_tokens=4).shape == (0, ours.shape[1])


def test_an_encoder_is_its_own_body(tiny_lm) -> None:
    config = BertConfig(
        vocab_size=352, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    model = BertModel(config, add_pooling_layer=False).eval()
    lm = LM(model, tiny_lm("llama").tokenizer, "bert")
    assert body(lm) is model
    assert encoded(lm, TEXTS).shape == (2, 16)
    together, alone = encoded(lm, TEXTS)[1], encoded(lm, TEXTS[1:])[0]  # padding is not looked at
    torch.testing.assert_close(torch.tensor(together), torch.tensor(alone), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("kind", "ends"), [("bert", (2, 3)), ("xlm_roberta", (0, 2))])
def test_a_text_is_cut_before_the_token_that_ends_it(random_encoder, kind, ends) -> None:
    lm = load(random_encoder(kind, TEXTS), encoders=True)
    long, empty = token_rows(lm, ["fluss " * 40, ""], 128)
    assert (len(long), long[0], long[-1], len({*long[1:-1]})) == (32, *ends, 1)  # 32 is all that it reads
    assert empty == list(ends)
    whole = lm.tokenizer("der fluss")["input_ids"]
    assert token_rows(lm, ["der fluss"], len(whole)) == [whole]
    assert token_rows(lm, ["der fluss"], len(whole) - 1) == [[*whole[:-2], whole[-1]]]
    assert token_rows(lm, ["der fluss"], 2) == [list(ends)]
    assert token_rows(lm, ["der fluss"], 1) == [[ends[1]]]


def test_texts_of_a_causal_model_are_cut_at_their_end(tiny_lm) -> None:
    lm = tiny_lm("llama")
    ids = lm.tokenizer(TEXTS[0])["input_ids"]
    assert token_rows(lm, [TEXTS[0]], 3) == [ids[:3]]
    assert token_rows(lm, [TEXTS[0]], 99) == [ids]
    assert token_rows(lm, [], 3) == []


def test_an_untied_head_is_not_learned(tiny_lm) -> None:
    lm = tiny_lm("llama")
    names = body_names(lm)
    head = lm.model.get_output_embeddings().weight
    tied = head is lm.model.get_input_embeddings().weight
    everything = {name for name, _ in lm.model.named_parameters()}
    assert everything - names == (set() if tied else {"lm_head.weight"})
