"""Judging: the main job on worlds whose seeds nothing was tuned on; claims are means over worlds.

Knobs come from the preset, tuned languages from the world's rule, tasks from the rule `MIN_PIVOT`: nothing
here can be chosen by looking at a judging world.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from interlingua.core.errors import BadInput
from interlingua.measures.interval import Interval
from interlingua.measures.t_interval import t_interval
from interlingua.measures.verdict import Comparison, verdicts


def over_worlds(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Gains over the base and over every control, pivot change and verdicts, with t-intervals over worlds.

    `results` are those of `summarise`, one per world. Fractions. Raises `BadInput` for fewer than two.
    """
    if len(results) < 2:
        raise BadInput(
            f"An interval over worlds needs at least 2 results, not {len(results)}; run more worlds."
        )
    modes = [mode for mode in results[0]["gain_unseen"] if all(r["gain_unseen"].get(mode) for r in results)]

    def over(*path: str) -> Interval:
        values = []
        for result in results:
            found: Any = result
            for key in path:
                found = found[key]
            values.append(found["mean"])
        return t_interval(values)

    gains = {mode: over("gain_unseen", mode) for mode in modes}
    controls = {
        mode: {control: over("over_controls", mode, control) for control in results[0]["over_controls"][mode]}
        for mode in modes
    }
    told = verdicts({mode: Comparison(gains[mode], controls[mode]) for mode in modes if controls[mode]})
    return {
        "worlds": [result["world"] for result in results],
        "gain_unseen": {mode: found.as_dict() for mode, found in gains.items()},
        "gain_seen": {mode: over("gain_seen", mode).as_dict() for mode in modes},
        "over_controls": {
            mode: {control: found.as_dict() for control, found in against.items()}
            for mode, against in controls.items()
        },
        "pivot_change": {mode: over("pivot_change", mode).as_dict() for mode in results[0]["pivot_change"]},
        "verdicts": told,
        "accuracy": _accuracies(results),
        "alignment": _alignment(results),
    }


def _accuracies(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Mean accuracy on unseen languages per arm and mode: the mean over worlds and each world's value."""
    found: dict[str, list[float]] = {}
    for result in results:
        unseen = [entry for lang, entry in result["languages"].items() if lang in result["unseen_languages"]]
        sides: dict[str, list[float]] = {}
        for entry in unseen:
            arms = {"base": entry["base"], "tuned": entry["tuned"], **entry["controls"]}
            for arm, modes in arms.items():
                for mode, value in modes.items():
                    if value is not None:
                        sides.setdefault(f"{arm}.{mode}", []).append(value)
        for name, values in sides.items():
            found.setdefault(name, []).append(float(np.mean(values)))
    return {name: {"mean": float(np.mean(values)), "worlds": values} for name, values in found.items()}


def _alignment(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Change of MEXA on unseen languages, mean over layers, over worlds."""
    changes = [
        float(
            np.mean(
                [
                    r["alignment"]["after"][lang] - r["alignment"]["before"][lang]
                    for lang in r["unseen_languages"]
                ]
            )
        )
        for r in results
    ]
    return {"mexa_change_unseen": t_interval(changes).as_dict()}


def by_language(results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row per unseen language and world: what the base saw of it, its kin, and what tuning gave it."""
    rows = []
    for result in results:
        kin = {result["languages"][lang]["family"] for lang in result["tuned_languages"]} - {None}
        for lang in result["unseen_languages"]:
            entry = result["languages"][lang]
            rows.append(
                {
                    "world": result["world"], "lang": lang, "family": entry["family"],
                    "order": entry["order"], "related": entry["family"] in kin,
                    "bilingual_share": entry["bilingual_share"], "share": entry["share"],
                    "base": entry["base"]["restate"], "tuned": entry["tuned"]["restate"],
                    "gain": entry["tuned"]["restate"] - entry["base"]["restate"],
                    "own_answers": entry["tuned"].get("own_answers"), "direct": entry["base"]["direct"],
                    "words": entry["tuned"].get("word_accuracy"),
                }
            )  # fmt: skip
    return rows
