"""Which prompts are read twice, and what may differ."""

import gc

import numpy as np
import pytest

from interlingua.models.lm import LM
from interlingua.scoring import guard as module
from interlingua.scoring.batches import reading
from interlingua.scoring.flat_pass import read_flat
from interlingua.scoring.guard import CHECKED, Guard, tolerance
from interlingua.scoring.reads import Reads


def test_sixteen_where_a_tenth_of_the_tokens_pays_for_them(lm: LM) -> None:
    guard = Guard(lm, [10] * 99 + [12], range(100), (), 10_000)
    assert len(guard.drawn) == CHECKED == 16
    assert 99 in guard.drawn  # the longest


def test_two_where_it_does_not_and_the_longest_is_one(lm: LM) -> None:
    lengths = [700] * 50 + [710] + [705] * 9
    guard = Guard(lm, lengths, range(60), [3, 4], 2_000)
    assert len(guard.drawn) == 2
    assert guard.drawn[0] == 50
    assert guard.drawn[1] in (3, 4)  # and one that is read early
    assert guard.due == set(guard.drawn)
    assert Guard(lm, [5], [0], [0], 5).drawn == [0]


def test_only_wanted_prompts_are_drawn_and_the_same_ones_each_time(lm: LM) -> None:
    first = Guard(lm, list(range(1, 101)), range(40, 60), (), 9_000)
    assert set(first.drawn) <= set(range(40, 60))
    assert 59 in first.drawn
    module._trusted.clear()
    assert Guard(lm, list(range(1, 101)), range(40, 60), (), 9_000).drawn == first.drawn


def test_a_model_that_passed_pays_from_what_it_saved(lm: LM) -> None:
    lengths = [700] * 10
    first = Guard(lm, lengths, range(10), (), 2_000)
    assert len(first.drawn) == 2  # 1,400 tokens where 200 may be spent
    first.passed()
    assert Guard(lm, lengths, range(10), (), 0).due  # none of them was read
    module._trusted[lm].tokens = -1_200
    first.agreed = 2
    first.passed()
    counts = [len(Guard(lm, lengths, range(10), (), 2_000).drawn) for _ in range(12)]
    assert sum(counts) == 1
    assert counts.index(1) == 9  # -1,200 and ten times 200 are 800, which pays for one
    longer = Guard(lm, [1_024] * 10, range(10), (), 2_000)
    assert len(longer.drawn) == len(longer.due) == 1  # beyond the next power of two the longest is due
    longer.agreed = 1
    longer.passed()
    assert not Guard(lm, [300] * 10, range(10), (), 2_000).due


def test_trust_is_lost_with_the_model_and_by_a_difference(lm: LM) -> None:
    row, asked = [1, 5, 6, 7], [(1, (8,)), (3, (9,))]
    alone = Reads([asked])
    with reading(lm):
        assert read_flat(lm, [row], [[1, 3]], alone, np.arange(2)) == 2
    guard = Guard(lm, [4], [0], (), 4)
    assert guard.due == {0}
    assert guard.differs(0, row, asked, alone.values) is None
    assert guard.due == set()
    guard.passed()
    assert guard.differs(0, row, asked, alone.values + np.array([0, 9e-5])) is None
    assert lm in module._trusted
    told = guard.differs(0, row, asked, alone.values + np.array([6e-5, -6e-5]))  # errors do not cancel
    assert told == "that changes a log-likelihood by 0.00012, more than rounding (0.0001)"
    assert lm not in module._trusted
    gone = Guard(lm, [4], [0], (), 4)
    assert gone.drawn == [0]


def test_no_number_both_ways_is_no_difference(lm: LM) -> None:
    guard = Guard(lm, [2], [0], (), 2)
    lm.model.get_output_embeddings().weight.data.fill_(float("nan"))
    assert guard.differs(0, [1, 5], [(1, (8,))], np.array([np.nan])) is None
    assert "by nan" in str(guard.differs(0, [1, 5], [(1, (8,))], np.array([-1.0])))


def test_models_are_not_kept_alive(lm: LM) -> None:
    gc.collect()
    before = len(module._trusted)
    other = LM(lm.model, lm.tokenizer, "other")
    Guard(other, [4], [0], (), 4)
    assert len(module._trusted) == before + 1
    del other
    gc.collect()
    assert len(module._trusted) == before


@pytest.mark.parametrize(("loglik", "expected"), [(-5.0, 1e-4), (-1e4, 1e-2)])
def test_tolerance_grows_with_the_number(lm: LM, loglik: float, expected: float) -> None:
    assert tolerance(lm, loglik) == pytest.approx(expected)
    lm.model.bfloat16()
    assert tolerance(lm, -5.0) == 0.25
