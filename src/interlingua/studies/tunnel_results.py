"""Tunnel results: finished jobs of all recipes as the one record that page and terminal read."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from interlingua.measures.verdict import Comparison
from interlingua.recipes.recipe import RECIPES, Claim, Recipe
from interlingua.studies.measured import MODES
from interlingua.studies.tunnel_arms import METHOD
from interlingua.studies.tunnel_numbers import (
    GROUPS,
    World,
    claim_over_worlds,
    comparison,
    gains,
    groups_of,
    judged,
    levels,
    over,
    rivals_of,
    verdicts_of,
)
from interlingua.studies.tunnel_worlds import KINDS

Told = Mapping[str, Any]


def summarise_tunnel(bases: Sequence[Told], jobs: Sequence[Told]) -> dict[str, Any]:
    """The record's `kinds`, `recipes`, `worlds` and `failed`, from the results of base and recipe jobs.

    Verdicts are corrected over all recipes of a kind of world together, the recipes of one table; a recipe
    that failed on a world gets none, for the worlds left would be chosen by the failure.
    """
    broken = {job["recipe"] for job in jobs if "failed" in job}
    known = {(base["kind"], base["world"]): base for base in bases}
    order = list(dict.fromkeys(job["recipe"] for job in jobs))
    worlds = {
        name: [
            World(known[job["kind"], job["world"]], job)
            for job in jobs
            if job["recipe"] == name and "failed" not in job
        ]
        for name in order
    }
    recipes = {name: _recipe(name, own) for name, own in worlds.items() if own}
    for name, told in recipes.items():
        told["failed_on"] = [job["world"] for job in jobs if job["recipe"] == name and "failed" in job]
    for kind in dict.fromkeys(told["kind"] for told in recipes.values()):
        compared: dict[tuple[str, str], Comparison] = {}
        for name in (name for name, told in recipes.items() if told["kind"] == kind and name not in broken):
            expected = RECIPES.get(name).expects
            for claim in judged(expected):
                if found := comparison(claim, expected, worlds[name]):
                    compared[name, claim.quantity] = found
        for (name, quantity), verdict in verdicts_of(compared).items():
            recipes[name]["verdicts"][quantity] = verdict
    used = {told["kind"] for told in recipes.values()}
    return {
        "kinds": {
            name: {"title": kind.title, "why": kind.why} for name, kind in KINDS.items() if name in used
        },
        "recipes": recipes,
        "worlds": [{key: value for key, value in base.items() if key != "values"} for base in bases],
        "bases": [{"world": base["world"], "kind": base["kind"], "values": base["values"]} for base in bases],
        "jobs": [job for job in jobs if "failed" not in job],
        "failed": [
            {"recipe": job["recipe"], "world": job["world"], "message": job["failed"]}
            for job in jobs
            if "failed" in job
        ],
    }


def _recipe(name: str, worlds: Sequence[World]) -> dict[str, Any]:
    """One recipe over its worlds: what it is, its claims, gains, the pivot, its cost."""
    recipe: Recipe = RECIPES.get(name)
    arms = worlds[0].job["arms"]
    claimed = list(dict.fromkeys(claim.quantity for claim in recipe.expects))
    quantities = list(claimed)
    if "direct" in arms[METHOD]["values"] and "direct" not in quantities:
        quantities.append("direct")
    return {
        "name": name, "blurb": RECIPES.blurb(name), "paper": recipe.paper, "standing": recipe.standing,
        "shortfall": recipe.shortfall,
        "family": recipe.family, "kind": worlds[0].job["kind"], "needs": sorted(recipe.needs),
        "changes": sorted(recipe.changes), "worlds": [world.name for world in worlds],
        "accuracies": [quantity for quantity in quantities if quantity in MODES and quantity in claimed],
        "judged": [_judged(claim, recipe.expects, worlds) for claim in judged(recipe.expects)],
        "claims": [claim_over_worlds(claim, worlds) for claim in recipe.expects],
        "gains": {q: gains(q, worlds, groups_of(q, recipe.expects)) for q in quantities},
        "levels": {q: levels(q, worlds, groups_of(q, recipe.expects)) for q in quantities},
        "reported": _reported(quantities, worlds),
        "pivot_change": over([world.pivot_change() for world in worlds]),
        "verdicts": {},
        "arms": {
            arm: {
                "role": told["role"], "changes": told["changes"], **_cost(arm, worlds),
                "pivot_change": over([world.pivot_change(arm) for world in worlds]),
                "bounds": list(recipe.bounds.get(arm, ())),
            }
            for arm, told in arms.items()
        },
    }  # fmt: skip


def _reported(claimed: Sequence[str], worlds: Sequence[World]) -> dict[str, dict[str, Any]]:
    """The method's own numbers of which no claim is made, per group of languages; ends of intervals aside."""
    told = dict.fromkeys(name for world in worlds for name in world.job["arms"][METHOD]["values"])
    names = [name for name in told if name not in claimed and not name.endswith(("_low", "_high"))]
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        groups = ("all",) if any("" in world.values(METHOD, name) for world in worlds) else GROUPS[:3]
        sizes = {at: over([w.mean(w.values(METHOD, name), at) for w in worlds]) for at in groups}
        if known := {at: size for at, size in sizes.items() if size is not None}:
            found[name] = known
    return found


def _judged(claim: Claim, claims: Sequence[Claim], worlds: Sequence[World]) -> dict[str, Any]:
    """A claim that gets a verdict, what it has to beat, and whether all intervals are `clear` of zero.

    One world gives no verdict; what has to be beaten is told all the same.
    """
    found = comparison(claim, claims, worlds)
    beside = [
        name
        for name in rivals_of(claim, claims, worlds)
        if over([world.difference(claim.quantity, claim.on, name) for world in worlds]) is not None
    ]
    return {
        "quantity": claim.quantity, "on": claim.on, "versus": claim.versus, "direction": claim.direction,
        "bound": claim.bound, "rivals": beside,
        "untouched": list(claim.untouched), "compared": 1 + len(found.controls) if found else 0,
        "clear": found.clear if found else False,
    }  # fmt: skip


def _cost(arm: str, worlds: Sequence[World]) -> dict[str, Any]:
    """Mean cost of an arm: what its recipe counts itself, and seconds without those of asking."""
    own = [world.job["arms"][arm] for world in worlds]
    facts = set.intersection(*(set(told["facts"]) for told in own))
    return {
        **{key: float(np.mean([told[key] for told in own])) for key in ("seconds", "seconds_asking")},
        "facts": {name: float(np.mean([told["facts"][name] for told in own])) for name in sorted(facts)},
    }
