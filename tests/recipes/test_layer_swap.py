"""Layer swapping: experts shared between arms, layers from where the knobs say, facts of cost and change."""

from dataclasses import replace

import pytest
import torch

from interlingua.core.errors import BadInput, MissingResource
from interlingua.lab.named import world
from interlingua.models.surgery.layers import part_numbers
from interlingua.recipes.layer_swap import RECIPE, SMALL, run
from interlingua.recipes.recipe import Context, with_knobs

LANGUAGES = ("qab_Cyrl", "qad_Deva")
QUICK = replace(SMALL, steps=2, batch_size=4, limit=8)


@pytest.fixture
def ctx(tiny_base, tmp_path):
    """The smallest world, with a folder for checkpoints."""
    return Context(tiny_base, world("lab:tiny"), LANGUAGES, folder=tmp_path)


def weights(lm):
    """Parameters by name."""
    return dict(lm.model.named_parameters())


def test_parts_come_from_the_experts_that_the_knobs_name(ctx):
    outcome = run(ctx, QUICK)
    numbers = part_numbers(ctx.base)
    ours, task, language = (weights(outcome.models[name]) for name in ("tuned", "task", "language"))
    for name, weight in ours.items():  # embeddings, the bottom layer, the layer above, the final norm
        owner = [task, language, task, language][numbers[name]]
        assert torch.equal(weight, owner[name])
    assert any(not torch.equal(task[name], language[name]) for name in ours)


@pytest.mark.parametrize("arm", [*RECIPE.controls, *RECIPE.baselines])
def test_every_arm_is_a_merge_of_the_same_experts(ctx, arm, monkeypatch):
    outcome = run(ctx, QUICK)
    monkeypatch.setattr("interlingua.training.loop._Run.step", None)  # nothing is trained again
    other = run(ctx, with_knobs(QUICK, {**RECIPE.controls, **RECIPE.baselines}[arm]))
    for name, lm in other.models.items():
        if name != "tuned":
            assert lm.fingerprint() == outcome.models[name].fingerprint()
    assert other.models["tuned"].fingerprint() != outcome.models["tuned"].fingerprint()
    alone = {"task_expert": "task", "language_expert": "language"}.get(arm)
    if alone:
        assert other.models["tuned"] is other.models[alone]
        assert other.facts["steps"] == 2
    else:
        assert other.facts == outcome.facts


def test_facts_tell_cost_and_where_each_expert_changed(ctx):
    facts = run(ctx, QUICK).facts
    assert facts["steps"] == 4
    assert facts["label_tokens"] > 0
    changes = {name for name in facts if "_change_" in name}
    assert changes == {f"{which}_change_{layer}" for which in ("task", "language") for layer in range(4)}
    assert all(facts[name] > 0 for name in changes)


def test_experts_may_be_adapters_and_read_pairs(ctx):
    outcome = run(ctx, replace(QUICK, tuning="lora", data="pairs", rank=2))
    assert outcome.models["task"].adapted
    assert not outcome.models["tuned"].adapted
    start, ours = weights(ctx.base), weights(outcome.models["tuned"])
    numbers = part_numbers(ctx.base)
    moved = {numbers[name] for name, weight in ours.items() if not torch.equal(weight, start[name])}
    assert moved == {1, 2}  # LoRA leaves embeddings and norms as they are


def test_only_the_named_tasks_are_learned(ctx):
    with_all = run(ctx, QUICK)
    one = run(replace(ctx, folder=None), replace(QUICK, tasks=("topic",)))
    assert one.models["task"].fingerprint() != with_all.models["task"].fingerprint()
    assert one.models["language"].fingerprint() == with_all.models["language"].fingerprint()


def test_tasks_that_need_reasoning_are_learned_where_there_are_any(ctx):
    sums = replace(ctx, source=world("lab:sums-tiny"), folder=None)
    default, named, everything = (
        run(sums, replace(QUICK, merge="task", tasks=tasks)).models["tuned"].fingerprint()
        for tasks in ((), ("arithmetic",), sums.source.tasks)
    )
    assert default == named != everything


def test_what_leaves_no_middle_is_refused_and_text_is_needed(ctx):
    with pytest.raises(BadInput, match="leave no middle in 2 layers"):
        run(ctx, replace(QUICK, bottom=1, top=1))
    assert not list(ctx.folder.iterdir())  # before any training
    with pytest.raises(BadInput, match=r"Knob density must be a share up to 1, not 1\.5"):
        replace(QUICK, density=1.5)

    class Mute:
        """The same world without documents."""

        def __getattr__(self, name):
            return (lambda *_: []) if name == "text" else getattr(world("lab:tiny"), name)

    with pytest.raises(MissingResource, match="lab:tiny has no text in qab_Cyrl"):
        run(replace(ctx, source=Mute(), folder=None), QUICK)
