"""Source: where languages, text, pairs and tasks come from. The lab and files implement the same protocol."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from interlingua.data.items import Choice, Explained, Open, Pair


class DataWarning(UserWarning):
    """Data that treat languages unequally: rows that some lack, shots that are not the same."""


class Source(Protocol):
    """Data in several languages with one pivot.

    Every method raises `MissingResource`, naming the resource and what could replace it, when the
    source has no such data, and `UnknownName` for a language or task it does not know.
    Language codes are the inside codes (`swh_Latn`, lab: `qaa_Latn`).
    """

    name: str
    pivot: str
    languages: tuple[str, ...]
    """All languages, the pivot first."""
    licence: str
    """Of its data, as declared; empty where nobody says."""
    tasks: tuple[str, ...]
    """Tasks with options to choose from."""
    open_tasks: tuple[str, ...]
    """Tasks whose answers are written freely."""

    def text(self, lang: str, split: str = "train") -> Sequence[str]:
        """Monolingual documents."""
        ...

    def pairs(self, a: str, b: str, split: str = "train") -> Sequence[Pair]:
        """General parallel text (not questions), source in `a`, target in `b`."""
        ...

    def questions(self, a: str, b: str, split: str = "train") -> Sequence[Pair]:
        """Parallel task questions in their frame, without answers, source in `a`, target in `b`."""
        ...

    def dictionary(self, a: str, b: str) -> Mapping[str, tuple[str, ...]]:
        """Words of `a`, as a dictionary has them (unmarked forms), with all their translations into `b`."""
        ...

    def task(self, name: str, lang: str, split: str = "test") -> Sequence[Choice]:
        """Items of one task in one language; ids and groups agree across languages."""
        ...

    def open_task(self, name: str, lang: str, split: str = "test") -> Sequence[Open]:
        """Items of one task whose answers are written freely."""
        ...

    def explained(self, task: str, lang: str, split: str = "train") -> Sequence[Explained]:
        """Items of one task of either kind with the reasoning that leads to each answer."""
        ...

    def splits(self, task: str) -> tuple[str, ...]:
        """The splits of a task of either kind, the measured one first."""
        ...

    def languages_of(self, task: str, split: str = "test") -> tuple[str, ...]:
        """The languages in which a task can be asked: with rows, a frame and words that answer."""
        ...

    def bilingual_share(self, lang: str) -> float | None:
        """Share of pretraining text that was bilingual text of `lang`; None where nobody knows."""
        ...

    def data_share(self, lang: str) -> float | None:
        """Share of pretraining text that held `lang`, alone or with another; None where nobody knows."""
        ...

    def fingerprint(self) -> str:
        """Hash of everything the source hands out."""
        ...
