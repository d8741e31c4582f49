"""Correlation: by hand, against scipy, and that chance gives nothing."""

import math

import numpy as np
import pytest
from scipy import stats

from interlingua.core.errors import BadInput
from interlingua.measures.correlation import Kind, correlation, correlation_numbers

X, Y = [1.0, 2.0, 3.0, 4.0], [1.0, 3.0, 2.0, 4.0]


def test_four_languages_by_hand() -> None:
    """Around 2.5: products 2.25, -.25, -.25, 2.25 make 4, squares 5 and 5: .8, also of the ranks."""
    assert correlation(X, Y).mean == pytest.approx(0.8)
    assert correlation(X, Y, kind="spearman").mean == pytest.approx(0.8)
    # Of 24 orders one has 5 and three (two neighbours exchanged) have 4; as many have -5 and -4.
    assert correlation(X, Y, permutations=50_000).p == pytest.approx(8 / 24, abs=0.01)


def test_ranks_are_blind_to_size_and_ties_share_theirs() -> None:
    assert correlation([0, 1, 2, 1000], [1, 2, 3, 4], kind="spearman").mean == pytest.approx(1)
    assert correlation([0, 1, 2, 1000], [1, 2, 3, 4]).mean < 0.8
    tied = correlation([1, 1, 2, 3], [1, 2, 3, 4], kind="spearman").mean  # ranks 1.5 1.5 3 4
    assert tied == pytest.approx(4.5 / math.sqrt(4.5 * 5))


@pytest.mark.parametrize("kind", ["pearson", "spearman"])
def test_agrees_with_scipy(kind: Kind) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=12)
    y = x + rng.normal(size=12)
    found, referee = correlation(x, y, kind=kind), getattr(stats, f"{kind}r")(x, y)
    assert found.mean == pytest.approx(referee.statistic)
    assert found.p == pytest.approx(referee.pvalue, abs=0.01)
    assert found.low < found.mean < found.high
    assert found.n == 12


def test_the_interval_is_that_of_a_plain_bootstrap() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=40)
    y = x + rng.normal(size=40)
    drawn = [rng.integers(40, size=40) for _ in range(4000)]
    referee = np.quantile([np.corrcoef(x[at], y[at])[0, 1] for at in drawn], [0.025, 0.975])
    found = correlation(x, y, resamples=4000)
    assert (found.low, found.high) == pytest.approx(tuple(referee), abs=0.03)


def test_the_order_of_languages_and_the_sides_change_nothing() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(2, 9))
    order = rng.permutation(9)
    assert correlation(x, y) == correlation(x[order], y[order])
    assert correlation(x, y).mean == correlation(y, x).mean


def test_unrelated_numbers_are_rarely_called_related() -> None:
    rng = np.random.default_rng(3)
    found = [correlation(*rng.normal(size=(2, 10)), resamples=20, permutations=400).p for _ in range(200)]
    assert np.mean(np.array(found) < 0.05) < 0.11


def test_draws_of_one_language_alone_are_left_out() -> None:
    found = correlation([0, 0, 0, 1], [0, 0, 0, 1])
    assert (found.mean, found.low, found.high) == (1, 1, 1)


def test_what_has_no_answer_is_refused() -> None:
    with pytest.raises(BadInput, match=r"shapes \(4,\) and \(3,\)"):
        correlation(X, Y[:3])
    with pytest.raises(BadInput, match="4 languages or more, got 3"):
        correlation(X[:3], Y[:3])
    with pytest.raises(BadInput, match="All 4 languages have 2"):
        correlation(X, [2.0] * 4)
    with pytest.raises(BadInput, match="finite"):
        correlation(X, [1.0, 2.0, 3.0, math.nan])
    with pytest.raises(BadInput, match="pearson or spearman, not 'kendall'"):
        correlation(X, Y, kind="kendall")  # type: ignore[arg-type]


def test_as_numbers_over_the_languages_of_both_sides() -> None:
    langs = ["qab_Latn", "qac_Latn", "qad_Latn", "qae_Latn"]
    one, other = dict(zip(langs, X, strict=True)), dict(zip(langs[::-1], Y[::-1], strict=True))
    found = correlation_numbers("r", one, other | {"qaf_Latn": 9.0})
    whole = correlation(X, Y)
    assert found == {
        "r": {"": whole.mean}, "r_low": {"": whole.low}, "r_high": {"": whole.high}, "r_p": {"": whole.p}
    }  # fmt: skip
    assert correlation_numbers("r", one, dict.fromkeys(langs, 1.0)) == {}
    assert correlation_numbers("r", one, {"qab_Latn": 1.0}) == {}
