"""Measured arms made by hand, for what is only arithmetic on them."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from interlingua.core.rows import Row
from interlingua.lab.named import world
from interlingua.lab.worlds import World
from interlingua.studies.measured import Measured

PIVOT = "qaa_Latn"
Answers = Mapping[str, Sequence[int]]
"""Per language which of its questions are answered rightly (1) or not (0)."""


def row(task: str, at: int, lang: str, mode: str, right: int, **extra: str) -> Row:
    """One answer to question `at`, whose gold is the first option."""
    key = f"{task}-{at}"
    options = (" yes", " no") if task == "sentiment" else (" a", " b", " c", " d")
    return Row(
        "m", task, "test", key, key, key, lang, mode, 0 if right else 1, 0, (0.0,) * len(options),
        f"{lang} {at}", options, extra=dict(extra),
    )  # fmt: skip


@pytest.fixture
def arm() -> Callable[..., Measured]:
    """`arm("base", direct={"qaa_Latn": [1, 1]}, restate={...})`: an arm that answered one task so."""

    def made(name: str, task: str = "sentiment", **modes: Answers) -> Measured:
        said = {"restated": "x y", "reference": "x z"}
        rows = {
            mode: [
                row(task, at, lang, mode, right, **(said if mode == "restate" and lang != PIVOT else {}))
                for lang, rights in answers.items()
                for at, right in enumerate(rights)
            ]
            for mode, answers in modes.items()
        }
        return Measured(name, "f", rows, facts={"steps": 2.0}, seconds=1.25)

    return made


@pytest.fixture(scope="session")
def tiny() -> World:
    """The smallest world: pivot qaa, and qab, qac and qad."""
    return world("lab:tiny")
