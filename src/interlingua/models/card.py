"""The README.md saved beside weights: what the model is, in the hub's front-matter layout."""

import json
from collections.abc import Mapping
from typing import Any


def card_text(name: str, facts: Mapping[str, Any], adapter: bool) -> str:
    """Markdown card of the model `name`; every fact becomes one line, in the order given."""
    head = [f"library_name: {'peft' if adapter else 'transformers'}", "pipeline_tag: text-generation"]
    if name.startswith("hf:"):
        head.append(f"base_model: {json.dumps(name.removeprefix('hf:'))}")
    lines = [f"- **{key}**: {_plain(value)}" for key, value in facts.items()]
    made = f"Made with Interlingua from `{name}`."
    return "\n".join(["---", *head, "---", "", f"# {name}", "", made, "", *lines]).rstrip() + "\n"


def _plain(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return " ".join(text.split())
