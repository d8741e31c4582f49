"""Own answers: what the model answers itself is what it learns from, and only the oracle looks at labels."""

from dataclasses import replace

import pytest

from interlingua.core.errors import BadInput
from interlingua.core.ledger import Ledger
from interlingua.lab.named import world
from interlingua.models.lm import LM
from interlingua.recipes.own_answers import Knobs, run
from interlingua.recipes.recipe import Context

QUICK = Knobs(steps=2, own_steps=3, batch_size=4, limit=6, unlabelled=3, lr=1e-2, own_lr=1e-2)
LANGUAGES = ("qab_Cyrl", "qad_Deva")


@pytest.fixture
def ctx(tiny_base: LM) -> Context:
    """The smallest world, tuned on two languages."""
    return Context(tiny_base, world("lab:tiny"), LANGUAGES)


def test_two_stages_and_both_models(ctx: Context) -> None:
    done = run(ctx, QUICK)
    assert done.facts["steps"] == 5
    assert done.facts["generated_tokens"] > 0
    assert 0 <= done.facts["own_answers_right"] <= 1
    assert done.models["tuned"].fingerprint() != done.models["translated"].fingerprint()


def test_the_second_stage_learns_from_what_the_model_answered(ctx: Context) -> None:
    with Ledger(None) as ledger:
        done = run(replace(ctx, ledger=ledger), QUICK)
        rows = list(ledger.rows())
    assert len(rows) == 2 * 2 * 3  # tasks x languages x unlabelled questions
    assert {row.mode for row in rows} == {"restate"}
    assert {row.split for row in rows} == {"train"}
    assert {row.lang for row in rows} == set(LANGUAGES)
    right = sum(row.correct for row in rows) / len(rows)
    assert done.facts["own_answers_right"] == pytest.approx(right)


def test_the_oracle_takes_labels_and_generates_nothing(ctx: Context) -> None:
    done = run(ctx, replace(QUICK, answers="gold"))
    assert done.facts["generated_tokens"] == 0
    assert done.facts["own_answers_right"] == 1
    assert done.facts["steps"] == 5


def test_the_control_differs_in_its_first_stage(ctx: Context) -> None:
    method, control = run(ctx, QUICK), run(ctx, replace(QUICK, signal="pivot_only"))
    assert control.models["translated"].fingerprint() != method.models["translated"].fingerprint()
    assert control.facts["steps"] == method.facts["steps"]


@pytest.mark.parametrize("share", [0.0, -0.1, 0.8])
def test_shares_that_leave_no_room_are_refused(share: float) -> None:
    with pytest.raises(BadInput, match="own_share must be above 0 and leave room for replay"):
        Knobs(own_share=share, replay=0.25)


def test_own_answers_may_fill_all_that_replay_leaves(ctx: Context) -> None:
    assert run(ctx, replace(QUICK, own_share=0.9, replay=0.1)).facts["steps"] == 5
