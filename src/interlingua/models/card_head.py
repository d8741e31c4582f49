"""The front matter of a model card: what the hub reads of it."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from huggingface_hub import try_to_load_from_cache
from huggingface_hub.errors import HFValidationError

from interlingua.models.card_results import fraction
from interlingua.models.card_words import KIND, language_of, quoted, said
from interlingua.models.hub import on_hub, split_name

_HEAD = re.compile(r"\A\ufeff?\s*---[ \t]*\r?\n(.*?)\n---", re.DOTALL)
_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9.+-]*")
_DATA_SET = re.compile(r"[\w.-]+/[\w.-]+|[\w][\w.-]*")
_OTHER = "other"


def front_matter(name: str, facts: Mapping[str, Any], adapter: bool) -> str:
    """YAML between its two lines, for a model made from the model `name`."""
    does = "feature-extraction" if facts.get(KIND) else "text-generation"
    head = [f"library_name: {'peft' if adapter else 'transformers'}", f"pipeline_tag: {does}"]
    if on_hub(name):
        head.append(f"base_model: {quoted(split_name(name)[0])}")
        head.append(f"base_model_relation: {'adapter' if adapter else 'finetune'}")
    if spoken := _languages(facts):
        head.append(f"language: {quoted(spoken)}")
    head += _licence(facts)
    source = str(facts.get("source") or "")
    if _DATA_SET.fullmatch(source):
        head.append(f"datasets: {quoted([source])}")
    tags = ["interlingua", "multilingual", *([str(facts["recipe"])] if facts.get("recipe") else [])]
    head.append(f"tags: {quoted(tags)}")
    if source:
        print_ = {"fingerprint": facts["source_fingerprint"]} if facts.get("source_fingerprint") else {}
        head.append(f"tuning_data: {quoted({'source': source, **print_})}")
    return "\n".join(["---", *head, *_model_index(name, facts), "---"])


def title(name: str, facts: Mapping[str, Any]) -> str:
    """The last part of the base's name, and what was done to it."""
    end = said(name.rstrip("/").rpartition("/")[2]) or said(name)
    recipe = str(facts.get("recipe") or "").replace("_", " ")
    return f"{end}, {said(recipe)}" if recipe else end


def declared_licence(name: str) -> str | None:
    """The licence that a model's own card or settings declare, in its folder or the hub's local cache."""
    for file in ("README.md", "config.json"):
        place = _cached(name, file) if on_hub(name) else Path(name) / file
        if place is None or not place.is_file():
            continue
        text = place.read_text(encoding="utf-8", errors="replace")
        told = _in_head(text) if file == "README.md" else _in_settings(text)
        if told:
            return told
    return None


def _cached(name: str, file: str) -> Path | None:
    """A file of a hub repository, if the local cache has it."""
    repository, revision = split_name(name)
    try:
        found = try_to_load_from_cache(repository, file, revision=revision)
    except HFValidationError:  # a name that the hub cannot have
        return None
    return Path(found) if isinstance(found, str) else None


def _languages(facts: Mapping[str, Any]) -> list[str]:
    """ISO codes, the shortest ones, of the languages tuned on and into."""
    tuned = facts.get("tuned_on") or ()
    codes = [*([tuned] if isinstance(tuned, str) else tuned), facts.get("into")]
    known = [language_of(str(code)) for code in codes if code]
    return list(dict.fromkeys(one.bcp47.partition("-")[0] for one in known if one))


def _licence(facts: Mapping[str, Any]) -> list[str]:
    """The base's licence as the hub wants it: an identifier, or `other` with its name."""
    base = (facts.get("licences") or {}).get("base")
    if not base:
        return ["license: unknown"]
    named = str(base).strip()
    if _IDENTIFIER.fullmatch(named):
        return [f"license: {quoted(named)}"]
    return [f"license: {_OTHER}", f"license_name: {quoted(named)}"]


def _model_index(name: str, facts: Mapping[str, Any]) -> list[str]:
    """Accuracies in percent, one entry per task, way of answering and language; nothing without results."""
    lines = []
    for row in facts.get("results") or ():
        score = fraction(row.get("after"))
        if score is None:
            continue
        code, task = str(row.get("lang") or ""), str(row.get("task") or "")
        spoken = language_of(code)
        data = {"type": task, "name": f"{task}, {spoken.label if spoken else code}", "config": code}
        metric = {
            "type": "accuracy",
            "name": f"Accuracy, {row.get('mode') or 'direct'}",
            "value": round(100 * score, 2),
        }
        lines += [
            f"  - task: {quoted({'type': 'text-generation'})}",
            f"    dataset: {quoted(data)}",
            f"    metrics: {quoted([metric])}",
        ]
    return [f"model-index:\n- name: {quoted(title(name, facts))}\n  results:", *lines] if lines else []


def _in_head(card: str) -> str | None:
    """`license` of a card's front matter; where that is `other`, its name."""
    head = _HEAD.match(card)
    if head is None:
        return None
    found = _field(head[1], "license")
    return _field(head[1], "license_name") or found if found == _OTHER else found


def _field(head: str, key: str) -> str | None:
    """A field's text, or the first of its list."""
    found = re.search(rf"""^{key}:[ \t]*(?:\r?\n[ \t]*-[ \t]*|\[)?["']?([^"'\r\n\],]+)""", head, re.MULTILINE)
    return found[1].strip() or None if found else None


def _in_settings(settings: str) -> str | None:
    try:
        held = json.loads(settings)
    except ValueError:
        return None  # whoever loads the model says so; here is only asked for a licence
    told = held.get("license") if isinstance(held, Mapping) else None
    if isinstance(told, Sequence) and not isinstance(told, str):
        told = next(iter(told), None)
    return told if isinstance(told, str) and told.strip() else None
