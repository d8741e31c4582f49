"""Read a tunnel's record: rows of its leaderboards, what every arm came to, claims, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlingua.report.reading import (
    Gain,
    Result,
    at,
    count,
    gain,
    listing,
    number,
)
from interlingua.report.tunnel_words import ANSWERS, BEYOND, GROUPS, claim_words, figure, size, words

VERDICTS = ("works", "undecided", "negligible", "hurts", "")


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
class Measured:
    """A number of a recipe's own, on one group of languages: what it was and is, and its change or excess."""

    recipe: str
    quantity: str
    group: str
    wanted: str
    before: float | None
    after: float | None
    change: Gain | None
    verdict: str


def recipes(record: Result, kind: str) -> list[Mapping[str, Any]]:
    """The recipes judged on one kind of world, in the record's order."""
    return [told for told in (record.get("recipes") or {}).values() if told["kind"] == kind]


def board(record: Result, kind: str) -> list[Entry]:
    """The leaderboard of accuracies: verdicts in order, then the gain on languages never tuned on."""
    entries = []
    for told in recipes(record, kind):
        for quantity in told["accuracies"]:
            groups = at(told, "gains", quantity) or {}
            if not groups:
                continue
            facts = at(told, "arms", "method", "facts") or {}
            judged_on = next((c["on"] for c in told["judged"] if c["quantity"] == quantity), "")
            entries.append(
                Entry(
                    told["name"],
                    ANSWERS[quantity],
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
    return sorted(entries, key=lambda e: (VERDICTS.index(e.verdict), -(e.unseen.mean if e.unseen else 0.0)))


def measured(record: Result, kind: str) -> list[Measured]:
    """What recipes measure themselves and make claims about, a line per quantity and group of languages."""
    lines = []
    for told in recipes(record, kind):
        wanted = {
            (claim["quantity"], claim["on"]): claim
            for claim in reversed(told["claims"])
            if claim["quantity"] not in ANSWERS and claim["direction"] != "stays"
        }
        judged = {(claim["quantity"], claim["on"]) for claim in told["judged"]}
        for (quantity, group), claim in reversed(wanted.items()):
            size, way = gain(told, "gains", quantity, group, "base"), claim["direction"]
            if size is None and not claim["versus"]:
                size, way = gain(claim, "found"), f"{BEYOND[way]} {figure(claim['bound'])}"
            base, own = (number(told, "levels", quantity, group, arm, "mean") for arm in ("base", "method"))
            verdict = str(told["verdicts"].get(quantity, "")) if (quantity, group) in judged else ""
            lines.append(Measured(told["name"], quantity, group, way, base, own, size, verdict))
    return lines


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


def best(record: Result) -> list[Entry]:
    """The first kind's claimed gains on languages never tuned on, largest first, each recipe once."""
    for kind in record.get("kinds") or {}:
        ranked = [entry for entry in claimed(record, kind) if entry.unseen]
        ranked.sort(key=lambda entry: -(entry.unseen.mean if entry.unseen else 0.0))
        if ranked:
            first: dict[str, Entry] = {}
            for entry in ranked:
                first.setdefault(entry.recipe, entry)
            return list(first.values())
    return []


def headline(record: Result) -> str:
    """The finding in one or two sentences."""
    judged = {name: told["verdicts"] for name, told in (record.get("recipes") or {}).items()}
    if not judged:
        return "No recipe has finished yet."
    top, told = next(iter(best(record)), None), ""
    if top is not None and top.unseen is not None:
        what = f"{size(top.unseen)} of {top.answers} answers"
        told = f"On languages never tuned on, {top.title} gains most: {what}. "
    if not any(judged.values()):
        return f"{told}One world gives no verdicts." if _one_world(record) else f"{told}No verdict was given."
    working = [words(name) for name, verdicts in judged.items() if "works" in verdicts.values()]
    many = f"{len(working)} of {count(len(judged), 'recipe')}" if len(judged) > 1 else "The recipe"
    if not working:
        return f"{told}No recipe is proved to work yet."
    return f"{told}Proved to work: {many if len(working) > 6 else listing(working)}."


def basis(record: Result) -> str:
    """What the sentence rests on."""
    names = [world["world"] for world in record.get("worlds") or ()]
    arms = sum(len(told["arms"]) for told in (record.get("recipes") or {}).values())
    items = record.get("items_per_task")
    asked = f"{count(items, 'item')} per task and language" if items else "at least 300 items per language"
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
