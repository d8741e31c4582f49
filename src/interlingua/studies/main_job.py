"""The main job: question translation, its controls and own answers side by side; the dear part of a study."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from interlingua.core.engine import map_jobs
from interlingua.core.errors import UnknownName
from interlingua.recipes.recipe import RECIPES
from interlingua.studies.measured import Arm, Job, Measured, knobs_of, template_of, tune_and_measure

ARMS: Mapping[str, Arm] = {
    arm.name: arm
    for arm in (
        Arm("base", align=True),
        Arm("question_translation", "question_translation", align=True),
        Arm("shuffled", "question_translation", {"signal": "shuffled"}),
        Arm("pivot_only", "question_translation", {"signal": "pivot_only"}),
        Arm("reverse", "question_translation", {"signal": "reverse"}),
        Arm("general_text", "question_translation", {"signal": "general_text"}),
        Arm("few_shot", modes=("restate",), shots=1),
        Arm("own_answers", "own_answers", modes=("direct",)),
        Arm("own_answers_untranslated", "own_answers", {"signal": "pivot_only"}, modes=("direct",)),
        Arm("own_answers_gold", "own_answers", {"answers": "gold"}, modes=("direct",)),
    )
}
DEFAULT_ARMS = (
    "question_translation", "shuffled", "pivot_only", "reverse", "few_shot",
    "own_answers", "own_answers_untranslated",
)  # fmt: skip
SECOND_STAGE = tuple(name for name, arm in ARMS.items() if arm.recipe == "own_answers")


def run_arms(
    on: str,
    arms: Sequence[str],
    *,
    languages: Sequence[str],
    eval_languages: Sequence[str],
    tasks: Sequence[str],
    target: str,
    items: int | None,
    seed: int,
    folder: Path,
    workers: int = 2,
    device: str = "auto",
    preset: str | None = "small",
    changes: Mapping[str, Any] | None = None,
    model: str | None = None,
) -> dict[str, Measured]:
    """Base and arms tuned and measured, each in a process of its own; what is finished is not done again.

    Second stages run after first stages, whose finished checkpoints they share. The base and the few-shot
    arm are asked to restate in the frame that the tuned arms learn, so that only the tuning differs.
    Raises `UnknownName` for an arm nobody knows.
    """
    for name in arms:
        if name not in ARMS:
            raise UnknownName("arm", name, ARMS)
    knobs = knobs_of(RECIPES.get("question_translation"), preset, changes or {})
    wanted = list(dict.fromkeys(["base", *arms]))
    found: dict[str, Measured] = {}
    for wave in waves(wanted):
        jobs = [
            Job(
                ARMS[name], on, model, tuple(languages), target, tuple(tasks), tuple(eval_languages),
                items, seed, preset, dict(changes or {}), folder, device, template_of(knobs),
            )
            for name in wave
        ]  # fmt: skip
        found |= {done.arm: done for done in map_jobs(tune_and_measure, jobs, workers=workers)}
    return found


def waves(arms: Sequence[str]) -> list[list[str]]:
    """Arms that may run side by side: a later wave reads first stages that an earlier one has trained.

    Arms of two stages wait for the arm that is their first stage; where it is not asked for, the first arm
    that shares it trains it, and the others wait for that one.
    """
    plain = [name for name in arms if name not in SECOND_STAGE]
    trained = {_signal(name) for name in plain if ARMS[name].recipe}
    leading, waiting = list[str](), list[str]()
    for name in (name for name in arms if name in SECOND_STAGE):
        leads = _signal(name) in trained or _signal(name) not in {_signal(other) for other in leading}
        (leading if leads else waiting).append(name)
    return [wave for wave in (plain, leading, waiting) if wave]


def _signal(arm: str) -> str:
    """What the first stage of an arm is trained on."""
    return str(ARMS[arm].changes.get("signal", "questions"))
