"""Tunnel plans: which recipe runs on which worlds, whether it can, and how much work that is."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput, UnknownName
from interlingua.recipes.recipe import RECIPES
from interlingua.studies.tunnel_arms import arms_of
from interlingua.studies.tunnel_kept import kept
from interlingua.studies.tunnel_worlds import kind_of, worlds_of


@dataclass(frozen=True)
class Plan:
    """Which recipe runs on which worlds, in the order of running; `left_out` says why a recipe does not."""

    worlds: Mapping[str, tuple[str, ...]]
    left_out: Mapping[str, str]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """(recipe, world), world by world, so that a first world is complete early."""
        rounds = max((len(own) for own in self.worlds.values()), default=0)
        return [
            (name, own[place])
            for place in range(rounds)
            for name, own in self.worlds.items()
            if place < len(own)
        ]


def plan(recipes: Sequence[str] = (), worlds: Sequence[str] = (), seeds: int | None = None) -> Plan:
    """Recipes (none named: all) with the worlds that judge them.

    Raises `UnknownName` for a recipe or world that there is not, `BadInput` where a recipe that was named
    finds none of its worlds among those named, and where nothing is left to run.
    """
    found: dict[str, tuple[str, ...]] = {}
    left_out: dict[str, str] = {}
    for name in dict.fromkeys(recipes or RECIPES.names()):
        kind = kind_of(RECIPES.get(name).worlds)
        own = worlds_of(kind, worlds, seeds)
        if own:
            found[name] = own
            continue
        why = f"{name} is judged on worlds of kind {kind.name} ({', '.join((*kind.judges, *kind.others))})"
        if recipes:
            raise BadInput(f"{why}; none of them is among --worlds {','.join(worlds)}.")
        left_out[name] = f"{why}, and none was named."
    if not found:
        raise BadInput(f"No recipe is judged on {', '.join(worlds)}; see `interlingua recipes`.")
    return Plan(found, left_out)


def check(chosen: Plan, items: int | None, changes: Mapping[str, Any], out: Path | None = None) -> None:
    """Refuse what cannot be run or kept; nothing is run, made or written.

    Raises `BadInput` for `items` below 2 (per task and language) and where no file can be written under
    `out`, `UnknownName` for a knob that no recipe of the plan has, and what a knob's value raises.
    """
    if items is not None and items < 2:
        raise BadInput(f"--items is {items}; ask at least 2 per task and language.")
    knobs = {knob for name in chosen.worlds for knob in vars(RECIPES.get(name).Knobs())}
    for name in changes:
        if name not in knobs:
            raise UnknownName("knob of any of these recipes", name, knobs)
    for name in chosen.worlds:
        arms_of(RECIPES.get(name), changes)
    if out is not None:
        nearest = next(folder for folder in out.absolute().parents if os.path.exists(folder))
        if not nearest.is_dir():
            raise BadInput(f"--out {out} cannot be written: {nearest} is no folder; give another path.")
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise BadInput(f"--out {out} cannot be written: {nearest} is read-only; give another path.")


def work(
    recipes: Sequence[str] = (),
    worlds: Sequence[str] = (),
    seeds: int | None = None,
    *,
    items: int | None = None,
    changes: Mapping[str, Any] | None = None,
    oracles: bool = False,
    out: Path | None = None,
) -> dict[str, Any]:
    """How much a tunnel is, told without running it: jobs and arms, and seconds by the kept results.

    `seconds` are of one process, as the kept results took with the usual items and knobs; bases are not in
    them. `never_timed` names recipes, and `oracles_never_timed` those whose oracles, that no kept result
    timed. Raises what `plan` and `check` raise.
    """
    chosen, known = plan(recipes, worlds, seeds), kept()
    altered = dict(changes or {})
    check(chosen, items, altered, out)
    arms, seconds = 0, 0.0
    unknown, untimed = list[str](), list[str]()
    for name, own in chosen.worlds.items():
        recipe = RECIPES.get(name)
        arms += len(own) * len(arms_of(recipe, altered, oracles))
        if name not in known:
            unknown.append(name)
            continue
        seconds += len(own) * known[name]["seconds_all"]
        if oracles and recipe.oracles:
            told = known[name].get("seconds_oracles", 0.0)
            seconds += len(own) * told
            if not told:
                untimed.append(name)
    return {
        "recipes": list(chosen.worlds), "worlds": sorted({w for _, w in chosen.pairs}),
        "jobs": len(chosen.pairs), "arms": arms, "seconds": round(seconds), "never_timed": unknown,
        "oracles_never_timed": untimed, "items_per_task": items,
        "changes": {name: str(value) for name, value in altered.items()}, "left_out": dict(chosen.left_out),
    }  # fmt: skip
