"""mergekit's YAML: a plan written as one; one of slices, linear or TIES merges read and carried out.

    config = read_mergekit("swap.yml")
    merged = config.merge([load(name) for name in config.models])

What is written makes with `mergekit-yaml` the same model of models in float32, and up to rounding of models
in 16 bits. There TIES is not the same: mergekit rounds before it trims and elects, and decides otherwise
between changes that are equal, as many are.

What a plan cannot say is refused: layers that change their place, other merge methods, tokenizers that
differ. Settings are read as mergekit 0.1.5 does; those that it would pass over are refused.
"""

import math
import reprlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from interlingua.core.errors import BadInput
from interlingua.models.adapters import merged
from interlingua.models.anatomy import anatomy
from interlingua.models.lm import LM
from interlingua.models.surgery.layers import Plan, Shares, demand_fit, part_numbers, swap_layers
from interlingua.models.surgery.ties import ties

FORMATS = ("float32", "bfloat16", "float16")
"""Number formats that `dtype` of a configuration may name."""
Setting: TypeAlias = tuple[tuple[str, tuple[float, ...]], ...]
"""Conditions in their order: a part of a weight's name ("" is of any), and the numbers from the first layer
of a slice to its last, evenly spaced."""
# Parameters that count for one model and for all; int8_mask changes no number of what is read here.
_EACH = {True: {"weight"}, False: {"scale"}}
_SHARED = {True: {"weight", "normalize", "int8_mask"}, False: {"scale", "int8_mask"}}
_TIES_EACH = {"weight", "density"}
_TIES = {*_TIES_EACH, "lambda", "normalize", "int8_mask", "rescale"}
_KNOWN = {"merge_method", "slices", "models", "parameters", "dtype", "tokenizer_source", "base_model"}


@dataclass(frozen=True)
class Slice:
    """A run of layers, all of them where `layers` is None: from which models, with what settings."""

    models: tuple[str, ...]
    layers: tuple[int, int] | None
    each: tuple[Mapping[str, Setting], ...]
    """Settings of each model, in the order of `models`."""
    shared: Mapping[str, Setting]


