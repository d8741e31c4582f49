"""A claim is a difference of group means within a world, its interval is over worlds; worked by hand."""

from dataclasses import replace
from typing import Any

import pytest

from interlingua.recipes.recipe import Claim
from interlingua.studies.tunnel_numbers import (
    World,
    claim_over_worlds,
    comparison,
    gains,
    groups_of,
    judged,
    levels,
    over,
    rivals_of,
    same_direction,
    verdicts_of,
)

PIVOT, SEEN, ONE, TWO = "qaa_Latn", "qab_Latn", "qac_Latn", "qad_Latn"


def arm(role: str, shift: float, **values: dict[str, float]) -> dict[str, Any]:
    """An arm whose direct answers lie `shift` above the base's outside the pivot."""
    direct = {PIVOT: 1.0, SEEN: 0.5 + shift, ONE: 0.4 + shift, TWO: 0.6 + shift}
    return {
        "role": role, "changes": {}, "template": "", "values": {"direct": direct, **values}, "before": {},
        "pivot_accuracy": {"topic": 0.9, "sentiment": 1.0}, "facts": {"steps": 2.0}, "seconds": 1.0,
        "seconds_asking": 1.0,
    }  # fmt: skip


def made(name: str = "lab:judge-1", method: float = 0.25, control: float = 0.05, **values: Any) -> World:
    """A world in which the method gains `method` and its control `control` everywhere but in the pivot."""
    base = {
        "world": name, "kind": "judge", "pivot": PIVOT, "tuned_languages": [SEEN],
        "languages": {lang: {"script": lang[-4:]} for lang in (PIVOT, SEEN, ONE, TWO)},
        "values": {"direct": {PIVOT: 1.0, SEEN: 0.5, ONE: 0.4, TWO: 0.6}},
        "pivot_accuracy": {"topic": 1.0, "sentiment": 1.0, "inference": 0.95},
    }  # fmt: skip
    arms = {
        "method": arm("method", method, **values),
        "shuffled": arm("control", control),
        "plain": arm("baseline", control),
        "ablated": arm("baseline", method),
        "gold": arm("oracle", 0.3),
    }
    return World(base, {"recipe": "r", "kind": "judge", "arms": arms})


def test_groups_are_means_over_their_languages() -> None:
    world = made()
    values = world.values("base", "direct")
    assert world.mean(values, "unseen") == pytest.approx(0.5)
    assert world.mean(values, "seen") == 0.5
    assert world.mean(values, "pivot") == 1.0
    assert world.mean(values, "all") == pytest.approx(0.625)
    assert world.mean({}, "seen") is None


def test_a_number_of_no_language_stands_for_every_group() -> None:
    assert made().mean({"": 0.7}, "unseen") == 0.7
    assert made().mean({"": 0.7, ONE: 0.1}, "all") == 0.7
    assert made().mean({"": 0.7, ONE: 0.1}, "unseen") == 0.1


def test_differences_are_over_the_languages_that_both_have() -> None:
    world = made(bits={ONE: 2.0, TWO: 4.0})
    assert world.difference("direct", "unseen", "base") == pytest.approx(0.25)
    assert world.difference("direct", "unseen", "shuffled") == pytest.approx(0.2)
    assert world.difference("bits", "unseen", "", 2.5) == pytest.approx(0.5)
    assert world.difference("bits", "unseen", "shuffled") is None
    world.job["arms"]["shuffled"]["values"]["bits"] = {TWO: 5.0, SEEN: 1.0}
    assert world.difference("bits", "unseen", "shuffled") == pytest.approx(-1.0)


def test_the_base_of_a_number_is_what_the_method_measured_before() -> None:
    world = made(bits={ONE: 2.0})
    assert world.values("base", "bits") == {}
    world.job["arms"]["method"]["before"]["bits"] = {ONE: 3.0}
    assert world.difference("bits", "unseen", "base") == pytest.approx(-1.0)


def test_restated_answers_of_the_base_are_those_in_the_same_frame() -> None:
    world = made(restate={ONE: 0.9})
    world.job["arms"]["method"]["template"] = "{question} = "
    world.base["values"]["restate {question} ="] = {ONE: 0.5}  # type: ignore[index]
    world.base["values"]["restate other"] = {ONE: 0.1}  # type: ignore[index]
    assert world.difference("restate", "unseen", "base") == pytest.approx(0.4)


def test_the_pivot_is_watched_on_the_tasks_that_both_were_asked() -> None:
    assert made().pivot_change() == pytest.approx(-0.05)


