"""Carded: what was measured of a saved model, written into the card that lies beside it."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput
from interlingua.models.card import MADE_FROM, add_facts, read_facts
from interlingua.recipes.recipe import Numbers


def card_folder(name: str | None) -> Path:
    """The folder whose card is meant. Raises `BadInput` where a model is no folder of saved weights."""
    place = Path(str(name))
    if name is None or not any((place / file).is_file() for file in ("config.json", "adapter_config.json")):
        raise BadInput(f"--card writes into a saved model's folder, and {name} is none; leave it out.")
    if MADE_FROM not in read_facts(place):
        raise BadInput(f"{place} was not saved by us, or long ago: its card is left alone. Leave --card out.")
    return place


def add_results(folder: Path, result: Mapping[str, Any]) -> None:
    """Put an explained result into a model's card: a row per task, way of answering and language."""
    seen = [lang for lang, one in result["languages"].items() if one["seen"]]
    rows = card_rows(result.get("accuracy") or {}, seen)
    if not rows:
        raise BadInput("There are no accuracies to put into a card; measure on a source with tasks.")
    add_facts(
        folder, results=rows, measured_on=result["source"],
        measured_on_fingerprint=result["source_fingerprint"],
    )  # fmt: skip


def card_rows(accuracy: Mapping[str, Any], seen: Collection[str]) -> list[dict[str, Any]]:
    """Rows of a card: accuracy `before` and `after` by mode and language, with the `gain` and its interval.

    Fractions. `seen` are the languages tuned on.
    """
    rows = []
    for mode, told in accuracy.items():
        for lang, one in told["languages"].items():
            now, gain = one.get("after") or one["before"], one.get("gain") or {}
            rows.append({
                "task": ", ".join(told["tasks"]), "mode": mode, "lang": lang, "n": now["n"],
                "before": one["before"]["mean"] if one.get("after") else None, "after": now["mean"],
                "gain": gain.get("mean"), "low": gain.get("low"), "high": gain.get("high"),
                "seen": lang in seen,
            })  # fmt: skip
    return rows


def card_numbers(numbers: Numbers, before: Numbers) -> str:
    """What a recipe measured itself, for a card: `bits_per_byte 0.71 in swh_Latn (base 5.80), ...`."""
    told = []
    for quantity, values in numbers.items():
        for lang, value in values.items():
            where, old = f" in {lang}" if lang else "", before.get(quantity, {}).get(lang)
            told.append(f"{quantity} {value:.4g}{where}" + ("" if old is None else f" (base {old:.4g})"))
    return ", ".join(told)
