"""Tunnel arms: the ways in which a recipe is run side by side, and how each is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from interlingua.recipes.recipe import Recipe
from interlingua.studies.measured import MODES, knobs_of

BASE, METHOD = "base", "method"
PRESET = "small"


@dataclass(frozen=True)
class TunnelArm:
    """One way to run a recipe: the method itself, or with the knobs of a control, baseline or oracle."""

    name: str
    role: str
    knobs: Any
    changes: Mapping[str, Any]


def arms_of(recipe: Recipe, changes: Mapping[str, Any], oracles: bool = False) -> list[TunnelArm]:
    """The method first, then controls, baselines and, if wanted, oracles.

    `changes` count where a recipe has the knob.
    """
    known = {knob.name for knob in fields(recipe.Knobs)}
    own = {name: value for name, value in changes.items() if name in known}
    preset = PRESET if PRESET in recipe.presets else None
    plan: list[tuple[str, str, Mapping[str, Any]]] = [(METHOD, METHOD, {})]
    for role, arms in (
        ("control", recipe.controls), ("baseline", recipe.baselines),
        ("oracle", recipe.oracles if oracles else {}),
    ):  # fmt: skip
        plan += [(name, role, change) for name, change in arms.items()]
    return [
        TunnelArm(name, role, knobs_of(recipe, preset, own, change), change) for name, role, change in plan
    ]


def modes_of(recipe: Recipe) -> tuple[str, ...]:
    """The ways of answering that a recipe is asked in: directly, and restated where it claims something."""
    claimed = {claim.quantity for claim in recipe.expects}
    return tuple(mode for mode in MODES if mode == "direct" or mode in claimed)
