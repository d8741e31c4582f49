"""Dealt anew: values of rows exchanged at random within groups, for controls whose answers say nothing."""

import random
from collections import defaultdict
from collections.abc import Sequence
from typing import TypeVar

from interlingua.core.errors import BadInput
from interlingua.core.seeds import derive

T = TypeVar("T")


def dealt(values: Sequence[T], groups: Sequence[Sequence[str] | None], seed: int, label: str) -> list[T]:
    """The values in their places, those of each group shuffled among its own; group None stays as it is.

    How often a value occurs in a group stays. Each group has its own draw, by `seed`, `label` and its parts.
    Raises `BadInput` where there is not one group for each value.
    """
    if len(groups) != len(values):
        raise BadInput(f"There are {len(groups)} groups for {len(values)} values; give one or None for each.")
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        if group is not None:
            places[tuple(group)].append(place)
    found = list(values)
    for group, own in places.items():
        drawn = [values[place] for place in own]
        random.Random(derive(seed, label, *group)).shuffle(drawn)
        for place, value in zip(own, drawn, strict=True):
            found[place] = value
    return found
