"""Related transfer: what each reader is taught and asked, forgetting, and which relatives are kin."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.items import Choice
from interlingua.lab.named import newcomers, world
from interlingua.models.classic import Reader
from interlingua.models.lm import LM
from interlingua.recipes.recipe import Context, with_knobs
from interlingua.recipes.related_transfer import RECIPE, SMALL, run
from interlingua.training.learn_labels import Labelled, learn_labels

KIN, OTHER = newcomers(world("lab:new-tiny"))
QUICK = replace(SMALL, steps=40, limit=200, relative_limit=200, items=40, reader_lr=1e-2, width=32)


@pytest.fixture
def ctx(tiny_base: LM) -> Context:
    """The smallest world with newcomers: one shares words with the pivot, the other none."""
    return Context(tiny_base, world("lab:new-tiny"), (KIN, OTHER))


def test_a_network_learns_the_pivot_then_the_relative(ctx: Context) -> None:
    out = run(ctx, replace(QUICK, reader="char_cnn"))
    numbers = out.numbers
    assert not out.models
    assert numbers["first"] == {ctx.target: pytest.approx(1, abs=0.1)}
    assert numbers["after"][OTHER] > 0.6 > numbers["zero_shot"][OTHER]  # a fourth is chance
    assert numbers["after"][KIN] > numbers["zero_shot"][KIN]
    assert numbers["zero_shot_kin"] == {KIN: numbers["zero_shot"][KIN]}
    assert numbers["cognates"][OTHER] == 0
    assert "untuned" not in numbers
    assert out.facts["steps"] == 120
    assert out.facts["label_tokens"] == 120 * QUICK.batch_size


def test_exchanged_labels_teach_nothing(ctx: Context) -> None:
    out = run(ctx, with_knobs(replace(QUICK, reader="cnn"), RECIPE.controls["exchanged_labels"]))
    assert all(
        score < 0.5 for found in (out.numbers["first"], out.numbers["after"]) for score in found.values()
    )


def test_the_oracle_knows_the_relatives_before_they_are_asked(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught: list[Counter[str]] = []

    def kept(by: LM | Reader, items: list[Choice], *given: Any, **settings: Any) -> Labelled:
        taught.append(Counter(item.lang for item in items))
        return learn_labels(by, items, *given, **settings)

    monkeypatch.setattr("interlingua.recipes.related_transfer.learn_labels", kept)
    knobs = replace(QUICK, reader="char_cnn", relative_limit=50)
    method, oracle = (run(ctx, with_knobs(knobs, arm)) for arm in ({}, RECIPE.oracles["known_labels"]))
    assert taught[0] == {ctx.target: 200}
    assert taught[1:3] == [{KIN: 50}, {OTHER: 50}]
    assert taught[3] == {ctx.target: 200, KIN: 200, OTHER: 200}
    assert oracle.facts["steps"] == method.facts["steps"]
    assert oracle.numbers["zero_shot"][OTHER] > 0.5 > method.numbers["zero_shot"][OTHER]  # a fourth is chance


def test_the_pretrained_model_is_one_per_relative_and_told_of_untuned(ctx: Context) -> None:
    out = run(ctx, replace(QUICK, steps=1, batch_size=4, items=8))
    assert set(out.models) == {"tuned", f"tuned-{OTHER}"}
    assert set(out.numbers["untuned"]) == {KIN, OTHER}
    high = out.numbers["first"][ctx.target]
    assert all(-1 <= lost <= high for lost in out.numbers["forgetting"].values())
    assert out.facts["steps"] == 3


def test_any_language_may_be_the_first(tiny_base: LM) -> None:
    ctx = Context(tiny_base, world("lab:new-tiny"), (KIN,), target="qab_Cyrl")
    out = run(ctx, replace(QUICK, reader="cnn", steps=1))
    assert set(out.numbers["first"]) == {"qab_Cyrl"}


def test_without_a_dictionary_cognates_are_not_known(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*languages: str) -> None:
        raise MissingResource("no dictionary")

    monkeypatch.setattr(ctx.source, "dictionary", none)
    out = run(ctx, replace(QUICK, reader="cnn", steps=1))
    assert {"cognates", "zero_shot_kin"}.isdisjoint(out.numbers)
    assert "zero_shot" in out.numbers


def test_tasks_named_are_those_learned_and_shares_are_checked(ctx: Context) -> None:
    one, both = (
        run(ctx, replace(QUICK, reader="cnn", steps=1, tasks=tasks)).facts["tokens"]
        for tasks in (("sentiment",), ("sentiment", "topic"))
    )
    assert one != both
    with pytest.raises(BadInput, match="Knob kin"):
        replace(QUICK, kin=1.5)
