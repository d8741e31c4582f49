"""Pieces: the cheapest cut worked by hand, every row kept, nothing cut that is best left whole."""

from itertools import pairwise

import pytest
import torch

from interlingua.models.adapters import with_lora
from interlingua.training.pieces import overhead, pieces, right_padded


def batch(*lengths):
    """Rows of the given lengths; row r holds 10 r + 1, 10 r + 2, ..."""
    mask = torch.tensor([[1] * n + [0] * (max(lengths) - n) for n in lengths])
    ids = (torch.arange(1, max(lengths) + 1) + 10 * torch.arange(len(lengths))[:, None]) * mask
    return {"input_ids": ids, "attention_mask": mask, "labels": ids.masked_fill(mask == 0, -100)}


def test_a_cut_worked_by_hand():
    """Whole, 4 rows of 9 cost 36; {9} and {3, 2, 2} cost 9 + 9 + the overhead once more."""
    given = batch(2, 9, 3, 2)
    longest, rest = pieces(given, overhead=17)
    assert longest["input_ids"].tolist() == [list(range(11, 20))]
    assert rest["input_ids"].tolist() == [[21, 22, 23], [1, 2, 0], [31, 32, 0]]
    assert rest["labels"].tolist() == [[21, 22, 23], [1, 2, -100], [31, 32, -100]]
    assert rest["attention_mask"].tolist() == [[1, 1, 1], [1, 1, 0], [1, 1, 0]]
    assert pieces(given, overhead=19) == [given]


@pytest.mark.parametrize("extra", [0.0, 1.0, 5.0, 40.0, 1e9])
def test_no_other_cut_is_cheaper_and_every_row_is_there_once(extra):
    lengths = [3, 11, 7, 7, 2, 12, 1, 9]
    parts = pieces(batch(*lengths), extra)
    firsts = sorted(row[0].item() // 10 for part in parts for row in part["input_ids"])
    assert firsts == list(range(8))
    found = sum(part["input_ids"].numel() + extra for part in parts)
    ordered = sorted(lengths, reverse=True)
    cheapest = float("inf")
    for chosen in range(2**7):  # bit i: cut before row i + 1
        bounds = [0, *(i + 1 for i in range(7) if chosen >> i & 1), 8]
        cost = sum((b - a) * ordered[a] + extra for a, b in pairwise(bounds))
        cheapest = min(cheapest, cost)
    assert found == pytest.approx(cheapest)


def test_what_cannot_be_cut_stays_whole():
    left = batch(1, 30)
    left = {name: tensor.flip(1) for name, tensor in left.items()}
    other_shape = batch(1, 30) | {"scores": torch.zeros(2)}
    for given in (left, other_shape, {"input_ids": torch.ones(2, 3)}, batch(5, 5)):
        assert pieces(given, 1.0)[0] is given


def test_right_padding_is_ones_then_zeros():
    assert right_padded(torch.tensor([[1, 1, 0], [1, 0, 0], [0, 0, 0]]))
    assert right_padded(torch.tensor([[1, 1, 1]]))
    assert not right_padded(torch.tensor([[1, 1, 1], [0, 1, 1]]))
    assert not right_padded(torch.tensor([[1, 0, 1]]))


def test_small_layers_have_the_larger_overhead(lm):
    """Two layers of 4 x 16 x 16 + 3 x 16 x 32 + 2 x 16 weights, one norm, a head of 36 x 16."""
    weights = 2 * (1024 + 1536 + 32) + 16 + 576
    assert overhead(lm) == pytest.approx(24 + 2e7 * 2 / weights)
    assert overhead(with_lora(lm, "all-linear", 2, 4)) < overhead(lm)
