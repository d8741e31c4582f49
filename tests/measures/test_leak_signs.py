"""Leak signs by hand: a model that knows the test by heart, and one that has learned to answer."""

from dataclasses import replace

import pytest

from interlingua.measures.leak_signs import leak_signs
from interlingua.measures.measure import example_row


def test_by_hand() -> None:
    def rows(guesses: list[int]) -> list:  # type: ignore[type-arg]
        return [
            replace(example_row("sums", f"{at}", "eng_Latn", guess), question=f"What is {at} and one?")
            for at, guess in enumerate(guesses)
        ]

    heart = leak_signs(rows([0, 0, 0, 0]), rows([0, 0, 0, 0]), ["What is 0 and one?"], ngram=1)
    learned = leak_signs(rows([0, 1, 1, 1]), rows([0, 0, 0, 1]), ["nothing of the kind"], ngram=1)
    assert heart["accuracy"] == 1.0
    assert heart["delta"] == 0.0
    assert learned["accuracy"] == 0.25
    assert learned["delta"] == pytest.approx(0.5)
    assert learned["overlap"] == 0.0 < heart["overlap"]


def test_tasks_weigh_the_same() -> None:
    asked = [example_row("sums", "0", "eng_Latn", 0), *(
        example_row("topic", f"{at}", "eng_Latn", 1) for at in range(3)
    )]  # fmt: skip
    assert leak_signs(asked, asked, [])["accuracy"] == 0.5
