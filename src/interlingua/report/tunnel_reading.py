"""Read a tunnel's record: rows of its leaderboards, what every arm came to, claims, and what is missing."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scipy.special import stdtrit

from interlingua.report.reading import (
    Gain,
    Result,
    arm_title,
    at,
    count,
    gain,
    interval,
    listing,
    number,
    points,
)
from interlingua.report.tunnel_words import (
    ANSWERS,
    BEYOND,
    GROUPS,
    SHORT,
    change_words,
    claim_words,
    figure,
    quantity_words,
    shortfall,
    size,
    words,
)

VERDICTS = ("works", "undecided", "negligible", "hurts", "")
_ALPHA = 0.05  # of the verdicts, and of the intervals beside them


@dataclass(frozen=True)
class Entry:
    """One line of a leaderboard: a recipe in one way of answering; gains are fractions over the base."""

    recipe: str
    answers: str
    unseen: Gain | None
    seen: Gain | None
    pivot: Gain | None
    seconds: float | None
    tokens: float | None
    needs: str
    verdict: str
    judged_on: str
    standing: str
    family: str

    @property
    def title(self) -> str:
        """The recipe in words."""
        return words(self.recipe)

    @property
    def verdict_words(self) -> str:
        """The verdict, with its group of languages where that is not those never tuned on."""
        beside = f" ({GROUPS[self.judged_on]})" if self.verdict and self.judged_on != "unseen" else ""
        return f"{self.verdict}{beside}" or ("no verdict" if self.judged_on else "no claim")


@dataclass(frozen=True)
class Judged:
    """A claim on which a verdict is given: what the method gains, and how far it is ahead of its best rival.

    `gain` is over the base where it has to be beaten, or beyond the `bound` that the claim names. Rivals are
    the controls that touch the quantity, and the arms that some claim on it names; the best is the one that
    the method is least ahead of. Sizes have the sign of the quantity: below zero is good where it `falls`.
    `compared` counts the comparisons behind the verdict; `short` recipes say why nothing shows at lab scale.
    """

    recipe: str
    quantity: str
    group: str
    direction: str
    bound: float | None
    accuracy: bool
    gain: Gain | None
    rival: str
    role: str
    ahead: Gain | None
    verdict: str
    clarity: float
    compared: int
    short: bool
    failed: bool

    @property
    def wanted(self) -> str:
        """`rises`, `falls`, `above 0.900`."""
        return self.direction if self.bound is None else f"{BEYOND[self.direction]} {figure(self.bound)}"

    @property
    def where(self) -> str:
        """`restated answers, never tuned on`."""
        return f"{quantity_words(self.quantity)}, {GROUPS[self.group]}"

    @property
    def verdict_words(self) -> str:
        """The verdict, marked where nothing is proved and the recipe says why the lab cannot show it."""
        return f"{self.verdict or '–'}{f', {SHORT}' if self.short and self.verdict != 'works' else ''}"

    @property
    def rival_words(self) -> str:
        """The best rival, marked where it is no control: `random (baseline)`."""
        return rival_title(self.rival, self.role)

    @property
    def tier(self) -> int:
        """0: works; 1: beyond zero by its whole interval, over all it is judged against; 2: neither.

        A recipe that failed on some world is among the last: which worlds are left was not chosen.
        """
        if self.failed:
            return 2
        if self.verdict == "works":
            return 0
        return 1 if self.clarity > 1 and self.verdict in ("undecided", "") else 2

    def shown(self, found: Gain | None) -> str:
        """A size of this claim with its interval: points for accuracies, else in the quantity's own unit."""
        if found is None or not self.accuracy:
            return change_words(found)
        return points(found.mean) + (f" ({interval(found)})" if found.low is not None else "")


@dataclass(frozen=True)
class Measured:
    """A number of a recipe's own, on one group of languages: of the base, the method and its best rival."""

    recipe: str
    quantity: str
    group: str
    wanted: str
    before: float | None
    after: float | None
    rival: str
    beside: float | None


def recipes(record: Result, kind: str | None = None) -> list[Mapping[str, Any]]:
    """The recipes judged on one kind of world (None: on any), in the record's order."""
    every = (record.get("recipes") or {}).values()
    return [told for told in every if kind is None or told["kind"] == kind]


