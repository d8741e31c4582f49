"""Twins: which tokens of two rows say the same, and what a batch of them holds."""

import pytest
import torch

from interlingua.core.errors import BadInput
from interlingua.data.items import Example
from interlingua.models.lm import LM
from interlingua.training.twins import twin_batches

ROWS = [Example("a0 a1 ", "b0 b1"), Example("a2 ", "b2"), Example("a3 ", "b3 b4 b5")]
TWINS = [Example("c0 ", "b0 b1"), None, Example("c0 c1 c2 ", "b3 b4 b5")]


def test_a_batch_by_hand(lm: LM) -> None:
    batches = twin_batches(lm, ROWS, TWINS, 3, 1, 0)
    batch, order = batches[0], batches.own.indices(0).tolist()
    words = lm.tokenizer.convert_ids_to_tokens
    for line, row in enumerate(order):
        own = batch["input_ids"][line][batch["aligned"][line]]
        twin = batch["twin_input_ids"][line][batch["twin_labels"][line] != -100]
        assert own.tolist() == twin.tolist()
        expected = [*ROWS[row].target.split(), "</s>"] if TWINS[row] else []
        assert words(own.tolist()) == expected
        kept = batch["twin_input_ids"][line][batch["twin_attention_mask"][line].bool()]
        said = TWINS[row]
        assert words(kept.tolist()) == ([*said.prompt.split(), *said.target.split(), "</s>"] if said else [])
        learned = batch["labels"][line] != -100
        assert (batch["aligned"][line] == learned).all() or TWINS[row] is None
    assert {name: len(tensor) for name, tensor in batch.items()} == dict.fromkeys(batch, 3)


def test_tokens_of_twins_count_as_read_and_not_as_learned(lm: LM) -> None:
    with_twins, without = (twin_batches(lm, ROWS, twins, 3, 2, 0) for twins in (TWINS, [None] * 3))
    assert with_twins.label_tokens == without.label_tokens == 2 * (3 + 2 + 4)
    assert without.tokens == 2 * (5 + 3 + 5)
    assert with_twins.tokens == without.tokens + 2 * (4 + 7)
    assert (without.row_tokens, with_twins.row_tokens) == (13 / 3, 24 / 3)
    assert with_twins.fingerprint() != without.fingerprint()


def test_targets_that_join_differently_are_aligned_from_the_end(
    lm: LM, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = [Example("a0 ", " ".join(["b1"] * 70))]
    twin = [Example("a0 a1 a2 a3 ", long[0].target)]
    batch = twin_batches(lm, long, twin, 1, 1, 0)[0]  # 64 positions: both lose the end of their target
    assert int(batch["aligned"].sum()) == int((batch["twin_labels"] != -100).sum()) > 50
    assert torch.equal(
        batch["input_ids"][batch["aligned"]], batch["twin_input_ids"][batch["twin_labels"] != -100]
    )


def test_twins_that_are_none_are_refused(lm: LM) -> None:
    with pytest.raises(BadInput, match="There are 1 twins for 3 examples"):
        twin_batches(lm, ROWS, [None], 3, 1, 0)
    with pytest.raises(BadInput, match="'a2 ' has another target: 'b3'"):
        twin_batches(lm, ROWS, [None, Example("c0 ", "b3"), None], 3, 1, 0)
