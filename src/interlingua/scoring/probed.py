"""Probed states: vectors of the same task questions in all languages, and what a probe is to find in them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlingua.data.items import Choice
from interlingua.data.source import Source
from interlingua.models.lm import LM
from interlingua.scoring.all_tasks import in_step, questions
from interlingua.scoring.hidden import Position
from interlingua.scoring.states import read_states

ENOUGH = 5
"""Clusters that must have an answer, so that it can be learned and tested in as many folds."""


@dataclass(frozen=True)
class Probed:
    """One task: `vectors` `[layer, item, d_model]` by language; `answers` and `groups` are per item."""

    task: str
    vectors: Mapping[str, NDArray[Any]]
    answers: tuple[int, ...]
    groups: tuple[str, ...]


def probed_states(
    lm: LM, source: Source, items: int, position: Position, *, seed: int = 0
) -> Iterator[Probed]:
    """Each task's states of at most `items` test questions; valid until the next task is asked for.

    Questions that a language lacks are left out, and so are answers of fewer than `ENOUGH` clusters; a task
    in fewer than two languages, in no pivot or with fewer than two answers left is left out whole. Raises
    what `read_states` does.
    """
    for task in source.tasks:
        asked = _often(in_step(questions(source, task, items, seed)))
        if len(asked) > 1 and source.pivot in asked:
            told = asked[source.pivot]
            with TemporaryDirectory() as folder:
                texts = {lang: [item.question for item in own] for lang, own in asked.items()}
                states = read_states(lm, texts, folder, positions=(position,), title=f"States of {task}")
                vectors = {lang: np.asarray(states.vectors(lang, position)) for lang in texts}
                answers, groups = zip(*((item.answer, item.cluster) for item in told), strict=True)
                yield Probed(task, vectors, answers, groups)


def _often(asked: Mapping[str, Sequence[Choice]]) -> dict[str, list[Choice]]:
    """The questions whose answer enough clusters have; none where fewer than two answers are left."""
    clusters: dict[int, set[str]] = defaultdict(set)
    for own in asked.values():
        for item in own:
            clusters[item.answer].add(item.cluster)
    often = {answer for answer, held in clusters.items() if len(held) >= ENOUGH}
    if len(often) < 2:
        return {}
    return {lang: [item for item in own if item.answer in often] for lang, own in asked.items()}