def board(record: Result, kind: str) -> list[Entry]:
    """The leaderboard of accuracies: verdicts in order, then the gain on languages never tuned on.

    A recipe without a claim on accuracies has a line too, for what it cost and what the pivot lost.
    """
    entries = []
    for told in recipes(record, kind):
        for quantity in (
            told["accuracies"] or [answers for answers in ANSWERS if answers in told["gains"]] or [""]
        ):
            groups = at(told, "gains", quantity) or {}
            facts = at(told, "arms", "method", "facts") or {}
            judged_on = next((c["on"] for c in told["judged"] if c["quantity"] == quantity), "")
            entries.append(
                Entry(
                    told["name"],
                    ANSWERS.get(quantity, "–"),
                    gain(groups, "unseen", "base"),
                    gain(groups, "seen", "base"),
                    gain(told, "pivot_change"),
                    number(told, "arms", "method", "seconds"),
                    number(facts, "tokens"),
                    listing([words(need) for need in told["needs"]]),
                    str(told["verdicts"].get(quantity, "")),
                    judged_on,
                    told["standing"],
                    told["family"],
                )
            )
    return sorted(entries, key=_place)


def _place(entry: Entry) -> tuple[int, bool, float]:
    """By verdict, then by the gain on languages never tuned on; those without such a gain last."""
    gained = entry.unseen.mean if entry.unseen else 0.0
    return VERDICTS.index(entry.verdict), entry.unseen is None, -gained


def measured(record: Result, kind: str) -> list[Measured]:
    """What recipes measure themselves and make claims about, a line per quantity and group of languages."""
    lines = []
    for told in recipes(record, kind):
        wanted = {
            (claim["quantity"], claim["on"]): claim
            for claim in reversed(told["claims"])
            if claim["quantity"] not in ANSWERS and claim["direction"] != "stays" and _of_method(claim)
        }
        for (quantity, group), claim in reversed(wanted.items()):
            bounded = not claim["versus"]
            way = claim["direction"]
            wish = f"{BEYOND[way]} {figure(claim['bound'])}" if bounded else way
            arm, role, _ = min(rivals(told, quantity, group), key=_closest(way), default=("", "", None))
            levels = (
                number(told, "levels", quantity, group, each, "mean") for each in ("base", "method", arm)
            )
            base, own, beside = levels
            name = rival_title(arm, role)
            lines.append(Measured(told["name"], quantity, group, wish, base, own, name, beside))
    return lines


def rivals(told: Mapping[str, Any], quantity: str, group: str) -> list[tuple[str, str, Gain]]:
    """(arm, role, gain over it) of controls that touch a quantity and baselines that a claim on it names."""
    named = {c["versus"] for c in told["claims"] if c["quantity"] == quantity and _of_method(c)}
    apart = {arm for c in told["judged"] if c["quantity"] == quantity for arm in c["untouched"]}
    return [
        (arm, role, size)
        for arm, role, size in beaten(told, quantity, group)
        if (role == "control" and arm not in apart) or (role == "baseline" and arm in named)
    ]


def _of_method(claim: Mapping[str, Any]) -> bool:
    """Whether a claim is about the method, and neither about another arm nor a check."""
    return not (claim["arm"] or claim["check"])


def bounded_by(told: Mapping[str, Any], arm: str, quantity: str) -> bool:
    """Whether an arm, if an oracle, is one of this quantity."""
    bounds = at(told, "arms", arm, "bounds") or [quantity]
    return quantity in bounds


def oracle(told: Mapping[str, Any], each: Judged) -> tuple[Gain | None, str]:
    """How far the method is ahead of its oracle in a judged quantity, and the oracle's title."""
    found = beaten(told, each.quantity, each.group)
    touching = [
        (size, arm_title(arm))
        for arm, role, size in found
        if role == "oracle"
        and bounded_by(told, arm, each.quantity)
        and not untouched(told, each.quantity, each.group, arm)
    ]
    return touching[0] if touching else (None, "")


def untouched(told: Mapping[str, Any], quantity: str, group: str, arm: str) -> bool:
    """Whether an arm leaves a quantity alone: a control by what the claim says, others by equal numbers."""
    if at(told, "arms", arm, "role") == "control":
        return any(arm in c["untouched"] for c in told["judged"] if c["quantity"] == quantity)
    found = at(told, "gains", quantity, group, arm)
    return bool(found) and not any(found["worlds"])


