"""Prepared: what a tuning is asked for, resolved and checked before any work is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interlingua.core.errors import BadInput, MissingResource, UnknownName
from interlingua.data.source import Source
from interlingua.lab.named import tuned_by_rule
from interlingua.lab.worlds import World
from interlingua.models.lm import LM
from interlingua.recipes.recipe import RECIPES, Context, Recipe
from interlingua.studies import resolve
from interlingua.studies.measured import knobs_of

SMALL_PARAMETERS = 10_000_000
"""A model below this size takes a recipe's `small` preset unless another is asked for."""


@dataclass(frozen=True)
class Prepared:
    """A recipe with its model, data, languages and knobs; `preset` is None for the paper's values."""

    recipe: Recipe
    base: LM
    languages: tuple[str, ...]
    target: str
    preset: str | None
    changes: Mapping[str, Any]
    knobs: Any


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
    measured: bool = False,
) -> Prepared:
    """Names resolved, the source asked for everything the recipe needs, the model loaded.

    Without `lang`, a lab world is tuned on the languages its rule draws. `measured` asks for a task as well.
    Raises `UnknownName`, `BadInput`, `MissingResource`, `ModelError`, before anything dear is done.
    """
    found: Recipe = RECIPES.get(recipe)
    chosen = _languages(lang, place)
    target = resolve.languages([to], place)[0] if to else place.pivot
    if measured and not place.tasks:
        raise MissingResource(f"{place.name} has no task to measure on; add a [tasks.NAME] table to it.")
    altered = {**_control(found, recipe, control), **(changes or {})}
    for one in chosen:
        if "questions" in found.needs and one != target:
            place.questions(one, target)
        if "tasks" in found.needs:
            for task in place.tasks:
                place.task(task, one, "train")
    base = resolve.model(model, on, device)
    Context(base, place, chosen, seed, target)  # refuses languages that cannot be tuned on
    small = sum(p.numel() for p in base.model.parameters()) < SMALL_PARAMETERS
    wanted = preset or ("small" if small and "small" in found.presets else "paper")
    named = None if wanted == "paper" else wanted
    return Prepared(found, base, chosen, target, named, altered, knobs_of(found, named, altered))


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
