"""Tunnel jobs: one recipe with all its arms on one world, and what the base of the world does there.

A job is made of plain values and gives plain values, so it runs in any process. Arms of a job share a folder
of stages, so that a first stage is trained once. Each finished arm is kept by itself: a job broken off goes
on, and a new arm of a recipe is run alone.
"""

import inspect
import json
import math
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any

from interlingua.core.errors import BadInput, InterlinguaError, OutOfRoom, RunFolderError
from interlingua.core.files import write_atomic
from interlingua.core.fingerprint import code_fingerprint, fingerprint
from interlingua.core.ledger import Ledger
from interlingua.core.provenance import commit
from interlingua.data.prompts import PAPER, Template
from interlingua.lab.bases import base_spec, load_base
from interlingua.lab.named import tuned_by_rule, world
from interlingua.lab.worlds import World
from interlingua.measures.task_shares import language_shares
from interlingua.models.lm import LM
from interlingua.recipes.recipe import RECIPES, Context, Recipe
from interlingua.studies.measured import measure, template_of
from interlingua.studies.summary import kept_tasks
from interlingua.studies.tunnel_arms import TunnelArm, arms_of, modes_of
from interlingua.studies.tunnel_worlds import kind_of

EACH = 300
"""Items per language, over all tasks asked, where nothing else is wanted."""


@dataclass(frozen=True)
class Asked:
    """What is asked of every model on one world: `items` per task and language (None: `EACH` in all)."""

    world: str
    kind: str
    seed: int
    items: int | None
    device: str
    folder: Path

    def each(self, tasks: Sequence[str]) -> int:
        """Items per task."""
        return self.items or math.ceil(EACH / len(tasks))


@dataclass(frozen=True)
class BaseJob:
    """The untuned base of a world, asked once for all recipes; `templates` are frames to restate in."""

    asked: Asked
    modes: tuple[str, ...]
    templates: tuple[str, ...]

    @property
    def name(self) -> str:
        """The job's name, for messages and for its folder."""
        return f"the base of {self.asked.world}"

    @cached_property
    def place(self) -> Path:
        """Where its result is kept."""
        asked = self.asked
        key = fingerprint(asked.world, asked.kind, asked.seed, asked.items, self.modes, self.templates,
                          world(asked.world).fingerprint(), base_spec(asked.world))  # fmt: skip
        return asked.folder / f"{_plain(asked.world)}-base-{key[:8]}" / "result.json"


@dataclass(frozen=True)
class RecipeJob:
    """One recipe on one world: method, controls and baselines, and its oracles where they are wanted.

    `tasks` are asked in every language, `watched` in the pivot, to see what it loses. `changes` are knobs
    changed in every arm.
    """

    asked: Asked
    recipe: str
    tasks: tuple[str, ...]
    watched: tuple[str, ...]
    changes: Mapping[str, Any]
    oracles: bool = False

    @property
    def name(self) -> str:
        """The job's name, for messages."""
        return f"{self.recipe} on {self.asked.world}"

    @cached_property
    def arms(self) -> Mapping[Path, TunnelArm]:
        """Its arms by the file in which the numbers of each are kept."""
        arms = arms_of(RECIPES.get(self.recipe), self.changes, self.oracles)
        return {self.folder / "arms" / f"{arm.name}-{fingerprint(arm.knobs)[:8]}.json": arm for arm in arms}

    @cached_property
    def stages(self) -> Path:
        """Where its arms keep their checkpoints: another place for arms of other knobs."""
        return self.folder / f"stages-{fingerprint([arm.knobs for arm in self.arms.values()])[:8]}"

    @cached_property
    def folder(self) -> Path:
        """Where its arms are kept: another place for other code of the recipe, or other questions."""
        asked, recipe = self.asked, RECIPES.get(self.recipe)
        source = inspect.getsource(sys.modules[recipe.run.__module__])
        code = code_fingerprint(source, without=(RECIPES.holds,))  # arms and claims count by themselves
        key = fingerprint(code, modes_of(recipe), asked.seed, asked.items, self.tasks, self.watched,
                          world(asked.world).fingerprint(), base_spec(asked.world))  # fmt: skip
        return asked.folder / f"{_plain(asked.world)}-{self.recipe}-{key[:8]}"


