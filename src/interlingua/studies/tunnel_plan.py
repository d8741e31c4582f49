"""Tunnel plans: which recipe runs on which worlds, and how much work that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interlingua.core.errors import BadInput
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


def work(
    recipes: Sequence[str] = (),
    worlds: Sequence[str] = (),
    seeds: int | None = None,
    oracles: bool = False,
) -> dict[str, Any]:
    """How much a tunnel is, told without running it: jobs and arms, and seconds by the kept results."""
    chosen, known = plan(recipes, worlds, seeds), kept()
    arms, seconds, unknown = 0, 0.0, []
    for name, own in chosen.worlds.items():
        arms += len(own) * len(arms_of(RECIPES.get(name), {}, oracles))
        if name in known:
            seconds += len(own) * known[name]["seconds_all"]
        else:
            unknown.append(name)
    return {
        "recipes": list(chosen.worlds), "worlds": sorted({w for _, w in chosen.pairs}),
        "jobs": len(chosen.pairs), "arms": arms, "seconds": round(seconds), "never_timed": unknown,
        "left_out": dict(chosen.left_out),
    }  # fmt: skip
