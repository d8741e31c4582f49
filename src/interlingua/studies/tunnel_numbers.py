"""Tunnel numbers: what each arm's numbers come to over worlds, claim by claim, and the verdicts.

One world is one observation: every value here is a difference of group means within a world, and every
interval is Student's over worlds.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from interlingua.measures.interval import Interval
from interlingua.measures.t_interval import t_interval
from interlingua.measures.verdict import MARGIN, Comparison, Verdict, verdicts
from interlingua.recipes.recipe import Claim
from interlingua.studies.measured import MODES
from interlingua.studies.tunnel_arms import BASE, METHOD

GROUPS = ("unseen", "seen", "pivot", "all")
Values = Mapping[str, float]


class World:
    """One recipe on one world: its arms' numbers beside those of the base."""

    def __init__(self, base: Mapping[str, Any], job: Mapping[str, Any]) -> None:
        self.name, self.pivot, self.job = str(base["world"]), str(base["pivot"]), job
        self.base, self.seen = base, tuple(base["tuned_languages"])

    def values(self, arm: str, quantity: str) -> Values:
        """A quantity by language in one arm; empty where the arm has no such number."""
        if arm != BASE:
            found: Values = self.job["arms"].get(arm, {}).get("values", {}).get(quantity, {})
            return found
        method = self.job["arms"][METHOD]
        if quantity not in MODES:
            return dict(method["before"].get(quantity, {}))
        key = f"{quantity} {method['template']}".strip() if quantity == "restate" else quantity
        return dict(self.base["values"].get(key, {}))

    def difference(
        self, quantity: str, group: str, versus: str, bound: float = 0.0, arm: str = METHOD
    ) -> float | None:
        """An arm's mean over a group less that of another arm, or of the `bound` where none is named."""
        own = self.values(arm, quantity)
        if not versus:
            return None if (mean := self.mean(own, group)) is None else mean - bound
        other = self.values(versus, quantity)
        both = own.keys() & other.keys()
        one, two = ({lang: side[lang] for lang in both} for side in (own, other))
        mine, theirs = self.mean(one, group), self.mean(two, group)
        return None if mine is None or theirs is None else mine - theirs

    def mean(self, values: Values, group: str) -> float | None:
        """The mean over the languages of a group that have a number; a number of no language stands for all.

        `all` is every language that has a number, the pivot included.
        """
        chosen = [value for lang, value in values.items() if lang and self._belongs(lang, group)]
        if "" in values and (group == "all" or not chosen):
            return values[""]
        return float(np.mean(chosen)) if chosen else None

    def pivot_change(self, arm: str = METHOD) -> float | None:
        """What the pivot lost or won on the tasks that the base had learned."""
        before, after = self.base["pivot_accuracy"], self.job["arms"][arm]["pivot_accuracy"]
        both = before.keys() & after.keys()
        return float(np.mean([after[task] - before[task] for task in both])) if both else None

    def _belongs(self, lang: str, group: str) -> bool:
        if group == "all":
            return True
        if group == "known_script":
            return lang in self.seen and self._script(lang) in self.scripts
        return group == ("pivot" if lang == self.pivot else "seen" if lang in self.seen else "unseen")

    @cached_property
    def scripts(self) -> frozenset[str]:
        """The scripts of all languages but those tuned on: what the base has read, in worlds of newcomers."""
        return frozenset(self._script(lang) for lang in self.base["languages"] if lang not in self.seen)

    def _script(self, lang: str) -> str:
        return str(self.base["languages"][lang]["script"])


def over(values: Sequence[float | None]) -> dict[str, Any] | None:
    """Mean and t-interval over worlds with each world's own value; one world has a mean and no interval.

    None where any world has no value: a mean over some worlds only would be of another question.
    """
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return None
    found = t_interval(known).as_dict() if len(known) > 1 else {"mean": known[0], "n": 1}
    return {**found, "worlds": known}


def claim_over_worlds(claim: Claim, worlds: Sequence[World]) -> dict[str, Any]:
    """What the lab says of a claim: the difference over worlds, and whether it goes the paper's way."""
    about = (claim.quantity, claim.on, claim.versus, claim.bound, claim.arm or METHOD)
    found = over([w.difference(*about) for w in worlds])
    told: dict[str, Any] = {
        "quantity": claim.quantity, "on": claim.on, "versus": claim.versus, "direction": claim.direction,
        "bound": claim.bound, "arm": claim.arm, "check": claim.check, "paper": claim.paper, "found": found,
        "same": "not measured",
    }  # fmt: skip
    if found is not None:
        told["same"] = same_direction(claim, found, _scale(claim, worlds))
    return told


def same_direction(claim: Claim, found: Mapping[str, Any], margin: float) -> str:
    """`yes` or `no` where the whole interval says so, else `open`; `stays` means within `margin` of zero."""
    low, high = found.get("low", found["mean"]), found.get("high", found["mean"])
    if "low" not in found:
        return "open"
    if claim.direction == "stays":
        if -margin < low and high < margin:
            return "yes"
        return "no" if low > margin or high < -margin else "open"
    if claim.direction == "falls":
        low, high = -high, -low
    return "yes" if low > 0 else "no" if high < 0 else "open"


