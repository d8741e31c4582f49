"""Cloned languages: what each arm reads, and the numbers it can and cannot have."""

from dataclasses import replace

import pytest

from interlingua.core.errors import BadInput
from interlingua.lab.named import tuned_by_rule, world
from interlingua.models.lm import LM
from interlingua.recipes.cloned_languages import RECIPE, SMALL, run
from interlingua.recipes.recipe import Context, with_knobs
from interlingua.training.cloned_text import clone_rows

QUICK = replace(SMALL, steps=4, batch_size=5, held_out=4, limit=80, layers=1)
LANG = tuned_by_rule(world("lab:tiny"))[0]
ALONE, EVEN, SCRAMBLED = (
    {**RECIPE.controls, **RECIPE.baselines}[arm] for arm in ("alone", "even", "scrambled")
)


@pytest.fixture
def ctx(tiny_base: LM) -> Context:
    """The smallest world and one of its languages."""
    return Context(tiny_base, world("lab:tiny"), (LANG,))


def test_the_rare_clone_alone_reads_its_share_at_the_same_pace(ctx: Context) -> None:
    knobs = replace(QUICK, steps=40, batch_size=20)
    method, alone = (run(ctx, with_knobs(knobs, arm)) for arm in ({}, ALONE))
    assert alone.facts["steps"] == method.facts["steps"] == 40
    assert alone.facts["tokens"] == pytest.approx(0.1 * method.facts["tokens"], rel=0.35)  # whole rows
    assert alone.numbers.keys() == {"minority_loss"}
    small = run(ctx, with_knobs(QUICK, ALONE))  # half a row a step becomes a whole row in half the steps
    assert small.facts["steps"] < QUICK.steps


def test_equal_shares_are_learned_alike_and_numbers_differ_by_arm(ctx: Context) -> None:
    method, even, scrambled = (run(ctx, with_knobs(QUICK, arm)).numbers for arm in ({}, EVEN, SCRAMBLED))
    assert method.keys() == even.keys() == scrambled.keys()
    losses = {arm["minority_loss"][LANG] for arm in (method, even, scrambled)}
    assert len(losses) == 3
    assert all(-1 <= arm[name][LANG] <= 1 for arm in (method, even) for name in ("cosine", "gradient_cosine"))
    for arm in (method, even):
        assert arm["cosine_above"][LANG] == arm["cosine"][LANG] - arm["cosine_of_others"][LANG]


def test_a_text_is_in_one_clone_only(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[int, set[str]] = {}

    def kept(lm: LM, texts: list[str], clone: int, length: int) -> list[list[int]]:
        seen[clone] = set(texts)
        return [[clone, 5, 6]] * len(texts)

    monkeypatch.setattr("interlingua.recipes.cloned_languages.clone_rows", kept)
    run(ctx, QUICK)
    assert seen[0].isdisjoint(seen[1])
    assert len(seen[1]) == pytest.approx(0.1 * len(seen[0] | seen[1]), abs=1)


def test_the_oracle_reads_the_same_texts_in_one_language(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[int, tuple[str, ...]]] = []

    def kept(lm: LM, texts: list[str], clone: int, length: int) -> list[list[int]]:
        read.append((clone, tuple(texts)))
        return clone_rows(lm, texts, clone, length)

    monkeypatch.setattr("interlingua.recipes.cloned_languages.clone_rows", kept)
    method, oracle = (run(ctx, with_knobs(QUICK, arm)) for arm in ({}, RECIPE.oracles["one_language"]))
    assert [clone for clone, _ in read] == [1, 0, 1, 1]
    assert [texts for _, texts in read[:2]] == [texts for _, texts in read[2:]]
    assert oracle.facts == method.facts
    assert oracle.numbers.keys() == {"minority_loss"}  # there is no common clone to compare with


def test_the_oracle_is_ahead_of_clones(ctx: Context) -> None:
    knobs = replace(QUICK, steps=60, batch_size=10)
    found = [run(ctx, with_knobs(knobs, arm)) for arm in ({}, ALONE, RECIPE.oracles["one_language"])]
    method, alone, oracle = (one.numbers["minority_loss"][LANG] for one in found)
    assert oracle < min(method, alone)


def test_a_share_that_makes_no_majority_is_refused() -> None:
    for share in (0.4, 1.0):
        with pytest.raises(BadInput, match="Knob share must be from"):
            replace(SMALL, share=share)
