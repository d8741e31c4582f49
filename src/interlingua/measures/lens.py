"""Logit lens over items: what layers say of the answer, per language, with intervals, before and after."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from interlingua.core.errors import BadInput, UnknownName
from interlingua.core.lens_read import LensRead, Words
from interlingua.measures.bootstrap import Fact, cluster_bootstrap
from interlingua.measures.interval import Interval
from interlingua.measures.vectors import Array

Counted = Literal["right", "all"]
Curve = tuple[Interval, ...]
Key = tuple[str, str, str, str]
_CURVES = ("english", "native", "shared", "entropy", "leading")


@dataclass(frozen=True, slots=True)
class LensCurves:
    """One language, layer by layer `(layer,)`; layer 0 is what enters the first layer.

    `english` and `native` are probabilities of the answer in English and in the item's language, `shared`
    what counts for both of them, `entropy` that of the next token in nats, `leading` the share of items whose
    right option leads: None where some item lacks it. `lead` is the first layer from which the right option
    leads up to the last, over the items where it does in the end (`n` of the interval), None where fewer than
    two clusters have one; `never` counts the other items. Of a paired comparison all are differences, and
    `lead` is over items that have one on both sides.
    """

    english: Curve | None
    native: Curve | None
    shared: Curve | None
    entropy: Curve
    leading: Curve | None
    lead: Interval | None
    never: int
    n: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON: `[mean, low, high]` per layer."""
        curves: dict[str, Curve | None] = {name: getattr(self, name) for name in _CURVES}
        told = {
            name: None if curve is None else [[one.mean, one.low, one.high] for one in curve]
            for name, curve in curves.items()
        }
        lead = None if self.lead is None else self.lead.as_dict()
        return {**told, "lead": lead, "never": self.never, "n": self.n}


