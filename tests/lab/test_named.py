"""Named worlds: found by name, drawn as described, tuned by rule."""

from collections import Counter
from dataclasses import replace

import pytest

from interlingua.core.errors import UnknownName
from interlingua.lab.named import JUDGES, NEW_JUDGES, WORLDS, drawn, newcomers, spec, tuned_by_rule, world
from interlingua.lab.tongues import TongueSpec
from interlingua.lab.worlds import World


def test_a_world_is_found_with_and_without_its_prefix() -> None:
    assert spec("standard") is spec("lab:standard") is WORLDS["lab:standard"]
    assert world("tiny").name == "lab:tiny"


def test_an_unknown_world_is_refused_with_near_names() -> None:
    with pytest.raises(UnknownName, match=r"Did you mean lab:judge-\d.*`interlingua lab list`"):
        spec("lab:judge")


@pytest.mark.parametrize("name", ["lab:standard", *JUDGES])
def test_drawn_worlds_are_as_described(name: str) -> None:
    tongues = spec(name).tongues
    assert len(tongues) == 12
    assert Counter(tongue.family for tongue in tongues) == {"north": 4, "south": 4, None: 4}
    assert len({tongue.script for tongue in tongues}) == 7
    assert [tongue.share for tongue in tongues] == sorted((t.share for t in tongues), reverse=True)
    assert tongues[0].share / tongues[3].share == pytest.approx(2.0)  # Zipf with exponent one half
    assert {tongue.order for tongue in tongues} <= {"SVO", "SOV", "VSO"}


def test_judging_worlds_differ_and_the_last_two_leave_half_without_bilingual_text() -> None:
    assert len({world(name).fingerprint() for name in WORLDS}) == len(WORLDS)
    bare = [sum(not tongue.bilingual for tongue in spec(name).tongues) for name in JUDGES]
    assert bare == [0, 0, 0, 5, 5]
    assert all(tongue.bilingual for name in JUDGES for tongue in spec(name).tongues[:2])


def test_a_seed_draws_one_world() -> None:
    assert drawn("lab:x", 5) == drawn("lab:x", 5)
    assert drawn("lab:x", 5).tongues != drawn("lab:x", 6).tongues


@pytest.mark.parametrize("name", WORLDS)
def test_tuned_languages_have_bilingual_text_and_different_families(name: str) -> None:
    lab = world(name)
    first, second = (lab.tongue(code).spec for code in tuned_by_rule(lab))
    assert first.bilingual
    assert second.bilingual
    assert first.family is None or first.family != second.family


def test_the_rule_by_hand() -> None:
    tongues = (
        TongueSpec("qab_Latn", "north", bilingual=False), TongueSpec("qac_Latn", "north"),
        TongueSpec("qad_Latn", "north"), TongueSpec("qae_Latn", None), TongueSpec("qaf_Latn", "south"),
    )  # fmt: skip
    tiny = spec("lab:tiny")
    assert tuned_by_rule(World(replace(tiny, tongues=tongues))) == ("qac_Latn", "qae_Latn")
    assert tuned_by_rule(World(replace(tiny, tongues=tongues[:3]))) == ("qac_Latn", "qad_Latn")


@pytest.mark.parametrize("name", ["lab:new", "lab:new-tiny", *NEW_JUDGES])
def test_newcomers_join_a_world_that_stays_as_it_is(name: str) -> None:
    lab = world(name)
    old = world(lab.spec.base)
    latin, other = newcomers(lab)
    assert lab.languages == (*old.languages, latin, other)
    assert tuned_by_rule(lab) == (latin, other)
    assert not newcomers(old)
    for lang in old.languages:
        assert lab.tongue(lang) == old.tongue(lang)
        assert lab.bilingual_share(lang) == old.bilingual_share(lang)
    scripts = {tongue.script for tongue in old.spec.tongues}
    assert lab.tongue(latin).spec.script == lab.spec.pivot.script
    assert lab.tongue(other).spec.script in {"Armn", "Hebr"} - scripts
    borrowed = [sum(o == "borrowed" for o in lab.tongue(lang).origin.values()) for lang in (latin, other)]
    assert borrowed[1] == 0
    assert 0.2 <= borrowed[0] / len(lab.tongue(latin).origin) <= 0.5
    for lang in (latin, other):
        assert lab.bilingual_share(lang) == 0
        assert lab.shares[lang] == (0, 0)
        assert lab.pairs(lang, lab.pivot, "dev")
        assert lab.dictionary(lang, lab.pivot)
