"""Prepared: what a tuning is asked for, resolved and checked before any work is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from interlingua.core.errors import BadInput, MissingResource, UnknownName
from interlingua.data.source import Source
from interlingua.lab.named import tuned_by_rule
from interlingua.lab.worlds import World
from interlingua.models.lm import LM
from interlingua.recipes.recipe import RECIPES, Context, Recipe
from interlingua.studies import resolve
from interlingua.studies.measured import MODES, knobs_of

SMALL_PARAMETERS = 10_000_000
"""A model below this size takes a recipe's `small` preset unless another is asked for."""

ASKED_NOTHING = "the model is an encoder, which answers no questions"
"""Why a task is not asked of an encoder; recipes may learn from it all the same."""


@dataclass(frozen=True)
class Prepared:
    """A recipe with its model, data, languages and knobs; `preset` is None for the paper's values.

    `asked` are the tasks to measure on, `left_out` says of every other task why not.
    """

    recipe: Recipe
    base: LM
    languages: tuple[str, ...]
    target: str
    preset: str | None
    changes: Mapping[str, Any]
    knobs: Any
    asked: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)


def prepare(
    recipe: str,
    place: Source,
    model: str | None,
    on: str,
    *,
    lang: Sequence[str],
    to: str | None,
    changes: Mapping[str, Any] | None,
    preset: str | None,
    control: str | None,
    seed: int,
    device: str,
    measured: Sequence[str] = (),
    modes: Sequence[str] = (),
    tasks: Sequence[str] = (),
) -> Prepared:
    """Names resolved, the source asked for everything the recipe needs, the model loaded.

    Without `lang`, a lab world is tuned on the languages its rule draws. Where languages are to be
    `measured`, in some `modes`, there must be a task (of `tasks`, if any are named) to ask there, unless the
    recipe measures numbers of its own and learns from no task. An encoder is asked nothing.
    Raises `UnknownName`, `BadInput`, `MissingResource`, `ModelError`, before anything dear is done.
    """
    found: Recipe = RECIPES.get(recipe)
    chosen = _languages(lang, place)
    target = resolve.languages([to], place)[0] if to else place.pivot
    asked, left_out = askable(place, tasks, measured, modes) if measured else ((), {})
    learns = "tasks" in found.needs
    if measured and not asked and (not own_numbers(found) or (learns and not place.tasks)):
        raise _nothing_to_ask(place, left_out)
    altered = {**_control(found, recipe, control), **(changes or {})}
    for one in chosen:
        if "questions" in found.needs and one != target:
            place.questions(one, target)
        if "tasks" in found.needs:
            for task in place.tasks:
                place.task(task, one, "train")
    base = resolve.model(model, on, device, encoders=found.encoders)
    if base.encoder:
        asked, left_out = (), left_out | dict.fromkeys(asked, ASKED_NOTHING)
    Context(base, place, chosen, seed, target)  # refuses languages that cannot be tuned on
    small = sum(p.numel() for p in base.model.parameters()) < SMALL_PARAMETERS
    wanted = preset or ("small" if small and "small" in found.presets else "paper")
    named = None if wanted == "paper" else wanted
    knobs = knobs_of(found, named, altered)
    if control is not None and knobs == knobs_of(found, named, changes or {}):
        raise BadInput(
            f"{control} changes nothing of {recipe} with the knobs of preset {wanted}; it is the method."
        )
    return Prepared(found, base, chosen, target, named, altered, knobs, asked, left_out)


def own_numbers(found: Recipe) -> bool:
    """Whether a recipe measures numbers of its own: it makes a claim about one that is no accuracy."""
    return any(claim.quantity not in MODES for claim in found.expects)


def askable(
    place: Source, tasks: Sequence[str], languages: Sequence[str], modes: Sequence[str]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The tasks (of those named, else of all) that can be asked in some of these languages; why not others.

    Restating needs the questions in the pivot too. Raises `UnknownName` for a task that a lab world lacks.
    """
    if isinstance(place, World):
        for task in tasks:
            place.splits(task)
    asked, left_out = [], {}
    for task in place.tasks:
        if tasks and task not in tasks:
            continue
        held = place.languages_of(task)
        if not set(held) & set(languages):
            left_out[task] = f"it cannot be asked in any of {', '.join(languages[:8])}"
        elif "restate" in modes and place.pivot not in held:
            left_out[task] = f"it cannot be asked in {place.pivot}, the pivot (--mode direct does without)"
        else:
            asked.append(task)
    return tuple(asked), left_out


def _nothing_to_ask(place: Source, left_out: Mapping[str, str]) -> MissingResource:
    if not left_out:
        return MissingResource(f"{place.name} has no task to measure on; add a [tasks.NAME] table to it.")
    why = "; ".join(f"{task}: {reason}" for task, reason in left_out.items())
    return MissingResource(f"None of {place.name}'s tasks can be measured on. {why}.")


def _languages(names: Sequence[str], place: Source) -> tuple[str, ...]:
    if names:
        return resolve.languages(names, place)
    if isinstance(place, World):
        return tuned_by_rule(place)
    raise BadInput(f"Which languages to tune on? Name one to three of {place.name}'s with --lang.")


def _control(found: Recipe, recipe: str, control: str | None) -> dict[str, Any]:
    if control is None:
        return {}
    known = {**found.controls, **found.baselines, **found.oracles}
    if control not in known:
        raise UnknownName(f"control of {recipe}", control, known)
    return dict(known[control])
