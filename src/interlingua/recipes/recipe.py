"""Recipe: what every published method in this folder hands over, and what it is given to run with."""

import inspect
import math
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from interlingua.core.errors import BadInput, UnknownName
from interlingua.core.ledger import Ledger
from interlingua.core.rows import Row
from interlingua.core.shelf import Shelf
from interlingua.data.source import Source

if TYPE_CHECKING:  # the catalogue is listed without loading torch
    from interlingua.models.lm import LM

Standing = Literal["faithful", "approximate", "lab-only"]
Family = Literal[
    "question alignment", "vocabulary", "merging", "pretraining", "embeddings", "classification",
    "measurement", "contamination",
]  # fmt: skip


@dataclass(frozen=True)
class Context:
    """All a recipe may use: the base, the data, the languages to tune on, seed, and where to keep state.

    `target` is the language questions are translated into, the pivot unless asked otherwise. `folder` is
    where checkpoints go (none: nothing is kept); `ledger` where scored rows go.
    Raises `UnknownName` for a language the source lacks, `BadInput` for none or the target among them.
    """

    base: "LM"
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
            raise BadInput(
                f"{self.target} is the target language; it cannot be among the languages tuned on."
            )

    def checkpoint(self, stage: str) -> Path | None:
        """The folder for the checkpoints of one stage, if any are kept."""
        return self.folder / stage if self.folder else None


Numbers = Mapping[str, Mapping[str, float]]
"""Quantity -> language -> value; a number that belongs to no single language stands under `""`."""
Values = Mapping[str, float | None]
"""Quantity -> value of one language; None where it is not defined."""


@dataclass(frozen=True)
class Outcome:
    """What a recipe leaves: models by name (`tuned` is the one to use), rows, and facts about the run.

    `numbers` are quantities that the recipe measures itself, other than accuracy, which a study asks for;
    `before` the same of the base. `facts` tell the cost (`steps`, `label_tokens`, `tokens`, ...). A recipe
    that only measures leaves no model.
    """

    models: Mapping[str, "LM"] = field(default_factory=dict)
    rows: Sequence[Row] = ()
    facts: Mapping[str, float] = field(default_factory=dict)
    numbers: Numbers = field(default_factory=dict)
    before: Numbers = field(default_factory=dict)

    @classmethod
    def by_language(
        cls,
        models: Mapping[str, "LM"],
        facts: Mapping[str, float],
        numbers: Mapping[str, "Values"],
        before: Mapping[str, "Values"] | None = None,
    ) -> "Outcome":
        """What a recipe leaves that gathers by language: a model for each, and values by quantity.

        The first model is `tuned`, others are `tuned-LANGUAGE`; a value that is None is left out.
        """
        names = {f"tuned-{lang}" if at else "tuned": lm for at, (lang, lm) in enumerate(models.items())}
        return cls(names, facts=facts, numbers=_turned(numbers), before=_turned(before or {}))


@dataclass(frozen=True)
class Claim:
    """What the paper says will happen: `quantity` on some languages, against a baseline or control.

    `quantity` is `direct` or `restate`, accuracies that a study asks for, or one of the outcome's `numbers`.
    `versus` is `base`, a control or a baseline of the recipe; `""` where the quantity itself has to be above
    (`rises`) or below (`falls`) the `bound`. `paper` is the paper's own figure or words, with its place. A
    `check` holds by how things are built, or stands beside the claims; no verdict is given on it. A claim may
    be about an `arm` instead of the method; it gets no verdict either. `untouched` names controls that cannot
    change the quantity. `known_script` are those of `seen` whose script the base has read.
    """

    quantity: str
    on: Literal["seen", "unseen", "pivot", "all", "known_script"]
    versus: str
    direction: Literal["rises", "falls", "stays"] = "rises"
    bound: float = 0.0
    paper: str = ""
    check: bool = False
    arm: str = ""
    untouched: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """A published method: how to run it, its hyper-parameters, what it needs, changes and claims.

    `controls` name changes of knobs that destroy the signal at equal compute, `baselines` changes to the
    usual ways that it has to beat, `oracles` changes that use what nobody has outside the lab, and `bounds`
    the quantities that an oracle is one of (not named: all); `presets` are knobs for model sizes. `family` is
    the table that it is compared in, `worlds` the kind of lab world that can judge it. `shortfall` stays
    empty unless some of what the paper claims does not show at lab scale: then it says what, and why. `anew`
    is set where every language is trained on by itself: to the number of trainings that they have in common.
    `encoders` says that it runs on encoders too: it reads states, writes nothing and has numbers of its own,
    since an encoder is asked no task. `paper`, `needs`, `changes`, `standing`, `controls`, `family`, `worlds`
    and `shortfall` are written as literals, so that the catalogue reads them without importing the recipe.
    """

    run: Callable[[Context, Any], Outcome]
    Knobs: type
    paper: str
    needs: AbstractSet[str]
    changes: AbstractSet[str]
    expects: tuple[Claim, ...]
    standing: Standing
    controls: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    oracles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    bounds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    presets: Mapping[str, Any] = field(default_factory=dict)
    baselines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    family: Family = "question alignment"
    worlds: str = "judge"
    shortfall: str = ""
    anew: int | None = None
    encoders: bool = False


