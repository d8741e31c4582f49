"""Recipe: what every published method in this folder hands over, and what it is given to run with."""

import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Literal

from interlingua.core.errors import BadInput, UnknownName
from interlingua.core.ledger import Ledger
from interlingua.core.rows import Row
from interlingua.core.shelf import Shelf
from interlingua.data.source import Source
from interlingua.models.lm import LM

Standing = Literal["faithful", "approximate", "lab-only"]


@dataclass(frozen=True)
class Context:
    """All a recipe may use: the base, the data, the languages to tune on, seed, and where to keep state.

    `target` is the language questions are translated into, the pivot unless asked otherwise. `folder` is where
    checkpoints go (none: nothing is kept); `ledger` where scored rows go.
    """

    base: LM
    source: Source
    languages: tuple[str, ...]
    seed: int = 0
    target: str = ""
    folder: Path | None = None
    ledger: Ledger | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "target", self.target or self.source.pivot)
        for lang in (*self.languages, self.target):
            if lang not in self.source.languages:
                raise UnknownName(f"language of {self.source.name}", lang, self.source.languages)
        if not self.languages:
            raise BadInput("No language to tune on; name one to three, e.g. --lang sw,hi.")
        if self.target in self.languages:
            raise BadInput(f"{self.target} is the target language; it cannot be among the languages tuned on.")

    def checkpoint(self, stage: str) -> Path | None:
        """The folder for the checkpoints of one stage, if any are kept."""
        return self.folder / stage if self.folder else None


@dataclass(frozen=True)
class Outcome:
    """What a recipe leaves: models by name (`tuned` is the one to use), rows, and facts about the run."""

    models: Mapping[str, LM]
    rows: Sequence[Row] = ()
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """What the paper says will happen: `quantity` on some languages, against a baseline or control."""

    quantity: str
    on: Literal["seen", "unseen", "pivot"]
    versus: str
    direction: Literal["rises", "falls", "stays"] = "rises"


@dataclass(frozen=True)
class Recipe:
    """A published method: how to run it, its hyper-parameters, what it needs, changes and claims.

    `controls` name changes of knobs that destroy the signal at equal compute, `oracles` changes that use what
    nobody has outside the lab; `presets` are knobs for model
    sizes, used by name.
    """

    run: Callable[[Context, Any], Outcome]
    Knobs: type
    paper: str
    needs: frozenset[str]
    changes: frozenset[str]
    expects: tuple[Claim, ...]
    standing: Standing
    controls: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    oracles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    presets: Mapping[str, Any] = field(default_factory=dict)


RECIPES = Shelf("interlingua.recipes", holds="RECIPE", group="interlingua.recipes")


def with_knobs(knobs: Any, changes: Mapping[str, Any]) -> Any:
    """A copy of a recipe's knobs with some changed; text values are read as the knob's type.

    Raises `UnknownName` for a knob the recipe lacks, `BadInput` for a value of the wrong type.
    """
    if not is_dataclass(knobs):
        raise BadInput(f"{type(knobs).__name__} is not a set of knobs.")
    hints = typing.get_type_hints(type(knobs))
    names = [f.name for f in fields(knobs)]
    for name in changes:
        if name not in names:
            raise UnknownName("knob", name, names)
    read = {name: _read(name, value, hints[name]) for name, value in changes.items()}
    return replace(typing.cast(Any, knobs), **read)


def _read(name: str, value: Any, hint: Any) -> Any:
    """A value given as text, as the type of its knob."""
    if not isinstance(value, str):
        return value
    choices = typing.get_args(hint)
    if typing.get_origin(hint) is Literal:
        if value not in choices:
            raise BadInput(f"Knob {name} is one of {', '.join(map(str, choices))}, not {value!r}.")
        return value
    if isinstance(hint, types.UnionType):
        if value.lower() == "none" and type(None) in choices:
            return None
        hint = next(h for h in choices if h is not type(None))
    if typing.get_origin(hint) is tuple:
        return tuple(part.strip() for part in value.split(",") if part.strip())
    try:
        if hint is bool:
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[value.lower()]
        return hint(value) if hint in (int, float) else value
    except (ValueError, KeyError):
        raise BadInput(f"Knob {name} takes {getattr(hint, '__name__', hint)}, not {value!r}.") from None