@dataclass(frozen=True)
class MergeConfig:
    """A configuration that only puts layers together; `models` are its base, if any, and then as named."""

    models: tuple[str, ...]
    linear: bool
    slices: tuple[Slice, ...]
    shared: Mapping[str, Setting]
    dtype: str | None = None

    def merge(self, models: Sequence[LM]) -> LM:
        """The model that it describes, of `models` in its order; raises as `plan` and `swap_layers` do."""
        whole = [merged(lm) for lm in models]
        return swap_layers(*whole, plan=self.plan(whole[0]))

    def written(self, names: Sequence[str], lm: LM) -> str:
        """It as YAML again, its models called `names`, weights worked out; `lm` is any model of its shape."""
        return mergekit_yaml(self.plan(lm), names, lm, self.dtype)

    def plan(self, lm: LM) -> Plan:
        """The plan for models of the shape of `lm`.

        Raises `BadInput` for slices that are not the model's layers in their order, for weights that do not
        add up, and for filters that treat the weights of one layer differently.
        """
        numbers, depth = part_numbers(lm), len(anatomy(lm).layers)
        parts: list[Shares] = []
        for number, (part, t) in enumerate(
            [(self.slices[0], 0.0), *self._places(depth), (self.slices[-1], 0.0)]
        ):
            names = [name for name, of in numbers.items() if of == number] or [""]
            found = {self._shares(part, name, t) for name in names}
            if len(found) > 1:
                raise BadInput(
                    f"A filter of the configuration splits part {number} of {lm.name}; a plan has one share "
                    "for all weights of a part: the embeddings, a layer, or what comes after the layers."
                )
            parts += found
        return Plan(parts[0], tuple(parts[1:-1]), parts[-1])

    def _places(self, depth: int) -> list[tuple[Slice, float]]:
        """The slice of every layer, and how far into it the layer stands, from 0 to 1."""
        places: list[tuple[Slice, float]] = []
        for part in self.slices:
            start, end = part.layers or (0, depth)
            if start != len(places):
                raise BadInput(
                    f"Slice [{start}, {end}] of the configuration puts layer {start} at place {len(places)}; "
                    "a plan leaves every layer at its place."
                )
            places += [(part, i / (end - start - 1) if end - start > 1 else 1.0) for i in range(end - start)]
        if len(places) != depth:
            raise BadInput(f"The configuration is for {len(places)} layers, the model has {depth}.")
        return places

    def _shares(self, part: Slice, name: str, t: float) -> Shares:
        """The share of each of the configuration's models in the parameter `name`."""
        if self.linear:
            given = [self._setting(part, place, "weight", name, t) for place in range(len(part.models))]
            total = sum(given) if self._setting(part, None, "normalize", name, t, 1.0) else 1.0
            if not total:
                raise BadInput(f"The weights that the configuration gives {name} add up to 0.")
            weights = {model: weight / total for model, weight in zip(part.models, given, strict=True)}
        else:
            weights = {part.models[0]: self._setting(part, 0, "scale", name, t, 1.0)}
        return tuple(weights.get(model, 0.0) for model in self.models)

    def _setting(
        self, part: Slice, place: int | None, key: str, name: str, t: float, default: float | None = None
    ) -> float:
        """A number from the nearest place that has it: the model in its slice, the slice, the whole."""
        own = [] if place is None else [part.each[place]]
        for settings in (*own, part.shared, self.shared):
            value = _evaluated(settings.get(key, ()), name, t, switch=key == "normalize")
            if value is not None:
                return value
        if default is None:
            raise BadInput(f"The configuration gives {part.models[place or 0]} no {key} for {name}.")
        return default


@dataclass(frozen=True)
class TiesConfig:
    """A configuration that merges changes of a base by TIES within tensors; `models` are base and experts."""

    models: tuple[str, ...]
    density: float
    scale: float
    dtype: str | None = None

    def merge(self, models: Sequence[LM]) -> LM:
        """The model that it describes, of `models` in its order; raises as `ties` does."""
        base, *experts = models
        return ties(base, experts, density=self.density, scale=self.scale, within="tensor")

    def written(self, names: Sequence[str], lm: LM) -> str:
        """It as YAML again, its models called `names`."""
        base, *experts = names
        each = {"weight": 1.0, "density": self.density}
        told: dict[str, Any] = {
            "merge_method": "ties",
            "base_model": base,
            "models": [{"model": name, "parameters": dict(each)} for name in experts],
            "parameters": {"lambda": self.scale},
        }
        return _dumped(told | ({"dtype": self.dtype} if self.dtype else {}))


def read_mergekit(place: Path | str) -> MergeConfig | TiesConfig:
    """Read a configuration of a `passthrough` or `linear` merge, by slices or by whole models, or of `ties`.

    Raises `BadInput` for a file that is no such configuration, for numbers that are not finite, and for
    settings that would change nothing. `tokenizer_source` may name a model of the file, `base` or `union`:
    all models have one tokenizer. Rows of the embeddings that no token has stay.
    """
    try:
        told = yaml.safe_load(Path(place).read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"Cannot read {place}: {error.strerror}.") from error
    except (ValueError, yaml.YAMLError) as error:  # a date that is none is a ValueError
        raise BadInput(f"Cannot read {place}: {' '.join(str(error).split())}") from error
    if not isinstance(told, dict) or ("slices" in told) == ("models" in told):
        raise BadInput(
            f"{place} is no configuration of mergekit: it needs merge_method and slices or models."
        )
    method = told.get("merge_method")
    if method not in ("passthrough", "linear", "ties"):
        raise BadInput(f"{place} merges by {method!r}; only passthrough, linear and ties can be read.")
    _demand_known(place, told, _KNOWN)
    if told.get("dtype") not in (None, *FORMATS):
        raise BadInput(f"{place} sets dtype to {told['dtype']!r}; it is one of {', '.join(FORMATS)}.")
    config = _ties(place, told) if method == "ties" else _layers(place, told, method == "linear")
    if told.get("tokenizer_source") not in (None, "base", "union", *config.models):
        raise BadInput(
            f"{place}: tokenizer_source is {told['tokenizer_source']!r}, no model that it merges; name one "
            "of those, base or union, or leave it out."
        )
    return config