def rival_title(arm: str, role: str) -> str:
    """An arm's title, marked where it is a baseline: `random (baseline)`; empty without an arm."""
    return arm_title(arm) + (f" ({role})" if role == "baseline" else "") if arm else ""


def beaten(told: Mapping[str, Any], quantity: str, group: str) -> list[tuple[str, str, Gain]]:
    """(arm, role, gain over it) for base, controls, baselines and oracles, in that order."""
    found = []
    for arm in at(told, "gains", quantity, group) or {}:
        role = "base" if arm == "base" else str(at(told, "arms", arm, "role"))
        size = gain(told, "gains", quantity, group, arm)
        if size is not None:
            found.append((arm, role, size))
    return found


def claimed(record: Result, kind: str) -> list[Entry]:
    """The lines of a leaderboard about which the recipe makes a claim."""
    return [entry for entry in board(record, kind) if entry.judged_on]


def judged_unseen(record: Result, kind: str) -> list[Entry]:
    """Those whose gain on languages never tuned on is judged and is known, with what it cost."""
    found = claimed(record, kind)
    return [e for e in found if e.judged_on == "unseen" and e.unseen is not None and e.seconds]


def judged(told: Mapping[str, Any]) -> list[Judged]:
    """A recipe's judged claims, in its own order."""
    return [_judged(told, claim) for claim in told["judged"]]


def lead(told: Mapping[str, Any]) -> Judged | None:
    """The claim that speaks for a recipe: the best verdict, then the first one made."""
    return min(judged(told), key=lambda each: VERDICTS.index(each.verdict), default=None)


def best(record: Result) -> list[Judged]:
    """The claim that speaks for each recipe, accuracies first, then the clearest; unclear ones not."""
    leads = [lead(told) for told in (record.get("recipes") or {}).values()]
    clear = [each for each in leads if each is not None and each.tier < 2]
    return sorted(clear, key=lambda each: (each.tier, not each.accuracy, -each.clarity))


def ranked(record: Result, kind: str | None = None) -> list[Mapping[str, Any]]:
    """The recipes of one kind of world (None: of all) about which something is judged, the clearest first."""
    leads = [(lead(told), told) for told in recipes(record, kind)]
    order = sorted(
        (one.tier, not one.accuracy, -one.clarity, at) for at, (one, _) in enumerate(leads) if one is not None
    )
    return [leads[at][1] for *_, at in order]


def in_order(record: Result) -> list[Mapping[str, Any]]:
    """Every recipe: those about which something is judged, the clearest result first, then the others."""
    first = ranked(record)
    return [*first, *(told for told in recipes(record) if not told["judged"])]


def correction(record: Result, kind: str) -> str:
    """How many comparisons Holm's correction spans on a kind of world, and how far from zero that asks to be.

    The distance is that of the clearest comparison, in halves of its 95% interval (Student's, over worlds);
    empty where no verdict was given.
    """
    given = [(told, each) for told in recipes(record, kind) for each in judged(told) if each.verdict]
    if not given:
        return ""
    spans = sum(each.compared for _, each in given)
    many = sorted({len(told["worlds"]) for told, _ in given})
    free = many[-1] - 1
    times = float(stdtrit(free, 1 - _ALPHA / 2 / spans) / stdtrit(free, 1 - _ALPHA / 2))
    shown = f"{times:.0f}" if times >= 3 else f"{times:.1f}"
    worlds = f"{many[-1]} worlds" if len(many) == 1 else f"{many[0]} to {many[-1]} worlds"
    return (
        f"The verdicts are corrected (Holm) for {spans} comparisons at once. With {worlds}, even the "
        f"clearest of them survives only where its mean lies at least {shown} times half its interval from "
        "zero. So a claim can be undecided although its own interval is clear of zero."
    )


def _judged(told: Mapping[str, Any], claim: Mapping[str, Any]) -> Judged:
    quantity, group, sign = claim["quantity"], claim["on"], _sign(claim["direction"])
    wanted, bounded = {claim["versus"], *claim["rivals"]}, not claim["versus"]
    over = gain(told, "gains", quantity, group, "base") if "base" in wanted else None
    if bounded:
        own = [
            c
            for c in told["claims"]
            if (c["quantity"], c["on"], c["versus"]) == (quantity, group, "") and _of_method(c)
        ]
        over = gain(own[0], "found")
    beside = [each for each in beaten(told, quantity, group) if each[0] in wanted - {"base"}]
    arm, role, ahead = min(beside, key=_closest(claim["direction"]), default=("", "", None))
    sizes = [size for size in (over, *(size for _, _, size in beside)) if size is not None]
    return Judged(
        told["name"], quantity, group, claim["direction"], claim["bound"] if bounded else None,
        quantity in told["accuracies"], over, arm, role, ahead, str(told["verdicts"].get(quantity, "")),
        min((_clarity(size, sign) for size in sizes), default=0.0),
        claim["compared"],
        shortfall(told)[0] == SHORT,
        bool(told["failed_on"]),
    )  # fmt: skip


