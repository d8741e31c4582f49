"""Cloned text: the same rows under other numbers, scrambled ones, and batches of rows."""

from collections import Counter

import pytest

from interlingua.core.errors import BadInput
from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.models.lm import LM
from interlingua.models.surgery.tokens import size_of
from interlingua.training.cloned_text import clone_rows, row_batches, scrambled
from interlingua.training.text_batches import text_batches

TEXTS = ["the river is long", "a day", "the moon and the sun are far"]


@pytest.fixture(scope="module")
def lm() -> LM:
    """A tiny model and a tokenizer of few words."""
    return tiny_model("llama", small_tokenizer(TEXTS * 3, 300))


def test_a_clone_has_every_token_further_up_special_ones_too(lm: LM) -> None:
    plain = text_batches(lm, TEXTS, 12, 1, 1, 0)
    rows = [plain.row(number)[0].tolist() for number in range(len(plain.examples))]
    size = size_of(lm.tokenizer)
    assert len(rows) > 1
    assert clone_rows(lm, TEXTS, 0, 12) == rows
    assert clone_rows(lm, TEXTS, 2, 12) == [[token + 2 * size for token in row] for row in rows]
    with pytest.raises(BadInput, match="no tokens"):
        clone_rows(lm, [""], 1, 12)


def test_scrambled_rows_keep_their_tokens_and_their_first() -> None:
    rows = [[9, *range(30)], [8, 1, 1]]
    mixed = scrambled(rows, 3)
    assert [Counter(row) for row in mixed] == [Counter(row) for row in rows]
    assert [row[0] for row in mixed] == [9, 8]
    assert mixed[0] != rows[0]
    assert mixed == scrambled(rows, 3) != scrambled(rows, 4)


def test_all_but_the_first_token_of_a_row_is_learned(lm: LM) -> None:
    batches = row_batches(lm, [[1, 2, 3], [4, 5]], 1.5, 4, 0)
    assert sum(len(batches.indices(index)) for index in range(4)) == 6
    assert (batches.tokens, batches.label_tokens) == (15, 9)  # three times five and three times three
    seen = {tuple(row) for index in range(4) for row in batches[index]["labels"].tolist()}
    assert (-100, 2, 3) in seen