def mergekit_yaml(plan: Plan, names: Sequence[str], lm: LM, dtype: str | None = None) -> str:
    """The configuration with which mergekit makes of the models `names` what `swap_layers` makes of them.

    In float32 it is the same model, in 16 bits the same up to rounding.
    `lm` is any of the models or their base: it tells what the weights outside its layers are called. `dtype`
    is the number format of the result (default: the models'). Raises `BadInput` for a plan of another shape.
    """
    numbers, depth = part_numbers(lm), len(anatomy(lm).layers)
    demand_fit(plan, len(names), depth)
    if len(set(names)) < len(names):
        raise BadInput(
            f"mergekit tells models apart by their names; {', '.join(names)} are not all different."
        )
    runs = [(shares, list(places)) for shares, places in groupby(range(depth), key=plan.layers.__getitem__)]
    outside = {0: plan.embeddings, depth + 1: plan.head}
    apart = {
        # mergekit takes what comes before the layers from the first slice, what comes after from the last.
        name: outside[number]
        for name, number in numbers.items()
        if number in outside and outside[number] != runs[0 if number == 0 else -1][0]
    }
    plain = not apart and all(sorted(shares)[-2:] in ([0, 1], [1]) for shares, _ in runs)
    slices = []
    for place, (shares, layers) in enumerate(runs):
        bounds = [layers[0], layers[-1] + 1]
        here = {
            name: other
            for name, other in apart.items()
            if (place == 0 and numbers[name] == 0) or (place == len(runs) - 1 and numbers[name] > 0)
        }
        sources = [
            {"model": model, "layer_range": list(bounds)}
            | ({} if plain else {"parameters": {"weight": _weight(shares, here, number)}})
            for number, model in enumerate(names)
            if shares[number] or not plain  # linear slices need as many models each, or mergekit drops some
        ]
        slices.append({"sources": sources})
    told: dict[str, Any] = {"merge_method": "passthrough" if plain else "linear", "slices": slices}
    told |= {"dtype": dtype} if dtype else {}
    return _dumped(told)


def _dumped(told: Mapping[str, Any]) -> str:
    written: str = yaml.safe_dump(dict(told), sort_keys=False, allow_unicode=True)
    return written


def _weight(shares: Shares, apart: Mapping[str, Shares], number: int) -> Any:
    """The weight of one model in a slice, with conditions where weights outside the layers go another way."""
    own = float(shares[number])
    if not apart:
        return own
    return [
        *({"filter": name, "value": float(other[number])} for name, other in apart.items()),
        {"value": own},
    ]


