"""Vocabulary expansion: old tokens stay, new ones begin near what they mean, and the outer layers learn."""

from dataclasses import replace

import pytest
import torch

from interlingua.lab.named import newcomers, world
from interlingua.models.lm import LM
from interlingua.recipes.recipe import Context, with_knobs
from interlingua.recipes.vocabulary_expansion import RECIPE, SMALL, Knobs, _weights, run

QUICK = replace(SMALL, pieces=80, steps=3, batch_size=2, held_out=4)
LATIN, OTHER = newcomers(world("lab:new-tiny"))


@pytest.fixture
def ctx(tiny_base: LM) -> Context:
    """The smallest world with newcomers, and the one in the pivot's script."""
    return Context(tiny_base, world("lab:new-tiny"), (LATIN,))


def test_the_defaults_are_the_best_setting_of_the_released_code() -> None:
    knobs = Knobs()
    assert (knobs.rows, knobs.layers, knobs.ahead, knobs.length) == ("align", 2, 1, 512)
    assert (knobs.lr, knobs.warmup, knobs.weight_decay, knobs.epochs, knobs.batch_size) == (
        1e-4,
        0.05,
        0.01,
        2,
        8,
    )


def test_the_tokenizer_grows_and_words_take_fewer_tokens(ctx: Context) -> None:
    found = run(ctx, QUICK)
    old, new = (one.tokenizer.get_vocab() for one in (ctx.base, found.models["tuned"]))
    assert {token: new[token] for token in old} == old
    assert len(new) == len(old) + 80
    assert found.numbers["tokens_per_word"][LATIN] < found.before["tokens_per_word"][LATIN]
    assert set(found.numbers) == {
        "bits_per_byte_start", "bits_per_byte", "area", "area_early", "tokens_per_word"
    }  # fmt: skip


@pytest.mark.parametrize("arm", [*RECIPE.controls, *RECIPE.baselines])
def test_arms_cost_the_same_and_begin_elsewhere(ctx: Context, arm: str) -> None:
    changes = {**RECIPE.controls, **RECIPE.baselines}[arm]
    method, other = run(ctx, QUICK), run(ctx, with_knobs(QUICK, changes))
    assert other.facts == method.facts
    assert other.models["tuned"].fingerprint() != method.models["tuned"].fingerprint()


def test_the_control_has_the_same_rows_in_other_places(ctx: Context) -> None:
    texts = list(ctx.source.text(LATIN))
    tokenizer = run(ctx, QUICK).models["tuned"].tokenizer
    true, moved = (
        _weights(ctx.base, tokenizer, texts, replace(QUICK, rows=rows), 0).toarray()
        for rows in ("align", "exchanged")
    )
    old = len(ctx.base.tokenizer)
    assert (true[:old] == moved[:old]).all()
    assert sorted(map(tuple, true)) == sorted(map(tuple, moved))
    assert (true != moved).any(1).sum() > 40


def test_two_layers_at_each_end_learn_and_one_more_head_leaves_no_trace(ctx: Context) -> None:
    tuned = run(ctx, replace(QUICK, layers=0)).models["tuned"]
    layer = "model.layers.0.mlp.up_proj.weight"
    assert torch.equal(tuned.model.get_parameter(layer), ctx.base.model.get_parameter(layer))
    assert tuned.model.state_dict().keys() == ctx.base.model.state_dict().keys()


def test_epochs_count_rows_of_text_where_steps_are_not_set(ctx: Context) -> None:
    once = run(ctx, replace(QUICK, steps=None, epochs=1.0, length=512)).facts["steps"]
    assert run(ctx, replace(QUICK, steps=None, epochs=2.0, length=512)).facts["steps"] in (
        2 * once,
        2 * once - 1,
    )
