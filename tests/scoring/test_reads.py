"""Logits to log-probabilities, and reads in one list."""

import math

import numpy as np
import pytest
import torch

from interlingua.scoring import reads as module
from interlingua.scoring.reads import Reads, log_probabilities


@pytest.mark.parametrize("size", [1, 7, 10**6])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_log_probabilities_in_slices_of_any_size(
    size: int, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SLICE", size)
    logits = (torch.randn(5, 6, generator=torch.Generator().manual_seed(0)) * 30).to(dtype)
    rows, tokens = torch.tensor([4, 0, 0, 2]), torch.tensor([5, 1, 0, 2])
    values, likeliest = log_probabilities(logits, rows, tokens)
    wanted = logits.double().log_softmax(-1)
    torch.testing.assert_close(values.double(), wanted[rows, tokens], rtol=1e-6, atol=1e-6)
    assert likeliest.tolist() == wanted.argmax(-1)[rows].tolist()


def test_of_equally_likely_tokens_the_first_is_the_likeliest() -> None:
    _, likeliest = log_probabilities(torch.tensor([[0.0, 2.0, 2.0]]), torch.tensor([0]), torch.tensor([2]))
    assert likeliest.tolist() == [1]


def test_reads_of_several_tokens_add_their_probabilities() -> None:
    reads = Reads([[(0, (0,)), (3, (1, 2))], [(1, (2,))]])
    assert (reads.of(0), reads.of(1)) == (range(2), range(2, 3))
    logits = torch.tensor([[0.5, 0.2, 0.3], [0.1, 0.3, 0.6]]).log()
    reads.fill(np.array([2, 1]), logits, np.array([1, 0]))
    assert math.isnan(reads.values[0])
    assert reads.values[1:] == pytest.approx([math.log(0.5), math.log(0.6)], abs=1e-6)
    assert reads.greedy.tolist() == [False, False, True]
    reads.fill(np.array([], int), logits, np.array([], int))
    reads.fill(np.array([0]), logits, np.array([0]))
    assert reads.values[0] == pytest.approx(math.log(0.5), abs=1e-6)
    assert reads.greedy.tolist() == [True, False, True]


def test_no_number_stays_no_number() -> None:
    reads = Reads([[(0, (0, 1))]])
    reads.fill(np.array([0]), torch.full((1, 3), math.nan), np.array([0]))
    assert math.isnan(reads.values[0])
