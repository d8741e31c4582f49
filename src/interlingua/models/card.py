"""The card saved beside weights: README.md in the hub's front-matter layout, and the same facts as JSON."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from interlingua.core.errors import ModelError
from interlingua.models.hub import on_hub, split_name

FACTS = "interlingua.json"
"""The file that holds a card's facts for programs, such as the languages a model was tuned on."""


def write_card(folder: Path, name: str, facts: Mapping[str, Any], adapter: bool) -> None:
    """Both files of the card of the model `name`, into a folder that exists."""
    (folder / "README.md").write_text(card_text(name, facts, adapter), encoding="utf-8")
    text = json.dumps(dict(facts), ensure_ascii=False, indent=1, default=str)
    (folder / FACTS).write_text(text + "\n", encoding="utf-8")


def read_facts(folder: Path) -> dict[str, Any]:
    """The facts of a saved card; none where the model is not from here. Raises `ModelError` if damaged."""
    place = folder / FACTS
    if not place.is_file():
        return {}
    try:
        facts = json.loads(place.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelError(f"{place} is damaged ({error}); delete it, it only describes the model.") from error
    return dict(facts) if isinstance(facts, dict) else {}


def card_text(name: str, facts: Mapping[str, Any], adapter: bool) -> str:
    """Markdown card of the model `name`; every fact becomes one line, in the order given."""
    head = [f"library_name: {'peft' if adapter else 'transformers'}", "pipeline_tag: text-generation"]
    if on_hub(name):
        head.append(f"base_model: {json.dumps(split_name(name)[0])}")
    lines = [f"- **{key.replace('_', ' ')}**: {_plain(value)}" for key, value in facts.items()]
    made = f"Made with Interlingua from `{name}`."
    return "\n".join(["---", *head, "---", "", f"# {name}", "", made, "", *lines]).rstrip() + "\n"


def _plain(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = ", ".join(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return " ".join(text.split())
