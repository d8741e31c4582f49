"""Runs of gains and the judge of signs."""

import numpy as np
import pytest

from interlingua.data.audit.fits import USUAL, best_run, judge_of


def test_the_best_run_by_hand() -> None:
    assert best_run(np.array([-1.0, 2.0, 3.0, -1.0, 2.0, -9.0, 4.0])) == (1, 5, 6.0)
    assert best_run(np.array([-1.0, -2.0]))[2] == 0.0
    assert best_run(np.array([1.0, np.nan, 2.0])) == (0, 3, 3.0)


def test_a_judge_learns_what_tells_places_apart() -> None:
    draw = np.random.default_rng(0)

    def signs(profile: float) -> np.ndarray:
        columns = (draw.normal(profile, 0.1, 300), draw.normal(0, 1, 300), np.abs(draw.normal(0, 0.3, 300)))
        return np.column_stack(columns).astype(np.float32)

    judge = judge_of({0: signs(0.6), 1: signs(0.0), -1: signs(0.0)})
    assert judge.tells
    assert np.median(judge(signs(0.6))) > 3
    assert np.median(judge(signs(0.0))) < -3
    assert judge.weights[0] > 3 * abs(judge.weights[1])


def test_rows_that_fit_nowhere_tell_nothing() -> None:
    draw = np.random.default_rng(0)
    signs = {offset: draw.normal(0, 1, (200, 3)).astype(np.float32) for offset in (-1, 0, 1)}
    judge = judge_of(signs)
    assert not judge.tells
    assert judge.weights == pytest.approx(USUAL)
    assert not judge_of(
        {0: np.full((5, 3), np.nan, np.float32), 1: np.full((5, 3), np.nan, np.float32)}
    ).tells
