"""Layer swapping: experts shared between arms, layers from where the knobs say, what changed where."""

from dataclasses import replace

import pytest
import torch

from interlingua.core.errors import BadInput, MissingResource
from interlingua.lab.named import world
from interlingua.models.surgery.change import by_layer, heat_map
from interlingua.models.surgery.layers import part_numbers
from interlingua.recipes.layer_swap import RECIPE, SMALL, run
from interlingua.recipes.recipe import Context, with_knobs
from interlingua.training.adapt import adapt
from interlingua.training.budget import Budget

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


def test_numbers_tell_where_each_expert_changed(ctx):
    outcome = run(ctx, QUICK)
    assert outcome.facts.keys() == {"steps", "label_tokens", "tokens"}
    assert outcome.facts["steps"] == 4
    assert list(outcome.numbers) == [
        f"{which}_change_{layer}" for which in ("task", "language") for layer in range(4)
    ]
    for which in ("task", "language"):
        for part in by_layer(heat_map(ctx.base, outcome.models[which])):
            assert outcome.numbers[f"{which}_change_{part.layer}"] == {"": part.relative}
            assert part.relative > 0


def test_the_oracle_knows_answers_in_the_tuned_languages(ctx, monkeypatch):
    taught = {}

    def kept(lm, rows, lora, budget, *given, title, **settings):
        taught[title] = ({row.lang for row in rows}, len(rows), budget.steps)
        return adapt(lm, rows, lora, Budget(1, budget.lr), *given, title=title, **settings)

    monkeypatch.setattr("interlingua.recipes.layer_swap.adapt", kept)
    knobs = replace(QUICK, steps=None)
    task = run(ctx, with_knobs(knobs, RECIPE.baselines["task_expert"]))
    oracle = run(ctx, with_knobs(knobs, RECIPE.oracles["labelled_languages"]))
    pivot = ctx.source.pivot
    assert taught["Tuning the task expert"] == ({pivot}, 8, 2)
    assert taught["Tuning the labelled expert"] == ({pivot, *LANGUAGES}, 24, 2)  # as many steps
    assert oracle.models["tuned"] is oracle.models["labelled"]
    assert oracle.models["tuned"].fingerprint() != task.models["tuned"].fingerprint()


def test_the_oracle_names_the_language_without_labels(ctx, monkeypatch):
    whole = world("lab:tiny")

    class Unanswered:
        """The same world, the second language's questions for testing alone."""

        def __getattr__(self, name):
            return getattr(whole, name)

        def task(self, name, lang, split="test"):
            return [] if (lang, split) == (LANGUAGES[1], "train") else whole.task(name, lang, split)

    source = replace(ctx, source=Unanswered(), folder=None)
    with pytest.raises(MissingResource, match=r"lab:tiny has no training questions of .* in qad_Deva"):
        run(source, replace(QUICK, merge="labelled"))


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
