"""xCoT: parts that can be left out at equal tokens, what is written counted, no steps refused."""

import math
from dataclasses import replace
from typing import Any

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.chain_rows import chain_rows
from interlingua.data.chains import Chain
from interlingua.lab.named import spec, world
from interlingua.lab.worlds import World
from interlingua.models.lm import LM
from interlingua.recipes import xcot
from interlingua.recipes.recipe import Context, with_knobs
from interlingua.recipes.xcot import PARTS, RECIPE, SMALL, run

QUICK = replace(SMALL, steps=2, batch_size=6, limit=12, items=4)
LANGUAGES = ("qab_Cyrl", "qad_Deva")


@pytest.fixture(scope="module")
def ctx(tiny_base: LM) -> Context:
    lab = World(replace(spec("lab:sums-tiny"), bank={"train": 40, "dev": 10, "test": 12}))
    return Context(tiny_base, lab, LANGUAGES)


def test_every_weight_is_tuned_or_an_adapter(ctx: Context) -> None:
    whole = run(ctx, QUICK).models["tuned"]
    before = dict(ctx.base.model.named_parameters())
    assert not whole.adapted
    assert all(not parameter.equal(before[name]) for name, parameter in whole.model.named_parameters())
    assert run(ctx, replace(QUICK, rank=2, optimizer="adamw")).models["tuned"].adapted


def test_what_is_written_is_counted_in_every_language(ctx: Context) -> None:
    outcome = run(ctx, QUICK)
    assert outcome.numbers.keys() == outcome.before.keys() == {"written", "translated"}
    assert len(outcome.rows) == 2 * 4 * len(ctx.source.languages)
    for way, shares in outcome.numbers.items():
        assert shares.keys() == outcome.before[way].keys() == set(ctx.source.languages)
        for lang, share in shares.items():
            own = [row for row in outcome.rows if (row.lang, row.mode) == (lang, way)]
            assert len(own) == 4
            assert share == sum(row.correct for row in own) / len(own)
            asked = {row.question.endswith(" = ") for row in own}
            assert asked == {way == "translated" and lang != ctx.source.pivot}


def test_arms_with_fewer_parts_read_as_many_tokens(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xcot, "train", lambda lm, *given, **settings: lm)  # the batches tell
    long = replace(QUICK, steps=100)
    whole = run(ctx, long).facts
    for name, changes in RECIPE.baselines.items():
        part = run(ctx, with_knobs(long, changes)).facts
        assert part["steps"] == whole["steps"] == 100
        assert math.isclose(part["tokens"], whole["tokens"], rel_tol=0.02), name
    assert run(ctx, replace(long, tied=False)).facts["label_tokens"] == whole["label_tokens"]


def test_the_oracle_knows_every_chain_in_the_tuned_languages(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = []
    monkeypatch.setattr(xcot, "train", lambda lm, *given, **settings: lm)

    def kept(chains: list[Chain], *given: Any, **settings: Any) -> Any:
        known.append([len(chain.questions) for chain in chains])
        return chain_rows(chains, *given, **settings)

    monkeypatch.setattr(xcot, "chain_rows", kept)
    scarce = replace(QUICK, elsewhere=3)
    facts = [run(ctx, with_knobs(scarce, changes)).facts for changes in ({}, RECIPE.oracles["all_chains"])]
    method, oracle = known[0], known[-1]
    assert sorted(method) == [1] * 9 + [3] * 3
    assert oracle == [3] * 12
    assert facts[0]["steps"] == facts[1]["steps"]


def test_parts_that_there_are_not_are_refused() -> None:
    assert RECIPE.baselines.keys() == {"plain", *(f"no_{part}" for part in PARTS[1:])}
    for parts in ((), ("xicl",), ("sft", "icl")):
        with pytest.raises(BadInput, match="Knob parts holds sft and any of xicl, random_cot, distil"):
            replace(QUICK, parts=parts)
    with pytest.raises(BadInput, match="Knob elsewhere must be at least 1, not 0"):
        replace(QUICK, elsewhere=0)


def test_a_world_without_steps_is_refused(tiny_base: LM) -> None:
    with pytest.raises(MissingResource, match="no training questions with reasoning steps: lab:tiny has no"):
        run(Context(tiny_base, world("lab:tiny"), LANGUAGES), QUICK)
