"""Verdicts as the design words them."""

import pytest

from interlingua.core.errors import BadInput
from interlingua.measures.interval import Interval
from interlingua.measures.t_interval import t_interval
from interlingua.measures.verdict import Comparison, verdict, verdicts


def interval(low: float, high: float, p: float = 0.0001) -> Interval:
    """An interval around its middle."""
    return Interval((low + high) / 2, low, high, 5, p=p)


UP, UP_A_BIT, DOWN = interval(0.3, 0.4), interval(0.005, 0.02), interval(-0.2, -0.1)
UNCLEAR, SMALL = interval(-0.1, 0.2, p=0.4), interval(-0.01, 0.02, p=0.4)


@pytest.mark.parametrize(
    ("baseline", "controls", "expected"),
    [
        (UP, [UP, UP_A_BIT], "works"),
        (UP, [UP, UNCLEAR], "undecided"),  # not clear of one control
        (UP, [UP, DOWN], "undecided"),  # a control does better
        (DOWN, [DOWN, DOWN], "hurts"),
        (DOWN, [DOWN, UNCLEAR], "undecided"),
        (DOWN, [UP], "undecided"),
        (UNCLEAR, [UP], "undecided"),
        (SMALL, [UP, DOWN], "negligible"),
        (UP_A_BIT, [UNCLEAR], "negligible"),
        (UP_A_BIT, [UP_A_BIT], "works"),  # a proved gain, however small
        (interval(-0.03, 0.01, p=0.4), [UP], "undecided"),  # touches the margin
        (interval(-0.01, 0.03, p=0.4), [UP], "undecided"),
        (interval(0.0, 0.4, p=0.05), [UP], "undecided"),  # touches zero
    ],
)
def test_one_recipe(baseline: Interval, controls: list[Interval], expected: str) -> None:
    assert verdict(baseline, {str(at): control for at, control in enumerate(controls)}) == expected


def test_holm_counts_the_comparisons_of_all_recipes() -> None:
    """p = .02 twice: corrected to .04 alone; beside a null recipe of two comparisons to .08."""
    weak = Comparison(interval(0.1, 0.4, p=0.02), {"shuffled": interval(0.1, 0.4, p=0.02)})
    null = Comparison(UNCLEAR, {"shuffled": UNCLEAR})
    assert verdicts({"weak": weak}) == {"weak": "works"}
    assert verdicts({"weak": weak, "null": null}) == {"weak": "undecided", "null": "undecided"}


def test_a_clear_effect_over_five_worlds_works() -> None:
    gains, over_control = t_interval([0.4, 0.45, 0.38, 0.41, 0.5]), t_interval([0.39, 0.41, 0.4, 0.37, 0.42])
    assert verdict(gains, {"shuffled": over_control}) == "works"
    assert verdict(gains, {"shuffled": t_interval([0.1, -0.1, 0.05, -0.02, 0.2])}) == "undecided"


def test_alpha_is_the_callers() -> None:
    control = {"shuffled": interval(0.1, 0.4, p=0.004)}
    assert verdict(interval(0.1, 0.4, p=0.004), control, alpha=0.01) == "works"
    assert verdict(interval(0.1, 0.4, p=0.008), control, alpha=0.001) == "undecided"


def test_what_cannot_be_judged_is_refused() -> None:
    with pytest.raises(BadInput, match="No recipe"):
        verdicts({})
    with pytest.raises(BadInput, match="No controls for 'wechsel'"):
        verdicts({"wechsel": Comparison(UP, {})})
    with pytest.raises(BadInput, match="against control 'shuffled' has no p-value"):
        verdict(UP, {"shuffled": Interval(0.3, 0.2, 0.4, 5)})
