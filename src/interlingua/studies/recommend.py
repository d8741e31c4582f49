"""Recommend: which recipe for a language, the data there is and the time there is, by lab and by paper."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any

from interlingua.core.errors import BadInput, UnknownName
from interlingua.lab.named import tuned_by_rule, world
from interlingua.languages.language import find
from interlingua.measures.verdict import MARGIN
from interlingua.recipes.recipe import RECIPES, Recipe
from interlingua.report.tunnel_words import PARTLY, SHORT, claim_words
from interlingua.studies.measured import knobs_of
from interlingua.studies.prepared import SMALL_PARAMETERS
from interlingua.studies.resources import resources
from interlingua.studies.tunnel_arms import PRESET
from interlingua.studies.tunnel_kept import Kept, kept, lead, shows
from interlingua.studies.tunnel_worlds import kind_of
from interlingua.training.adapt import steps_for

ROW_TOKENS = 64
"""Tokens of a text or question; a recipe with a knob for the length of its rows fills them with several."""
OPERATIONS = 6
"""Operations per parameter and token of training: two forward, four backward."""
LOOKING = ("measurement", "contamination")
"""Families whose recipes change no model: to look with, not to be ranked."""
_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_ORDER = {"works": 0, "likely": 1, "paper": 2, "none": 3, "undecided": 4, "negligible": 5, "hurts": 6}


def recommend(
    lang: str,
    have: Collection[str],
    *,
    parameters: int,
    operations: float,
    budget: float | None = None,
    known: Mapping[str, Kept] | None = None,
) -> dict[str, Any]:
    """Recipes whose needs are met, best first, with the lab's words and the paper's kept apart.

    `have` are resources in the language (`resources()`), `parameters` of the model, `operations` per second
    that this machine does in training, `budget` seconds. Best first means: proved on the lab; above the base
    there, though not proved; never run there, first what the paper claims something of in its own words;
    undecided; negligible; hurts. Within these, by the lower end of the interval, accuracies before other
    numbers, then by cost; what fits the budget stands first.
    Raises `UnknownName` or `BadInput` for the language, a resource or a number.
    """
    known_of = resources()
    for name in have:
        if name not in known_of:
            raise UnknownName("resource", name, known_of)
    if not have:
        raise BadInput(f"What data is there in {lang}? Name some of {', '.join(known_of)}.")
    if parameters < 1 or not operations > 0:
        raise BadInput(f"Costs need parameters and operations above 0, not {parameters} and {operations}.")
    language, known = find(lang), kept() if known is None else known
    every = [_entry(name, known.get(name), have, parameters, operations, budget) for name in RECIPES.names()]
    fitting = [entry for entry in every if not entry["lacking"]]
    ranked = sorted((e for e in fitting if e["family"] not in LOOKING), key=_rank)
    return {
        "language": {"code": language.code, "name": language.name},
        "have": [name for name in known_of if name in have],
        "parameters": parameters,
        "budget": budget,
        "ranked": ranked,
        "to_look_with": [entry for entry in fitting if entry["family"] in LOOKING],
        "lacking": [entry for entry in every if entry["lacking"]],
        "assumed": {"tokens_per_row": ROW_TOKENS, "operations_per_second": operations},
    }


def seconds_of(text: str) -> float:
    """`90m`, `1h`, `2 d` or `1.5h` in seconds; raises `BadInput` for anything else."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*", text.lower())
    if not found or found[2] not in _UNITS or float(found[1]) <= 0:
        raise BadInput(f"A budget is a number and a unit, such as 90m, 1h or 2d, not {text!r}.")
    return float(found[1]) * _UNITS[found[2]]


def tokens_of(recipe: Recipe, preset: str | None, trainings: float = 1.0) -> float | None:
    """Training tokens of a recipe on one language: steps times rows times their length; None if unknown.

    Steps are knobs called `steps` or `..._steps`, or follow from `epochs` over `limit` texts. `trainings` is
    how many times the recipe takes them (`trainings_of`).
    """
    knobs = knobs_of(recipe, preset)
    steps = _steps(knobs)
    if not steps:
        return None
    length = getattr(knobs, "length", None)
    return float(steps * trainings * knobs.batch_size * (length if isinstance(length, int) else ROW_TOKENS))


