"""Probed states: the questions that all languages have, with answers frequent enough to be learned."""

from typing import Any

import numpy as np

from interlingua.data.items import Choice
from interlingua.models.lm import LM
from interlingua.scoring.hidden import sentence_vectors
from interlingua.scoring.probed import probed_states

PIVOT, X = "deu_Latn", "rus_Cyrl"
ANSWERS = {"often": [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 2], "seldom": [0, 1, 0, 0, 0, 0], "alone": [0, 1] * 6}


class Toy:
    """`often` has a third answer only once, `seldom` its second; `alone` is not in the pivot."""

    name, pivot, tasks = "toy", PIVOT, tuple(ANSWERS)

    def languages_of(self, task: str, split: str = "test") -> tuple[str, ...]:
        return (X,) if task == "alone" else (X, PIVOT)

    def task(self, name: str, lang: str, split: str = "test") -> list[Choice]:
        return [
            Choice(f"{i}", name, split, lang, f"{lang} {i} ?", ("a", "b", "c"), right, f"{i:02}", f"{i}")
            for i, right in enumerate(ANSWERS[name])
        ]


def test_only_what_a_probe_can_learn_is_handed_out(lm: LM) -> None:
    source: Any = Toy()
    (found,) = probed_states(lm, source, 100, "mean")
    assert found.task == "often"
    assert found.answers == (0, 1, 0, 1, 0, 1, 0, 1, 0, 1)
    assert found.groups == tuple(map(str, range(10)))
    assert found.vectors.keys() == {PIVOT, X}


def test_vectors_are_those_of_the_questions_in_one_order(lm: LM) -> None:
    source: Any = Toy()
    for found in probed_states(lm, source, 100, "last"):
        for lang, vectors in found.vectors.items():
            texts = [f"{lang} {group} ?" for group in found.groups]
            np.testing.assert_allclose(vectors, sentence_vectors(lm, texts, "last"), atol=2e-5)
