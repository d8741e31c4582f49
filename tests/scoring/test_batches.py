"""Batches: planned once, padded without effect, halved when memory ends."""

import pytest
import torch

from interlingua.core.errors import OutOfRoom
from interlingua.models.lm import LM
from interlingua.scoring.batches import (
    ScoringWarning,
    forward,
    halving,
    pad_left,
    plan,
    reading,
    reading_tokens,
    room,
)


def test_plan_sorts_by_length_and_keeps_to_the_bound() -> None:
    assert plan([2, 5, 3, 1, 3], 6) == [[1], [2, 4], [0, 3]]


def test_plan_gives_a_row_longer_than_the_bound_a_batch_of_its_own() -> None:
    assert plan([9, 2, 2], 4) == [[0], [1, 2]]
    assert plan([3, 1, 2], 0) == [[0], [2], [1]]
    assert plan([], 8) == []


def test_pad_left_puts_the_last_token_last(lm: LM) -> None:
    batch = pad_left(lm, [[7, 8, 9], [5]])
    assert batch.input_ids.tolist() == [[7, 8, 9], [0, 0, 5]]
    assert batch.attention_mask.tolist() == [[1, 1, 1], [0, 0, 1]]
    assert batch.positions.tolist() == [[0, 1, 2], [0, 0, 0]]


def test_padding_changes_no_logits(any_lm: LM) -> None:
    rows = [[1, 20, 30, 40, 50, 60, 70, 80], [1, 90, 91], [1, 33, 44, 55, 66]]
    with reading(any_lm):
        together = forward(any_lm, pad_left(any_lm, rows), keep=2).logits
        for row, logits in zip(rows, together, strict=True):
            alone = any_lm.model(input_ids=torch.tensor([row])).logits[0, -2:]
            torch.testing.assert_close(logits, alone, rtol=0, atol=1e-5)


def test_logits_of_any_columns(any_lm: LM) -> None:
    rows = [[1, 20, 30, 40, 50], [1, 90, 91]]
    with reading(any_lm):
        some = forward(any_lm, pad_left(any_lm, rows), keep=torch.tensor([2, 4])).logits
        all_five = forward(any_lm, pad_left(any_lm, rows), keep=5).logits
    assert some.shape == (2, 2, 400)
    torch.testing.assert_close(some, all_five[:, [2, 4]], rtol=0, atol=1e-5)


def test_room_is_as_strict_as_it_is_asked_to_be(lm: LM) -> None:
    rows = [[1, 20, 30, 40, 50, 60], [1, 9]]
    with pytest.warns(ScoringWarning, match="Padding changes log-probabilities of tiny-llama"):
        assert room(lm, rows, 64, tolerance=-1.0) == 0
    assert room(lm, rows[:1] * 2, 64, tolerance=-1.0) == 64  # nothing to pad


def test_room_without_memory_for_two_is_for_one(lm: LM, monkeypatch: pytest.MonkeyPatch) -> None:
    through = lm.model.forward

    def small(**inputs: torch.Tensor) -> object:
        if len(inputs["input_ids"]) > 1:
            raise MemoryError
        return through(**inputs)

    monkeypatch.setattr(lm.model, "forward", small)
    assert room(lm, [[1, 20, 30], [1]], 64) == 0


def test_room_notices_a_model_that_padding_changes(lm: LM, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[1, 20, 30, 40, 50, 60], [1, 9]]
    with reading(lm):
        assert room(lm, rows, 64) == 64
        assert reading_tokens(lm) == 2048
        through = lm.model.forward

        def blind(attention_mask: torch.Tensor, logits_to_keep: int = 0, **inputs: object) -> object:
            return through(attention_mask=torch.ones_like(attention_mask), **inputs)

        monkeypatch.setattr(lm.model, "forward", blind)
        with pytest.warns(ScoringWarning, match="one by one"):
            assert room(lm, rows, 64) == 0


def test_out_of_memory_halves_the_batch_and_keeps_the_order() -> None:
    sizes = []

    def double(batch: list[int]) -> list[int]:
        sizes.append(len(batch))
        if len(batch) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return [2 * index for index in batch]

    assert halving(double, [3, 1, 4, 1, 5]) == [6, 2, 8, 2, 10]
    assert sizes == [5, 2, 3, 1, 2]


def test_out_of_memory_with_one_row_says_what_to_do() -> None:
    def never(batch: list[int]) -> list[int]:
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")

    with pytest.raises(OutOfRoom, match="single prompt"):
        halving(never, [0, 1])


def test_other_errors_pass_through() -> None:
    def broken(batch: list[int]) -> list[int]:
        raise RuntimeError("shapes do not match")

    with pytest.raises(RuntimeError, match="shapes"):
        halving(broken, [0, 1])


def test_reading_turns_dropout_off_and_the_flag_back_on(lm: LM) -> None:
    lm.model.train()
    with reading(lm):
        assert not lm.model.training
        assert torch.is_inference_mode_enabled()
    assert lm.model.training
