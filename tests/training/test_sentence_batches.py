"""Sentence batches: which rows meet, what tensors they become."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.models.lm import LM
from interlingua.training.sentence_batches import Row, sentence_batches

ROWS: list[Row] = [("a0 a1", "b0", "c0", 1.0), ("a2", "b2", "", 0.25)]


def test_a_batch_is_padded_on_the_right_and_says_what_is_there(lm: LM) -> None:
    batches = sentence_batches(lm, ROWS, 2, 1, 0)
    batch, order = batches[0], batches.indices(0)
    ids = [lm.tokenizer(text)["input_ids"] for text in ("a0 a1", "a2")]
    line = order.index(1)
    assert batch["first_ids"][line].tolist() == [*ids[1], 0]
    assert batch["first_ids"][1 - line].tolist() == ids[0]
    assert batch["first_mask"][line].tolist() == [1, 0]
    assert batch["third_mask"].sum(1)[[line, 1 - line]].tolist() == [0, 1]
    assert batch["grade"][[line, 1 - line]].tolist() == [0.25, 1.0]
    assert batches.tokens == 2 + 1 + 1 + 1 + 1


def test_no_text_is_twice_in_a_batch(lm: LM) -> None:
    rows: list[Row] = [(f"a{at % 4}", f"b{at}", f"c{at % 2}", 1.0) for at in range(8)]
    batches = sentence_batches(lm, rows, 6, 20, 1)
    for index in range(20):
        chosen = [rows[at] for at in batches.indices(index)]
        texts = [text for row in chosen for text in row[:3]]
        assert len(set(texts)) == len(texts)
        assert len(chosen) == 2  # only c0 and c1 are there
    assert {at for index in range(20) for at in batches.indices(index)} == set(range(8))
    same: list[Row] = [("a0", "a0", "", 1.0), ("a1", "a2", "", 1.0)]
    assert len(sentence_batches(lm, same, 6, 1, 0).indices(0)) == 2


def test_a_batch_depends_on_seed_and_index_alone(lm: LM) -> None:
    rows: list[Row] = [(f"a{at}", f"b{at}", "", 1.0) for at in range(8)]
    one, again, other = (sentence_batches(lm, rows, 3, 4, seed) for seed in (0, 0, 1))
    assert [one.indices(at) for at in range(4)] == [again.indices(at) for at in range(4)]
    assert [one.indices(at) for at in range(4)] != [other.indices(at) for at in range(4)]
    assert one.fingerprint() == again.fingerprint() != other.fingerprint()
    assert one.describe(0).startswith("3 rows of sentences: #")
    with pytest.raises(IndexError):
        one[4]


def test_texts_are_cut_and_bad_settings_refused(lm: LM) -> None:
    batches = sentence_batches(lm, [("a0 a1 a2 a3", "b0", "", 1.0)], 1, 1, 0, 3)
    assert batches[0]["first_ids"].tolist() == [lm.tokenizer("a0 a1 a2")["input_ids"]]
    with pytest.raises(BadInput, match="No sentence pairs"):
        sentence_batches(lm, [], 2, 1, 0)
    with pytest.raises(BadInput, match="at least 1"):
        sentence_batches(lm, ROWS, 0, 1, 0)
