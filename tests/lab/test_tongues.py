"""Tongues: lexicons with known etymology, marks and regular sound changes."""

import numpy as np
import pytest

from interlingua.lab.concepts import CONCEPTS, NAMES
from interlingua.lab.named import world
from interlingua.lab.tongues import Tongue, TongueSpec, build_tongue
from interlingua.lab.worlds import World

PIVOT = build_tongue(TongueSpec("qaa_Latn"), None, 0)


@pytest.fixture(scope="module")
def standard() -> World:
    return world("lab:standard")


def many(**changes: object) -> list[Tongue]:
    """Twenty languages of one family that differ in nothing but their draw."""
    codes = [f"qb{chr(ord('a') + n)}_Latn" for n in range(20)]
    return [build_tongue(TongueSpec(code, "north", **changes), PIVOT, 0) for code in codes]  # type: ignore[arg-type]


def share(tongue: Tongue, origin: str) -> float:
    return float(np.mean([tongue.origin[concept] == origin for concept in CONCEPTS]))


def test_same_spec_and_seed_give_the_same_language_and_other_seeds_others() -> None:
    spec = TongueSpec("qab_Cyrl", "north")
    assert build_tongue(spec, PIVOT, 3) == build_tongue(spec, PIVOT, 3)
    assert build_tongue(spec, PIVOT, 3).lexicon != build_tongue(spec, PIVOT, 4).lexicon


def test_a_language_does_not_depend_on_the_others_of_its_world(standard: World) -> None:
    lone = build_tongue(standard.spec.tongues[5], standard.tongues[standard.pivot], standard.spec.seed)
    assert lone == standard.tongues[lone.spec.code]


def test_every_lexicon_is_one_to_one_in_sounds_and_in_writing(standard: World) -> None:
    for tongue in standard.tongues.values():
        assert tuple(tongue.lexicon) == CONCEPTS
        assert len(set(tongue.lexicon.values())) == len(CONCEPTS)
        assert len({" ".join(tongue.word(concept)) for concept in CONCEPTS}) == len(CONCEPTS)


@pytest.mark.parametrize(("cognates", "borrowed"), [(0.5, 0.05), (0.8, 0.0), (0.3, 0.4)])
def test_cognates_and_loans_are_as_frequent_as_specified(cognates: float, borrowed: float) -> None:
    tongues = many(cognates=cognates, borrowed=borrowed)
    assert np.mean([share(t, "borrowed") for t in tongues]) == pytest.approx(borrowed, abs=0.03)
    kept = cognates * (1 - borrowed)  # loans replace inherited words too
    assert np.mean([share(t, "inherited") for t in tongues]) == pytest.approx(kept, abs=0.04)


def test_isolates_inherit_nothing(standard: World) -> None:
    isolates = [standard.tongues[t.code] for t in standard.spec.tongues if t.family is None]
    assert len(isolates) == 4
    assert [share(tongue, "inherited") for tongue in isolates] == [0.0] * 4


def test_loans_are_words_of_the_pivot() -> None:
    for tongue in many(borrowed=0.3):
        loans = [concept for concept in CONCEPTS if tongue.origin[concept] == "borrowed"]
        assert all(tongue.lexicon[loan].startswith(PIVOT.lexicon[loan]) for loan in loans)  # homonyms grow


def test_cognates_of_relatives_correspond_sound_by_sound() -> None:
    one, two, *_ = many(cognates=0.9)
    shared = [c for c in CONCEPTS if one.origin[c] == two.origin[c] == "inherited"]
    sounds = {pair for c in shared for pair in zip(one.lexicon[c], two.lexicon[c], strict=False)}
    assert len(shared) > len(CONCEPTS) / 2
    assert len(sounds) == len({a for a, _ in sounds}) == len({b for _, b in sounds})
    assert any(a != b for a, b in sounds)


LEXICON = {"dog": "tobi", "see": "kela"}
AFFIXES = {"plural": "ta", "past": "ne", "passive": "mo", "object": "so"}


@pytest.mark.parametrize(
    ("marking", "written"),
    [("suffix", ["kelamone"]), ("prefix", ["nemokela"]), ("particle", ["kela", "mo", "ne"])],
)
def test_marks_by_hand(marking: str, written: list[str]) -> None:
    tongue = Tongue(TongueSpec("qab_Latn", marking=marking), LEXICON, {}, AFFIXES)  # type: ignore[arg-type]
    assert tongue.word("see", "passive", "past") == written


def test_names_stay_as_they_are_in_every_script(standard: World) -> None:
    for tongue in standard.tongues.values():
        assert [tongue.word(name, "plural") for name in NAMES] == [[name] for name in NAMES]