def known_result(job: BaseJob | RecipeJob) -> dict[str, Any] | None:
    """The result of a job that was finished before; raises `RunFolderError` where it is damaged.

    Checkpoints go that were left because everything ended between its last arm and `keep_result`.
    """
    if isinstance(job, RecipeJob):
        if not all(file.is_file() for file in job.arms):
            return None
        shutil.rmtree(job.stages, ignore_errors=True)  # its own: others may be of arms that are yet to end
        return _told(job)
    return _read(job.place) if job.place.is_file() else None


def keep_result(job: BaseJob | RecipeJob, result: Mapping[str, Any]) -> None:
    """Keep the result of a finished job, and drop the checkpoints it no longer needs."""
    if "failed" in result:
        return
    if isinstance(job, RecipeJob):
        for stages in job.folder.glob("stages-*"):
            shutil.rmtree(stages, ignore_errors=True)
    else:
        write_atomic(job.place, json.dumps(result, ensure_ascii=False, indent=1) + "\n")


def run_base(job: BaseJob) -> dict[str, Any]:
    """Which tasks are asked in a world, and how its base answers them; a failure of ours is told as `failed`.

    Raises what the machine does to us (`OutOfRoom`), and bugs.
    """
    try:
        return _ask_base(job)
    except OutOfRoom:
        raise
    except InterlinguaError as error:
        return {"world": world(job.asked.world).name, "kind": job.asked.kind, "failed": str(error)}


def _ask_base(job: BaseJob) -> dict[str, Any]:
    asked, place, kind = job.asked, world(job.asked.world), kind_of(job.asked.kind)
    lm, started = load_base(asked.world, asked.device), monotonic()
    job.place.parent.mkdir(parents=True, exist_ok=True)
    with Ledger(job.place.parent / "ledger.sqlite") as ledger:
        in_pivot = measure(
            lm, place, place.tasks, (place.pivot,), ("direct",), Template(PAPER), asked.each(place.tasks),
            asked.seed, ledger,
        )["direct"]  # fmt: skip
        told = kept_tasks(in_pivot, place.tasks, place.pivot)
        learned = [task["name"] for task in told if task["kept"]]
        tasks = kind.tasks or tuple(learned)
        if not tasks:
            raise BadInput(
                f"The base of {place.name} has learned no task in its pivot, so nothing can be judged there; "
                "take another world, or a base trained longer."
            )
        told = [{**task, "asked": task["name"] in tasks} for task in told]
        values: dict[str, Any] = {}
        for mode in job.modes:
            for template in job.templates if mode == "restate" else ("",):
                rows = measure(
                    lm, place, tasks, place.languages, (mode,), Template(template or PAPER),
                    asked.each(tasks), asked.seed, ledger,
                )  # fmt: skip
                values[f"{mode} {template}".strip()] = language_shares(rows[mode])
        return {
            "world": place.name, "kind": kind.name, "pivot": place.pivot, "tasks": told,
            "asked": list(tasks), "watched": learned, "items": asked.each(tasks), "values": values,
            "pivot_accuracy": _watch(lm, place, learned, asked, ledger), "base": lm.fingerprint(),
            "tuned_languages": list(tuned_by_rule(place)), "languages": _languages(place),
            "seeds": {"world": place.spec.seed, "tuning": asked.seed, "items": asked.seed},
            "seconds": round(monotonic() - started, 1),
        }  # fmt: skip


