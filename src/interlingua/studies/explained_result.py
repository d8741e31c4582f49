"""The result of `explain`: what was read, put together as the page and its figures want it."""

from collections.abc import Mapping
from typing import Any

from interlingua.data.source import Source
from interlingua.languages.language import look as known_language
from interlingua.studies.explained_alignment import estimated
from interlingua.studies.explained_sides import Look
from interlingua.studies.shards import Identity

Found = Mapping[str, Mapping[str, Any]]
_BITS = "bits_per_byte"


def assembled(
    look: Look,
    known: Mapping[str, Identity],
    found: Found,
    both: Mapping[str, Any] | None,
    geometry: Mapping[str, Any] | None,
    tuned: tuple[str, ...],
) -> dict[str, Any]:
    """One mapping with a part for everything that was looked at; what was not is not in it.

    `found` is by side, `both` the comparison of two sides. Fractions, layers from 0, natural logarithms.
    """
    place, after = look.place, known.get("after")
    result: dict[str, Any] = {
        "model": known["before"].name, "before": _about(known["before"]),
        "after": after and _about(after), "source": place.name, "source_fingerprint": place.fingerprint(),
        "pivot": place.pivot, "tuned_languages": list(tuned),
        "languages": {code: _language(place, code, code in tuned) for code in look.langs},
    }  # fmt: skip
    if accuracy := _accuracy(found, both):
        result["accuracy"] = accuracy
    if both is not None:
        modes = both["modes"]
        result["changed"] = [{**one, "mode": mode} for mode, told in modes.items() for one in told["changed"]]
        result["near_ties"] = sum(told["near_ties"] for told in modes.values())
    elif "accuracy" in found["before"]:
        modes = found["before"]["accuracy"]["modes"]
        result["near_ties"] = sum(len(told["near_ties"]) for told in modes.values())
    if look.alignment is not None:
        result["alignment"] = _alignment(look, found, accuracy)
    if look.lens is not None and look.with_lens:
        result["lens"] = _lens(look, found)
    if geometry is not None:
        result["geometry"] = geometry
    if look.texts:
        result["tokenizer"] = _tokenizers(found, known)
    result["left_out"] = _left_out(look, accuracy)
    result["cut"] = _cut(found)
    return result


def _about(one: Identity) -> dict[str, Any]:
    return {"name": one.name, "fingerprint": one.fingerprint, "parameters": one.parameters}


def _language(place: Source, code: str, seen: bool) -> dict[str, Any]:
    one = known_language(code)
    return {
        "name": one.label, "script": one.script, "direction": one.direction, "family": one.family,
        "speakers": one.speakers, "seen": seen, "bilingual_share": place.bilingual_share(code),
    }  # fmt: skip


def _accuracy(found: Found, both: Mapping[str, Any] | None) -> dict[str, Any]:
    """Per way of answering: chance, every language before and after, mean gains or the average."""
    if both is not None:
        return {
            mode: {
                "tasks": told["tasks"], "chance": _mean(one["chance"] for one in told["languages"].values()),
                "languages": {
                    lang: {key: one[key] for key in ("before", "after", "gain")}
                    for lang, one in told["languages"].items()
                },
                **{key: told[key] for key in ("gain_seen", "gain_unseen", "gain_joint")},
            }
            for mode, told in both["modes"].items()
        }  # fmt: skip
    if "accuracy" not in found["before"]:
        return {}
    return {
        mode: {
            "tasks": list(told["tasks"]),
            "chance": _mean(one["chance"] for one in told["languages"].values()),
            "languages": {lang: {"before": one} for lang, one in told["languages"].items()},
            "average": told["average"],
        }
        for mode, told in found["before"]["accuracy"]["modes"].items()
    }  # fmt: skip


def _alignment(look: Look, found: Found, accuracy: Mapping[str, Any]) -> dict[str, Any]:
    assert look.alignment is not None
    pivot = look.place.pivot
    mode = next((mode for mode in ("direct", *accuracy) if mode in accuracy), None)
    scores = accuracy[mode]["languages"].get(pivot, {}) if mode else {}
    by_side = {}
    for side, told in found.items():
        score = scores.get(side)
        by_side[side] = estimated(told["alignment"]["languages"], score and score["mean"])
    return {
        "sentences": len(look.alignment.groups), "parallel": look.alignment.what,
        "layers": found["before"]["alignment"]["layers"],
        "languages": {
            lang: {side: own[lang] for side, own in by_side.items()} for lang in by_side["before"]
        },
    }  # fmt: skip


def _lens(look: Look, found: Found) -> dict[str, Any]:
    assert look.lens is not None
    curves = {side: told["lens"]["languages"] for side, told in found.items()}
    return {
        "task": look.lens.task, "position": look.position, "words": look.words,
        "english": list(look.lens.english or ()),
        "items": max(map(len, look.lens.items.values())),
        "languages": {lang: {side: own[lang] for side, own in curves.items()} for lang in curves["before"]},
        "grid": [
            {**one, **({"side": side} if len(found) > 1 else {})}
            for pair in zip(*(told["grid"] for told in found.values()), strict=True)
            for side, one in zip(found, pair, strict=True)
        ],
        "tuned": look.tune_lens,
    }  # fmt: skip


def _tokenizers(found: Found, known: Mapping[str, Identity]) -> dict[str, Any]:
    """Cost by model; of a tuned one whose tokenizer is the same only the bits per byte."""
    told: dict[str, Any] = {}
    seen: list[dict[str, Any]] = []
    for side, own in found.items():
        costs, name = own["tokenizer"]["costs"], known[side].name
        tokens = {lang: {k: v for k, v in one.items() if k != _BITS} for lang, one in costs.items()}
        if tokens in seen:
            costs = {lang: {_BITS: one[_BITS]} for lang, one in costs.items() if _BITS in one}
        seen.append(tokens)
        if costs:
            told[f"{name} ({side})" if name in told else name] = costs
    return told


def _left_out(look: Look, accuracy: Mapping[str, Any]) -> list[str]:
    """Languages that a part lacks, and why; one line for all that lack it for the same reason."""
    lacking: dict[tuple[str, str], list[str]] = {}
    if accuracy:
        scored = {lang for told in accuracy.values() for lang in told["languages"]}
        without = [lang for lang in look.langs if lang not in scored]
        lacking["accuracy", "no task has questions there"] = without
    both = look.alignment or look.geometry
    for lang, why in (both.left_out if both else {}).items():
        lacking.setdefault(("alignment", why), []).append(lang)
    if look.lens is not None:
        without = [lang for lang in look.langs if lang not in look.lens.items]
        lacking["lens", f"{look.lens.task} has no questions there"] = without
    return [f"{part} in {', '.join(langs)}: {why}" for (part, why), langs in lacking.items() if langs]


def _cut(found: Found) -> dict[str, dict[str, int]]:
    """Texts longer than a model reads, by part and side, then language."""
    told: dict[str, dict[str, int]] = {}
    for side, own in found.items():
        for mode, one in own.get("accuracy", {}).get("modes", {}).items():
            told[f"{mode} answers, {side}"] = one["cut"]
        told[f"sentences, {side}"] = own.get("alignment", {}).get("cut", {})
        told[f"lens, {side}"] = own.get("lens", {}).get("cut", {})
        told[f"bits per byte, {side}"] = own.get("tokenizer", {}).get("too_long", {})
    kept = {name: {lang: count for lang, count in one.items() if count} for name, one in told.items()}
    return {name: one for name, one in kept.items() if one}


def _mean(values: Any) -> float | None:
    known = list(values)
    return sum(known) / len(known) if known else None
