"""PCA of sentence vectors: languages in one plane per layer, before and after a change of the model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd

from interlingua.core.errors import BadInput, MissingResource, UnknownName
from interlingua.measures.by_language import Vectors, at_layer, checked, varies
from interlingua.measures.vectors import Array

Fit = Literal["pivot", "all", "joint"]
Side = Literal["before", "after"]
_DENSE = 64  # fewer sentences or dimensions than this: all axes at once
_DIGITS = 4  # significant ones, for drawing


@dataclass(frozen=True, eq=False, slots=True)
class Plane:
    """One layer: `points` `(item, axis)` by language and side, along the axes that vary most.

    `explained` `(axis,)` is the share of the variance of what the axes were fitted on, `shown` the share of
    each side's variance that its points keep: where it is small, the picture leaves most out.
    """

    layer: int
    explained: tuple[float, ...]
    shown: Mapping[Side, float]
    points: Mapping[str, Mapping[Side, Array]]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, points to four digits."""
        points = {
            lang: {side: [[_short(x) for x in point] for point in own] for side, own in sides.items()}
            for lang, sides in self.points.items()
        }
        return {"explained": list(self.explained), "shown": dict(self.shown), "points": points}


def pca(
    before: Vectors,
    after: Vectors | None = None,
    *,
    fit: Fit | None = None,
    pivot: str = "",
    layers: Sequence[int] | None = None,
    components: int = 2,
) -> list[Plane]:
    """Principal components of vectors `(layer, item, d_model)` by language, in each of `layers` (None: all).

    Axes are fitted on the `pivot` before, on `all` languages before, or `joint` on all of both models, and
    both are drawn along the same axes, so that a point that moves has moved; `joint` (what None means with an
    `after`) favours neither. An axis points where its largest loading is positive in the first layer, and in
    the others so that the points lie as in the layer before. A layer without variance has its points at 0.
    Raises `BadInput` for vectors that are no such arrays or not finite, a side of other languages or shapes,
    `joint` without an `after`, and more components than there is room for; `UnknownName` for a fit or pivot.
    Source: Pearson 1901; joint axes so that shifts can be compared, as in arXiv:2405.13816.
    """
    sides: dict[Side, dict[str, NDArray[Any]]] = {"before": checked("PCA", before, parallel=False)}
    if after is not None:
        sides["after"] = checked("PCA", after, parallel=False)
    fit = fit or ("all" if after is None else "joint")
    depth = _check(sides, fit, pivot, components)
    planes: list[Plane] = []
    for layer in range(depth) if layers is None else layers:
        if not 0 <= layer < depth:
            raise BadInput(f"PCA has the layers 0 to {depth - 1}, got {layer}.")
        found = {side: at_layer(arrays, layer) for side, arrays in sides.items()}
        chosen: list[Array] = []
        for side, arrays in found.items():
            if side == "before" or fit == "joint":
                chosen += [own for lang, own in arrays.items() if fit != "pivot" or lang == pivot]
        planes.append(_plane(layer, found, np.concatenate(chosen), components, planes[-1:]))
    return planes


def umap_points(vectors: Mapping[str, Array], *, neighbours: int = 15, seed: int = 0) -> dict[str, Array]:
    """A layer's vectors `(item, d_model)` by language in a UMAP plane, `(item, 2)`.

    Distances in it mean little: for a look, not for numbers. Raises `MissingResource` where umap-learn is not
    installed, `BadInput` for fewer vectors than `neighbours`.
    Source: McInnes et al. 2018, arXiv:1802.03426.
    """
    try:
        umap = import_module("umap")
    except ModuleNotFoundError as error:
        raise MissingResource("UMAP is not installed: pip install umap-learn; or take PCA.") from error
    stacked = np.concatenate(list(vectors.values()))
    if len(stacked) <= neighbours:
        raise BadInput(f"UMAP needs more vectors than neighbours, got {len(stacked)} and {neighbours}.")
    found = umap.UMAP(n_components=2, n_neighbors=neighbours, random_state=seed, n_jobs=1).fit_transform(
        stacked
    )
    ends = np.cumsum([len(own) for own in vectors.values()])[:-1]
    return dict(zip(vectors, np.split(np.asarray(found, np.float64), ends), strict=True))


