"""Measured: a model asked in every language of a source and way of answering; an arm tuned, then asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from interlingua.core.errors import BadInput
from interlingua.core.ledger import Ledger
from interlingua.core.rows import Row
from interlingua.core.seeds import derive
from interlingua.data.builders import draw
from interlingua.data.items import Choice, Pair
from interlingua.data.prompts import PAPER, Template
from interlingua.data.source import Source
from interlingua.measures.mexa import mexa
from interlingua.models.lm import LM, save
from interlingua.recipes.recipe import RECIPES, Context, Numbers, Recipe, with_knobs
from interlingua.scoring.choices import score_choices
from interlingua.scoring.frames import pivot_frames
from interlingua.scoring.hidden import sentence_vectors
from interlingua.scoring.restate import restate
from interlingua.studies.resolve import model, source

MODES = ("direct", "restate")
SENTENCES = 100
"""Parallel sentences that MEXA compares, as its authors do."""

OF_BASE = ("results", "measured_on", "measured_on_fingerprint", "command")
"""Facts of a card that are not those of a model tuned further."""


@dataclass(frozen=True)
class Arm:
    """One column of a study: a recipe with some knobs changed, or the base itself where `recipe` is empty.

    `shots` restated examples of each tuned language stand before a question that is to be restated.
    """

    name: str
    recipe: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    modes: tuple[str, ...] = MODES
    shots: int = 0
    align: bool = False


@dataclass(frozen=True)
class Job:
    """All that one process needs to tune and measure one arm; made of plain values, so it can be sent.

    `template` is the frame in which an arm without a recipe is asked to restate; it must be that of the arms
    it is compared with. `keep` is where the tuned model is saved, whole if `merge`. `opened` are
    the tasks that are opened of files (None: all).
    """

    arm: Arm
    on: str
    model: str | None
    languages: tuple[str, ...]
    target: str
    tasks: tuple[str, ...]
    eval_languages: tuple[str, ...]
    items: int | None
    seed: int
    preset: str | None
    changes: Mapping[str, Any]
    folder: Path
    device: str = "auto"
    template: str = PAPER
    keep: Path | None = None
    merge: bool = False
    opened: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        """The arm's name, for messages."""
        return f"arm {self.arm.name}"


@dataclass(frozen=True)
class Measured:
    """What came out of one arm: rows per mode, alignment per language and layer, cost, seconds.

    `numbers` are what the recipe measured itself, `before` the same of the base. An arm that only measures
    has no `fingerprint` of a model, and no rows.
    """

    arm: str
    fingerprint: str
    rows: Mapping[str, list[Row]]
    alignment: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    facts: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    numbers: Numbers = field(default_factory=dict)
    before: Numbers = field(default_factory=dict)


def knobs_of(recipe: Recipe, preset: str | None, *changes: Mapping[str, Any]) -> Any:
    """A recipe's knobs: its preset or the paper's values, then the changes in order."""
    if preset is not None and preset not in recipe.presets:
        raise BadInput(f"This recipe has no preset {preset!r}; it has {', '.join(recipe.presets) or 'none'}.")
    knobs = recipe.presets[preset] if preset else recipe.Knobs()
    for change in changes:
        knobs = with_knobs(knobs, change)
    return knobs


@dataclass(frozen=True)
class Tuned:
    """A tuned model, the frame it is asked to restate in, what its tuning cost, what its recipe measured.

    A recipe that only measures has no model.
    """

    lm: LM | None
    template: str
    facts: Mapping[str, float]
    numbers: Numbers = field(default_factory=dict)
    before: Numbers = field(default_factory=dict)


def tune_and_measure(job: Job) -> Measured:
    """Run one arm in this process: tune (resuming from its checkpoints), save the model if asked, measure."""
    started = monotonic()
    encoders = bool(job.arm.recipe) and RECIPES.get(job.arm.recipe).encoders
    place, lm = source(job.on, job.opened), model(job.model, job.on, job.device, encoders=encoders)
    with Ledger(job.folder / "ledger.sqlite") as ledger:
        arm = tune(job, lm, place, ledger) if job.arm.recipe else Tuned(lm, job.template, {})
        if arm.lm is None:
            spent = monotonic() - started
            return Measured(
                job.arm.name, "", {}, facts=arm.facts, seconds=spent, numbers=arm.numbers, before=arm.before
            )
        rows = measure(
            arm.lm, place, job.tasks, job.eval_languages, job.arm.modes, Template(arm.template), job.items,
            job.seed, ledger, shown(place, job.languages, job.target, job.arm.shots, job.seed),
        )  # fmt: skip
        aligned = alignment(arm.lm, place, job.tasks, job.eval_languages) if job.arm.align else {}
    return Measured(
        job.arm.name, arm.lm.fingerprint(), rows, aligned, arm.facts, monotonic() - started, arm.numbers,
        arm.before,
    )  # fmt: skip


