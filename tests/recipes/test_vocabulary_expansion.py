"""Vocabulary expansion: old tokens stay, new ones begin near what they mean, and the outer layers learn."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch

from interlingua.core.errors import MissingResource
from interlingua.lab.named import newcomers, world
from interlingua.lab.worlds import World
from interlingua.models.lm import LM
from interlingua.recipes.recipe import Claim, Context, with_knobs
from interlingua.recipes.vocabulary_expansion import RECIPE, SMALL, Knobs, _weights, run

QUICK = replace(SMALL, pieces=80, steps=3, batch_size=2, held_out=4)
LATIN, OTHER = newcomers(world("lab:new-tiny"))
WAY = ("_quarter", "_half")
ARMS = {**RECIPE.controls, **RECIPE.baselines, **RECIPE.oracles}


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
        "bits_per_byte_start", "bits_per_byte_quarter", "bits_per_byte_half", "bits_per_byte", "area",
        "tokens_per_word",
    }  # fmt: skip


def test_bits_per_byte_are_told_at_every_budget(ctx: Context) -> None:
    found = run(ctx, replace(QUICK, steps=40, batch_size=8)).numbers
    start, quarter, half, end = (found[f"bits_per_byte{part}"][LATIN] for part in ("_start", *WAY, ""))
    assert start > quarter > half > end
    assert all(claim in RECIPE.expects for claim in (
        Claim(f"bits_per_byte{part}", on="seen", versus="random", direction="falls")
        for part in ("_start", *WAY)
    ))  # fmt: skip


def test_what_cannot_be_measured_at_the_end_is_not_on_the_way(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(lm: LM, texts: Sequence[str]) -> dict[str, float]:
        return {"unknown": 0.5}

    monkeypatch.setattr("interlingua.recipes.vocabulary_expansion.held_out", unknown)
    assert set(run(ctx, QUICK).numbers) == {"area"}


@pytest.mark.parametrize(
    "arm", [name for name in ARMS if name != "all_layers"]
)  # a small model has no others
def test_arms_cost_the_same_and_begin_elsewhere(ctx: Context, arm: str) -> None:
    method, other = run(ctx, QUICK), run(ctx, with_knobs(QUICK, ARMS[arm]))
    assert other.facts == method.facts
    assert other.models["tuned"].fingerprint() != method.models["tuned"].fingerprint()


def test_the_control_has_the_same_rows_in_other_places(ctx: Context) -> None:
    texts = list(ctx.source.text(LATIN))
    tokenizer = run(ctx, QUICK).models["tuned"].tokenizer
    true, moved = (
        _weights(ctx, replace(QUICK, rows=rows), LATIN, tokenizer, texts).toarray()
        for rows in ("align", "exchanged")
    )
    old = len(ctx.base.tokenizer)
    assert (true[:old] == moved[:old]).all()
    assert sorted(map(tuple, true)) == sorted(map(tuple, moved))
    assert (true != moved).any(1).sum() > 40


def test_the_oracle_has_the_rows_of_translations_and_aligned_ones_elsewhere(ctx: Context) -> None:
    texts, words = list(ctx.source.text(LATIN)), ctx.source.dictionary(LATIN, ctx.source.pivot)
    tokenizer, old = run(ctx, QUICK).models["tuned"].tokenizer, ctx.base.tokenizer
    aligned, gold = (
        _weights(ctx, replace(QUICK, rows=rows), LATIN, tokenizer, texts).toarray()
        for rows in ("align", "lexicon")
    )
    size = len(old)
    assert (aligned[:size] == gold[:size]).all()
    whole = 0
    for word, others in words.items():
        pieces, row = tokenizer(f" {word}")["input_ids"], old(f" {others[0]}", add_special_tokens=False)
        if len(pieces) == 1 and pieces[0] >= size and sum(word in other for other in words) == 1:
            whole += 1
            assert set(np.flatnonzero(gold[pieces[0]])) == set(row["input_ids"])
    assert whole > 5
    same = (aligned[size:] == gold[size:]).all(1)
    assert 0 < same.sum() < len(same)


def test_without_a_dictionary_the_oracle_says_so_before_any_training(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(self: World, a: str, b: str) -> Mapping[str, tuple[str, ...]]:
        raise MissingResource("no dictionary")

    monkeypatch.setattr("interlingua.recipes.vocabulary_expansion.learn_text", None)  # would fail
    monkeypatch.setattr(World, "dictionary", lacking)
    with pytest.raises(MissingResource, match="no dictionary"):
        run(ctx, with_knobs(QUICK, RECIPE.oracles["lexicon"]))


def moved(ctx: Context, knobs: Knobs) -> list[bool]:
    """Layer by layer, whether its weights are others after the training."""
    tuned = run(ctx, knobs).models["tuned"].model
    names = [f"model.layers.{layer}.mlp.up_proj.weight" for layer in range(tuned.config.num_hidden_layers)]
    assert tuned.state_dict().keys() == ctx.base.model.state_dict().keys()  # no trace of a further head
    return [not torch.equal(tuned.get_parameter(name), ctx.base.model.get_parameter(name)) for name in names]


def test_the_outer_layers_learn_and_one_more_head_leaves_no_trace(ctx: Context) -> None:
    config = copy.deepcopy(ctx.base.model.config)
    config.num_hidden_layers, config.layer_types = 4, ["full_attention"] * 4
    deep = replace(ctx, base=LM(type(ctx.base.model)(config).eval(), ctx.base.tokenizer, "deep"))
    assert moved(deep, QUICK) == [True, False, False, True]  # the preset leaves layers alone in the lab too
    assert moved(deep, replace(QUICK, layers=0)) == [False] * 4
    assert moved(deep, with_knobs(QUICK, RECIPE.baselines["all_layers"])) == [True] * 4


def test_epochs_count_rows_of_text_where_steps_are_not_set(ctx: Context) -> None:
    once = run(ctx, replace(QUICK, steps=None, epochs=1.0, length=512)).facts["steps"]
    assert run(ctx, replace(QUICK, steps=None, epochs=2.0, length=512)).facts["steps"] in (
        2 * once,
        2 * once - 1,
    )
