"""Clones: a model whose clones share their rows takes them for the same, a random one does not."""

import math

import numpy as np
import pytest
import torch

from interlingua.core.errors import BadInput
from interlingua.models.fresh import fresh_like
from interlingua.models.surgery.tokens import size_of
from interlingua.scoring.clones import clone_loss, gradient_cosine, state_cosines
from interlingua.scoring.text_cost import text_nats

TEXTS = ["is the river long ?", "der fluss ist lang .", "positive negative", ""]


@pytest.fixture
def twice(tiny_lm):
    """A random model of two clones, and the same with the second's rows those of the first."""
    lm = tiny_lm("llama")
    apart, joined = (fresh_like(lm, lm.tokenizer, copies=2) for _ in range(2))
    size = size_of(lm.tokenizer)
    with torch.no_grad():
        for table in (joined.model.get_input_embeddings(), joined.model.get_output_embeddings()):
            table.weight[size:] = table.weight[:size]
    return apart, joined


def test_a_joined_model_needs_one_bit_more_than_its_half(twice, tiny_lm):
    _, joined = twice
    half = fresh_like(joined, joined.tokenizer)
    state = joined.model.state_dict()
    half.model.load_state_dict({key: state[key][: len(own)] for key, own in half.model.state_dict().items()})
    counts = [len(ids) for ids in half.tokenizer(TEXTS, add_special_tokens=False)["input_ids"]]
    wanted = float(text_nats(half, TEXTS).sum()) / sum(counts) + math.log(2)
    for clone in (0, 1):
        assert clone_loss(joined, TEXTS, clone) == pytest.approx(wanted, rel=1e-5)


def test_joined_clones_are_the_same_and_random_ones_are_not(twice):
    apart, joined = twice
    same, other = state_cosines(joined, TEXTS)
    assert same == pytest.approx(1, abs=1e-5)
    assert other < 0.9
    assert gradient_cosine(joined, TEXTS) == pytest.approx(1, abs=1e-5)
    assert state_cosines(apart, TEXTS)[0] < 0.9
    assert gradient_cosine(apart, TEXTS) < 0.9
    assert clone_loss(apart, TEXTS, 0) != clone_loss(apart, TEXTS, 1)


def test_cosines_are_those_of_the_states_transformers_gives(twice):
    apart, _ = twice
    size, start = size_of(apart.tokenizer), apart.tokenizer.bos_token_id
    found = []
    for ids in apart.tokenizer(TEXTS[:2], add_special_tokens=False)["input_ids"]:
        row = torch.tensor([[start, *ids]])
        with torch.no_grad():
            one, two = (apart.model(input_ids=row + by, output_hidden_states=True) for by in (0, size))
        pairs = zip(one.hidden_states[1:], two.hidden_states[1:], strict=True)
        found.append(
            np.mean([torch.cosine_similarity(a[0, 1:], b[0, 1:], dim=-1).mean().item() for a, b in pairs])
        )
    assert state_cosines(apart, TEXTS[:2])[0] == pytest.approx(np.mean(found), abs=1e-5)


def test_measuring_leaves_no_gradients(twice):
    apart, _ = twice
    before = apart.fingerprint()
    gradient_cosine(apart, TEXTS)
    assert all(weight.grad is None for weight in apart.model.parameters())
    assert apart.fingerprint() == before


def test_too_few_texts_are_refused(twice):
    with pytest.raises(BadInput, match="at least two"):
        state_cosines(twice[0], TEXTS[-2:])
    with pytest.raises(BadInput, match="no texts with tokens"):
        clone_loss(twice[0], [""], 0)
