"""Probes: what a linear reader finds in the states of a layer, beside what it finds of random labels."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.utils.extmath import randomized_svd

from interlingua.core.errors import BadInput, UnknownName
from interlingua.measures.by_language import Vectors, at_layer, checked
from interlingua.measures.vectors import Array

Indices = NDArray[np.int64]
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Probe:
    """Accuracy per layer `(layer,)` on held-out groups, and of the same reader on random labels, `control`.

    `selectivity` is what lies between them. `parts` splits the accuracy, by language. `balance` is the share
    of each label, `chance` that of the most frequent one.
    """

    accuracy: tuple[float, ...]
    control: tuple[float, ...]
    selectivity: tuple[float, ...]
    parts: Mapping[str, tuple[float, ...]]
    chance: float
    balance: Mapping[str, float]
    rows: int
    groups: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, layer by layer."""
        numbers = zip(self.accuracy, self.control, self.selectivity, strict=True)
        return {
            "layers": [
                {"layer": layer, "accuracy": accuracy, "control": control, "selectivity": selectivity}
                for layer, (accuracy, control, selectivity) in enumerate(numbers)
            ],
            "parts": {name: list(values) for name, values in self.parts.items()},
            "chance": self.chance,
            "balance": dict(self.balance),
            "rows": self.rows,
            "groups": self.groups,
        }


def language_probe(vectors: Vectors, *, groups: Sequence[Hashable] | None = None, **settings: Any) -> Probe:
    """Whether a linear reader can tell which language a sentence is in; `parts` is the share found of each.

    `vectors` hold the same sentences in every language, `(layer, item, d_model)`. `groups` joins items that
    belong together (None: each alone); a group is in training or in testing, with all its languages.
    `settings` are those of `probe`. Of two languages with the same vectors half is found.
    Raises `BadInput` for fewer than two languages, and as `probe` does.
    """
    arrays = checked("A language probe", vectors)
    if len(arrays) < 2:
        raise BadInput(f"A language probe needs 2 languages or more, got {', '.join(arrays)}.")
    items = next(iter(arrays.values())).shape[1]
    langs = [lang for lang in arrays for _ in range(items)]
    return probe(_stacked(arrays), langs, _groups(groups, items) * len(arrays), parts=langs, **settings)


def task_probe(
    vectors: Vectors,
    labels: Sequence[Hashable],
    *,
    groups: Sequence[Hashable] | None = None,
    train_on: Sequence[str] = (),
    **settings: Any,
) -> Probe:
    """Whether a linear reader finds the answer: `labels` `(item,)` are the same in all languages.

    Trained on all languages, or on those of `train_on` alone: then the others' `parts` say whether the answer
    lies in the same direction there. Else as `language_probe`; `settings` are those of `probe`.
    Raises `BadInput` as `probe` does, `UnknownName` for a language to train on.
    """
    arrays = checked("A task probe", vectors)
    for lang in train_on:
        if lang not in arrays:
            raise UnknownName("language", lang, arrays, "A probe is trained on one that is there.")
    items = next(iter(arrays.values())).shape[1]
    if len(labels) != items:
        raise BadInput(f"A task probe needs a label per item: {items} items, {len(labels)} labels.")
    langs = [lang for lang in arrays for _ in range(items)]
    return probe(
        _stacked(arrays), list(labels) * len(arrays), _groups(groups, items) * len(arrays), parts=langs,
        train=[lang in train_on for lang in langs] if train_on else None, **({"draws": 5} | settings),
    )  # fmt: skip


def probe(
    layers: Iterable[ArrayLike],
    labels: Sequence[Hashable],
    groups: Sequence[Hashable],
    *,
    parts: Sequence[str] | None = None,
    train: Sequence[bool] | None = None,
    folds: int = 5,
    axes: int = 64,
    c: float = 1.0,
    draws: int = 1,
    seed: int = 0,
) -> Probe:
    """Logistic regression from vectors to labels, tested on groups that it was not trained on.

    `layers` are arrays `(row, d_model)`, with a label and a group per row, the same in all layers. Dimensions
    are brought to variance one, the `axes` directions that vary most are taken, without a look at labels, and
    scaled to mean squared length one; the penalty is 1 / `c`. `train` says which rows may be trained on.
    The control is the mean over `draws` of random labels: shuffled over groups where a group has one label
    (an answer), within groups where not (a language).
    Raises `BadInput` for other lengths, fewer groups than `folds`, a label in fewer than two groups (in the
    rows trained on), and vectors that are not finite.
    Source: probes with control tasks, Hewitt and Liang 2019, arXiv:1909.03368.
    """
    names = list(dict.fromkeys(labels))
    gold = np.array([names.index(label) for label in labels])
    members = {group: at for at, group in enumerate(dict.fromkeys(groups))}
    group = np.array([members[one] for one in groups])
    allowed = np.ones(len(gold), bool) if train is None else np.array(train, bool)
    told = list(parts) if parts is not None else [""] * len(gold)
    if folds < 2 or min(axes, draws) < 1 or not c > 0:
        raise BadInput(
            f"A probe needs folds of 2 or more, axes, draws and c above 0; got {folds}, {axes}, {draws}, {c}."
        )
    _check(gold, group, allowed, told, names, folds)
    rng = np.random.default_rng(seed)
    tasks = [gold, *(_random(gold, group, rng) for _ in range(draws))]
    plans = [_folds(task, group, folds, rng) for task in tasks]
    accuracies, found = [], []
    for at, layer in enumerate(layers):
        points = _points(np.asarray(layer), len(gold), axes, at)
        right = [_right(points, task, plan, allowed, c) for task, plan in zip(tasks, plans, strict=True)]
        accuracies.append((right[0].mean(), np.mean([one.mean() for one in right[1:]])))
        found.append([right[0][np.array(told) == name].mean() for name in dict.fromkeys(told)])
    if not accuracies:
        raise BadInput("A probe needs the vectors of at least one layer.")
    accuracy, control = np.array(accuracies).T
    lines = [tuple(np.round(one, _DIGITS).tolist()) for one in (accuracy, control, accuracy - control)]
    split = zip(dict.fromkeys(told), np.round(found, _DIGITS).T.tolist(), strict=True)
    shares = np.bincount(gold) / len(gold)
    return Probe(
        accuracy=lines[0], control=lines[1], selectivity=lines[2],
        parts={name: tuple(values) for name, values in split} if parts is not None else {},
        chance=float(shares.max()), balance=dict(zip(map(str, names), shares.tolist(), strict=True)),
        rows=len(gold), groups=len(members),
    )  # fmt: skip


