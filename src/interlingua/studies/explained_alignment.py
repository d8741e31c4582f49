"""Alignment as `explain` tells it: every measure, layer by layer, from states that were read once."""

from collections.abc import Mapping, Sequence
from typing import Any

from interlingua.measures.cka import cka
from interlingua.measures.language_ranker import language_ranker
from interlingua.measures.mexa import mexa
from interlingua.measures.retrieval import retrieval
from interlingua.scoring.states import States

NEIGHBOURS = 10
"""Of CSLS, as its authors have it."""
_FOR_CKA = 4


def alignment_of(states: States, pivot: str) -> dict[str, dict[str, Any]]:
    """Per language and position: MEXA, cosine and that of unrelated pairs, retrieval, CSLS, CKA by layer.

    Shares and cosines per layer `(layer,)`, layer 0 being the embeddings; `ranker_above` is what is left of
    the cosine, mean over layers, without that of unrelated pairs. Retrieval is the mean of both ways, which
    `retrieval_ways` tells apart: from the pivot's sentences, and from the other's. CKA needs four
    sentences and is left out below that.
    """
    found: dict[str, dict[str, Any]] = {lang: {} for lang in states.langs if lang != pivot}
    for position in states.positions:
        center = states.vectors(pivot, position)
        for lang, told in found.items():
            own = states.vectors(lang, position)
            items = own.shape[1]
            aligned, ranked = mexa(center, own), language_ranker(center, own)
            near, csls = retrieval(center, own), retrieval(center, own, csls=min(NEIGHBOURS, items))
            told[position] = {
                "mexa": aligned.layers, "mexa_mean": aligned.mean, "mexa_max": aligned.max,
                "ranker": ranked.layers, "ranker_random": ranked.baseline, "ranker_above": ranked.above,
                "retrieval": _both(near.found, near.back), "csls": _both(csls.found, csls.back),
                "retrieval_ways": [near.found, near.back], "csls_ways": [csls.found, csls.back],
            }  # fmt: skip
            if items >= _FOR_CKA:
                told[position]["cka"] = cka(center, own).layers
    return found


def estimated(told: Mapping[str, Mapping[str, Any]], score: float | None) -> dict[str, dict[str, Any]]:
    """The same with MEXA's `estimate` of accuracy: alignment times the `score` of the pivot, if any."""
    if score is None:
        return {lang: dict(own) for lang, own in told.items()}
    return {
        lang: {place: {**one, "estimate": one["mexa_mean"] * score} for place, one in own.items()}
        for lang, own in told.items()
    }


def _both(found: Sequence[float], back: Sequence[float]) -> list[float]:
    """Mean of both ways, layer by layer."""
    return [(one + other) / 2 for one, other in zip(found, back, strict=True)]
