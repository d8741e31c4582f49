"""Tokenizers: what each language costs in several of them, side by side on the same text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np

from interlingua.core.errors import BadInput, MissingResource
from interlingua.core.fingerprint import fingerprint
from interlingua.core.provenance import versions
from interlingua.data.source import Source
from interlingua.lab.bases import base_folder
from interlingua.languages.language import look
from interlingua.languages.select import select
from interlingua.measures.text_cost import bits_per_byte, text_cost
from interlingua.models.lm import LM
from interlingua.scoring.text_cost import text_nats, token_counts
from interlingua.scoring.tokenizers import Tokenizer, load_tokenizer
from interlingua.studies import resolve
from interlingua.studies.alignment import parallel


@dataclass(frozen=True)
class Texts:
    """Texts of one language: `pairs` and `questions` with the same in the pivot, `text` without."""

    what: str
    own: list[str]
    pivots: list[str] | None


def tokenizers(
    models: Sequence[str] = (),
    on: str | None = None,
    *,
    tasks: Sequence[str] = (),
    lang: Sequence[str] = ("all",),
    script: str | None = None,
    family: str | None = None,
    sentences: int = 200,
    context: int | None = None,
    bits: bool = False,
    device: str = "auto",
    dtype: str = "auto",
) -> dict[str, Any]:
    """What every language of a source costs in tokens; the part `tokenizer` is by tokenizer, then language.

    `models` are hub names, `lab:NAME`, model folders, or folders with only a tokenizer (none: that of the
    lab world `on`); of their weights nothing is read, unless `bits` asks for bits per byte. `on` is
    `lab:NAME`, a TOML file or a folder of data; parallel text is taken where there is some, then task
    questions in two languages, then text alone. `sentences` are compared per language; `context` is a window
    in tokens for all instead of that of each model. Languages without text are `left_out`.
    Ratios are to the pivot, shares are fractions.
    Raises `UnknownName`, `BadInput`, `MissingResource`, `ModelError`.
    """
    started = monotonic()
    if on is None:
        raise BadInput(
            "What text to count tokens of? Name a source with --on: lab:NAME, a TOML file, a folder."
        )
    if sentences < 2:
        raise BadInput(f"Costs are compared on at least 2 sentences, not {sentences}.")
    names = list(dict.fromkeys(models)) or ([on] if on.startswith("lab:") else [])
    if not names:
        raise BadInput(f"{on} brings no tokenizer; name one: hf:NAME, a folder, or lab:NAME.")
    read = {name: named(name) for name in names}
    place = resolve.source(on, tasks or None)
    chosen = select(place.languages, lang, script, family)
    found = {code: texts_of(place, code, sentences) for code in chosen}
    texts = {code: one for code, one in found.items() if one is not None}
    if not texts:
        raise MissingResource(f"{place.name} has no text in {', '.join(chosen[:8])}; add [pairs] or [text].")
    costs = {name: cost_of(one, texts, context) for name, one in read.items()}
    too_long: dict[str, dict[str, int]] = {}
    if bits:
        for name in names:
            lm = resolve.model(name, on, device, dtype)
            told, too_long[name] = bits_of(lm, texts)
            for code, value in told.items():
                costs[name][code]["bits_per_byte"] = value
            del lm
    return {
        "source": place.name, "source_fingerprint": place.fingerprint(), "pivot": place.pivot,
        "pivot_name": look(place.pivot).label,
        "languages": {code: _about(code, one) for code, one in texts.items()},
        "left_out": [code for code, one in found.items() if one is None],
        "tokenizers": {
            name: {
                "fingerprint": one.fingerprint(), "vocabulary": len(one.tokenizer),
                "context": context or one.context, "tells_places": bool(one.tokenizer.is_fast),
            }
            for name, one in read.items()
        },
        "tokenizer": costs, "dearest": {name: dearest(cost, place.pivot) for name, cost in costs.items()},
        "too_long": too_long,
        "settings": {"sentences": sentences, "tasks": list(tasks), "context": context, "bits": bits},
        "versions": versions(), "seconds": round(monotonic() - started, 1),
    }  # fmt: skip


def named(name: str) -> Tokenizer:
    """The tokenizer of `lab:NAME`, a hub name or a folder; the base of an adapter may be one of the lab."""
    if name.startswith("lab:"):
        own = load_tokenizer(str(base_folder(name)))
        return Tokenizer(name, own.tokenizer, own.context)
    return load_tokenizer(name, named)


def texts_of(place: Source, lang: str, count: int) -> Texts | None:
    """At most `count` texts of a language, parallel to the pivot's where there are such; None without any.

    Raises `BadInput` for a single text, or empty ones.
    """
    try:
        what, own, pivots = parallel(place, lang, count)
        found = Texts(what, own, pivots)
    except MissingResource:
        found = Texts("text", _alone(place, lang, count), None)
        if not found.own:
            return None
    if len(found.own) < 2:
        raise BadInput(f"{place.name} has a single sentence in {lang}; costs are compared on at least 2.")
    for code, texts in ((lang, found.own), (place.pivot, found.pivots or [])):
        if empty := [number for number, text in enumerate(texts, 1) if not text.strip()]:
            raise BadInput(
                f"{place.name}: {len(empty)} of {len(texts)} texts in {code} are empty, the first is number "
                f"{empty[0]}; take them out."
            )
    return found


def cost_of(
    tokenizer: Tokenizer | LM, texts: Mapping[str, Texts], context: int | None = None
) -> dict[str, dict[str, Any]]:
    """By language, as plain values: what its texts cost in a tokenizer; what there is not is left out."""
    window = context or tokenizer.context
    counted: dict[str, Any] = {}
    told = {}
    for code, one in texts.items():
        pivots = None
        if one.pivots is not None:
            key = fingerprint(one.pivots)
            if key not in counted:
                counted = {key: token_counts(tokenizer, one.pivots)}
            pivots = counted[key]
        cost = text_cost(token_counts(tokenizer, one.own), pivots)
        values = {
            "fertility": cost.per_word, "per_character": cost.per_character, "per_byte": cost.per_byte,
            "per_sentence": cost.per_text, "ratio": cost.to_pivot and cost.to_pivot.as_dict(),
            "byte_fallback": cost.pieces, "unknown": cost.unknown, "split_graphemes": cost.split,
            "changed_texts": cost.changed, "lost_texts": cost.lost,
            "context_sentences": window / cost.per_text if window else None,
        }  # fmt: skip
        told[code] = {name: value for name, value in values.items() if value is not None}
    return told


def bits_of(lm: LM, texts: Mapping[str, Texts]) -> tuple[dict[str, dict[str, Any]], dict[str, int]]:
    """Bits per byte by language with their interval, and how many texts the model was too short for."""
    told, too_long = {}, {}
    for code, one in texts.items():
        nats = text_nats(lm, one.own, title=f"Bits {code}")
        fits = np.isfinite(nats)
        if lost := len(fits) - int(fits.sum()):
            too_long[code] = lost
        if fits.sum() >= 2:
            sizes = np.array([len(text.encode()) for text in one.own])
            told[code] = bits_per_byte(nats[fits], sizes[fits]).as_dict()
            told[code].pop("p", None)
    return told, too_long


def dearest(costs: Mapping[str, Mapping[str, Any]], pivot: str) -> list[str]:
    """Languages by what they cost against the pivot, the dearest first."""
    ratios = {code: cost["ratio"]["mean"] for code, cost in costs.items() if "ratio" in cost}
    return sorted((code for code in ratios if code != pivot), key=lambda code: -ratios[code])


def _about(code: str, texts: Texts) -> dict[str, Any]:
    known = look(code)
    return {
        "name": known.label, "script": known.script, "direction": known.direction, "family": known.family,
        "speakers": known.speakers, "text": texts.what, "sentences": len(texts.own),
    }  # fmt: skip


def _alone(place: Source, lang: str, count: int) -> list[str]:
    """Texts of a language that have no match in the pivot: running text, else questions of tasks."""
    try:
        return list(place.text(lang)[:count])
    except MissingResource:
        found = list[str]()
        for task in (*place.tasks, *place.open_tasks):
            for split in place.splits(task):
                if lang in place.languages_of(task, split) and len(found) < count:
                    bank = place.task if task in place.tasks else place.open_task
                    found += [item.question for item in bank(task, lang, split)]
        return found[:count]
