"""F1 of free answers, by hand; accuracy, gain and tests on rows without options."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.core.rows import Row
from interlingua.measures.accuracy import accuracy
from interlingua.measures.answer_f1 import answer_f1
from interlingua.measures.gain import gain
from interlingua.measures.measure import example_row


def written(lang: str, shares: list[float], task: str = "reading") -> list[Row]:
    """Rows of free answers; a share of 1 is right."""
    return [
        example_row(task, f"{task}{at}", lang, int(share != 1), (), f1=share)
        for at, share in enumerate(shares)
    ]


def test_tasks_weigh_the_same() -> None:
    """Reading: 1 and 0, so 1/2; spans: three times 1/4; mean 3/8, exact (1/2 + 0) / 2."""
    found = answer_f1([*written("swh_Latn", [1, 0]), *written("swh_Latn", [0.25] * 3, "spans")])["swh_Latn"]
    assert (found.mean, found.exact, found.n) == (0.375, 0.25, 5)
    assert 0 <= found.low < 0.375 < found.high <= 1


def test_rows_without_it_are_left_out() -> None:
    options = [example_row("topic", str(at), "tha_Thai", 0) for at in range(2)]
    assert set(answer_f1([*written("swh_Latn", [1, 0]), *options])) == {"swh_Latn"}
    with pytest.raises(BadInput, match="No row holds the F1"):
        answer_f1(options)


def test_accuracy_of_free_answers_has_no_chance() -> None:
    """A quarter is right; beside a task of two options chance is (0 + 1/2) / 2."""
    open_rows = written("swh_Latn", [1, 0, 0.5, 0.9])
    found = accuracy(open_rows)["swh_Latn"]
    assert (found.mean, found.chance) == (0.25, 0)
    mixed = [*open_rows, *(example_row("topic", str(at), "swh_Latn", at) for at in range(2))]
    assert accuracy(mixed)["swh_Latn"].chance == 0.25


def test_gain_of_free_answers() -> None:
    """Of six questions five more are right: McNemar's p is 2 / 2**5."""
    found = gain(written("swh_Latn", [0] * 6), written("swh_Latn", [1] * 5 + [0]), seen=["swh_Latn"])
    assert found.languages["swh_Latn"].mean == pytest.approx(5 / 6)
    assert found.languages["swh_Latn"].p == pytest.approx(1 / 16)
    assert found.seen is not None
    assert found.seen.mean == pytest.approx(5 / 6)