def _layers(place: Path | str, told: Mapping[str, Any], linear: bool) -> MergeConfig:
    """A configuration of layers put together, by slices or by whole models."""
    base = told.get("base_model")
    if base is not None and not isinstance(base, str):
        raise BadInput(f"{place}: base_model is {base!r}, no name of a model.")
    by = "slices" if "slices" in told else "models"
    given = told[by]
    if not isinstance(given, list):
        raise BadInput(f"{place}: {by} is {given!r}, not a list; write one entry for each of them.")
    if by == "models":
        entries = [_entry(place, "a model", one, {"model", "parameters"}) for one in given]
        if base is not None and all(one["model"] != base for one in entries):
            entries.append({"model": base})  # mergekit counts it as one of the models
        slices = [_slice(place, entries, None, linear)]
    else:
        slices = []
        for one in given:
            sources = one.get("sources") if isinstance(one, dict) else None
            if not isinstance(sources, list):
                raise BadInput(f"{place} has a slice that cannot be read: it needs a list of sources.")
            _demand_known(place, one, {"sources", "parameters"}, " in a slice")
            entries = [
                _entry(place, "a slice", source, {"model", "layer_range", "parameters"}) for source in sources
            ]
            slices.append(_slice(place, entries, one.get("parameters"), linear))
    most = math.inf if linear else 1
    if not slices or any(not len(set(part.models)) == len(part.models) <= most for part in slices):
        raise BadInput(f"{place}: a slice names one model for passthrough, different ones for linear.")
    named = [model for part in slices for model in part.models]
    if base not in (None, *named):
        raise BadInput(f"{place}: base_model is {base!r}, no model that it merges; leave it out.")
    names = tuple(dict.fromkeys([*([] if base is None else [base]), *named]))
    shared = _settings(place, told.get("parameters"), _SHARED[linear], "all models")
    return MergeConfig(names, linear, tuple(slices), shared, told.get("dtype"))


def _slice(place: Path | str, sources: Sequence[Mapping[str, Any]], shared: Any, linear: bool) -> Slice:
    """A slice of sources that are entries with a model each, and the parameters that they share."""
    bounds = [_bounds(place, one["layer_range"]) if "layer_range" in one else None for one in sources]
    if len(set(bounds)) != 1:
        raise BadInput(
            f"{place} has a slice that cannot be read: sources are models by name with one layer_range."
        )
    return Slice(
        tuple(one["model"] for one in sources),
        bounds[0],
        tuple(_settings(place, one.get("parameters"), _EACH[linear], "one model") for one in sources),
        _settings(place, shared, _SHARED[linear], "a slice"),
    )


def _bounds(place: Path | str, told: Any) -> tuple[int, int]:
    if isinstance(told, list) and len(told) == 2 and all(type(bound) is int for bound in told):
        first, end = told
        if 0 <= first <= end:
            return first, end
    raise BadInput(
        f"{place}: layer_range is {told!r}; it is [FIRST, END], whole numbers that count layers from 0, "
        "without layer END."
    )


def _entry(place: Path | str, what: str, told: Any, known: Set[str]) -> dict[str, Any]:
    """An entry of a file that names a model."""
    if not isinstance(told, dict) or not isinstance(told.get("model"), str):
        raise BadInput(f"{place} has {what} that cannot be read: {told!r} names no model.")
    _demand_known(place, told, known, " in an entry of models" if what == "a model" else " in a source")
    return told


def _demand_known(place: Path | str, told: Mapping[Any, Any], known: Set[str], where: str = "") -> None:
    if strange := sorted(told.keys() - known, key=str):
        raise BadInput(f"{place} sets {strange[0]!r}{where}, which cannot be read; leave it out.")


def _parameters(place: Path | str, told: Any, known: Set[str], whose: str) -> dict[str, Any]:
    """`parameters` as they stand in the file."""
    if told is None:
        return {}
    if not isinstance(told, dict):
        raise BadInput(f"{place}: parameters of {whose} are {told!r}, not names with values.")
    _demand_known(place, told, known, f" in parameters of {whose}")
    return told


def _settings(place: Path | str, told: Any, known: Set[str], whose: str) -> dict[str, Setting]:
    """`parameters` of a file, checked and with conditions everywhere."""
    found = _parameters(place, told, known, whose)
    return {key: _conditions(place, key, value) for key, value in found.items()}


