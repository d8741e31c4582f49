"""Agreement: whether two rows of one item tell the same, up to the rounding of another machine."""

from collections.abc import Mapping
from dataclasses import fields
from math import isclose
from typing import Any

from interlingua.core.rows import Row

ABSOLUTE, RELATIVE = 1e-4, 1e-6
_COSTS = frozenset({"tokens"})
_FIELDS = tuple(field.name for field in fields(Row))


def difference(here: Row, other: Row) -> str | None:
    """The first field in which two rows differ, None where they agree.

    Numbers that are not counts, e.g. log-probabilities (natural logarithm), agree within 1e-4 or a millionth.
    The answers may differ where the scores agree and choose between options that lie as close as that. What a
    row cost in tokens may differ.
    """
    differing = [name for name in _FIELDS if name not in _COSTS and not _same(here, other, name)]
    if differing == ["prediction"] and here.scores:
        best, second = here.scores[here.prediction], here.scores[other.prediction]
        if isclose(best, second, rel_tol=2 * RELATIVE, abs_tol=2 * ABSOLUTE):
            return None
    return differing[0] if differing else None


def _same(here: Row, other: Row, name: str) -> bool:
    return _close(getattr(here, name), getattr(other, name))


def _close(here: Any, other: Any) -> bool:
    if isinstance(here, Mapping):
        return here.keys() == other.keys() and all(_close(here[name], other[name]) for name in here)
    if isinstance(here, tuple):
        return len(here) == len(other) and all(map(_close, here, other))
    if isinstance(here, float) and isinstance(other, float | int):
        return isclose(here, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return bool(here == other)
