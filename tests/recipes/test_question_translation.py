"""Question translation: the paper's values, and that only the signal differs between method and controls."""

from dataclasses import replace
from pathlib import Path

import pytest

from interlingua.core.errors import BadInput
from interlingua.lab.named import world
from interlingua.models.lm import LM
from interlingua.recipes.question_translation import RECIPE, Knobs, run
from interlingua.recipes.recipe import Context

QUICK = Knobs(steps=3, batch_size=4, limit=6, lr=1e-2)


@pytest.fixture
def ctx(tiny_base: LM) -> Context:
    """The smallest world, tuned on one language."""
    return Context(tiny_base, world("lab:tiny"), ("qab_Cyrl",))


def test_the_defaults_are_the_papers() -> None:
    knobs = Knobs()
    assert (knobs.targets, knobs.lr, knobs.warmup) == (("q_proj", "v_proj"), 5e-5, 0.1)
    assert (knobs.epochs, knobs.batch_size, knobs.limit, knobs.replay) == (3.0, 16, 10_000, 0.0)
    assert set(RECIPE.controls) == {"shuffled", "pivot_only", "reverse", "general_text"}
    assert knobs.template == "{question}\nTranslate the input from {source} to {target}:\n"


def test_lora_sits_on_q_and_v_alone(ctx: Context) -> None:
    tuned = run(ctx, QUICK).models["tuned"]
    adapted = {n.split(".lora_")[0][-6:] for n, _ in tuned.model.named_parameters() if ".lora_" in n}
    assert adapted == {"q_proj", "v_proj"}


def test_epochs_count_where_steps_are_not_set(ctx: Context) -> None:
    # 6 rows, 2 passes, batches of 4: 3 steps.
    assert run(ctx, replace(QUICK, steps=None, epochs=2.0)).facts["steps"] == 3
    # A control of fewer or shorter rows takes the steps of the method.
    control = replace(QUICK, steps=None, epochs=2.0, signal="pivot_only")
    assert run(ctx, control).facts["steps"] == 3


def test_replay_is_part_of_every_arm(ctx: Context) -> None:
    costs = [run(ctx, replace(QUICK, signal=s, replay=0.5)).facts["steps"] for s in ("questions", "reverse")]
    assert costs == [3, 3]


def test_another_target_than_the_pivot(tiny_base: LM) -> None:
    ctx = Context(tiny_base, world("lab:tiny"), ("qaa_Latn", "qab_Cyrl"), target="qad_Deva")
    into_pivot = Context(tiny_base, world("lab:tiny"), ("qab_Cyrl",))
    assert (
        run(ctx, QUICK).models["tuned"].fingerprint() != run(into_pivot, QUICK).models["tuned"].fingerprint()
    )


def test_a_finished_stage_is_not_tuned_again(
    tiny_base: LM, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = Context(tiny_base, world("lab:tiny"), ("qab_Cyrl",), folder=tmp_path)
    first = run(ctx, QUICK)
    run(ctx, replace(QUICK, signal="shuffled"))
    assert {path.name for path in tmp_path.iterdir()} == {"questions", "shuffled"}
    monkeypatch.setattr("interlingua.training.loop._Run.step", None)  # a step would fail
    assert run(ctx, QUICK).models["tuned"].fingerprint() == first.models["tuned"].fingerprint()


def test_a_template_without_a_place_for_the_question_is_refused() -> None:
    with pytest.raises(BadInput, match=r"lacks \{question\}"):
        Knobs(template="Translate:")