def _sign(direction: str) -> float:
    return -1.0 if direction == "falls" else 1.0


def _closest(direction: str) -> Callable[[tuple[str, str, Gain]], float]:
    """By how far the method is ahead of a rival, on the side that a claim names."""
    return lambda rival: _sign(direction) * rival[2].mean


def _clarity(found: Gain, sign: float) -> float:
    """How many times the half of its interval a size is beyond zero on the claimed side; above 1 it is clear.

    Without any unit, so that claims about different numbers can stand in one order.
    """
    if found.low is None or found.high is None:
        return 0.0
    half, size = (found.high - found.low) / 2, sign * found.mean
    return size / half if half else math.copysign(math.inf, size) if size else 0.0


def headline(record: Result) -> str:
    """The finding in one or two sentences."""
    given = {name: told["verdicts"] for name, told in (record.get("recipes") or {}).items()}
    if not given:
        return "No recipe has finished yet."
    if _one_world(record):
        return "One world gives no intervals, and so no verdicts."
    top = next(iter(best(record)), None)
    told = f"{_leading(top)} " if top is not None else "No judged claim is clear of zero. "
    if not any(given.values()):
        return f"{told}No verdict was given."
    working = [words(name) for name, verdicts in given.items() if "works" in verdicts.values()]
    many = f"{len(working)} of {count(len(given), 'recipe')}" if len(given) > 1 else "The recipe"
    if not working:
        return f"{told}No recipe is proved to work yet."
    return f"{told}Proved to work: {many if len(working) > 6 else listing(working)}."


def _leading(top: Judged) -> str:
    """The clearest result in a sentence: against the base, and against the arm it is least ahead of."""
    say = size if top.accuracy else change_words
    sizes = []
    if top.gain is not None:
        sizes.append(f"{say(top.gain)} against {'the base' if top.bound is None else figure(top.bound)}")
    if top.ahead is not None:
        ahead = top.shown(top.ahead).partition(" (")[0] if top.gain else say(top.ahead)
        sizes.append(f"{ahead} against {arm_title(top.rival)}, its best {top.role}")
    kind = "gain in answers" if top.accuracy else "result"
    return f"The clearest {kind} is {words(top.recipe)}: {top.where}, {' and '.join(sizes)}."


def basis(record: Result) -> str:
    """What the sentence rests on."""
    names = [world["world"] for world in record.get("worlds") or ()]
    arms = sum(len(told["arms"]) for told in (record.get("recipes") or {}).values())
    items = record.get("items_per_task")
    many = f"{count(items, 'item')} per task and language" if items else "at least 300 items per language"
    asked = f"answers from {many}"
    unit = "one observation; intervals are Student's, 95%, over worlds"
    return (
        f"{count(len(record.get('recipes') or {}), 'recipe')} with {count(arms, 'arm')} on "
        f"{count(len(names), 'lab world')}, {asked}. Every recipe of a world starts from the same base and "
        f"is tuned on the same languages. A world is {unit}."
    )


def absent(record: Result) -> list[str]:
    """What a reader may expect and this record does not hold."""
    told = [f"{f['recipe']} on {f['world']} failed: {f['message']}" for f in record.get("failed") or ()]
    told += [str(why) for why in (record.get("left_out") or {}).values()]
    if _one_world(record):
        told.append("Intervals and verdicts: they need at least two worlds.")
    for name, recipe in (record.get("recipes") or {}).items():
        missing = [claim_words(c) for c in recipe["claims"] if c["same"] == "not measured"]
        if missing:
            told.append(f"{words(name)}: not measured: {'; '.join(missing)}.")
    return told


def _one_world(record: Result) -> bool:
    return all(len(told["worlds"]) < 2 for told in (record.get("recipes") or {}).values())
