"""Comparing: two sets of answers to the same questions, language by language and together."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput
from interlingua.core.ledger import Ledger
from interlingua.core.rows import Row
from interlingua.languages.language import look, pick
from interlingua.measures.accuracy import accuracy
from interlingua.measures.gain import gain
from interlingua.measures.near_ties import near_tie
from interlingua.studies.harness_logs import read_samples as read_harness_logs
from interlingua.studies.harness_logs import same_items
from interlingua.studies.samples import read_samples


@dataclass(frozen=True)
class Answers:
    """Rows of one model, where they are from, and what is known of that model and source."""

    name: str
    rows: tuple[Row, ...]
    pivot: str = ""
    tuned_on: tuple[str, ...] = ()

    def of_mode(self, mode: str) -> list[Row]:
        """The rows of one way of answering."""
        return [row for row in self.rows if row.mode == mode]


def compare(
    before: Path | str,
    after: Path | str,
    *,
    seen: Sequence[str] = (),
    pivot: str | None = None,
    common: bool = False,
) -> dict[str, Any]:
    """Gain of `after` over `before` per language with intervals and tests, seen and unseen languages apart.

    Each is the run folder of a measurement, a samples file (`--samples`), or a sample log or output folder of
    lm-evaluation-harness. `seen` are the languages the second model was tuned on; by default those that its
    card names. Tasks and languages that only one side has are left out and named; within the others every
    question must be there twice, unless `common` compares those that both have. Fractions, not percent.
    Raises `BadInput` for places without answers, answers of several models, or nothing in common.
    """
    old, new = answers(Path(before)), answers(Path(after))
    same_items(old.rows, new.rows)
    center = pivot or new.pivot or old.pivot
    modes = [mode for mode in dict.fromkeys(row.mode for row in new.rows) if old.of_mode(mode)]
    if not modes:
        ways = [" and ".join(sorted({row.mode for row in side.rows})) for side in (old, new)]
        raise BadInput(
            f"{old.name} holds answers of mode {ways[0]}, {new.name} of {ways[1]}; none in common."
        )
    langs = sorted({row.lang for row in new.rows})
    center = pick(center, langs) if center and (pivot or center in langs) else ""
    tuned = tuple(pick(one, langs) for one in seen) or tuple(one for one in new.tuned_on if one in langs)
    return {
        "before": old.name, "after": new.name, "pivot": center, "tuned_languages": list(tuned),
        "unit": "these languages, this model",
        "modes": {
            mode: _compared(old.of_mode(mode), new.of_mode(mode), tuned, center, common) for mode in modes
        },
    }  # fmt: skip


def answers(place: Path) -> Answers:
    """The answers kept in a place; see `compare`. Raises `BadInput` for none, or those of several models."""
    if not place.exists():
        raise BadInput(f"No answers at {place}: it does not exist. Give a run folder, or a file of samples.")
    if (place / "run.json").is_file():
        found = _of_run(place)
    elif place.suffix == ".parquet":
        found = Answers(str(place), tuple(read_samples(place)))
    else:
        found = Answers(str(place), tuple(read_harness_logs(place)))
    if not found.rows:
        raise BadInput(f"{place} holds no answers yet; run its command to the end.")
    models = sorted({row.model for row in found.rows})
    if len(models) > 1:
        raise BadInput(
            f"{place} holds answers of {len(models)} models ({', '.join(models[:3])}); "
            "compare two measurements: `interlingua measure` before and after."
        )
    return found


def _of_run(folder: Path) -> Answers:
    with Ledger(folder / "ledger.sqlite") as ledger:
        rows = tuple(ledger.rows())
    try:
        facts = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{folder} has no run.json that can be read: {error}.") from error
    return Answers(str(folder), rows, str(facts.get("pivot", "")), tuple(facts.get("tuned_on", ())))


def _compared(
    old: Sequence[Row], new: Sequence[Row], seen: Collection[str], pivot: str, common: bool
) -> dict[str, Any]:
    """One way of answering: gains, accuracies, what was left out, and the items that changed."""
    old, new, left_out = _matched(old, new, common)
    gains = gain(old, new, seen=seen, pivot=pivot)
    joint = gain(old, new, seen=(), pivot=pivot).unseen if seen else gains.unseen
    was, now = accuracy(old), accuracy(new)
    partner = {_key(row): row for row in old}
    pairs = [(partner[_key(row)], row) for row in new]
    return {
        "tasks": sorted({row.task for row in new}),
        "languages": {
            lang: {
                "name": look(lang).label, "seen": lang in seen, "chance": now[lang].chance,
                "before": was[lang].as_dict(), "after": now[lang].as_dict(),
                "gain": gains.languages[lang].as_dict(),
                "better": _count(pairs, lang, better=True), "worse": _count(pairs, lang, better=False),
            }
            for lang in now
        },
        "gain_joint": joint and joint.as_dict(),
        "gain_seen": gains.seen and gains.seen.as_dict(),
        "gain_unseen": gains.unseen and gains.unseen.as_dict(),
        "left_out": left_out,
        "changed": [_change(one, other) for one, other in pairs if one.correct != other.correct],
        "near_ties": sum(near_tie(one) or near_tie(other) for one, other in pairs),
    }  # fmt: skip


def _matched(
    old: Sequence[Row], new: Sequence[Row], common: bool
) -> tuple[list[Row], list[Row], list[dict[str, Any]]]:
    """Rows of both sides that answer the same questions, and the (task, language) that one side lacks."""
    there = [{(row.task, row.split, row.lang) for row in side} for side in (old, new)]
    both = there[0] & there[1]
    if not both:
        raise BadInput("The two sides have no task and language in common; measure the same tasks twice.")
    told: list[dict[str, Any]] = [
        {"task": task, "split": split, "lang": lang, "only": side}
        for side, keys in (("before", there[0] - both), ("after", there[1] - both))
        for task, split, lang in sorted(keys)
    ]
    sides = [[row for row in side if (row.task, row.split, row.lang) in both] for side in (old, new)]
    if common:
        shared = {_key(row) for row in sides[0]} & {_key(row) for row in sides[1]}
        for name, side in zip(("before", "after"), sides, strict=True):
            alone = Counter((row.task, row.split, row.lang) for row in side if _key(row) not in shared)
            told += [
                {"task": task, "split": split, "lang": lang, "only": name, "items": count}
                for (task, split, lang), count in sorted(alone.items())
            ]
        sides = [[row for row in side if _key(row) in shared] for side in sides]
        if not shared:
            raise BadInput("The two sides have no question in common; measure the same items twice.")
    return sides[0], sides[1], told


def _key(row: Row) -> tuple[str, str, str, str]:
    return row.task, row.split, row.group, row.lang


def _count(pairs: Sequence[tuple[Row, Row]], lang: str, better: bool) -> int:
    return sum(
        new.lang == lang and old.correct != new.correct and new.correct == better for old, new in pairs
    )


def _change(old: Row, new: Row) -> dict[str, Any]:
    """One question that only one of the models answers rightly."""
    return {
        "task": new.task, "id": new.id, "lang": new.lang, "better": new.correct, "question": new.question,
        "gold": _said(new, new.gold), "before": _said(old, old.prediction),
        "after": _said(new, new.prediction),
    }  # fmt: skip


def _said(row: Row, option: int) -> str:
    """An option's text; of a question answered in free text what was written, or should have been."""
    if row.options:
        return row.options[option].strip()
    extra: Mapping[str, Any] = row.extra
    return str(extra.get("answer" if option == row.gold else "written", "")).strip()
