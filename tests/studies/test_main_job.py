"""The arms of the main job: what is sent where, on a stand-in for the engine."""

from pathlib import Path
from typing import Any

import pytest

from interlingua.core.errors import UnknownName
from interlingua.recipes.recipe import RECIPES
from interlingua.studies import main_job
from interlingua.studies.main_job import ARMS, DEFAULT_ARMS, run_arms
from interlingua.studies.measured import Job, Measured
from interlingua.studies.summary import CLAIMS, CONTROLS, ORACLES

SMALL = RECIPES.get("question_translation").presets["small"]


@pytest.fixture
def waves(monkeypatch: pytest.MonkeyPatch) -> list[list[Job]]:
    """The jobs of every wave that was sent."""
    sent: list[list[Job]] = []

    def map_jobs(_: object, jobs: list[Job], workers: int) -> list[Measured]:
        sent.append(jobs)
        return [Measured(job.arm.name, "f", {}) for job in jobs]

    monkeypatch.setattr(main_job, "map_jobs", map_jobs)
    return sent


def run(arms: tuple[str, ...], **changes: Any) -> dict[str, Measured]:
    usual: dict[str, Any] = {
        "languages": ["qab_Cyrl"], "eval_languages": ["qaa_Latn"], "tasks": ["topic"], "target": "qaa_Latn",
        "items": 3, "seed": 1, "folder": Path("nowhere"),
    }  # fmt: skip
    return run_arms("lab:tiny", arms, **(usual | changes))


def test_the_base_comes_first_and_second_stages_after_the_first_ones(waves: list[list[Job]]) -> None:
    done = run(("own_answers", "shuffled", "question_translation", "own_answers_gold", "shuffled"))
    assert [[job.arm.name for job in wave] for wave in waves] == [
        ["base", "shuffled", "question_translation"],
        ["own_answers", "own_answers_gold"],
    ]
    assert list(done) == ["base", "shuffled", "question_translation", "own_answers", "own_answers_gold"]


def test_every_arm_is_asked_in_the_frame_that_is_tuned(waves: list[list[Job]]) -> None:
    run(("few_shot", "shuffled"))
    assert {job.template for job in waves[0]} == {SMALL.template}
    run(("few_shot",), changes={"template": "{question}: "})
    assert {job.template for job in waves[1]} == {"{question}: "}
    assert {job.name for job in waves[1]} == {"arm base", "arm few_shot"}


def test_an_unknown_arm_is_refused_before_any_work(waves: list[list[Job]]) -> None:
    with pytest.raises(UnknownName, match=r"No arm called 'shufled'\. Did you mean shuffled"):
        run(("shufled",))
    assert waves == []


def test_arms_run_recipes_controls_and_oracles_there_are() -> None:
    for arm in ARMS.values():
        if arm.recipe:
            recipe = RECIPES.get(arm.recipe)
            assert arm.changes in [{}, *recipe.controls.values(), *recipe.oracles.values()]
        else:
            assert arm.changes == {}
    listed = {name for names in (*CONTROLS.values(), *ORACLES.values()) for name in names}
    shown = {arm for arm, _ in CLAIMS.values()}
    assert listed | shown | {"base"} == set(ARMS)
    assert set(DEFAULT_ARMS) < set(ARMS)


def test_no_two_arms_train_the_same_first_stage_at_once() -> None:
    both = ["base", "own_answers", "own_answers_gold", "own_answers_untranslated"]
    assert main_job.waves(both) == [
        ["base"],
        ["own_answers", "own_answers_untranslated"],
        ["own_answers_gold"],
    ]
    whole = ["base", "question_translation", *both[1:3]]
    assert main_job.waves(whole) == [["base", "question_translation"], ["own_answers", "own_answers_gold"]]
