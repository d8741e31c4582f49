"""Paired tests: by hand, against scipy, and against trying every choice of signs."""

import math
from itertools import product
from random import Random

import pytest
from scipy import stats

from interlingua.core.errors import BadInput
from interlingua.measures.paired_tests import holm, mcnemar, paired_test, sign_flip


def test_mcnemar_by_hand() -> None:
    """Of 10 changes 9 or 10 in one direction: (10 + 1) of 1024 ways, both sides."""
    assert mcnemar(9, 1) == pytest.approx(22 / 1024)
    assert mcnemar(1, 9) == pytest.approx(22 / 1024)
    assert mcnemar(3, 0) == pytest.approx(2 / 8)
    assert mcnemar(4, 4) == 1.0
    assert mcnemar(0, 0) == 1.0


@pytest.mark.parametrize(("better", "worse"), [(1, 0), (5, 9), (40, 17), (500, 430), (3000, 2000)])
def test_mcnemar_agrees_with_scipy(better: int, worse: int) -> None:
    assert mcnemar(better, worse) == pytest.approx(stats.binomtest(better, better + worse).pvalue)


def test_sign_flip_by_hand() -> None:
    """Changes 2 and 1: totals 3, 1, -1, -3; both signs of 3 are as far as 3, all are as far as 1."""
    assert sign_flip([2, 1]) == pytest.approx(0.5)
    assert sign_flip([2, -1]) == pytest.approx(1.0)
    assert sign_flip([3, 2, 2]) == pytest.approx(2 / 8)
    assert sign_flip([0, 0]) == 1.0


@pytest.mark.parametrize("seed", range(5))
def test_sign_flip_is_the_share_of_all_sign_choices(seed: int) -> None:
    sums = [Random(seed).randint(-4, 5) + at % 2 for at in range(10)]
    totals = [
        sum(sign * size for sign, size in zip(signs, sums, strict=True))
        for signs in product((1, -1), repeat=10)
    ]
    as_far = sum(abs(total) >= abs(sum(sums)) for total in totals)
    assert sign_flip(sums) == pytest.approx(as_far / len(totals))


def test_sign_flip_with_single_items_is_mcnemar() -> None:
    assert sign_flip([1] * 30 + [-1] * 14 + [0] * 100) == pytest.approx(mcnemar(30, 14))


def test_sign_flip_of_thousands_of_clusters_stays_near_the_normal_law() -> None:
    draw = Random(0)
    sums = [draw.choice([-2, -1, 0, 1, 2, 3]) for _ in range(4000)]
    z = sum(sums) / math.sqrt(sum(size * size for size in sums))
    assert 0 < sign_flip(sums) <= 1
    assert sign_flip([*sums[:300], *[-size for size in sums[:280]]]) == pytest.approx(
        2
        * stats.norm.sf(
            (abs(sum(sums[280:300])) - 0.5) / math.sqrt(sum(s * s for s in sums[:300] + sums[:280]))
        ),
        abs=0.01,
    )
    assert math.log10(sign_flip(sums)) == pytest.approx(math.log10(2 * stats.norm.sf(abs(z))), rel=0.05)


def test_single_items_go_to_mcnemar_and_clusters_to_sign_flips() -> None:
    changes = [1, 1, 1, -1, 0, 1]
    assert paired_test(changes, list("abcdef")) == mcnemar(4, 1)
    assert paired_test(changes, list("aabbcc")) == sign_flip([2, 0, 1])


def test_a_cluster_counts_once_however_many_items_it_has() -> None:
    """Eight better items look sure (p = 2/256); in two clusters they are two coins."""
    assert paired_test([1] * 8, list("abcdefgh")) == pytest.approx(2 / 256)
    assert paired_test([1] * 8, list("aaaabbbb")) == pytest.approx(2 / 4)


def test_holm_by_hand() -> None:
    """.01 x 4, .02 x 3, .03 x 2, then .06 again since .05 x 1 is smaller; order of input kept."""
    assert holm([0.03, 0.01, 0.05, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([0.5, 0.6]) == [1.0, 1.0]
    assert holm([0.04]) == [0.04]


def test_holm_is_never_milder_than_no_correction_nor_harsher_than_bonferroni() -> None:
    p = [Random(1).random() ** at for at in range(1, 20)]
    for raw, corrected in zip(p, holm(p), strict=True):
        assert raw <= corrected <= min(1.0, raw * len(p)) + 1e-15


def test_what_cannot_be_tested_is_refused() -> None:
    with pytest.raises(BadInput, match="negative"):
        mcnemar(-1, 3)
    with pytest.raises(BadInput, match="No clusters"):
        sign_flip([])
    with pytest.raises(BadInput, match="0 items"):
        paired_test([], [])
    with pytest.raises(BadInput, match="2 items, 1 clusters"):
        paired_test([1, 0], ["a"])
    with pytest.raises(BadInput, match="got 2"):
        paired_test([1, 2], ["a", "b"])
    with pytest.raises(BadInput, match="No p-values"):
        holm([])
    with pytest.raises(BadInput, match="got nan"):
        holm([0.1, math.nan])
    with pytest.raises(BadInput, match=r"got 1\.5"):
        holm([0.1, 1.5])
