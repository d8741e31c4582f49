"""Multilingual profile: layers, probes and transfer, each as its measure has it, and the control."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from interlingua.data.items import Example
from interlingua.data.sentences import beside_pivot
from interlingua.lab.named import world
from interlingua.measures.probe import task_probe
from interlingua.measures.retrieval import retrieval
from interlingua.models.lm import LM
from interlingua.recipes.multilingual_profile import RECIPE, Knobs, run
from interlingua.recipes.recipe import Context, Outcome, with_knobs
from interlingua.scoring.hidden import sentence_vectors
from interlingua.scoring.probed import probed_states
from interlingua.training.adapt import Adapted, adapt
from interlingua.training.budget import Budget

QUICK = Knobs(sentences=30, items=24, steps=2, batch_size=4, limit=6, lr=1e-2)


@pytest.fixture(scope="module")
def ctx(tiny_base: LM) -> Context:
    """The smallest world, tuned on one language."""
    return Context(tiny_base, world("lab:tiny"), ("qab_Cyrl",))


@pytest.fixture(scope="module")
def outcome(ctx: Context) -> Outcome:
    """One run, looked at by several tests."""
    return run(ctx, QUICK)


def test_layers_are_those_of_the_measures(ctx: Context, outcome: Outcome) -> None:
    means = []
    for lang, beside in beside_pivot(ctx.source, "pairs", 30).items():
        pivot, own = (sentence_vectors(ctx.base, texts, "mean") for texts in (beside.pivot, beside.own))
        found = retrieval(pivot, own)
        means.append([(one + two) / 2 for one, two in zip(found.found, found.back, strict=True)])
        assert [outcome.numbers[f"retrieval_{layer}"][lang] for layer in range(3)] == pytest.approx(means[-1])
    line = np.mean(means, axis=0)
    assert outcome.numbers["retrieval_peak"][""] == line.argmax() / 2
    assert outcome.numbers["retrieval_middle"][""] == pytest.approx(line[1] - max(line[0], line[2]))


def test_probes_stand_beside_random_labels(ctx: Context, outcome: Outcome) -> None:
    right = []
    for held in probed_states(ctx.base, ctx.source, 24, "mean"):
        right.append(task_probe(held.vectors, held.answers, groups=held.groups, draws=2).accuracy[1])
    numbers = outcome.numbers
    assert numbers["probe_1"][""] == pytest.approx(np.mean(right))
    assert numbers["probe"].keys() == set(ctx.source.languages)
    # Scripts differ, so any layer tells the language; among random labels none can be told.
    assert numbers["language_probe_0"][""] == 1.0
    assert numbers["language_probe_selectivity"][""] > 0.5


def test_transfer_is_that_of_a_tuned_copy_before_and_after(ctx: Context, outcome: Outcome) -> None:
    late = outcome.numbers["score"]
    assert late.keys() == outcome.before["score"].keys() == set(ctx.source.languages)
    gap = late["qab_Cyrl"] - (late["qac_Arab"] + late["qad_Deva"]) / 2
    assert outcome.numbers["transfer_gap"][""] == pytest.approx(gap)
    assert not outcome.models
    assert {row.model for row in outcome.rows}.isdisjoint({ctx.base.fingerprint()})


def test_the_oracle_learns_all_languages_in_as_many_steps(
    ctx: Context, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned: list[tuple[set[str | None], int]] = []

    def kept(lm: LM, rows: Sequence[Example], lora: Any, budget: Budget, *args: Any, **rest: Any) -> Adapted:
        learned.append(({row.lang for row in rows}, budget.steps))
        return adapt(lm, rows, lora, budget, *args, **rest)

    monkeypatch.setattr("interlingua.recipes.multilingual_profile.adapt", kept)
    epochs = replace(QUICK, steps=None, epochs=1.0)
    oracle = run(ctx, with_knobs(epochs, RECIPE.oracles["all_languages"]))
    method = run(ctx, epochs)
    given = {ctx.source.pivot, *ctx.languages}
    assert learned == [(set(ctx.source.languages), 6), (given, 6)]  # two tasks, two languages, six rows
    assert oracle.numbers["retrieval_1"] == method.numbers["retrieval_1"] == outcome.numbers["retrieval_1"]
    assert {row.model for row in oracle.rows}.isdisjoint(row.model for row in method.rows)


def test_alignment_is_set_beside_the_share_of_all_text(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {}
    monkeypatch.setattr(
        "interlingua.recipes.multilingual_profile.correlation_numbers",
        lambda name, x, y, **rest: asked.setdefault(name, (x, y)) and {},
    )
    run(ctx, QUICK)
    retrieved, share = asked["share_by_retrieval"]
    place = world("lab:tiny")
    assert share == {lang: sum(place.shares[lang]) for lang in place.languages[1:]}
    assert retrieved.keys() == share.keys()


def test_the_control_costs_the_same_and_aligns_nothing(ctx: Context, outcome: Outcome) -> None:
    control = run(ctx, replace(QUICK, signal="shuffled"))
    for cost in ("steps", "tokens"):
        assert control.facts[cost] == outcome.facts[cost]
    assert control.facts["label_tokens"] == pytest.approx(outcome.facts["label_tokens"], rel=0.02)
    assert max(control.numbers["retrieval_1"].values()) < 0.2
    assert control.numbers["probe"] == outcome.numbers["probe"]
