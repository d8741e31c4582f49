"""Near-ties: questions whose two best options lie so close that rounding may choose between them."""

from collections.abc import Iterable, Sequence

from interlingua.core.rows import Row

TOLERANCE, RELATIVE = 1e-4, 1e-6


def tolerance(score: float) -> float:
    """How far two ways of computing the same log-likelihood (natural logarithm) may lie apart, float32."""
    return max(TOLERANCE, RELATIVE * abs(score))


def near_tied(scores: Sequence[float]) -> bool:
    """Whether the two best of several log-likelihoods lie within the tolerance that each may move by.

    Source: design, "fast scoring": |ΔLL| <= max(1e-4, 1e-6 |LL|) for either option.
    """
    if len(scores) < 2:
        return False
    second, best = sorted(scores)[-2:]
    return best - second <= tolerance(best) + tolerance(second)


def near_tie(row: Row) -> bool:
    """Whether rounding may have chosen the row's option; see `near_tied`."""
    return near_tied(row.scores)


def near_ties(rows: Iterable[Row]) -> list[Row]:
    """The rows that are near-ties, in order."""
    return [row for row in rows if near_tie(row)]
