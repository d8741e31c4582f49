"""Word accuracy of restating, by hand and against the textbook table of the longest common subsequence."""

from dataclasses import replace
from random import Random

import pytest

from interlingua.core.errors import BadInput
from interlingua.core.rows import Row
from interlingua.measures.measure import example_row
from interlingua.measures.word_accuracy import mean_word_share, word_accuracy, word_share


def restated(task: str, group: str, written: str, reference: str = "a b c d", lang: str = "swh_Latn") -> Row:
    """A row whose question was restated."""
    return example_row(task, group, lang, 0, restated=written, reference=reference)


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("a b c d", 1.0),
        ("  a b\tc \n d ", 1.0),  # spacing is no word
        ("a b x d", 3 / 4),
        ("b a c d", 3 / 4),  # a or b is out of order
        ("a b", 2 / 4),
        ("d c b a", 1 / 4),
        ("", 0.0),
        ("x y", 0.0),
        ("a b c d a b c d", 4 / 8),  # writing on earns nothing
    ],
)
def test_share_by_hand(written: str, share: float) -> None:
    assert word_share(written, "a b c d") == share


@pytest.mark.parametrize("seed", range(20))
def test_share_agrees_with_the_textbook_table(seed: int) -> None:
    draw = Random(seed)
    a, b = ([draw.choice("abcd") for _ in range(draw.randint(1, 90))] for _ in range(2))
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, left in enumerate(a):
        for j, right in enumerate(b):
            table[i + 1][j + 1] = table[i][j] + 1 if left == right else max(table[i][j + 1], table[i + 1][j])
    assert word_share(" ".join(a), " ".join(b)) == table[-1][-1] / max(len(a), len(b))


def test_tasks_weigh_the_same_and_exact_counts_whole_restatements() -> None:
    """Topic: 1 and 1/2, mean 3/4, exact 1/2. Sentiment: 0, 0, 1, mean and exact 1/3."""
    rows = [restated("topic", "1", "a b c d"), restated("topic", "2", "a b")]
    rows += [restated("sentiment", str(at), written) for at, written in enumerate(["x", "y", "a b c d"])]
    found = word_accuracy(rows)["swh_Latn"]
    assert found.mean == pytest.approx((3 / 4 + 1 / 3) / 2)
    assert found.exact == pytest.approx((1 / 2 + 1 / 3) / 2)
    assert found.n == 5
    assert 0 <= found.low < found.mean < found.high <= 1


def test_rows_in_the_pivot_are_no_restatements() -> None:
    rows = [restated("topic", str(at), "a b c d") for at in range(2)]
    assert set(word_accuracy([*rows, example_row("topic", "1", "eng_Latn", 0)])) == {"swh_Latn"}
    with pytest.raises(BadInput, match="No row holds a restatement"):
        word_accuracy([example_row("topic", "1", "eng_Latn", 0)])


def test_a_missing_reference_is_refused_and_named() -> None:
    rows = [restated("topic", "1", "a"), replace(restated("topic", "2", "a"), extra={"restated": "a"})]
    with pytest.raises(BadInput, match="No reference for question '2' of task 'topic'"):
        word_accuracy(rows)
    with pytest.raises(BadInput, match="has no words"):
        word_share("a", " ")


def test_mean_share_by_hand() -> None:
    assert mean_word_share(["a b", "a x"], ["a b", "a b c d"]) == pytest.approx((1 + 1 / 4) / 2)
    for written in ([], ["a"]):
        with pytest.raises(BadInput, match=f"{len(written)} texts cannot be compared"):
            mean_word_share(written, ["a", "b"][: 2 * len(written)])