def tune(job: Job, lm: LM, place: Source, ledger: Ledger) -> Tuned:
    """Tune by the arm's recipe, resuming from its checkpoints, and save the model if asked."""
    recipe = RECIPES.get(job.arm.recipe)
    knobs = knobs_of(recipe, job.preset, job.arm.changes, job.changes)
    ctx = Context(lm, place, job.languages, job.seed, job.target, job.folder / "stages", ledger)
    outcome = recipe.run(ctx, knobs)
    tuned = outcome.models.get("tuned")
    if job.keep and tuned is not None:
        inherited = {key: value for key, value in tuned.card.items() if key not in OF_BASE}
        card = inherited | _card(job, recipe, place) | {"knobs": vars(knobs), "cost": dict(outcome.facts)}
        save(replace(tuned, card=card), job.keep, merge=job.merge)
    return Tuned(tuned, template_of(knobs), outcome.facts, outcome.numbers, outcome.before)


def template_of(knobs: Any) -> str:
    """The frame in which a model tuned with these knobs is asked to restate; the paper's if they say none."""
    return str(getattr(knobs, "template", PAPER))


def _card(job: Job, recipe: Recipe, place: Source) -> dict[str, Any]:
    """What the saved model's card says of its tuning."""
    return {
        "recipe": job.arm.recipe,
        "paper": recipe.paper,
        "standing": recipe.standing,
        "source": place.name,
        "source_fingerprint": place.fingerprint(),
        "licences": {"data": place.licence},
        "tuned_on": list(job.languages),
        "into": job.target,
        "seed": job.seed,
    }


def measure(
    lm: LM,
    place: Source,
    tasks: Sequence[str],
    languages: Sequence[str],
    modes: Sequence[str],
    template: Template,
    items: int | None,
    seed: int,
    ledger: Ledger | None = None,
    shots: Sequence[Pair] = (),
) -> dict[str, list[Row]]:
    """Rows per mode for the same drawn questions in every language in which a task can be asked."""
    held = {task: place.languages_of(task) for task in tasks}
    asked = [
        item
        for task in tasks
        for lang in languages
        if lang in held[task]
        for item in drawn(place, task, lang, items, seed)
    ]
    rows = {}
    for mode in modes:
        if mode == "direct":
            rows[mode] = score_choices(lm, asked, ledger=ledger, seed=seed, title="Answering directly")
        elif mode == "restate":
            said = {
                (item.task, item.group): item.question
                for task in tasks
                for item in drawn(place, task, place.pivot, items, seed)
            }
            frames = {task: frame for task, frame in pivot_frames(place).items() if task in tasks}
            rows[mode] = restate(
                lm, asked, pivot=place.pivot, frames=frames, template=template, references=said, shots=shots,
                ledger=ledger, seed=seed, title="Restating, then answering",
            )  # fmt: skip
        else:
            raise BadInput(f"No way of answering called {mode!r}; there are {', '.join(MODES)}.")
    return rows


def drawn(place: Source, task: str, lang: str, items: int | None, seed: int) -> list[Choice]:
    """The test questions of a seed: the same groups in every language, answers as balanced as the bank is."""
    bank = place.task(task, lang, "test")
    if items is None:
        return list(bank)
    return draw(sorted(bank, key=lambda item: item.group), items, derive(seed, "items", task))


def shown(place: Source, languages: Sequence[str], target: str, count: int, seed: int) -> list[Pair]:
    """Restated examples for prompts: `count` training questions of each tuned language."""
    if not count:
        return []
    return [
        pair
        for lang in languages
        for pair in draw(place.questions(lang, target), count, derive(seed, "shots", lang))
    ]


def alignment(
    lm: LM, place: Source, tasks: Sequence[str], languages: Sequence[str]
) -> dict[str, tuple[float, ...]]:
    """MEXA of each language with the pivot at every layer, on parallel test questions without answers."""
    each = -(-SENTENCES // len(tasks))

    def texts(lang: str) -> list[str]:
        return [item.question for task in tasks for item in place.task(task, lang, "test")[:each]]

    pivot = sentence_vectors(lm, texts(place.pivot))
    found = {}
    for lang in languages:
        if lang != place.pivot:
            layers = mexa(pivot, sentence_vectors(lm, texts(lang))).layers
            found[lang] = tuple(float(x) for x in np.asarray(layers))
    return found
