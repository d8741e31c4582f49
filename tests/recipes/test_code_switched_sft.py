"""Code-switched tuning: only the rows differ between its arms, and the answers never."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.data.items import Example
from interlingua.lab.named import world
from interlingua.models.lm import LM
from interlingua.recipes import code_switched_sft as module
from interlingua.recipes.code_switched_sft import RECIPE, Knobs, run
from interlingua.recipes.recipe import Context, with_knobs

QUICK = Knobs(steps=3, batch_size=4, limit=6, lr=1e-2, rate=1.0)
LANGUAGES = ("qab_Cyrl", "qac_Arab")


def rows(changes: dict[str, object], tiny_base: LM, monkeypatch: pytest.MonkeyPatch) -> list[Example]:
    seen: list[Example] = []

    def watched(lm: LM, examples: list[Example], *given: object, **settings: object) -> object:
        seen.extend(examples)
        return adapt(lm, examples, *given, **settings)  # type: ignore[arg-type]

    adapt = module.adapt
    with monkeypatch.context() as patch:
        patch.setattr(module, "adapt", watched)
        run(Context(tiny_base, world("lab:tiny"), LANGUAGES), with_knobs(QUICK, changes))
    return seen


def test_arms_have_the_same_answers_and_other_questions(
    tiny_base: LM, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = world("lab:tiny")
    arms = {"method": {}, **RECIPE.controls, **RECIPE.baselines, **RECIPE.oracles}
    assert set(arms) == {"method", "untied", "pivot_only", "supervised"}
    told = {name: rows(dict(changes), tiny_base, monkeypatch) for name, changes in arms.items()}
    assert len({tuple(row.target for row in found) for found in told.values()}) == 1
    assert len(told["method"]) == 6 * len(LANGUAGES) * len(lab.tasks)
    pivot = {item.question for task in lab.tasks for item in lab.task(task, lab.pivot, "train")}
    assert all(row.prompt in pivot for row in told["pivot_only"])
    assert not any(row.prompt in pivot for row in told["method"] + told["untied"])
    assert told["method"] != told["untied"]
    gold = {
        item.question for task in lab.tasks for lang in LANGUAGES for item in lab.task(task, lang, "train")
    }
    assert all(row.prompt in gold for row in told["supervised"])


@pytest.mark.parametrize("rate", [0.0, 1.5])
def test_a_rate_that_switches_nothing_or_too_much_is_refused(rate: float) -> None:
    with pytest.raises(BadInput, match="Knob rate must be above 0 and at most 1"):
        Knobs(rate=rate)
