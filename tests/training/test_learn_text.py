"""Learning text: the loss falls, cost is counted, the curve survives, further heads do not."""

import copy

import numpy as np
import pytest
import torch

from interlingua.core.errors import BadInput
from interlingua.models.lm import LM
from interlingua.training.budget import Budget
from interlingua.training.learn_text import Learned, learn_text, steps_to
from interlingua.training.objectives.next_token import next_token
from interlingua.training.text_batches import text_batches

TEXTS = ["a0 a1 a2 a3", "b0 b1 b2 b3", "c0 c1"] * 6
HOW = {"length": 16, "batch_size": 2}


def test_text_is_learned_and_further_heads_are_gone(lm, tmp_path):
    before = lm.fingerprint()
    learned = learn_text(lm, TEXTS, Budget(60, 3e-2), ahead=1, checkpoint=tmp_path / "stage", **HOW)
    assert len(learned.curve) == learned.steps == 60
    assert np.mean(learned.curve[-5:]) < 0.4 * learned.curve[0]
    assert learned.curve[0] > learned.area() == np.mean(learned.curve)
    assert learned.cost()["label_tokens"] == learned.label_tokens < learned.tokens
    assert learned.cost(learned)["steps"] == 120
    assert learned.lm.model.state_dict().keys() == lm.model.state_dict().keys()
    assert lm.fingerprint() == before
    again = learn_text(lm, TEXTS, Budget(60, 3e-2), ahead=1, checkpoint=tmp_path / "stage", **HOW)
    assert again.curve == learned.curve
    assert again.lm.fingerprint() == learned.lm.fingerprint()


def test_the_curve_is_in_bits_per_byte(lm):
    # One text of 8 tokens and its end in 23 bytes: 9 / 23 of a token's bits for each byte.
    text = "a0 a1 a2 a3 b0 b1 b2 b3"
    learned = learn_text(lm, [text], Budget(1, 1e-9), **HOW)
    nats = float(next_token(lm, text_batches(lm, [text], 16, 2, 1, 0)[0]).value.detach())
    assert learned.curve == (pytest.approx(nats / np.log(2) * 9 / 23),)


def test_only_what_is_chosen_learns(lm):
    learned = learn_text(lm, TEXTS, Budget(2, 1e-2), learn=lambda name: "embed" in name, ahead=1, **HOW)
    changed = {
        name
        for (name, old), new in zip(lm.model.named_parameters(), learned.lm.model.parameters(), strict=True)
        if not old.equal(new)
    }
    assert changed == {"model.embed_tokens.weight"}


def test_steps_to_a_target_by_hand():
    scratch = [4.0, 3.0, 2.0, 1.0]  # a window of one step: the target is 1
    assert steps_to(scratch, scratch) == 1.0
    assert steps_to([2.0, 1.0, 0.5, 0.4], scratch) == 0.5
    assert steps_to([4.0, 4.0, 4.0, 4.0], scratch) == 1.0
    smooth = np.linspace(2, 0, 40)  # windows of two steps
    assert steps_to(smooth, [*[2.0] * 38, 1.0, 1.0]) == pytest.approx(21 / 40, abs=1 / 40)
    for curves in (([], []), ([1.0], [1.0, 2.0])):
        with pytest.raises(BadInput, match="cannot be compared"):
            steps_to(*curves)


def test_the_area_is_the_mean_of_the_curve(lm):
    assert Learned(lm, 4, 1, 1, (4.0, 2.0, 1.0, 1.0)).area() == 2.0


def outer(name):
    """The tables and the last layer."""
    return "embed" in name or "layers.1." in name


def test_watching_changes_nothing_and_sees_the_model_of_each_step(lm):
    seen = []

    def watch(now):
        seen.append(now)
        torch.manual_seed(len(seen))  # a measure may draw, too
        torch.rand(7)
        return float(len(seen))

    dropping = LM(with_dropout(lm.model), lm.tokenizer, lm.name)
    how = {**HOW, "learn": outer, "ahead": 1, "seed": 3}
    alone = learn_text(dropping, TEXTS, Budget(8, 1e-2), **how)
    told = learn_text(dropping, TEXTS, Budget(8, 1e-2), watch=watch, after=(0.01, 0.5, 1.0), **how)
    assert told.lm.fingerprint() == alone.lm.fingerprint()
    assert told.curve == alone.curve
    assert (alone.watched, told.watched) == ((), (1.0, 2.0, 3.0))
    assert seen[2].fingerprint() == told.lm.fingerprint()
    assert len({now.fingerprint() for now in (lm, *seen)}) == 4
    for now in seen:
        assert not now.model.training
        assert now.model.state_dict().keys() == lm.model.state_dict().keys()
        names = {name for name, _ in now.model.named_parameters() if not outer(name)}
        assert all(now.model.get_parameter(n).equal(lm.model.get_parameter(n)) for n in names)


def with_dropout(model):
    """The model, whose training draws a number for each weight of its attention."""
    other = copy.deepcopy(model)
    other.config.attention_dropout = 0.5
    for layer in other.model.layers:
        layer.self_attn.attention_dropout = 0.5
    return other


def test_the_model_seen_halfway_is_what_as_many_steps_at_that_rate_make(lm):
    seen = []
    constant = {"schedule": "constant"}
    learn_text(
        lm, TEXTS, Budget(4, 1e-2, **constant), watch=lambda now: seen.append(now) or 0.0, after=[0.5], **HOW
    )
    assert seen[0].fingerprint() == learn_text(lm, TEXTS, Budget(2, 1e-2, **constant), **HOW).lm.fingerprint()


def test_an_interrupted_training_keeps_what_was_watched(lm, tmp_path):
    def once(now):
        return 2.5

    def never(now):
        raise AssertionError("measured again")

    how = {**HOW, "checkpoint": tmp_path / "stage", "after": [0.5]}
    first = learn_text(lm, TEXTS, Budget(4, 1e-2), watch=once, **how)
    assert learn_text(lm, TEXTS, Budget(4, 1e-2), watch=never, **how).watched == first.watched == (2.5,)
    assert learn_text(lm, TEXTS, Budget(4, 1e-2), **{**how, "after": []}).watched == ()
