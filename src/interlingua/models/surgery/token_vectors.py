"""Token vectors: what company a token keeps in text, as a few numbers; and weights from similarities."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.utils.extmath import randomized_svd

from interlingua.core.errors import BadInput


def token_vectors(
    rows: Sequence[Sequence[int]], size: int, width: int = 64, window: int = 4
) -> NDArray[np.float64]:
    """Vectors (token, width) from counts of tokens at most `window` apart; zero for tokens never met.

    Positive pointwise mutual information, whose singular vectors times the root of their values are the
    vectors. Raises `BadInput` where no two tokens stand together.
    Source: Levy, Goldberg and Dagan 2015 (PPMI-SVD with symmetric weights).
    """
    left, right = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for row in rows:
        ids = np.asarray(row, np.int64)
        for apart in range(1, min(window, len(ids) - 1) + 1):
            left.append(ids[:-apart])
            right.append(ids[apart:])
    one, two = np.concatenate(left), np.concatenate(right)
    if not len(one):
        raise BadInput(f"The {len(rows)} texts have no two tokens beside each other; give longer text.")
    counts = csr_array((np.ones(len(one)), (one, two)), shape=(size, size))
    counts = csr_array(counts + counts.T)
    counts.sum_duplicates()
    cells, often = counts.tocoo(), np.asarray(counts.sum(1)).ravel()
    value = np.log(cells.data * often.sum() / (often[cells.row] * often[cells.col]))
    kept = value > 0
    table = csr_array((value[kept], (cells.row[kept], cells.col[kept])), shape=(size, size))
    vectors, values, _ = randomized_svd(table, min(width, size), random_state=0)
    vectors[np.diff(table.indptr) == 0] = 0
    return np.asarray(vectors * np.sqrt(values))


def sparsemax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The point of the simplex nearest to each row of scores (row, choice): shares, most of them zero.

    Source: Martins and Astudillo 2016, arXiv:1602.02068.
    """
    ordered = -np.sort(-scores, axis=1)
    ranks = np.arange(1, scores.shape[1] + 1)
    sums = np.cumsum(ordered, axis=1)
    support = (1 + ranks * ordered > sums).sum(1)
    threshold = (np.take_along_axis(sums, support[:, None] - 1, 1) - 1) / support[:, None]
    return np.asarray(np.maximum(scores - threshold, 0.0))


def unit(vectors: NDArray[Any]) -> NDArray[np.float64]:
    """Rows of length one; rows of nothing stay nothing."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    out = np.zeros_like(vectors, dtype=np.float64)
    np.divide(vectors, lengths, out=out, where=lengths > 0)
    return out
