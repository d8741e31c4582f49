"""Summary: the measured arms of one world as the result that page, terminal and studies over worlds read."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from interlingua.core.errors import BadInput
from interlingua.core.rows import Row
from interlingua.lab.worlds import World
from interlingua.languages.language import look
from interlingua.measures.accuracy import accuracy
from interlingua.measures.gain import Gain, gain
from interlingua.measures.interval import Interval
from interlingua.measures.verdict import Verdict, verdict
from interlingua.measures.word_accuracy import word_accuracy
from interlingua.studies.measured import Measured

Column: TypeAlias = tuple[str, str]
"""An arm and one of its ways of answering."""

CLAIMS: Mapping[str, Column] = {
    "direct": ("question_translation", "direct"),
    "restate": ("question_translation", "restate"),
    "own_answers": ("own_answers", "direct"),
}
"""What the main job is to show, each with the column that shows it."""
CONTROLS: Mapping[str, tuple[str, ...]] = {
    "direct": ("shuffled", "pivot_only", "reverse", "general_text"),
    "restate": ("shuffled", "pivot_only", "reverse", "general_text", "few_shot"),
    "own_answers": ("own_answers_untranslated",),
}
ORACLES: Mapping[str, tuple[str, ...]] = {"own_answers": ("own_answers_gold",)}
MIN_PIVOT = 0.90
"""A task the base does not answer this well in the pivot is told and left out; fixed on tuning seeds."""


def summarise(measured: Mapping[str, Measured], world: World, languages: Sequence[str]) -> dict[str, Any]:
    """The result of one world, `languages` being those tuned on; accuracies and gains are fractions.

    Accuracies per language, gains with intervals, verdicts, alignment, samples and costs, as plain values.
    Raises `BadInput` where the base has learned no task in the pivot, and what the measures raise.
    """
    return _Summary(measured, world, languages).told()


def kept_tasks(rows: Sequence[Row], tasks: Sequence[str], pivot: str) -> list[dict[str, Any]]:
    """For each task whether the base, whose direct answers `rows` are, has learned it in the pivot."""
    told = []
    for task in tasks:
        own = [row for row in rows if row.task == task and row.lang == pivot]
        right = float(np.mean([row.correct for row in own]))
        kept = right >= MIN_PIVOT
        reason = "" if kept else f"the base itself answers {right:.0%} in the pivot, below {MIN_PIVOT:.0%}"
        chance = 1 / len(own[0].options)
        told.append({"name": task, "chance": chance, "pivot_accuracy": right, "kept": kept, "reason": reason})
    return told


class _Summary:
    """The rows of the kept tasks by column, and what follows from them."""

    def __init__(self, measured: Mapping[str, Measured], world: World, languages: Sequence[str]) -> None:
        self.measured, self.world, self.seen = measured, world, tuple(languages)
        answers = measured["base"].rows["direct"]
        asked = {row.task for row in answers}
        self.tasks = kept_tasks(answers, [task for task in world.tasks if task in asked], world.pivot)
        kept = {task["name"]: task["chance"] for task in self.tasks if task["kept"]}
        if not kept:
            told = ", ".join(f"{task['name']} {task['pivot_accuracy']:.0%}" for task in self.tasks)
            raise BadInput(
                f"The base of {world.name} answers no task {MIN_PIVOT:.0%} right in its pivot ({told}); "
                "there is nothing to carry over. Take another world, or a base trained longer."
            )
        self.chance = float(np.mean(list(kept.values())))
        self.columns: dict[Column, list[Row]] = {
            (arm, mode): [row for row in rows if row.task in kept]
            for arm, found in measured.items()
            for mode, rows in found.rows.items()
        }
        self.claims = {claim: column for claim, column in CLAIMS.items() if column in self.columns}
        self.controls = {
            claim: [name for name in CONTROLS[claim] if (name, mode) in self.columns]
            for claim, (_, mode) in self.claims.items()
        }
        self._gains: dict[tuple[Column, Column], Gain] = {}

    def told(self) -> dict[str, Any]:
        """The whole result."""
        world = self.world
        return {
            "world": world.name,
            "pivot": world.pivot,
            "tuned_languages": list(self.seen),
            "unseen_languages": [code for code in world.languages if code not in (world.pivot, *self.seen)],
            "tasks": self.tasks,
            "chance": self.chance,
            "languages": self.languages(),
            "gain_unseen": {claim: _range(self.over("base", claim).unseen) for claim in self.claims},
            "gain_seen": {claim: _range(self.over("base", claim).seen) for claim in self.claims},
            "over_controls": {
                claim: {name: _range(self.over(name, claim).unseen) for name in names}
                for claim, names in self.controls.items()
            },
            "pivot_change": {
                claim: _range(self.over("base", claim).languages[world.pivot])
                for claim, (_, mode) in self.claims.items()
                if mode == "direct"
            },
            "verdicts": self.verdicts(),
            "alignment": _alignment(self.measured),
            "samples": self.samples(),
            "cost": {
                arm: {**found.facts, "seconds": round(found.seconds, 1)}
                for arm, found in self.measured.items()
            },
            "unit": "these languages, this seed",
        }

    def over(self, arm: str, claim: str) -> Gain:
        """What the claim's column gains over the same way of answering in another arm."""
        after = self.claims[claim]
        pair = ((arm, after[1]), after)
        if pair not in self._gains:
            before, now = (self.columns[column] for column in pair)
            self._gains[pair] = gain(before, now, seen=self.seen, pivot=self.world.pivot)
        return self._gains[pair]

    def verdicts(self) -> dict[str, Verdict]:
        """A verdict on each claim that has controls, from bootstrap intervals over unseen languages."""
        told = {}
        for claim, names in self.controls.items():
            own = self.over("base", claim).unseen
            against = {name: self.over(name, claim).unseen for name in names}
            compared = {name: found for name, found in against.items() if found is not None}
            if own is not None and compared:
                told[claim] = verdict(own, compared)
        return told

    def languages(self) -> dict[str, dict[str, Any]]:
        """Per language what it is, what the base saw of it, and its accuracy in every arm."""
        right = {
            column: {lang: one.mean for lang, one in accuracy(rows).items()}
            for column, rows in self.columns.items()
        }
        words = {
            arm: {lang: one.mean for lang, one in word_accuracy(rows).items()}
            for (arm, mode), rows in self.columns.items()
            if mode == "restate"
        }
        told: dict[str, dict[str, Any]] = {}
        for lang in self.world.languages:
            spec, known = self.world.tongue(lang).spec, look(lang)
            text, bilingual = self.world.shares[lang]
            told[lang] = {
                "name": known.name, "script": spec.script, "direction": known.direction,
                "family": spec.family, "order": spec.order, "seen": lang in self.seen,
                "share": text, "bilingual_share": bilingual,
                "base": {mode: right.get(("base", mode), {}).get(lang) for mode in ("direct", "restate")},
                "tuned": {claim: right[column].get(lang) for claim, column in self.claims.items()},
                "controls": self._controls({column: found.get(lang) for column, found in right.items()}),
            }  # fmt: skip
            for arm, side in (("base", "base"), ("question_translation", "tuned")):
                if lang in words.get(arm, {}):
                    told[lang][side]["word_accuracy"] = words[arm][lang]
        return told

    def _controls(self, right: Mapping[Column, float | None]) -> dict[str, dict[str, float | None]]:
        """One language's accuracy in every control and oracle, by what it is a control of."""
        told: dict[str, dict[str, float | None]] = {}
        for claim, (_, mode) in CLAIMS.items():
            for name in (*CONTROLS[claim], *ORACLES.get(claim, ())):
                if (name, mode) in right:
                    told.setdefault(name, {})[claim] = right[name, mode]
        return told

    def samples(self, each: int = 1) -> list[dict[str, Any]]:
        """Restated questions in unseen languages: by the base, by the tuned model, and as they should be."""
        if "restate" not in self.claims:
            return []
        arm, mode = self.claims["restate"]
        rows = self.measured[arm].rows[mode]
        before = {(row.task, row.group, row.lang): row for row in self.measured["base"].rows["restate"]}
        told, count = [], dict[str, int]()
        for place, row in enumerate(rows):
            known = row.lang == self.world.pivot or row.lang in self.seen
            if known or place % 7 or count.get(row.lang, 0) >= each:
                continue
            count[row.lang] = count.get(row.lang, 0) + 1
            told.append(
                {
                    "lang": row.lang,
                    "task": row.task,
                    "question": row.question,
                    "reference": row.extra.get("reference", ""),
                    "base": before[row.task, row.group, row.lang].extra.get("restated", ""),
                    "tuned": row.extra.get("restated", ""),
                }
            )
        return told


def _range(found: Interval | None) -> dict[str, float] | None:
    """Mean and interval; None where there is no such language."""
    return None if found is None else {"mean": found.mean, "low": found.low, "high": found.high}


def _alignment(measured: Mapping[str, Measured]) -> dict[str, Any]:
    """MEXA before and after: mean over layers per language, mean over languages per layer."""
    told: dict[str, Any] = {"per_layer": {}}
    for arm, side in (("base", "before"), ("question_translation", "after")):
        if arm in measured and measured[arm].alignment:
            scores = measured[arm].alignment
            told[side] = {lang: float(np.mean(layers)) for lang, layers in scores.items()}
            told["per_layer"][side] = [float(x) for x in np.mean(list(scores.values()), axis=0)]
    return told
