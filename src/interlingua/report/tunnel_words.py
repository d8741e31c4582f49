"""Words of a tunnel: groups of languages, gains with their intervals, claims and what was found."""

import math
from collections.abc import Mapping
from typing import Any

from interlingua.report.reading import Gain, gain, interval, number, points

ANSWERS = {"direct": "direct", "restate": "restated"}
"""Ways of answering, in a word."""
GROUPS = {
    "unseen": "never tuned on", "seen": "tuned on", "known_script": "tuned on, script known",
    "pivot": "the pivot", "all": "all languages",
}  # fmt: skip
BEYOND = {"rises": "above", "falls": "below", "stays": "about"}
SAME = {
    "yes": "same", "no": "opposite", "open": "not settled", "not measured": "not measured",
    "not run": "not run yet",
}  # fmt: skip
SHORT = "not reproduced at lab scale"
"""What stands beside a recipe whose effect does not show in worlds of the lab's size."""
PARTLY = "reproduced in part"
"""What stands beside one of whose claims some show there and some do not."""


def words(name: str) -> str:
    """A name of ours as words: `layer_swap` is `layer swap`."""
    return name.replace("_", " ")


def size(found: Gain) -> str:
    """A gain in words: `+37.7 points (95% +20.7 to +54.7)`."""
    around = f" (95% {interval(found)})" if found.low is not None else ""
    return f"{points(found.mean)} points{around}"


def gain_line(told: Mapping[str, Any]) -> str:
    """A kept gain in words: `works: restated answers, never tuned on +37.7 points (95% +20.7 to +54.7)`."""
    found = Gain(told["mean"], number(told, "low"), number(told, "high"))
    verdict = f"{told['verdict']}: " if told["verdict"] else ""
    shown = size(found) if told["accuracy"] else change_words(found)
    beside = {"base": "", "": " against its bound"}.get(told["versus"], f" against {words(told['versus'])}")
    return f"{verdict}{quantity_words(told['quantity'])}, {GROUPS[told['on']]} {shown}{beside}"


def commit_words(record: Mapping[str, Any]) -> str:
    """At which commits the arms of a record were run: `1f2e3d4c5b (24 arms), not known (3 arms)`."""
    found = (record.get("commits") or {}).items()
    return ", ".join(f"{commit[:18]} ({arms} arms)" for commit, arms in found)


def short(told: str, reason: str, shows: bool) -> str:
    """A result in words, and what falls short where something does, marked by whether anything `shows`."""
    return f"{PARTLY if shows else SHORT}: {told}. {reason}" if reason else told


def shortfall(told: Mapping[str, Any]) -> tuple[str, str]:
    """How far a recipe of a record is reproduced, in words, and why not further; empty where all of it is."""
    why = str(told.get("shortfall") or "")
    clear = any(claim.get("clear") for claim in told["judged"])
    return (PARTLY if clear else SHORT, why) if why else ("", "")


def quantity_words(quantity: str) -> str:
    """A quantity in words."""
    return f"{ANSWERS[quantity]} answers" if quantity in ANSWERS else words(quantity)


def change_words(found: Gain | None) -> str:
    """A change of a number that is no accuracy, with its interval: `−0.42 (−0.51 to −0.33)`."""
    if found is None:
        return "–"
    around = "" if found.low is None else f" ({figure(found.low, True)} to {figure(found.high, True)})"
    return f"{figure(found.mean, True)}{around}"


def level_words(found: Gain | None) -> str:
    """The height of a number with its interval: `0.420 (0.330 to 0.510)`."""
    if found is None:
        return "–"
    around = "" if found.low is None else f" ({figure(found.low)} to {figure(found.high)})"
    return f"{figure(found.mean)}{around}"


def figure(value: float | None, signed: bool = False) -> str:
    """A number of any size with three digits that count."""
    if value is None:
        return "–"
    if value == 0:
        return "0"
    decimals = max(0, 2 - math.floor(math.log10(abs(value))))
    shown = f"{value:{'+' if signed else ''},.{min(decimals, 6)}f}"
    return shown.replace("-", "\N{MINUS SIGN}")


def claim_words(claim: Mapping[str, Any]) -> str:
    """A claim in words: `restated answers, never tuned on: higher than shuffled`."""
    what = quantity_words(claim["quantity"])
    what = f"{words(claim['arm'])}: {what}" if claim.get("arm") else what
    where, versus = GROUPS[claim["on"]], words(claim["versus"])
    if not versus:
        return f"{what}, {where}: {BEYOND[claim['direction']]} {figure(claim['bound'])}"
    way = {"rises": "higher than", "falls": "lower than", "stays": "as in"}[claim["direction"]]
    return f"{what}, {where}: {way} {'the base' if versus == 'base' else versus}"


def whose_words(claim: Mapping[str, Any]) -> str:
    """The paper's words on a claim; where there are none, whether the claim is ours or a check."""
    return str(claim["paper"]) or ("(a check)" if claim.get("check") else "(ours)")


def found_words(claim: Mapping[str, Any]) -> str:
    """What the lab found of a claim, with its interval."""
    found = gain(claim, "found")
    if found is None:
        return "–"
    return size(found) if claim["quantity"] in ANSWERS else change_words(found)
