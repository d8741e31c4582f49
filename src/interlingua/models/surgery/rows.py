"""Rows for new tokens, as weights of the old ones: copied, mean, merged, aligned, similar, by a helper."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from interlingua.core.errors import BadInput
from interlingua.models.surgery.token_vectors import sparsemax, token_vectors, unit
from interlingua.models.surgery.tokens import pieces_of, size_of
from interlingua.models.surgery.vocabulary import Weights, from_rows


def copied_rows(old: Any, new: Any) -> Weights:
    """Tokens that both tokenizers write alike keep their row."""
    own = old.get_vocab()
    rows = {number: {own[token]: 1.0} for token, number in new.get_vocab().items() if token in own}
    return from_rows(rows, _shape(old, new))


def mean_rows(old: Any, new: Any) -> Weights:
    """The mean of the pieces that `old` cuts a token into, if it knows all; both must mark words alike.

    Source: Yamaguchi et al. 2024, arXiv:2406.11477 (mean).
    """
    special = set(new.all_special_tokens)
    rows = {
        number: _even(pieces_of(old, token))
        for token, number in new.get_vocab().items()
        if token not in special
    }
    return from_rows(rows, _shape(old, new))


def merged_rows(old: Any, new: Any) -> Weights:
    """The mean of the two parts that byte-pair encoding merges into a token, and so on down to old tokens.

    A part that `old` lacks and nothing is merged into is cut by `old` itself. A token whose parts are unknown
    is unknown; one with several merges gets their mean. Raises `BadInput` where `new` has no merges.
    Source: Yamaguchi et al. 2024, arXiv:2406.11477 (merge).
    """
    model = json.loads(new.backend_tokenizer.to_str())["model"]
    if "merges" not in model:
        raise BadInput("The new tokenizer merges nothing; merged rows need byte-pair encoding.")
    own, numbers, special = old.get_vocab(), new.get_vocab(), set(new.all_special_tokens)
    merges: dict[str, list[dict[int, float]]] = defaultdict(list)

    def row(token: str) -> Mapping[int, float]:
        if token in own:
            return {own[token]: 1.0}
        if merges[token]:
            return _mean(merges[token])
        return {} if token in special else _even(pieces_of(old, token))

    for left, right in model["merges"]:
        if left + right not in own:
            parts = row(left), row(right)
            if all(parts):
                merges[left + right].append(_mean(parts))
    return from_rows({number: row(token) for token, number in numbers.items()}, _shape(old, new))


def aligned_rows(old: Any, new: Any, texts: Sequence[str]) -> Weights:
    """The old tokens that stand where a new one stands, over all texts: frequent company weighs more.

    Each appearance of a new token gives the mean of the old tokens whose places overlap with its own. Tokens
    that both have are left out, as are places where `old` does not know all of it.
    Source: arXiv:2406.11477 (align); in its code one of several appearances in a text counts, here all do.
    """
    shared, unknown = old.get_vocab().keys() & new.get_vocab().keys(), old.unk_token_id
    skipped = {number for token, number in new.get_vocab().items() if token in shared}
    company: dict[int, Counter[tuple[int, ...]]] = defaultdict(Counter)
    settings: dict[str, Any] = dict(
        add_special_tokens=False, return_offsets_mapping=True, return_attention_mask=False, verbose=False
    )
    before, after = old(list(texts), **settings), new(list(texts), **settings)
    for row in range(len(texts)):
        others = list(zip(before["input_ids"][row], before["offset_mapping"][row], strict=True))
        first = 0
        for token, (start, end) in zip(after["input_ids"][row], after["offset_mapping"][row], strict=True):
            while first < len(others) and others[first][1][1] <= start:
                first += 1
            if token in skipped:
                continue
            met = []
            for other, (begin, stop) in others[first:]:
                if begin >= end:
                    break
                if stop > start:
                    met.append(other)
            if met and unknown not in met:
                company[token][tuple(met)] += 1
    rows = {
        token: _mean([_even(span) for span in spans], list(spans.values()))
        for token, spans in company.items()
    }
    return from_rows(rows, _shape(old, new))


def similar_rows(old: Any, new: Any, texts: Sequence[str], width: int = 64) -> Weights:
    """Each new token as a mixture of the tokens that both have, those that stand in the same company.

    Similarity is the cosine of vectors of `width` numbers learned from `texts` cut by `new`, weights are its
    sparsemax. Tokens that the texts do not have are unknown. Raises `BadInput` where nothing is shared.
    Source: FOCUS, Dobler and de Melo 2023, arXiv:2305.14481; its fastText vectors are replaced by those of
    `token_vectors`.
    """
    read = new(list(texts), add_special_tokens=False, return_attention_mask=False, verbose=False)
    vectors = token_vectors(read["input_ids"], size_of(new), width)
    seen = np.flatnonzero(np.abs(vectors).sum(1) > 0)
    places, olds, missing = _overlap(old, new, among=set(seen.tolist()))
    if not len(places):
        raise BadInput("Old and new tokenizer share no token that the texts hold; FOCUS needs some.")
    missing = np.intersect1d(missing, seen)
    weights = sparsemax(unit(vectors[missing]) @ unit(vectors[places]).T)
    return _mixed(old, new, missing, olds, weights)


def helper_rows(old: Any, new: Any, helper: NDArray[np.floating[Any]], *, clip: bool = False) -> Weights:
    """Each new token as a mixture of all tokens that both have, by its cosine to them in a helper's table.

    `helper` (new token, width) are the input rows of a small model that already reads with `new`. Cosines are
    divided by their sum; neither the greatest few are chosen nor negative ones cut, so weights may be
    negative, and huge where cosines nearly cancel out; `clip` cuts them at zero. Raises `BadInput` where no
    token but special ones is shared, or the sizes differ.
    Source: CLP-Transfer, Ostendorff and Rehm 2023, arXiv:2301.09626, and its released code.
    """
    if len(helper) < size_of(new):
        raise BadInput(f"The helper has {len(helper)} rows, the new tokenizer {size_of(new)} tokens.")
    demand_overlap(old, new)
    places, olds, missing = _overlap(old, new)
    vectors = unit(np.asarray(helper, np.float64))
    cosines = vectors[missing] @ vectors[places].T
    if clip:
        cosines = np.maximum(cosines, 0)
    total = cosines.sum(1, keepdims=True)
    weights = np.divide(cosines, total, out=np.zeros_like(cosines), where=total != 0)
    return _mixed(old, new, missing, olds, weights)


def demand_overlap(old: Any, new: Any) -> None:
    """Raise `BadInput` where two tokenizers share no token but special ones."""
    if not (old.get_vocab().keys() & new.get_vocab().keys()) - set(new.all_special_tokens):
        raise BadInput(
            "Old and new tokenizer share no token, so nothing can be carried over; "
            "trans_tokenization needs no shared tokens, only parallel text."
        )


def _overlap(
    old: Any, new: Any, among: set[int] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of shared tokens in the new and in the old tokenizer, and of new tokens that are not shared."""
    own = old.get_vocab()
    tokens = sorted(new.get_vocab().items(), key=lambda item: item[1])
    shared = [(number, own[token]) for token, number in tokens if token in own]
    if among is not None:
        shared = [pair for pair in shared if pair[0] in among]
    places, olds = np.array(shared, dtype=np.int64).reshape(-1, 2).T
    missing = np.array([number for token, number in tokens if token not in own], dtype=np.int64)
    return places, olds, missing


def _mixed(
    old: Any, new: Any, missing: NDArray[np.int64], olds: NDArray[np.int64], weights: NDArray[np.float64]
) -> Weights:
    """Weights of the `missing` tokens over the old numbers `olds`."""
    lines, columns = np.nonzero(weights)
    cells = (weights[lines, columns], (missing[lines], olds[columns]))
    return csr_array(cells, shape=_shape(old, new))


def _shape(old: Any, new: Any) -> tuple[int, int]:
    return size_of(new), size_of(old)


def _even(tokens: Iterable[int]) -> dict[int, float]:
    """Every token weighs the same; repeated ones count as often."""
    counts = Counter(tokens)
    return {token: count / counts.total() for token, count in counts.items()}


def _mean(rows: Sequence[Mapping[int, float]], counts: Sequence[int] | None = None) -> dict[int, float]:
    """The mean of several rows of weights, each counted so often."""
    counts = counts or [1] * len(rows)
    out: dict[int, float] = defaultdict(float)
    for row, count in zip(rows, counts, strict=True):
        for token, weight in row.items():
            out[token] += weight * count / sum(counts)
    return dict(out)