def groups_of(quantity: str, claims: Sequence[Claim]) -> tuple[str, ...]:
    """The usual groups of languages, and what else some claim on the quantity is on."""
    return tuple(dict.fromkeys((*GROUPS, *(claim.on for claim in claims if claim.quantity == quantity))))


def gains(
    quantity: str, worlds: Sequence[World], groups: Sequence[str] = GROUPS
) -> dict[str, dict[str, Any]]:
    """The method's gain over the base and every other arm, per group of languages that has one."""
    arms = [BASE, *(arm for arm in worlds[0].job["arms"] if arm != METHOD)]
    told: dict[str, dict[str, Any]] = {}
    for group in groups:
        every = {arm: over([w.difference(quantity, group, arm) for w in worlds]) for arm in arms}
        if known := {arm: found for arm, found in every.items() if found is not None}:
            told[group] = known
    return told


def levels(
    quantity: str, worlds: Sequence[World], groups: Sequence[str] = GROUPS
) -> dict[str, dict[str, Any]]:
    """Each arm's own mean over worlds, per group of languages."""
    arms = [BASE, *worlds[0].job["arms"]]
    told: dict[str, dict[str, Any]] = {}
    for group in groups:
        every = {arm: over([w.mean(w.values(arm, quantity), group) for w in worlds]) for arm in arms}
        if known := {arm: found for arm, found in every.items() if found is not None}:
            told[group] = known
    return told


def comparison(claim: Claim, claims: Sequence[Claim], worlds: Sequence[World]) -> Comparison | None:
    """What a verdict on a claim's quantity is made of; None where an interval or every control is missing.

    The baseline is what the claim compares with: the base, an arm, or its bound. What has to be beaten as
    well are the `rivals_of` the claim, as far as they have such a number; a rival that has it in some worlds
    only leaves no verdict. For a claim that a number falls, signs turn.
    """
    if len(worlds) < 2:
        return None
    first = over([w.difference(claim.quantity, claim.on, claim.versus, claim.bound) for w in worlds])
    if first is None:
        return None
    known = {}
    for name in rivals_of(claim, claims, worlds):
        differences = [w.difference(claim.quantity, claim.on, name) for w in worlds]
        found = over(differences)
        if found is not None:
            known[name] = _interval(found, claim.direction)
        elif any(each is not None for each in differences):
            return None
    role = worlds[0].job["arms"].get(claim.versus, {}).get("role")
    if not known and role != "control":
        return None
    margin = MARGIN if claim.quantity in MODES else None
    return Comparison(_interval(first, claim.direction), known, role == "control", margin)


def rivals_of(claim: Claim, claims: Sequence[Claim], worlds: Sequence[World]) -> list[str]:
    """What a claim's quantity has to beat beside what the claim itself names.

    All controls but those that the claim says leave it `untouched`, and the base and baselines that another
    claim on the quantity names; other baselines are ablations, shown beside it.
    """
    same = [each for each in claims if each.quantity == claim.quantity and not (each.check or each.arm)]
    named = {each.versus for each in same if each.versus}
    return [
        name
        for name, arm in {BASE: {"role": BASE}, **worlds[0].job["arms"]}.items()
        if (arm["role"] == "control" and name not in claim.untouched)
        or (arm["role"] in (BASE, "baseline") and name in named)
        if name != claim.versus
    ]


def judged(claims: Sequence[Claim]) -> list[Claim]:
    """The claims that get a verdict: the method's first of each quantity that goes somewhere, no checks."""
    first: dict[str, Claim] = {}
    for claim in claims:
        if claim.direction != "stays" and not claim.check and not claim.arm:
            first.setdefault(claim.quantity, claim)
    return list(first.values())


def verdicts_of(comparisons: Mapping[tuple[str, str], Comparison]) -> dict[tuple[str, str], Verdict]:
    """Verdicts by (recipe, quantity), with Holm's correction over all of them together."""
    if not comparisons:
        return {}
    named = {"\n".join(key): found for key, found in comparisons.items()}
    told = verdicts(named)
    return {key: told["\n".join(key)] for key in comparisons}


def _interval(found: Mapping[str, Any], direction: str) -> Interval:
    sign = -1.0 if direction == "falls" else 1.0
    ends = sorted((sign * found["low"], sign * found["high"]))
    return Interval(sign * found["mean"], ends[0], ends[1], found["n"], found["level"], found["p"])


def _scale(claim: Claim, worlds: Sequence[World]) -> float:
    """How far a number may move and still have stayed: 3 points of accuracy, 3 percent of anything else."""
    if claim.quantity in MODES:
        return MARGIN
    sizes = [w.mean(w.values(claim.versus or METHOD, claim.quantity), claim.on) for w in worlds]
    known = [abs(size) for size in sizes if size is not None]
    return MARGIN * float(np.mean(known)) if known else MARGIN