def test_over_worlds() -> None:
    found = over([0.1, 0.2, 0.3])
    assert found is not None
    assert found["mean"] == pytest.approx(0.2)
    assert found["low"] == pytest.approx(0.2 - 4.302653 * 0.1 / 3**0.5, abs=1e-6)  # t(2) at 97.5%
    assert found["worlds"] == [0.1, 0.2, 0.3]
    assert over([0.1]) == {"mean": 0.1, "n": 1, "worlds": [0.1]}
    assert over([0.1, None]) is None
    assert over([]) is None


@pytest.mark.parametrize(
    ("direction", "low", "high", "same"),
    [
        ("rises", 0.01, 0.2, "yes"), ("rises", -0.01, 0.2, "open"), ("rises", -0.2, -0.01, "no"),
        ("falls", -0.2, -0.01, "yes"), ("falls", 0.01, 0.2, "no"),
        ("stays", -0.02, 0.02, "yes"), ("stays", -0.02, 0.05, "open"), ("stays", 0.04, 0.05, "no"),
    ],
)  # fmt: skip
def test_a_direction_is_the_papers_where_the_whole_interval_says_so(
    direction: Any, low: float, high: float, same: str
) -> None:
    claim = Claim("direct", on="unseen", versus="base", direction=direction)
    assert same_direction(claim, {"mean": (low + high) / 2, "low": low, "high": high}, 0.03) == same
    assert same_direction(claim, {"mean": 0.5}, 0.03) == "open"


def test_what_stays_may_move_by_three_percent_of_a_number_that_is_no_accuracy() -> None:
    worlds = [made(bits={ONE: value}) for value in (100.0, 102.0)]
    for world in worlds:
        world.job["arms"]["method"]["before"]["bits"] = {ONE: 101.0}
    claim = Claim("bits", on="unseen", versus="base", direction="stays")
    assert claim_over_worlds(claim, worlds)["same"] == "open"  # -1 and +1: t(1) makes it wide
    for world in worlds:
        world.job["arms"]["method"]["before"]["bits"] = dict(world.values("method", "bits"))
    assert claim_over_worlds(claim, worlds)["same"] == "yes"


def test_a_claim_without_numbers_is_told_as_not_measured() -> None:
    claim = Claim("bits", on="unseen", versus="base", paper="falls by a third")
    told = claim_over_worlds(claim, [made(), made()])
    assert (told["found"], told["same"], told["paper"]) == (None, "not measured", "falls by a third")


def test_gains_and_levels_of_every_arm() -> None:
    worlds = [made(method=0.2), made(method=0.3)]
    told = gains("direct", worlds)
    assert told["unseen"]["base"]["mean"] == pytest.approx(0.25)
    assert told["unseen"]["gold"]["mean"] == pytest.approx(-0.05)
    assert told["pivot"]["shuffled"]["mean"] == 0.0
    assert levels("direct", worlds)["seen"]["method"]["worlds"] == pytest.approx([0.7, 0.8])
    assert gains("bits", worlds) == {}


def test_a_verdict_takes_the_base_all_controls_and_the_baselines_a_claim_names() -> None:
    claims = (Claim("direct", on="unseen", versus="base"), Claim("direct", on="unseen", versus="plain"))
    worlds = [made(method=size) for size in (0.24, 0.25, 0.26)]
    found = comparison(claims[0], claims, worlds)
    assert found is not None
    assert found.baseline.mean == pytest.approx(0.25)
    assert found.controls.keys() == {"shuffled", "plain"}
    assert verdicts_of({("r", "direct"): found}) == {("r", "direct"): "works"}
    assert comparison(claims[0], claims, worlds[:1]) is None
    assert verdicts_of({}) == {}


def test_of_a_number_that_falls_a_lower_one_works() -> None:
    worlds = [made(bits={ONE: value}) for value in (1.9, 2.0, 2.1)]
    for world in worlds:
        world.job["arms"]["shuffled"]["values"]["bits"] = {ONE: 3.0}
        world.job["arms"]["method"]["before"]["bits"] = {ONE: 4.0}
    claim = Claim("bits", on="unseen", versus="base", direction="falls")
    found = comparison(claim, (claim,), worlds)
    assert found is not None
    assert (found.baseline.mean, found.controls["shuffled"].mean) == pytest.approx((2.0, 1.0))
    assert verdicts_of({("r", "bits"): found})["r", "bits"] == "works"


