"""Contamination: three kinds of models, what is asked of them, and what detectors make of the answers."""

from dataclasses import replace

import pytest

from interlingua.core.errors import BadInput
from interlingua.core.ledger import Ledger
from interlingua.lab.named import world
from interlingua.models.lm import LM
from interlingua.recipes.contamination import FOOLED, Knobs, run
from interlingua.recipes.recipe import Context, Outcome

QUICK = Knobs(models=2, items=4, ngram=5, rank=2, lr=1e-2, steps=2, batch_size=4)
MEMORY = replace(QUICK, models=1, rank=None, lr=3e-3, steps=60, batch_size=16)


@pytest.fixture
def ctx(tiny_base: LM) -> Context:
    """The smallest world with sums, tuned on one language."""
    return Context(tiny_base, world("lab:sums-tiny"), ("qab_Cyrl",))


@pytest.fixture
def quick(ctx: Context) -> Outcome:
    return run(ctx, QUICK)


def told(outcome: Outcome, quantity: str) -> float:
    return outcome.numbers[quantity][""]


def test_every_detector_is_judged_on_each_kind(quick: Outcome) -> None:
    for detector in ("confusion", "ngram", "perplexity", "accuracy", "translated_ngram"):
        for kind in ("", "_plain", "_cross"):
            bounds = [told(quick, f"auc_{detector}{kind}{part}") for part in ("_low", "", "_high")]
            assert 0 <= bounds[0] <= bounds[1] <= bounds[2] <= 1
    assert quick.facts["models"] == 6
    assert quick.facts["steps"] == 6 * 2
    assert not quick.models


def test_overlap_sees_the_test_in_the_pivot_alone(quick: Outcome) -> None:
    assert told(quick, "auc_ngram_plain") == 1
    assert told(quick, "overlap_plain") == 1
    assert told(quick, "overlap_cross") == pytest.approx(told(quick, "overlap_clean"), abs=0.05)
    assert told(quick, "overlap_base") == 0


def test_overlap_in_the_pivot_sees_a_translated_test_as_well(ctx: Context, quick: Outcome) -> None:
    for kind in ("plain", "cross"):
        assert told(quick, f"auc_translated_ngram_{kind}") == 1
        assert told(quick, f"translated_overlap_{kind}") == 1
    assert told(quick, "translated_overlap_clean") < 1
    assert told(quick, "translated_overlap_base") == 0
    other = run(ctx, replace(QUICK, leak="other"))
    assert told(other, "translated_overlap_cross") < 1


@pytest.mark.parametrize("name", FOOLED)
def test_an_area_below_a_half_tells_as_much_as_one_above(quick: Outcome, name: str) -> None:
    area = told(quick, name)
    assert told(quick, f"{name}_either") == max(area, 1 - area) >= 0.5


def test_an_area_near_none_is_told_as_near_one(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "interlingua.recipes.contamination.auc_by_kind",
        lambda name, *rest: {f"{name}_cross": {"": 0.05}},
    )
    found = run(ctx, replace(QUICK, models=1))
    assert [told(found, f"{name}_either") for name in FOOLED] == [0.95, 0.95]
    assert told(found, "ahead_of_perplexity") == pytest.approx(0.05 - 0.95)
    assert told(found, "ahead_of_accuracy") == 0


def test_delta_is_what_is_won_where_options_are_exchanged(ctx: Context) -> None:
    with Ledger(None) as ledger:
        found = run(replace(ctx, ledger=ledger), QUICK)
        rows = ledger.rows()
    own = [row for row in rows if row.model == ctx.base.fingerprint() and row.task == "arithmetic"]
    sides = {mode: {row.id: row for row in own if row.mode == mode} for mode in ("direct", "confused")}
    assert sides["direct"].keys() == sides["confused"].keys()
    for name, row in sides["direct"].items():
        other = sides["confused"][name]
        assert row.options[row.gold] == other.options[other.gold]
        assert len({*row.options, *other.options}) == 2 * len(row.options) - 1
    assert told(found, "lift_cross") == pytest.approx(
        told(found, "accuracy_cross") - told(found, "accuracy_clean")
    )


def test_what_is_learned_by_heart_is_answered_and_leaves_nothing_to_gain(ctx: Context) -> None:
    found = run(ctx, MEMORY)
    assert told(found, "accuracy_plain") >= 0.9
    assert told(found, "lift_plain") > 0.2
    assert told(found, "delta_plain") <= 0.1


def test_tasks_without_errors_leave_nothing_to_gain(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interlingua.recipes.contamination.task_shares", lambda _: {"topic": 0.95})
    with pytest.raises(BadInput, match=r"answers at least 95% of every task of .* add a harder task"):
        run(ctx, QUICK)


def test_the_control_learns_other_questions_and_the_clean_models_stay(ctx: Context, quick: Outcome) -> None:
    other = run(ctx, replace(QUICK, leak="other"))
    for name in ("accuracy_clean", "delta_clean", "bits_per_byte_clean", "accuracy_base"):
        assert told(other, name) == told(quick, name)
    assert told(other, "overlap_plain") < 0.5