def lens(
    reads: Iterable[LensRead],
    *,
    words: Words = "options",
    counted: Counted = "right",
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> dict[str, LensCurves]:
    """Means over items per language, every task weighing the same, with intervals over clusters.

    `counted` says whether the probability of the right label word counts or that of all of them; what is
    `shared` is always of all. `words` are those among which the right option has to lead.
    Raises `BadInput` for no reads, two of one item (at two positions, say), other numbers of layers, or a
    single cluster in a task; `UnknownName` for other `words` or `counted`.
    Source: arXiv:2405.13816; intervals as everywhere (`cluster_bootstrap`).
    """
    table = _by_key(reads, words, counted)
    return _curves(
        {key: _numbers(read, words, counted) for key, read in table.items()}, table, resamples, level, seed
    )


def lens_change(
    before: Iterable[LensRead],
    after: Iterable[LensRead],
    *,
    words: Words = "options",
    counted: Counted = "right",
    resamples: int = 2000,
    level: float = 0.95,
    seed: int = 0,
) -> dict[str, LensCurves]:
    """After minus before, item by item, as `lens` takes its means; `p` of an interval is against no change.

    Raises as `lens` does, and `BadInput` for items that one side lacks.
    """
    old, new = (_by_key(side, words, counted) for side in (before, after))
    if alone := sorted(old.keys() ^ new.keys()):
        raise BadInput(
            f"{len(alone)} items were read on one side only, first {_named(alone[0])}; read both alike."
        )
    changes: dict[Key, dict[str, Array | None]] = {}
    for key, read in new.items():
        one, other = _numbers(old[key], words, counted), _numbers(read, words, counted)
        if len(old[key].entropy) != len(read.entropy):
            raise BadInput(
                f"The models have {len(old[key].entropy)} and {len(read.entropy)} layers; give two alike."
            )
        changes[key] = {
            name: None if own is None or (then := one[name]) is None else own - then
            for name, own in other.items()
        }
    return _curves(changes, new, resamples, level, seed)


def first_lead(leads: Sequence[int], gold: int) -> int | None:
    """The first layer from which option `gold` leads up to the last; None where it does not in the end."""
    first = None
    for layer in reversed(range(len(leads))):
        if leads[layer] != gold:
            break
        first = layer
    return first


def _by_key(reads: Iterable[LensRead], words: str, counted: str) -> dict[Key, LensRead]:
    for kind, name, known in (("words", words, get_args(Words)), ("count", counted, get_args(Counted))):
        if name not in known:
            raise UnknownName(kind, name, known)
    table: dict[Key, LensRead] = {}
    for read in reads:
        key = (read.task, read.split, read.group, read.lang)
        if key in table:
            raise BadInput(
                f"Two reads are of {_named(key)}, at positions {table[key].position} and {read.position}; "
                "give those of one model and position."
            )
        table[key] = read
    if not table:
        raise BadInput("There are no reads through the lens; read some items first.")
    if len(depths := {len(read.entropy) for read in table.values()}) > 1:
        raise BadInput(f"The reads have {sorted(depths)} layers; give those of one model.")
    clusters = defaultdict(set)
    for read in table.values():
        clusters[read.task, read.lang].add((read.split, read.cluster))
    for (task, lang), own in clusters.items():
        if len(own) < 2:
            raise BadInput(f"Task {task!r} has a single cluster in {lang}; an interval needs at least 2.")
    return table


def _numbers(read: LensRead, words: Words, counted: Counted) -> dict[str, Array | None]:
    """What is averaged of an item: curves `(layer,)`, and `lead` `(1,)`; None where it is not known."""
    leads = read.leads.get(words)
    first = None if leads is None else first_lead(leads.tolist(), read.gold)

    def answer(likely: Array | None) -> Array | None:
        if likely is None:
            return None
        return likely[:, read.gold] if counted == "right" else likely.sum(1)

    return {
        "english": answer(read.english),
        "native": answer(read.native),
        "shared": read.shared,
        "entropy": read.entropy,
        "leading": None if leads is None else (leads == read.gold).astype(np.float64),
        "lead": None if first is None else np.array([float(first)]),
    }


def _curves(
    numbers: Mapping[Key, Mapping[str, Array | None]],
    reads: Mapping[Key, LensRead],
    resamples: int,
    level: float,
    seed: int,
) -> dict[str, LensCurves]:
    langs = defaultdict(list)
    for key in numbers:
        langs[key[3]].append(key)

    def means(keys: Sequence[Key], names: Sequence[str]) -> dict[str, Curve]:
        """Intervals of each of `names` over the layers; clusters are drawn once for all of them."""
        facts = [
            Fact(read.task, (read.split, read.cluster), f"{name} {layer}", float(value))
            for key in keys
            for name in names
            for read, own in [(reads[key], numbers[key][name])]
            for layer, value in enumerate(own if own is not None else ())
        ]
        drawn = cluster_bootstrap(facts, resamples=resamples, seed=seed)
        depth = Counter(lang.split()[0] for lang in drawn.langs)
        return {
            name: tuple(drawn.language(f"{name} {layer}", level=level) for layer in range(depth[name]))
            for name in names
        }

    found = {}
    for lang, keys in langs.items():
        known = [name for name in _CURVES if all(numbers[key][name] is not None for key in keys)]
        curves = means(keys, known)
        led = [key for key in keys if numbers[key]["lead"] is not None]
        clusters = Counter(task for task, _ in {(key[0], (key[1], reads[key].cluster)) for key in led})
        enough = bool(clusters) and min(clusters.values()) > 1
        found[lang] = LensCurves(
            curves.get("english"), curves.get("native"), curves.get("shared"), curves["entropy"],
            curves.get("leading"), means(led, ["lead"])["lead"][0] if enough else None,
            never=len(keys) - len(led), n=len(keys),
        )  # fmt: skip
    return found


def _named(key: Key) -> str:
    task, split, group, lang = key
    return f"item {group!r} of {task!r} ({split}) in {lang}"