RECIPES = Shelf("interlingua.recipes", holds="RECIPE", group="interlingua.recipes")


def with_knobs(knobs: Any, changes: Mapping[str, Any]) -> Any:
    """A copy of a recipe's knobs with some changed; text values are read as the knob's type.

    Raises `UnknownName` for a knob the recipe lacks, `BadInput` for a value of wrong type or out of range.
    """
    hints = typing.get_type_hints(type(knobs))
    names = [knob.name for knob in fields(knobs)]
    for name in changes:
        if name not in names:
            raise UnknownName("knob", name, names)
    return replace(knobs, **{name: _read(name, value, hints[name]) for name, value in changes.items()})


def check_knobs(
    knobs: object,
    *,
    at_least_one: Sequence[str] = (),
    above_zero: Sequence[str] = (),
    shares: Sequence[str] = (),
) -> None:
    """Refuse knobs out of range, by name; a knob that is None is not set. Raises `BadInput`."""
    rules: tuple[tuple[Sequence[str], str, Callable[[float], bool]], ...] = (
        (at_least_one, "at least 1", lambda value: value >= 1),
        (above_zero, "above 0", lambda value: 0 < value < math.inf),
        (shares, "a share from 0 to below 1", lambda value: 0 <= value < 1),
    )
    for names, wanted, kept in rules:
        for name in names:
            value = getattr(knobs, name)
            if value is not None and not kept(value):
                raise BadInput(f"Knob {name} must be {wanted}, not {value!r}.")


def knob_sources(knobs: type) -> dict[str, str]:
    """Where the default of each knob is from: the comment behind it; a knob without one is left out."""
    lines = inspect.getsource(knobs).splitlines()
    found = (re.match(r"\s+(\w+): [^#]+#\s*(.+)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


def _turned(found: Mapping[str, Values]) -> dict[str, dict[str, float]]:
    """Language -> quantity -> value as `Numbers`."""
    numbers: dict[str, dict[str, float]] = {}
    for lang, values in found.items():
        for quantity, value in values.items():
            if value is not None:
                numbers.setdefault(quantity, {})[lang] = value
    return numbers


def _read(name: str, value: Any, hint: Any) -> Any:
    """A value as the type of its knob: text is read, a list becomes a tuple."""
    kinds = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    if type(None) in kinds and (value is None or str(value).lower() == "none"):
        return None
    kind = next(kind for kind in kinds if kind is not type(None))
    origin = typing.get_origin(kind)
    if origin is Literal:
        choices = typing.get_args(kind)
        if value not in choices:
            raise BadInput(f"Knob {name} is one of {', '.join(map(str, choices))}, not {value!r}.")
        return value
    try:
        if origin is tuple:
            parts = value.split(",") if isinstance(value, str) else list(value)
            return tuple(part.strip() for part in parts if part.strip())
        return _plain(value, kind)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BadInput(f"Knob {name} takes {getattr(kind, '__name__', kind)}, not {value!r}.") from None


def _plain(value: Any, kind: type) -> Any:
    """A text or number as `kind`; raises what conversion raises."""
    if kind is bool and isinstance(value, str):
        return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[value.lower()]
    if isinstance(value, str) or (kind is float and type(value) is int):
        return kind(value)
    if type(value) is not kind:
        raise TypeError(kind)
    return value
