"""Chain rows: the parts of xCoT as rows to tune on, as many of each, and the twins for distillation."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from interlingua.core.seeds import derive
from interlingua.data.chains import Chain, answered, demonstrated, translated, twins
from interlingua.data.items import Example
from interlingua.data.prompts import Template

PARTS = ("sft", "xicl", "random_cot", "distil")
"""(a) to (d) of arXiv:2401.07037: answered, demonstrated and translated chains, and twins of the first."""

Rows: TypeAlias = tuple[list[Example], list[Example | None]]
"""Rows, and the twin of each that has one."""


def chain_rows(
    chains: Sequence[Chain],
    pivot: str,
    parts: Sequence[str],
    *,
    switch: Mapping[str, Callable[[str, int], str]],
    shown: int,
    template: Template,
    into: str | None = None,
    seed: int = 0,
) -> Rows:
    """Rows of the `parts` that are given, always of (a), with as many rows of (b) and (c) as of (a).

    `switch` and `shown` are those of `demonstrated`, `template` and `into` those of `translated`, and raise
    what these raise.
    """
    rows = answered(chains)
    count, beside = len(rows), twins(chains, pivot) if "distil" in parts else [None] * len(rows)
    if "xicl" in parts:
        rows += _drawn(lambda again: demonstrated(chains, pivot, switch, shown, again), count, seed)
    if "random_cot" in parts:
        rows += _drawn(lambda again: translated(chains, template, into, again), count, seed)
    return rows, [*beside, *[None] * (len(rows) - count)]


def _drawn(once: Callable[[int], list[Example]], count: int, seed: int) -> list[Example]:
    """`count` rows, drawn anew each time that all have been taken."""
    rows, time = list[Example](), 0
    while len(rows) < count:
        rows += once(derive(seed, "time", time))
        time += 1
    return rows[:count]
