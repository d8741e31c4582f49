"""Resolve: what a user types for a model or a source, as the thing itself."""

import json
from collections.abc import Sequence
from pathlib import Path

from interlingua.core.errors import BadInput
from interlingua.data.asking import Asking
from interlingua.data.files import FileSource
from interlingua.data.source import Source
from interlingua.lab.bases import load_base
from interlingua.lab.named import world
from interlingua.languages.language import pick
from interlingua.models.lm import LM, load


def source(name: str, tasks: Sequence[str] | None = None, asking: Asking | None = None) -> Source:
    """`lab:NAME`, a TOML file, a folder of data, or `hub` for the hub's data; raises what opening it raises.

    `tasks` are those that will be asked for (None: all; in files, no other tables are opened); `asking` is
    how, for sources that leave a choice.
    """
    if name.startswith("lab:"):
        return world(name)
    path = Path(name.removeprefix("file:"))
    if name != "hub" and not path.exists():
        raise BadInput(
            f"No source {name!r}: give a TOML file, a folder of data, hub, or lab:NAME "
            "(`interlingua lab list`)."
        )
    return FileSource(path, tasks=tasks, asking=asking or Asking())


def model(
    name: str | None, on: str, device: str = "auto", dtype: str = "auto", *, encoders: bool = False
) -> LM:
    """`lab:NAME`, a folder or an `hf:` name; without a name, the base of the lab world the source is.

    An adapter that was tuned on a lab's base finds that base by its name. `encoders` are refused unless they
    are asked for. Raises what loading raises, and `BadInput` where no model is named and the source brings
    none.
    """
    if name is None:
        if not on.startswith("lab:"):
            raise BadInput(f"{on} brings no model; name one with --model FOLDER or --model hf:NAME.")
        name = on
    if name.startswith("lab:"):
        return load_base(name, device)
    base = base_of(Path(name))
    carrier = load_base(base, device) if base.startswith("lab:") else None
    return load(name, device=device, dtype=dtype, base=carrier, encoders=encoders)


def languages(names: Sequence[str], source: Source) -> tuple[str, ...]:
    """Codes of a source's languages from any spelling, in the order given; each once."""
    return tuple(dict.fromkeys(pick(name, source.languages) for name in names))


def base_of(folder: Path) -> str:
    """The base that a folder's adapter names; empty where there is none, or none that can be read."""
    record = folder / "adapter_config.json"
    try:
        return str(json.loads(record.read_text(encoding="utf-8")).get("base_model_name_or_path") or "")
    except (OSError, ValueError, AttributeError):
        return ""  # `load` says what is wrong with it