def test_the_baseline_is_what_the_claim_names() -> None:
    worlds = [made(rho={"": value}) for value in (0.7, 0.8, 0.9)]
    for world in worlds:
        world.job["arms"]["shuffled"]["values"]["rho"] = {"": 0.1}
    bounded = Claim("rho", on="all", versus="", bound=0.5)
    found = comparison(bounded, (bounded,), worlds)
    assert found is not None
    assert (found.baseline.mean, found.controls["shuffled"].mean) == pytest.approx((0.3, 0.7))
    over_control = Claim("rho", on="all", versus="shuffled")
    found = comparison(over_control, (over_control,), worlds)
    assert found is not None
    assert found.baseline.mean == pytest.approx(0.7)
    assert (found.controls, found.controlled) == ({}, True)  # compared once
    assert found.margin is None  # three points of what?


def test_another_claims_base_has_to_be_beaten_and_a_control_said_to_touch_nothing_does_not() -> None:
    worlds = [made(rho={"": value}) for value in (0.7, 0.8, 0.9)]
    for world in worlds:
        world.job["arms"]["method"]["before"]["rho"] = {"": 0.3}
        world.job["arms"]["plain"]["values"]["rho"] = {"": 0.2}
        world.job["arms"]["shuffled"]["values"]["rho"] = dict(world.values("method", "rho"))
    first, second = Claim("rho", on="all", versus="plain"), Claim("rho", on="all", versus="base")
    assert rivals_of(first, (first, second), worlds) == ["base", "shuffled"]
    found = comparison(first, (first, second), worlds)
    assert found is not None
    assert verdicts_of({("r", "rho"): found})["r", "rho"] != "works"  # a control that does as well
    alone = replace(second, untouched=("shuffled",))
    assert rivals_of(replace(first, untouched=("shuffled",)), (first, alone), worlds) == ["base"]
    assert rivals_of(first, (first, replace(second, check=True)), worlds) == ["shuffled"]
    assert rivals_of(first, (first, replace(second, arm="ablated")), worlds) == ["shuffled"]
    assert comparison(alone, (alone,), worlds) is None  # nothing but the base, and no control


def test_a_rival_without_a_number_in_one_world_leaves_no_verdict() -> None:
    worlds = [made(rho={"": value}) for value in (0.7, 0.8, 0.9)]
    claim = Claim("rho", on="all", versus="", bound=0.1)
    for world in worlds:
        world.job["arms"]["shuffled"]["values"]["rho"] = {"": 0.2}
    assert comparison(claim, (claim,), worlds) is not None
    del worlds[1].job["arms"]["shuffled"]["values"]["rho"]
    assert comparison(claim, (claim,), worlds) is None


def test_a_claim_can_be_about_another_arm_and_gets_no_verdict() -> None:
    claim = Claim("direct", on="unseen", versus="shuffled", arm="ablated")
    found = claim_over_worlds(claim, [made(control=each) for each in (0.05, 0.1, 0.15)])
    assert (found["found"]["mean"], found["same"], found["arm"]) == (pytest.approx(0.15), "yes", "ablated")
    assert judged((claim,)) == []


def test_languages_tuned_on_whose_script_was_read_are_a_group_of_their_own() -> None:
    world = made()
    world.base["languages"]["qae_Geor"] = {"script": "Geor"}
    tuned = World({**world.base, "tuned_languages": [SEEN, "qae_Geor"]}, world.job)
    values = {SEEN: 0.5, "qae_Geor": 0.1, ONE: 0.9}
    assert (tuned.mean(values, "seen"), tuned.mean(values, "known_script")) == (pytest.approx(0.3), 0.5)
    assert tuned.mean({"qae_Geor": 0.1}, "known_script") is None
    usual, more = Claim("rho", on="seen", versus=""), Claim("rho", on="known_script", versus="")
    assert groups_of("rho", (usual, more)) == (*groups_of("rho", (usual,)), "known_script")


def test_checks_get_no_verdict() -> None:
    holds, claimed = Claim("rho", on="all", versus="", check=True), Claim("direct", on="seen", versus="base")
    assert judged((holds, claimed)) == [claimed]


def test_the_first_claim_of_a_quantity_is_judged() -> None:
    claims = (
        Claim("direct", on="pivot", versus="base", direction="stays"),
        Claim("direct", on="unseen", versus="base"),
        Claim("direct", on="seen", versus="base"),
        Claim("bits", on="seen", versus="random", direction="falls"),
    )
    assert [(claim.quantity, claim.on) for claim in judged(claims)] == [
        ("direct", "unseen"),
        ("bits", "seen"),
    ]