def _check(sides: Mapping[Side, Mapping[str, NDArray[Any]]], fit: str, pivot: str, components: int) -> int:
    """Number of layers of what can be drawn together."""
    if fit not in get_args(Fit):
        raise UnknownName("way to fit PCA", fit, get_args(Fit))
    before, other = sides["before"], sides.get("after")
    if fit == "joint" and other is None:
        raise BadInput("A joint PCA needs the vectors of both models; give those after, or fit on all.")
    if fit == "pivot" and pivot not in before:
        raise UnknownName("language", pivot, before, "It should be the pivot of the PCA.")
    if other is not None and {lang: own.shape for lang, own in before.items()} != {
        lang: own.shape for lang, own in other.items()
    }:
        raise BadInput("PCA of two models needs the same languages, sentences and shapes of both.")
    layers, width = next(iter(before.values())).shape[::2]
    fitted = sum(own.shape[1] for lang, own in before.items() if fit != "pivot" or lang == pivot)
    most = min(width, fitted - 1)
    if not 1 <= components <= most:
        raise BadInput(f"PCA of {fitted} vectors of {width} numbers has 1 to {most} axes, not {components}.")
    return int(layers)


def _plane(
    layer: int,
    found: Mapping[Side, Mapping[str, Array]],
    chosen: Array,
    components: int,
    above: Sequence[Plane],
) -> Plane:
    """Points of one layer along the axes of `chosen`; `above` is the plane of the layer before, if any."""
    middle = chosen.mean(0)
    whole = float(np.square(chosen).sum())
    chosen = chosen - middle
    total = float(np.square(chosen).sum())
    axes, sizes = _axes(chosen, components) if varies(total, whole) else _nothing(chosen, components)
    points = {
        lang: {side: (found[side][lang] - middle) @ axes.T for side in found} for lang in found["before"]
    }
    for axis in range(components):
        if _turned(axis, axes, points, above):
            for own in points.values():
                for each in own.values():
                    each[:, axis] *= -1
    shown = {side: _kept(own, {lang: points[lang][side] for lang in own}) for side, own in found.items()}
    return Plane(layer, tuple((sizes / max(total, 1e-300)).tolist()), shown, points)


def _kept(vectors: Mapping[str, Array], points: Mapping[str, Array]) -> float:
    """Share of the variance of all vectors that is left in their points."""
    own, drawn = (np.concatenate(list(side.values())) for side in (vectors, points))
    spread = float(np.square(own - own.mean(0)).sum())
    if not varies(spread, float(np.square(own).sum())):
        return 0.0
    return float(np.square(drawn - drawn.mean(0)).sum()) / spread


def _axes(moved: Array, components: int) -> tuple[Array, Array]:
    """Axes `(axis, d_model)` of centred vectors, the strongest first, and their sums of squares `(axis,)`."""
    if min(moved.shape) <= max(_DENSE, 4 * components):
        _, values, axes = np.linalg.svd(moved, full_matrices=False)
    else:
        narrow = moved.astype(np.float32)
        _, values, axes = randomized_svd(narrow, components, n_oversamples=16, n_iter=6, random_state=0)
    return axes[:components], np.square(values[:components])


def _nothing(moved: Array, components: int) -> tuple[Array, Array]:
    return np.zeros((components, moved.shape[1])), np.zeros(components)


def _turned(
    axis: int, axes: Array, points: Mapping[str, Mapping[Side, Array]], above: Sequence[Plane]
) -> bool:
    """Whether an axis has to be turned round."""
    if above:
        like = sum(
            float(own[:, axis] @ above[0].points[lang][side][:, axis])
            for lang, sides in points.items()
            for side, own in sides.items()
        )
        if like != 0:
            return like < 0
    return float(axes[axis][np.argmax(np.abs(axes[axis]))]) < 0


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
