"""mergekit's YAML: a plan written as one; one of slices, linear or TIES merges read and carried out.

    config = read_mergekit("swap.yml")
    merged = config.merge([load(name) for name in config.models])

What is written makes the same model with `mergekit-yaml`. What a plan cannot say is refused: layers that
change their place, other merge methods, tokenizers that differ. Settings are read as mergekit 0.1.5 does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from interlingua.core.errors import BadInput
from interlingua.models.adapters import merged
from interlingua.models.anatomy import anatomy
from interlingua.models.lm import LM
from interlingua.models.surgery.layers import Plan, Shares, demand_fit, part_numbers, swap_layers
from interlingua.models.surgery.ties import ties

FORMATS = ("float32", "bfloat16", "float16")
"""Number formats that `dtype` of a configuration may name."""
_TIES = {"weight", "density", "lambda", "normalize", "int8_mask", "rescale"}
_KNOWN = {"merge_method", "slices", "models", "parameters", "dtype", "tokenizer_source", "base_model"}


@dataclass(frozen=True)
class Slice:
    """A run of layers, all of them where `layers` is None: from which models, with what settings."""

    models: tuple[str, ...]
    layers: tuple[int, int] | None
    each: tuple[Mapping[str, Any], ...]
    """Settings of each model, in the order of `models`."""
    shared: Mapping[str, Any]


@dataclass(frozen=True)
class MergeConfig:
    """A configuration that only puts layers together; `models` in the order in which it names them."""

    models: tuple[str, ...]
    linear: bool
    slices: tuple[Slice, ...]
    shared: Mapping[str, Any]
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
            value = _evaluated(settings.get(key), key, name, t)
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

    Raises `BadInput` for a file that is no such configuration.
    """
    try:
        told = yaml.safe_load(Path(place).read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"Cannot read {place}: {error.strerror}.") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInput(f"Cannot read {place}: {' '.join(str(error).split())}") from error
    if not isinstance(told, dict) or ("slices" in told) == ("models" in told):
        raise BadInput(
            f"{place} is no configuration of mergekit: it needs merge_method and slices or models."
        )
    method = told.get("merge_method")
    if method not in ("passthrough", "linear", "ties"):
        raise BadInput(f"{place} merges by {method!r}; only passthrough, linear and ties can be read.")
    if strange := sorted(told.keys() - _KNOWN):
        raise BadInput(f"{place} sets {strange[0]!r}, which cannot be read; leave it out.")
    if told.get("dtype") not in (None, *FORMATS):
        raise BadInput(f"{place} sets dtype to {told['dtype']!r}; it is one of {', '.join(FORMATS)}.")
    if method == "ties":
        return _ties(place, told)
    for name in ("slices", "models"):
        if not isinstance(told.get(name) or [], list):
            raise BadInput(
                f"{place}: {name} is {told[name]!r}, not a list; write one entry for each of them."
            )
    try:
        slices = [_slice(one) for one in told.get("slices") or [{"sources": told["models"]}]]
        shared = dict(told.get("parameters") or {})
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{place} has a slice that cannot be read: {error!r}.") from error
    if any(len(set(part.models)) != (1 if method == "passthrough" else len(part.models)) for part in slices):
        raise BadInput(f"{place}: a slice names one model for passthrough, different ones for linear.")
    names = tuple(dict.fromkeys(model for part in slices for model in part.models))
    return MergeConfig(names, method == "linear", tuple(slices), shared, told.get("dtype"))


def mergekit_yaml(plan: Plan, names: Sequence[str], lm: LM, dtype: str | None = None) -> str:
    """The configuration with which mergekit makes of the models `names` what `swap_layers` makes of them.

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


def _slice(told: Mapping[str, Any]) -> Slice:
    """A slice as it stands in the file; raises what a malformed one makes it raise."""
    sources = told["sources"]
    ranges = [tuple(int(bound) for bound in source["layer_range"]) if "layer_range" in source else None
              for source in sources]  # fmt: skip
    if not sources or len(set(ranges)) > 1 or any(not isinstance(source["model"], str) for source in sources):
        raise ValueError("sources are models by name with one layer_range")
    first = ranges[0]
    bounds = None if first is None else (first[0], first[1])
    return Slice(
        tuple(source["model"] for source in sources),
        bounds,
        tuple(dict(source.get("parameters") or {}) for source in sources),
        dict(told.get("parameters") or {}),
    )


def _ties(place: Path | str, told: Mapping[str, Any]) -> TiesConfig:
    """A configuration of TIES, of whole models that count alike."""
    base, given = told.get("base_model"), told.get("models")
    if not isinstance(base, str) or not isinstance(given, list):
        raise BadInput(f"{place}: ties needs base_model, and models (not slices) that were tuned from it.")
    try:
        shared = dict(told.get("parameters") or {})
        experts = [
            (str(one["model"]), dict(one.get("parameters") or {})) for one in given if one["model"] != base
        ]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{place} has a model that cannot be read: {error!r}.") from error
    if not experts:
        raise BadInput(f"{place} names no model beside base_model; ties has nothing to merge.")
    everything = [shared, *(own for _, own in experts)]
    if strange := sorted({str(key) for settings in everything for key in settings} - _TIES):
        raise BadInput(f"{place} sets {strange[0]!r}, which ties has no use for; leave it out.")

    def number(key: str, default: float | None) -> float:
        found = {_one(place, key, own.get(key, shared.get(key, default))) for _, own in experts}
        if len(found) != 1:
            raise BadInput(f"{place}: models have different {key}; ties can be read where it is the same.")
        return found.pop()

    if not shared.get("normalize", True) or shared.get("rescale") or number("weight", None) <= 0:
        raise BadInput(f"{place}: ties needs weights above 0, normalize: true and rescale: false.")
    names = (base, *dict.fromkeys(name for name, _ in experts))
    if len(names) <= len(experts):
        raise BadInput(f"{place} names a model twice.")
    return TiesConfig(
        names, number("density", 1.0), _one(place, "lambda", shared.get("lambda", 1.0)), told.get("dtype")
    )


def _one(place: Path | str, key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadInput(f"{place} gives {key} as {value!r}; ties takes one number.")
    return float(value)


def _evaluated(setting: Any, key: str, name: str, t: float) -> float | None:
    """A setting for one parameter at `t`: a number, a gradient over a slice, or the first condition met."""
    if setting is None or isinstance(setting, (bool, int, float)):
        return None if setting is None else float(setting)
    conditions = [setting] if isinstance(setting, dict) else setting
    if not isinstance(conditions, list) or not conditions:
        raise BadInput(f"The configuration's {key} is {setting!r}, which is no number.")
    if all(isinstance(one, (int, float)) for one in conditions):
        scaled = t * (len(conditions) - 1)
        low = int(scaled)
        high = min(len(conditions) - 1, low + 1)
        return float((1 - scaled + low) * conditions[low] + (scaled - low) * conditions[high])
    for one in conditions:
        if not isinstance(one, dict):
            raise BadInput(f"The configuration's {key} is {setting!r}, which mixes numbers and conditions.")
        wanted = one.get("filter")
        if wanted in (None, "*") or (name and str(wanted) in name):
            return _evaluated(one.get("value"), key, name, t)
    return None
