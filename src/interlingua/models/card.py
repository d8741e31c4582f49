"""The card saved beside weights: README.md as the hub reads it, and the same facts as JSON."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from interlingua.core.errors import ModelError
from interlingua.core.provenance import versions
from interlingua.models.card_head import declared_licence, front_matter, title
from interlingua.models.card_results import limits, results
from interlingua.models.card_words import KIND, MASKED_LM, code_span, languages, names, one_line, said
from interlingua.models.hub import hub_name, on_hub, split_name

FACTS = "interlingua.json"
"""The file that holds a card's facts for programs, such as the languages a model was tuned on."""
MADE_FROM = "made_from"
"""The fact that says which model a saved one is made from."""
_OWN_PLACE = ("knobs", "results", "licences", "versions", "command", MADE_FROM)
"""Facts with a section of their own; every other fact is a line."""
_NAMED = ("tuned_on", "into")


def write_card(folder: Path, name: str, facts: Mapping[str, Any], adapter: bool) -> None:
    """Both files of the card of a model made from the model `name`, into the folder it was saved to.

    An adapter's settings, where they are there, say better than its name what it sits on.
    """
    base = _carrier(folder, name) if adapter else name
    facts = {**facts, MADE_FROM: base}
    told = {"versions": versions(), **facts}
    known = {key: value for key, value in (facts.get("licences") or {}).items() if value}
    told["licences"] = {"base": declared_licence(base), **known}
    (folder / "README.md").write_text(card_text(base, told, adapter), encoding="utf-8")
    text = json.dumps(dict(facts), ensure_ascii=False, indent=1, default=str)
    # What UTF-8 cannot hold (half a surrogate pair) is written as JSON writes it.
    (folder / FACTS).write_text(text + "\n", encoding="utf-8", errors="backslashreplace")


def add_facts(folder: Path, **facts: Any) -> None:
    """Put more facts, such as `results`, into the card of a saved model, and write its README anew.

    Raises `ModelError` for a model whose card is not from here, or damaged.
    """
    known = read_facts(folder)
    if MADE_FROM not in known:
        raise ModelError(f"{folder} has no {FACTS} that says what it was made from; its card is left alone.")
    write_card(folder, str(known[MADE_FROM]), {**known, **facts}, (folder / "adapter_config.json").is_file())


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
    """Markdown card of a model made from the model `name`; every fact is optional.

    Known ones are `tuned_on`, `into`, `recipe`, `paper`, `standing`, `source`, `source_fingerprint`,
    `knobs`, `cost`, `seed`, `command`, `versions`; `licences` (`base` and `data`); and `results`: rows of
    `task`, `mode`, `lang`, `before`, `after`, `gain` with `low` and `high` (fractions), `n`, `seen`.
    Any other fact becomes a line, nested ones in short.
    """
    parts = [
        front_matter(name, facts, adapter),
        f"# {title(name, facts)}",
        f"Made with Interlingua from {code_span(name)}. {_what(facts, adapter)}",
        "\n".join(
            f"- **{said(key.replace('_', ' '))}**: {languages(value) if key in _NAMED else one_line(value)}"
            for key, value in facts.items()
            if key not in _OWN_PLACE
        ),
        results(facts),
        f"## Limits\n\n{limits(name, facts)}",
        _licences(facts),
        f"## How to load it\n\n{_loading(name, adapter, facts.get(KIND))}",
        _knobs(facts),
        _made(facts),
    ]
    return "\n\n".join(part for part in parts if part).encode(errors="replace").decode() + "\n"


def _what(facts: Mapping[str, Any], adapter: bool) -> str:
    """A sentence or two: which files these are, and which languages they were tuned on."""
    kind = "An adapter (PEFT) for it." if adapter else "A whole model."
    if not facts.get("tuned_on"):
        return kind
    into = f", into {names(facts['into'])}" if facts.get("into") else ""
    return f"{kind} Tuned on {names(facts['tuned_on'])}{into}."


def _licences(facts: Mapping[str, Any]) -> str:
    """What is declared of base and data; nothing is guessed."""
    known = facts.get("licences") or {}
    source = one_line(facts.get("source") or "the data")
    base, data = (one_line(known[key]) if known.get(key) else "" for key in ("base", "data"))
    lines = [
        f"- **base**: {base or 'unknown, see base'}",
        f"- **data**: {data or f'unknown, see {source}'}",
        "\nAs declared there. Both bind whoever uses this model.",
    ]
    return "\n".join(["## Licences\n", *lines])


def _loading(name: str, adapter: bool, kind: str | None) -> str:
    """Lines of Python for transformers and PEFT; an encoder without its head, which was not tuned."""
    model = "AutoModelForMaskedLM" if adapter and kind == MASKED_LM else "AutoModel"
    model = model if kind else "AutoModelForCausalLM"
    repository, revision = split_name(name)
    at = f", revision={json.dumps(revision)}" if on_hub(name) and revision else ""
    reader = "AutoTokenizer" if on_hub(name) else "PreTrainedTokenizerFast"
    folder = 'folder = "."  # where this card lies'
    lines = [f"from transformers import {model}, {reader}", "", folder]
    if adapter and name.startswith("lab:"):
        lines = [
            f"from transformers import {reader}",
            "from interlingua.lab.bases import load_base",
            *lines[1:],
        ]
        lines.append(f"base = load_base({json.dumps(name)}).model")
    elif adapter:
        lines.append(f"base = {model}.from_pretrained({json.dumps(repository)}{at})")
    if adapter:
        lines = ["from peft import PeftModel", *lines, "model = PeftModel.from_pretrained(base, folder)"]
    else:
        lines.append(f"model = {model}.from_pretrained(folder)")
    lines.append(f"tokenizer = {reader}.from_pretrained(folder)")
    return "\n".join(["```python", *lines, "```"])


def _knobs(facts: Mapping[str, Any]) -> str:
    knobs = facts.get("knobs")
    if not isinstance(knobs, Mapping) or not knobs:
        return ""
    rows = [f"| {said(str(name), cell=True)} | {_value(value)} |" for name, value in knobs.items()]
    return "\n".join(["## Knobs", "", "| Knob | Value |", "|---|---|", *rows])


def _value(value: Any) -> str:
    """One knob as it would be typed; text whose spaces matter is put in quotes."""
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        value = ", ".join(value)
    if isinstance(value, str) and value == " ".join(value.split()):
        return said(value, cell=True)
    return said(json.dumps(value, ensure_ascii=False, default=str), cell=True)


def _made(facts: Mapping[str, Any]) -> str:
    lines = []
    if facts.get("command"):
        lines.append(f"- **command**: {code_span(str(facts['command']))}")
    if isinstance(facts.get("versions"), Mapping):
        told = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
        lines.append(f"- **versions**: {said(told)}")
    return "\n".join(["## How it was made", "", *lines]) if lines else ""


def _carrier(folder: Path, name: str) -> str:
    """What an adapter sits on by its settings, as `load` takes it; `name` where they do not say."""
    place = folder / "adapter_config.json"
    settings = json.loads(place.read_text(encoding="utf-8")) if place.is_file() else {}
    wanted = str(settings.get("base_model_name_or_path") or name)
    if wanted == name or wanted.startswith("lab:") or Path(wanted).is_dir():
        return wanted
    return hub_name(wanted, settings.get("revision"))