def _stacked(arrays: Mapping[str, NDArray[Any]]) -> Iterable[Array]:
    """Layer by layer the vectors of all languages, one language after the other."""
    for layer in range(next(iter(arrays.values())).shape[0]):
        yield np.concatenate(list(at_layer(arrays, layer).values()))


def _groups(groups: Sequence[Hashable] | None, items: int) -> list[Hashable]:
    found: list[Hashable] = list(range(items) if groups is None else groups)
    if len(found) != items:
        raise BadInput(f"A probe needs a group per item: {items} items, {len(found)} groups.")
    return found


def _check(
    gold: Indices,
    group: Indices,
    allowed: NDArray[np.bool_],
    told: Sequence[str],
    names: list[Any],
    folds: int,
) -> None:
    if not len(gold) == len(group) == len(allowed) == len(told):
        raise BadInput(
            f"A probe needs one of each per row: {len(gold)} labels, {len(group)} groups, {len(told)} parts."
        )
    if len(names) < 2:
        raise BadInput(f"A probe needs 2 labels or more to tell apart, got {len(names)}.")
    if (there := len(set(group.tolist()))) < folds:
        raise BadInput(f"A probe in {folds} folds needs as many groups, got {there}; give more items.")
    for label, name in enumerate(names):
        seen = len(set(group[(gold == label) & allowed].tolist()))
        if seen < 2:
            raise BadInput(
                f"Label {name!r} is in {seen} group to learn from; a probe needs 2, one of them to test."
            )


def _random(gold: Indices, group: Indices, rng: np.random.Generator) -> Indices:
    """The labels shuffled: over groups where each has one label, within groups where not."""
    members = [np.flatnonzero(group == one) for one in range(group.max() + 1)]
    shuffled = gold.copy()
    if all(len(set(gold[own].tolist())) == 1 for own in members):
        labels = rng.permutation([gold[own[0]] for own in members])
        for own, label in zip(members, labels, strict=True):
            shuffled[own] = label
    else:
        for own in members:
            shuffled[own] = rng.permutation(gold[own])
    return shuffled


def _folds(gold: Indices, group: Indices, folds: int, rng: np.random.Generator) -> Indices:
    """The fold of each row; groups stay together, and labels are spread evenly where a group has one."""
    first = gold[np.unique(group, return_index=True)[1]]
    order = np.lexsort([rng.permutation(len(first)), first])
    fold = np.empty(len(first), np.int64)
    fold[order] = np.arange(len(first)) % folds
    return fold[group]


def _points(layer: NDArray[Any], rows: int, axes: int, at: int) -> NDArray[np.float32]:
    """Vectors `(row, axis)` of mean squared length one, along the directions that vary most."""
    if layer.ndim != 2 or len(layer) != rows:
        raise BadInput(f"A probe needs vectors (row, d_model) of {rows} rows, layer {at} has {layer.shape}.")
    wide = layer.astype(np.float64)
    if not np.isfinite(wide).all():
        row = int(np.argmin(np.isfinite(wide).all(1)))
        raise BadInput(f"Vector {row} (layer {at}) is not finite; look for overflow.")
    wide -= wide.mean(0)
    spread = wide.std(0)
    varied = spread > 1e-9 * np.abs(layer).max(0)
    moved = (wide[:, varied] / spread[varied]).astype(np.float32)
    if min(moved.shape) > axes:
        left, sizes, _ = randomized_svd(moved, axes, n_iter=4, random_state=0)
        moved = left * sizes
    size = float(np.sqrt(np.square(moved).sum(1).mean())) if moved.size else 0.0
    return np.ascontiguousarray(moved / size) if size else np.zeros((rows, 1), np.float32)


def _right(
    points: NDArray[np.float32], gold: Indices, fold: Indices, allowed: NDArray[np.bool_], c: float
) -> NDArray[np.bool_]:
    """Which rows are told right by a reader that was trained on the other folds."""
    right = np.zeros(len(gold), bool)
    for one in np.unique(fold):
        learnt, asked = allowed & (fold != one), fold == one
        labels = np.unique(gold[learnt])
        if len(labels) == 1:
            right[asked] = gold[asked] == labels[0]
        else:
            reader = LogisticRegression(C=c, tol=1e-3, max_iter=1000).fit(points[learnt], gold[learnt])
            right[asked] = reader.predict(points[asked]) == gold[asked]
    return right
