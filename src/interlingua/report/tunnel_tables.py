"""Tables of a tunnel: leaderboards, judged claims, own quantities, arms, claims, worlds."""

from collections.abc import Mapping
from typing import Any

from interlingua.report.reading import Gain, Result, arm_title, at, gain, interval, number, points
from interlingua.report.tables import Cell, Column, Table
from interlingua.report.tunnel_layers import layered
from interlingua.report.tunnel_reading import (
    Judged,
    Measured,
    beaten,
    board,
    bounded_by,
    claimed,
    judged,
    measured,
    oracle,
    ranked,
    recipes,
    untouched,
)
from interlingua.report.tunnel_words import (
    GROUPS,
    SAME,
    change_words,
    claim_words,
    figure,
    found_words,
    level_words,
    whose_words,
    words,
)


def leaderboard(record: Result, kind: str) -> Table:
    """A row per recipe and way of answering: gains with intervals, the pivot, cost, needs, verdict."""
    columns = (
        Column("Recipe"), Column("Answers"), Column("Verdict"),
        Column("points", "points", "Never tuned on"), Column("95% interval", "ratio", "Never tuned on"),
        Column("points", "points", "Tuned on"), Column("95% interval", "ratio", "Tuned on"),
        Column("pivot", "points", "Kept"),
        Column("seconds", "count", "Cost"), Column("tokens", "count", "Cost"),
        Column("Needs"),
    )  # fmt: skip
    rows = [
        (
            entry.title, entry.answers, entry.verdict_words, *_pair(entry.unseen), *_pair(entry.seen),
            entry.pivot.mean if entry.pivot else None, entry.seconds, entry.tokens, entry.needs,
        )
        for entry in board(record, kind)
    ]  # fmt: skip
    return Table("Leaderboard", columns, tuple(rows))


def without(table: Table, *titles: str) -> Table:
    """A table without the columns of these titles."""
    kept = [place for place, column in enumerate(table.columns) if column.title not in titles]
    rows = tuple(tuple(row[place] for place in kept) for row in table.rows)
    return Table(table.caption, tuple(table.columns[place] for place in kept), rows)


def judged_claims(record: Result, kind: str) -> Table:
    """A row per judged claim: the difference from the base (or its bound) and from the best rival, verdict.

    A recipe's own table (`over_arms`) has the intervals against every rival.
    """
    columns = (
        Column("Recipe"), Column("Claim"), Column("Wanted"),
        Column("against base or bound (95%)", "ratio"), Column("against its best rival"),
        Column("against its oracle"), Column("Verdict"),
    )  # fmt: skip
    rows = [
        (
            words(told["name"]), each.where, each.wanted, each.shown(each.gain),
            _beside(each, each.ahead, each.rival_words), _beside(each, *oracle(told, each)),
            each.verdict_words,
        )
        for told in ranked(record, kind)
        for each in judged(told)
    ]  # fmt: skip
    table = Table("Judged claims", columns, tuple(rows))
    return table if any(row[5] != "–" for row in rows) else without(table, "against its oracle")


def _beside(each: Judged, found: Gain | None, arm: str) -> str:
    """`+.02, random (baseline)`: the difference from an arm; a dash where there is none."""
    return f"{each.shown(found).partition(' (')[0]}, {arm}" if found else "–"


def own_numbers(record: Result, kind: str) -> Table:
    """A row per quantity that a recipe measures itself: its level in the base, the method, its best rival."""
    columns = (
        Column("Recipe"), Column("Quantity"), Column("Wanted"), Column("base", "ratio"),
        Column("method", "ratio"), Column("best rival", "ratio"), Column("Which rival"),
    )  # fmt: skip
    rows = [_own(each) for each in measured(record, kind)]
    return Table("Levels of numbers that recipes measure themselves", columns, tuple(rows))


def arms(told: Mapping[str, Any]) -> Table:
    """Every arm of a recipe: what it changes, its accuracy, the pivot, what it cost."""
    asked = [quantity for quantity in told["accuracies"] if at(told, "levels", quantity)]
    columns = [Column("Arm"), Column("Role"), Column("Changes")]
    plan = [(quantity, group) for quantity in asked for group in ("unseen", "seen")]
    titles = {"direct": "Direct", "restate": "Restated"}
    columns += [Column(GROUPS[group], "percent", titles[quantity]) for quantity, group in plan]
    columns += [Column("pivot", "points"), Column("steps", "count"), Column("labelled tokens", "count"),
                Column("tokens", "count"), Column("seconds", "count")]  # fmt: skip
    base: list[Cell] = ["base", "", ""]
    base += [number(told, "levels", quantity, group, "base", "mean") for quantity, group in plan]
    rows: list[tuple[Cell, ...]] = [(*base, *[None] * 5)] if plan else []
    for name, arm in told["arms"].items():
        changed = ", ".join(f"{knob}={value}" for knob, value in arm["changes"].items())
        accuracy = [number(told, "levels", quantity, group, name, "mean") for quantity, group in plan]
        facts = [number(arm, "facts", key) for key in ("steps", "label_tokens", "tokens")]
        title = words(told["name"]) if name == "method" else arm_title(name)
        role = "" if name == "method" else arm["role"]
        rows.append((title, role, changed, *accuracy, number(arm, "pivot_change", "mean"), *facts,
                     number(arm, "seconds")))  # fmt: skip
    return Table(f"Arms of {words(told['name'])}", tuple(columns), tuple(rows))


