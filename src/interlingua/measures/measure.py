"""Measure: what a file of this folder puts on the shelf under the name `MEASURE`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from interlingua.core.rows import Row


@dataclass(frozen=True, slots=True)
class KnownTruth:
    """Arguments so small that the answer was worked by hand.

    `truth` holds some of the answer's numbers by their dotted path, as in `{"swh_Latn.mean": 0.75}`.
    """

    arguments: Mapping[str, Any]
    truth: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as data: its function and what a reader has to know of it.

    `reads` says what the function takes first: `rows` (one sequence of `Row`), `paired rows` (two of them),
    `vectors` (two arrays `(layer, item, d_model)`), `vectors by language` (language to such an array) or
    `token counts` (one or two `(count, text)`). `unit` is the unit of `mean`. `source` is the paper or rule
    that defines it. `known_truth` builds the example on which the contract battery checks the measure.
    """

    function: Callable[..., Any]
    reads: Literal["rows", "paired rows", "vectors", "vectors by language", "token counts"]
    better: Literal["higher", "lower"]
    unit: str
    source: str
    known_truth: Callable[[], KnownTruth]


def example_row(
    task: str,
    group: str,
    lang: str,
    prediction: int,
    options: tuple[str, ...] = ("a", "b"),
    **extra: str | float,
) -> Row:
    """A row for known truths: gold is option 0, each question its own cluster."""
    return Row(
        model="example",
        task=task,
        split="test",
        id=group,
        group=group,
        cluster=group,
        lang=lang,
        mode="direct",
        prediction=prediction,
        gold=0,
        scores=(0.0,) * len(options),
        question="",
        options=options,
        extra=extra,
    )