def _conditions(place: Path | str, key: str, told: Any) -> Setting:
    """A setting of a file: a number, a gradient, a condition or a list of them."""
    given = told if isinstance(told, list) else [told]
    conditions = [one for one in given if isinstance(one, dict)]
    if not conditions:
        return (("", _gradient(place, key, told)),)
    if len(conditions) < len(given):
        raise BadInput(f"{place} gives {key} as {told!r}, which mixes numbers and conditions.")
    found = []
    for one in conditions:
        _demand_known(place, one, {"filter", "value"}, f" in a condition of {key}")
        wanted = one.get("filter", "*")
        if not isinstance(wanted, str):
            raise BadInput(f"{place}: a filter of {key} is {wanted!r}; it is a part of the names of weights.")
        found.append(("" if wanted == "*" else wanted, _gradient(place, key, one.get("value"))))
    return tuple(found)


def _gradient(place: Path | str, key: str, told: Any) -> tuple[float, ...]:
    numbers = tuple(_number(place, key, one) for one in (told if isinstance(told, list) else [told]))
    if not numbers:
        raise BadInput(f"{place} gives {key} as an empty list; a number is needed.")
    if key == "normalize" and not set(numbers) <= {0, 1}:
        raise BadInput(f"{place} gives normalize as {told!r}; it is true or false.")
    return numbers


def _number(place: Path | str, key: str, told: Any) -> float:
    """A finite number of a file; also where YAML takes it for a word, as it does 1e-3."""
    try:
        number = float(told)
    except OverflowError:
        number = math.inf
    except (TypeError, ValueError):
        raise BadInput(f"{place} gives {key} as {told!r}, which is no number.") from None
    if not math.isfinite(number):
        raise BadInput(f"{place} gives {key} as {reprlib.repr(told)}; a finite number is needed.")
    return number


def _ties(place: Path | str, told: Mapping[str, Any]) -> TiesConfig:
    """A configuration of TIES, of whole models that count alike."""
    base, given = told.get("base_model"), told.get("models")
    if not isinstance(base, str) or not isinstance(given, list):
        raise BadInput(f"{place}: ties needs base_model, and models (not slices) that were tuned from it.")
    shared = _parameters(place, told.get("parameters"), _TIES, "all models")
    entries = [_entry(place, "a model", one, {"model", "parameters"}) for one in given]
    experts = [
        (one["model"], _parameters(place, one.get("parameters"), _TIES_EACH, "one model"))
        for one in entries
        if one["model"] != base
    ]
    if not experts:
        raise BadInput(f"{place} names no model beside base_model; ties has nothing to merge.")

    def number(key: str, default: float | None) -> float:
        found = {_one(place, key, own.get(key, shared.get(key, default))) for _, own in experts}
        if len(found) != 1:
            raise BadInput(f"{place}: models have different {key}; ties can be read where it is the same.")
        return found.pop()

    switched = shared.get("normalize", True) in (True,) and shared.get("rescale", False) in (False,)
    if not switched or number("weight", None) <= 0:
        raise BadInput(f"{place}: ties needs weights above 0, normalize: true and rescale: false.")
    names = (base, *dict.fromkeys(name for name, _ in experts))
    if len(names) <= len(experts):
        raise BadInput(f"{place} names a model twice.")
    return TiesConfig(
        names, number("density", 1.0), _one(place, "lambda", shared.get("lambda", 1.0)), told.get("dtype")
    )


def _one(place: Path | str, key: str, value: Any) -> float:
    if isinstance(value, (bool, list, dict)) or value is None:
        raise BadInput(f"{place} gives {key} as {value!r}; ties takes one number.")
    return _number(place, key, value)


def _evaluated(setting: Setting, name: str, t: float, switch: bool) -> float | None:
    """A setting for one parameter at `t` of a slice: the first condition met; a switch has no middle."""
    for wanted, numbers in setting:
        if wanted in name:
            scaled = t * (len(numbers) - 1)
            low = int(scaled)
            if switch:
                return numbers[low]
            high = min(len(numbers) - 1, low + 1)
            return (1 - scaled + low) * numbers[low] + (scaled - low) * numbers[high]
    return None