def arm_levels(told: Mapping[str, Any]) -> Table:
    """Every arm's own level in the numbers that the recipe makes claims of, accuracies aside."""
    plan = dict.fromkeys((claim["quantity"], claim["on"]) for claim in told["claims"])
    shown = {
        (quantity, group): found
        for quantity, group in plan
        if quantity not in told["accuracies"] and (found := at(told, "levels", quantity, group))
    }
    columns = [Column("Arm"), Column("Role")]
    columns += [Column(f"{words(quantity)}, {GROUPS[group]}", "ratio") for quantity, group in shown]
    rows: list[tuple[Cell, ...]] = []
    for name in ("base", *told["arms"]):
        levels = [figure(number(told, "levels", *key, name, "mean")) for key in shown]
        if any(level != "–" for level in levels):
            role = "" if name in ("base", "method") else at(told, "arms", name, "role")
            title = {"base": "base", "method": words(told["name"])}.get(name) or arm_title(name)
            rows.append((title, role, *levels))
    return Table(f"Every arm of {words(told['name'])}: its own numbers", tuple(columns), tuple(rows))


def reported(told: Mapping[str, Any]) -> Table:
    """A recipe's own numbers of which it makes no claim, with intervals over worlds; those by layer aside."""
    columns = (Column("Quantity"), Column("mean (95% interval)", "ratio"))
    rows: list[tuple[Cell, ...]] = []
    aside = layered(told)
    for quantity, groups in (told.get("reported") or {}).items():
        if quantity in aside:
            continue
        for group in groups:
            found = gain(told, "reported", quantity, group)
            where = "" if group == "all" else f", {GROUPS[group]}"
            rows.append((f"{words(quantity)}{where}", level_words(found)))
    return Table(f"Reported of {words(told['name'])}, without a claim", columns, tuple(rows))


def over_arms(told: Mapping[str, Any]) -> Table:
    """The method against every other arm, per judged quantity.

    Arms that do not touch it are left out, and oracles of other quantities.
    """
    columns = (
        Column("Quantity"), Column("Against"), Column("Role"), Column("difference (95% interval)", "ratio"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for claim in told["judged"]:
        quantity, group = claim["quantity"], claim["on"]
        accuracy = quantity in told["accuracies"]
        for arm, role, size in beaten(told, quantity, group):
            if arm != "base" and (
                untouched(told, quantity, group, arm) or not bounded_by(told, arm, quantity)
            ):
                continue
            shown = f"{points(size.mean)} ({interval(size)})" if accuracy else change_words(size)
            title = "the base" if arm == "base" else arm_title(arm)
            rows.append((f"{words(quantity)}, {GROUPS[group]}", title, "" if arm == "base" else role, shown))
    return Table(f"{words(told['name'])} against its other arms", columns, tuple(rows))


def claims(told: Mapping[str, Any]) -> Table:
    """A recipe's claims: the paper's words or whose it is, what the lab found, whether it goes that way."""
    columns = (Column("Claim"), Column("The paper says"), Column("The lab says"), Column("Direction"))
    rows = [
        (claim_words(claim), whose_words(claim), found_words(claim), SAME[claim["same"]])
        for claim in told["claims"]
    ]
    return Table(f"Claims of {words(told['name'])}", columns, tuple(rows))


def tally(told: Mapping[str, Any]) -> str:
    """How many of a recipe's claims go the way that they say: `4 same, 1 not settled`."""
    found = [claim["same"] for claim in told["claims"]]
    return ", ".join(f"{found.count(same)} {said}" for same, said in SAME.items() if same in found)


def by_world(record: Result, kind: str) -> Table | None:
    """Each world's own gain on languages never tuned on; None where no recipe has one."""
    told = recipes(record, kind)
    names = list(dict.fromkeys(name for recipe in told for name in recipe["worlds"]))
    rows: list[tuple[Cell, ...]] = []
    for entry in claimed(record, kind):
        recipe = next(each for each in told if each["name"] == entry.recipe)
        quantity = {"direct": "direct", "restated": "restate"}[entry.answers]
        found = at(recipe, "gains", quantity, "unseen", "base")
        if found:
            alone = dict(zip(recipe["worlds"], found["worlds"], strict=True))
            rows.append((entry.title, entry.answers, *(alone.get(name) for name in names)))
    columns = (
        Column("Recipe"),
        Column("Answers"),
        *(Column(name.removeprefix("lab:"), "points") for name in names),
    )
    return Table("Each world's own gain on languages never tuned on", columns, tuple(rows)) if rows else None


def worlds(record: Result) -> Table:
    """The worlds: what was tuned on, which tasks were asked, what the base knew."""
    columns = (
        Column("World"), Column("Kind"), Column("Tuned on"), Column("never tuned on", "count"),
        Column("without bilingual text", "count"), Column("Tasks asked"), Column("items per task", "count"),
        Column("base in the pivot", "percent"), Column("Base", "code"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for world in record.get("worlds") or ():
        tuned = [str(code) for code in world["tuned_languages"]]
        unseen = [lang for lang in world["languages"] if lang not in (*tuned, world["pivot"])]
        without = sum(world["languages"][lang]["bilingual_share"] == 0 for lang in unseen)
        known = list(world["pivot_accuracy"].values())
        rows.append((
            world["world"], world["kind"], ", ".join(tuned), float(len(unseen)), float(without),
            ", ".join(world["asked"]), float(world["items"]), sum(known) / len(known) if known else None,
            str(world["base"])[:8],
        ))  # fmt: skip
    return Table("Worlds", columns, tuple(rows))


def _pair(found: Gain | None) -> tuple[Cell, Cell]:
    if found is None:
        return None, None
    return found.mean, None if found.low is None else interval(found)


def _own(each: Measured) -> tuple[Cell, ...]:
    return (
        words(each.recipe), f"{words(each.quantity)}, {GROUPS[each.group]}", each.wanted,
        figure(each.before), figure(each.after), figure(each.beside), each.rival,
    )  # fmt: skip
