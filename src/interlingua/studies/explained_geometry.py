"""Geometry as `explain` tells it: planes, distances between languages, probes, share of variance."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlingua.measures.centroids import centroids
from interlingua.measures.pca import Fit, pca
from interlingua.measures.probe import language_probe, task_probe
from interlingua.measures.variance_share import variance_share
from interlingua.scoring.states import States

LAYERS = 13
"""Layers that planes and probes are made of, evenly spread, where a model has more."""
FOLDS = 5
Sides = Mapping[str, States]


def geometry(sides: Sides, pivot: str, fit: Fit | None) -> dict[str, Any]:
    """Planes of all sides together, the rest side by side; from the last token of parallel sentences."""
    vectors = {side: _vectors(states) for side, states in sides.items()}
    chosen = spread(next(iter(sides.values())).layers)
    planes = pca(vectors["before"], vectors.get("after"), fit=fit, pivot=pivot, layers=chosen)
    told: dict[str, Any] = {
        "fit": fit or ("joint" if len(sides) > 1 else "all"),
        "layers": {str(plane.layer): plane.as_dict() for plane in planes},
        "centroids": {
            lang: {side: centroids(own[pivot], own[lang]).as_dict() for side, own in vectors.items()}
            for lang in vectors["before"]
            if lang != pivot
        },
        "probes": {},
    }
    if len(vectors["before"]) > 1:
        told["variance_share"] = {side: variance_share(own).as_dict() for side, own in vectors.items()}
        if vectors["before"][pivot].shape[1] >= FOLDS:
            told["probes"]["language"] = {
                side: _by_layer(language_probe(_at(own, chosen), folds=FOLDS).as_dict(), chosen)
                for side, own in vectors.items()
            }
    return told


def answer_probe(sides: Sides, labels: Sequence[int], clusters: Sequence[str]) -> dict[str, Any] | None:
    """A probe for the answer to task questions, per side; None where there are too few to learn from."""
    known = Counter(dict(zip(clusters, labels, strict=True)).values())
    if len(set(clusters)) < FOLDS or len(known) < 2 or min(known.values()) < 2:
        return None
    chosen = spread(next(iter(sides.values())).layers)
    return {
        side: _by_layer(
            task_probe(_at(_vectors(states), chosen), labels, groups=clusters, folds=FOLDS).as_dict(), chosen
        )
        for side, states in sides.items()
    }


def spread(layers: int) -> list[int]:
    """All layers, or `LAYERS` of them from the first to the last."""
    return sorted({round(at) for at in np.linspace(0, layers - 1, min(layers, LAYERS))})


def _vectors(states: States) -> dict[str, NDArray[np.float32]]:
    return {lang: states.vectors(lang, "last") for lang in states.langs}


def _at(vectors: Mapping[str, NDArray[np.float32]], chosen: list[int]) -> dict[str, NDArray[np.float32]]:
    return {lang: own[chosen] for lang, own in vectors.items()}


def _by_layer(told: Mapping[str, Any], chosen: Sequence[int]) -> list[dict[str, Any]]:
    """The steps of a probe with the layers they were taken at."""
    return [{**step, "layer": layer} for step, layer in zip(told["layers"], chosen, strict=True)]