def trainings_of(name: str, found: Kept | None) -> float:
    """How many times a recipe takes its steps for one language: as often as in the lab, at least once.

    What trains anew for each language did so for every language of the lab's worlds: their share is one of
    them, beside the trainings that they have in common.
    """
    recipe: Recipe = RECIPES.get(name)
    small = _steps(knobs_of(recipe, PRESET)) if PRESET in recipe.presets else 0.0
    if found is None or not found["facts"].get("steps") or not small:
        return 1.0
    times = found["facts"]["steps"] / small
    if recipe.anew is not None:
        languages = [len(tuned_by_rule(world(place))) for place in found["worlds"]]
        times = recipe.anew + (times - recipe.anew) * len(languages) / sum(languages)
    return max(1.0, float(times))


def _entry(
    name: str,
    found: Kept | None,
    have: Collection[str],
    parameters: int,
    operations: float,
    budget: float | None,
) -> dict[str, Any]:
    recipe: Recipe = RECIPES.get(name)
    small = PRESET if parameters < SMALL_PARAMETERS and PRESET in recipe.presets else None
    tokens = tokens_of(recipe, small, trainings_of(name, found))
    seconds = None if tokens is None else OPERATIONS * parameters * tokens / operations
    told = lead(found) if found else None
    claims = [
        {"claim": claim_words(vars(claim)), "paper": claim.paper}
        for claim in recipe.expects
        if claim.paper and not claim.check and not claim.arm
    ]
    return {
        "recipe": name, "blurb": RECIPES.blurb(name), "family": recipe.family, "standing": recipe.standing,
        "paper": recipe.paper, "needs": sorted(recipe.needs), "lacking": sorted(recipe.needs - set(have)),
        "judged_on": kind_of(recipe.worlds).title, "evidence": _evidence(found, told, claims),
        "lab": _lab(recipe, found) if found else None,
        "low": None if told is None else _low(told), "accuracy": bool(told and told["accuracy"]),
        "claims": claims,
        "tokens": tokens, "seconds": seconds,
        "fits": budget is None or seconds is None or seconds <= budget,
    }  # fmt: skip


def _evidence(found: Kept | None, told: Mapping[str, Any] | None, claims: Sequence[Any]) -> str:
    """The verdict; `likely` for one not proved whose interval over the base is clear.

    `paper` is one never judged whose paper claims something in its own words, `none` one without.
    """
    if found is None or told is None:
        return "paper" if claims else "none"
    if told["verdict"] in ("", "undecided"):
        return "likely" if (_low(told) or 0.0) > 0 else "undecided"
    return str(told["verdict"])


def _low(told: Mapping[str, Any]) -> float | None:
    """The end of the interval that speaks least for the recipe."""
    if "low" not in told:
        return None
    return float(-told["high"] if told["direction"] == "falls" else told["low"])


def _lab(recipe: Recipe, found: Kept) -> dict[str, Any]:
    """What the lab found of a recipe; `pivot_loses` where it fell by its interval, or over three points."""
    pivot = found["pivot_change"]
    told = pivot is not None and "low" in pivot
    return {
        "file": found["file"],
        "worlds": len(found["worlds"]),
        "gains": found["gains"],
        "pivot_change": pivot,
        "pivot_loses": told and (pivot["high"] < 0 or pivot["mean"] < -MARGIN),
        "falls_short": (PARTLY if shows(found) else SHORT) if recipe.shortfall else "",
    }


def _rank(entry: Mapping[str, Any]) -> tuple[bool, int, bool, float, float]:
    low = -math.inf if entry["low"] is None else entry["low"]
    seconds = math.inf if entry["seconds"] is None else entry["seconds"]
    return not entry["fits"], _ORDER[entry["evidence"]], not entry["accuracy"], -low, seconds


def _steps(knobs: Any) -> float:
    """Steps of all stages that the knobs tell of; 0 where they tell of none."""
    total, length = 0.0, getattr(knobs, "length", None)
    filled = ROW_TOKENS / length if isinstance(length, int) else 1.0
    for knob in fields(knobs):
        if knob.name == "steps" or knob.name.endswith("_steps"):
            value = getattr(knobs, knob.name)
            epochs = getattr(knobs, f"{knob.name.removesuffix('steps')}epochs", None)
            if value is None and epochs is not None and hasattr(knobs, "limit"):
                value = steps_for(max(1, round(knobs.limit * filled)), epochs, knobs.batch_size)
            total += value or 0
    return total
