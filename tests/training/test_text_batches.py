"""Text batches: whole documents between end tokens, every token learned, long ones continued."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.training.text_batches import text_batches, text_rows

END = 2


def ids(lm, text):
    """Tokens of a text."""
    return lm.tokenizer(text, add_special_tokens=False)["input_ids"]


def rows_of(lm, texts, length):
    """Every row of one epoch, unpadded, in the order of their making."""
    count = text_rows(lm, texts, length)
    batches = text_batches(lm, texts, length, 1, count, 0)
    return sorted(batches[index]["input_ids"][0].tolist() for index in range(count))


def test_rows_by_hand(lm):
    a, b, c = (ids(lm, text) for text in ("a0 a1", "b0", "c0 c1 c2"))
    # 1 + 3 + 2 = 6 tokens fit a row of 7, the third document (4 tokens) begins the next.
    assert rows_of(lm, ["a0 a1", "b0", "c0 c1 c2"], 7) == sorted([[END, *a, END, *b, END], [END, *c, END]])
    # Rows of 3: a document goes on where the row ends.
    assert rows_of(lm, ["c0 c1 c2"], 3) == sorted([[END, *c[:2]], [END, c[2], END]])


def test_every_token_but_the_first_is_learned(lm):
    batch = text_batches(lm, ["a0 a1", "b0"], 16, 1, 1, 0)[0]
    assert batch["labels"][0].tolist() == [-100, *batch["input_ids"][0].tolist()[1:]]


def test_the_start_token_opens_rows_where_the_tokenizer_puts_one(lm):
    from tokenizers import processors

    lm.tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", 1)]
    )
    assert rows_of(lm, ["b0"], 16) == [[1, *ids(lm, "b0"), END]]


def test_rows_end_with_the_models_context(lm):
    assert max(map(len, rows_of(lm, ["a0 a1 " * 100], 1000))) == lm.context


@pytest.mark.parametrize(
    ("texts", "length", "size", "why"),
    [([""], 8, 1, "no tokens"), (["a0"], 1, 1, "at least 2 tokens"), (["a0"], 8, 0, "at least 1")],
)
def test_nothing_to_learn_is_refused(lm, texts, length, size, why):
    with pytest.raises(BadInput, match=why):
        text_batches(lm, texts, length, size, 1, 0)


def test_no_text_is_refused(lm):
    with pytest.raises(BadInput, match="There is no text to learn from"):
        text_batches(lm, [], 8, 1, 1, 0)