def run_recipe_job(job: RecipeJob) -> dict[str, Any]:
    """All arms of a recipe on a world; a failure of ours is told as `failed` and ends only this job.

    Raises what the machine does to us (`OutOfRoom`), and bugs.
    """
    recipe, place = RECIPES.get(job.recipe), world(job.asked.world)
    try:
        lm = load_base(job.asked.world, job.asked.device)
        (job.folder / "arms").mkdir(parents=True, exist_ok=True)
        for task in place.tasks:  # generated once, so that no arm's seconds hold it
            place.bank(task, "train")
        with Ledger(job.folder / "ledger.sqlite") as ledger:
            for file, arm in job.arms.items():
                if not file.is_file():
                    told = json.dumps(_run_arm(job, recipe, arm, lm, place, ledger), ensure_ascii=False)
                    write_atomic(file, told + "\n")
    except OutOfRoom:
        raise
    except InterlinguaError as error:
        return {**_head(job), "failed": str(error)}
    return _told(job)


def _run_arm(
    job: RecipeJob, recipe: Recipe, arm: TunnelArm, lm: LM, place: World, ledger: Ledger
) -> dict[str, Any]:
    """One arm run and asked: numbers by quantity and language, cost, seconds of running and of asking."""
    asked, started = job.asked, monotonic()
    ctx = Context(lm, place, tuned_by_rule(place), asked.seed, folder=job.stages, ledger=ledger)
    outcome = recipe.run(ctx, arm.knobs)
    ran, tuned = monotonic(), outcome.models.get("tuned")
    values: dict[str, Any] = {name: _finite(found) for name, found in outcome.numbers.items()}
    watched = {}
    if tuned is not None:
        rows = measure(
            tuned, place, job.tasks, place.languages, modes_of(recipe), Template(template_of(arm.knobs)),
            asked.each(job.tasks), asked.seed, ledger,
        )  # fmt: skip
        values |= {mode: language_shares(found) for mode, found in rows.items()}
        watched = _watch(tuned, place, job.watched, asked, ledger)
    return {
        "commit": commit(),
        "template": template_of(arm.knobs) if "restate" in values else "",
        "values": values,
        "before": {name: _finite(found) for name, found in outcome.before.items()},
        "pivot_accuracy": watched,
        "facts": {name: float(value) for name, value in outcome.facts.items() if math.isfinite(value)},
        "seconds": round(ran - started, 1),
        "seconds_asking": round(monotonic() - ran, 1),
    }


def _told(job: RecipeJob) -> dict[str, Any]:
    """A job whose arms are all there: the numbers of each, by its name."""
    arms = {}
    for file, arm in job.arms.items():
        changes = {name: str(value) for name, value in arm.changes.items()}
        arms[arm.name] = {"role": arm.role, "changes": changes, **_read(file)}
    return {**_head(job), "arms": arms}


def _head(job: RecipeJob) -> dict[str, Any]:
    return {"recipe": job.recipe, "world": world(job.asked.world).name, "kind": job.asked.kind}


def _watch(lm: LM, place: World, tasks: Sequence[str], asked: Asked, ledger: Ledger) -> dict[str, float]:
    """Accuracy in the pivot on each task that the base had learned."""
    if not tasks:
        return {}
    rows = measure(
        lm, place, tasks, (place.pivot,), ("direct",), Template(PAPER), asked.each(tasks), asked.seed, ledger
    )
    return {
        task: language_shares([row for row in rows["direct"] if row.task == task])[place.pivot]
        for task in tasks
    }


def _read(kept: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RunFolderError(f"{kept} is damaged; delete it, and the same command runs it again.") from error
    return found


def _finite(found: Mapping[str, float]) -> dict[str, float]:
    """The numbers that are numbers: what a recipe could not measure is left out, and so stays missing."""
    return {lang: float(value) for lang, value in found.items() if math.isfinite(value)}


def _languages(place: World) -> dict[str, dict[str, Any]]:
    return {
        lang: {
            "family": place.tongue(lang).spec.family,
            "script": place.tongue(lang).spec.script,
            "bilingual_share": place.bilingual_share(lang),
        }
        for lang in place.languages
    }


def _plain(name: str) -> str:
    return name.removeprefix("lab:")
