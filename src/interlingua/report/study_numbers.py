"""Numbers of a study over worlds: gains with each world's own value, accuracies per group, the law's groups.

A study's record holds `summary` (intervals over worlds; empty for one world), `worlds` (one result each) and
`languages` (a row per world and language never tuned on). Its table and figures all ask here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from interlingua.core.errors import BadInput
from interlingua.report.reading import (
    MODES,
    Gain,
    Mode,
    at,
    codes,
    control_title,
    controls,
    gain,
    mean,
    number,
    oracles,
)

Record = Mapping[str, Any]
Group = Literal["unseen", "seen", "pivot"]


@dataclass(frozen=True)
class Compared:
    """A gain over something, in fractions: its mean with interval, and what each world alone says.

    `kind` is `over-base`, `over-control` or `other`; `worlds` follows the record, `None` where not measured.
    """

    mode: str
    title: str
    words: str
    kind: str
    gain: Gain
    p: float | None
    worlds: tuple[float | None, ...]


@dataclass(frozen=True)
class LawGroup:
    """Languages never tuned on, split by bilingual pretraining text and kinship to a tuned language."""

    bilingual: bool
    related: bool
    rows: tuple[Mapping[str, Any], ...]


def checked(record: Record) -> Record:
    """The record itself; raises `BadInput` where it holds no world, or several and no summary over them."""
    if not record.get("worlds"):
        raise BadInput("The study's record holds no worlds; give the record of a finished study.")
    if len(record["worlds"]) > 1 and not record.get("summary"):
        raise BadInput(
            f"The study's record holds {len(record['worlds'])} worlds and no `summary` over them; add one."
        )
    return record


def overall(record: Record) -> Mapping[str, Any]:
    """Where the intervals are: over worlds, or within the only world."""
    found: Record = record.get("summary") or record["worlds"][0]
    return found


def modes_of(record: Record) -> list[Mode]:
    """The ways of answering that have a gain, in reading order."""
    return [mode for mode in MODES.values() if gain(overall(record), "gain_unseen", mode.name)]


def arms_of(record: Record, mode: Mode) -> tuple[list[str], list[str]]:
    """Controls of a way of answering, and arms shown beside them for reference only (an oracle, say)."""
    against = at(overall(record), "over_controls", mode.name) or {}
    beside = (arm for world in record["worlds"] for arm in [*controls(world, mode), *oracles(world, mode)])
    every = list(dict.fromkeys(beside))
    return [arm for arm in every if arm in against], [arm for arm in every if arm not in against]


def compared(record: Record) -> list[Compared]:
    """Every gain in reading order: over the base, over each control, on tuned languages, in the pivot."""
    found: list[Compared | None] = []
    for mode in modes_of(record):
        name = mode.name
        found.append(_compared(record, name, mode.title, "over the base", "over-base", "gain_unseen", name))
        for arm in arms_of(record, mode)[0]:
            words = f"over {control_title(arm)}"
            found.append(
                _compared(record, name, mode.title, words, "over-control", "over_controls", name, arm)
            )
        words = "over the base, tuned languages"
        found.append(_compared(record, name, mode.title, words, "other", "gain_seen", name))
    for key in at(overall(record), "pivot_change") or {}:
        words = MODES[key].title.lower() if key in MODES else key
        found.append(_compared(record, key, "Change in the pivot", words, "other", "pivot_change", key))
    return [each for each in found if each is not None]


def accuracy(world: Mapping[str, Any], mode: Mode, arm: str, group: Group) -> float | None:
    """Mean accuracy of an arm (`base`, `tuned` or a control) over a group of a world's languages."""
    path = {"base": mode.before, "tuned": mode.after}.get(arm, ("controls", arm, mode.name))
    chosen = [str(world.get("pivot"))] if group == "pivot" else codes(world, seen=group == "seen")
    return mean([number(world, "languages", code, *path) for code in chosen])


def law_rows(record: Record) -> list[Mapping[str, Any]]:
    """Rows of languages whose share of bilingual text and restated answers after tuning are known."""
    return [
        row
        for row in record.get("languages") or ()
        if all(number(row, key) is not None for key in ("bilingual_share", "base", "tuned"))
    ]


def law_groups(record: Record) -> list[LawGroup]:
    """The four groups of the law, those without a language left out."""
    rows = law_rows(record)
    groups = []
    for bilingual in (True, False):
        for related in (True, False):
            own = [r for r in rows if (r["bilingual_share"] > 0, bool(r["related"])) == (bilingual, related)]
            if own:
                groups.append(LawGroup(bilingual, related, tuple(own)))
    return groups


def _compared(record: Record, mode: str, title: str, words: str, kind: str, *path: str) -> Compared | None:
    found = gain(overall(record), *path)
    if found is None:
        return None
    alone = tuple(number(world, *path, "mean") for world in record["worlds"])
    return Compared(mode, title, words, kind, found, number(overall(record), *path, "p"), alone)
