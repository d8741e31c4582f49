"""Task shares by hand: tasks weigh the same, however many questions they have."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.measures.accuracy import accuracy
from interlingua.measures.measure import example_row
from interlingua.measures.task_shares import language_shares, mean_task_share, task_shares

ANSWERS = [("topic", True), ("sums", False), ("topic", True), ("topic", False), ("topic", True)]


def test_shares_by_hand() -> None:
    assert task_shares(ANSWERS) == {"topic": 3 / 4, "sums": 0.0}
    assert list(task_shares(ANSWERS)) == ["topic", "sums"]
    assert mean_task_share(ANSWERS) == 3 / 8  # not 3/5
    assert task_shares([]) == {}


def test_no_answers_have_no_mean() -> None:
    with pytest.raises(BadInput, match="No answers"):
        mean_task_share(iter(()))


def test_languages_have_what_accuracy_says() -> None:
    guesses = {("topic", "swh_Latn"): [0, 1, 0, 0], ("sums", "swh_Latn"): [0, 1], ("topic", "tha_Thai"): [1]}
    rows = [
        example_row(task, f"{task}{at}", lang, guess)
        for (task, lang), all_of_it in guesses.items()
        for at, guess in enumerate(all_of_it * 24)
    ]
    assert language_shares(rows) == {"swh_Latn": 5 / 8, "tha_Thai": 0.0}
    assert language_shares(rows) == {lang: found.mean for lang, found in accuracy(rows).items()}
    assert language_shares([]) == {}
