"""Detector: one way of finding faults. A file of this folder that assigns `DETECTOR` is on the shelf."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from interlingua.core.shelf import Shelf
from interlingua.data.audit.finding import Gap, Hits
from interlingua.data.audit.sheet import Sheet


@dataclass(frozen=True)
class Detector:
    """`find` looks at a sheet; `kinds` are the names of what it may find, each with what it means."""

    find: Callable[[Sheet], Iterator[Hits | Gap]]
    kinds: Mapping[str, str]


DETECTORS = Shelf("interlingua.data.audit", holds="DETECTOR")


def detectors() -> dict[str, Detector]:
    """All detectors by name."""
    return {name: DETECTORS.get(name) for name in DETECTORS.names()}
