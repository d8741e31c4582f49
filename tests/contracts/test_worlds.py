"""Every named world keeps the promises of the `Source` protocol."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from interlingua.core.errors import MissingResource, UnknownName
from interlingua.core.fingerprint import fingerprint
from interlingua.data.source import Source
from interlingua.lab.named import JUDGES, NEW_JUDGES, SUM_JUDGES, WORLDS, spec, world
from interlingua.lab.worlds import World
from interlingua.languages.language import look

SMALL = {"train": 40, "dev": 24, "test": 24}


def small(name: str) -> World:
    """A named world with few questions; languages and texts are drawn as always."""
    return World(replace(spec(name), bank=SMALL))


@pytest.fixture(scope="module", params=WORLDS)
def lab(request: pytest.FixtureRequest) -> World:
    return small(request.param)


def test_the_sweep_sees_every_world() -> None:
    own = ["lab:tiny", "lab:standard", *JUDGES]
    assert [name for name, spec in WORLDS.items() if not spec.base] == own
    assert {*WORLDS} - {*own} == {
        *("lab:sums", "lab:sums-tiny", *SUM_JUDGES), *("lab:new", "lab:new-tiny", *NEW_JUDGES)
    }  # fmt: skip
    assert len(WORLDS) == 21


def test_a_world_has_everything_that_a_source_has(lab: World) -> None:
    promised = {name for name in vars(Source) if not name.startswith("_")} | set(Source.__annotations__)
    assert len(promised) == 18
    assert [name for name in sorted(promised) if not hasattr(lab, name)] == []


def test_languages_are_known_all_different_and_the_pivot_comes_first(lab: World) -> None:
    assert lab.languages[0] == lab.pivot
    assert len(set(lab.languages)) == len(lab.languages) >= 4
    assert [look(code).code for code in lab.languages] == list(lab.languages)
    assert len({look(code).script for code in lab.languages}) >= 4


def handed_out(lab: World) -> str:
    """A fingerprint of all that a world hands out of one split."""
    pairable = [t.code for t in lab.spec.tongues if t.bilingual]
    return fingerprint(
        [lab.text(lang, "dev") for lang in lab.languages],
        [lab.pairs(lang, lab.pivot, "dev") for lang in pairable],
        [lab.questions(lang, lab.pivot, "dev") for lang in lab.languages],
        [lab.dictionary(lang, lab.pivot) for lang in lab.languages],
        [lab.task(task, lang, "dev") for task in lab.tasks for lang in lab.languages],
        [lab.bilingual_share(lang) for lang in lab.languages],
    )


def test_the_same_world_twice_hands_out_the_same_in_any_order(lab: World) -> None:
    again = small(lab.name)
    again.task(again.tasks[-1], again.languages[-1], "test")
    assert again.fingerprint() == lab.fingerprint()
    assert handed_out(again) == handed_out(lab)


def test_a_fingerprint_names_one_specification(lab: World) -> None:
    assert lab.fingerprint() != world(lab.name).fingerprint() == world(lab.name).fingerprint()


def test_tasks_are_parallel_and_balanced_with_valid_answers(lab: World) -> None:
    for task in lab.tasks:
        versions = [lab.task(task, lang) for lang in lab.languages]
        assert {tuple((c.id, c.group, c.cluster, c.answer) for c in version) for version in versions} == {
            tuple((c.id, c.group, c.cluster, c.answer) for c in versions[0])
        }
        for lang, version in zip(lab.languages, versions, strict=True):
            assert len({choice.id for choice in version}) == len(version) == SMALL["test"]
            assert {(c.task, c.lang, c.split) for c in version} == {(task, lang, "test")}
            assert all(len(set(c.options)) == len(c.options) > c.answer >= 0 for c in version)
            asked = [choice.question for choice in version]
            assert len(set(asked)) == len(asked)
            assert [question for question in asked if question != question.strip()] == []


def test_pairs_name_their_languages_and_join_by_group(lab: World) -> None:
    lang = lab.spec.tongues[0].code
    for pairs in (lab.pairs(lang, lab.pivot, "dev"), lab.questions(lang, lab.pivot, "dev")):
        assert {(pair.source_lang, pair.target_lang) for pair in pairs} == {(lang, lab.pivot)}
        assert len({pair.group for pair in pairs}) == len({pair.id for pair in pairs}) == len(pairs)
        assert all(pair.source and pair.target for pair in pairs)
    assert {pair.task for pair in lab.questions(lang, lab.pivot, "dev")} == set(lab.tasks)


def test_languages_without_bilingual_text_are_refused_as_pairs_and_only_those(lab: World) -> None:
    for tongue in lab.spec.tongues:
        share = lab.bilingual_share(tongue.code)
        assert share is not None
        assert (share > 0) is (tongue.bilingual and tongue.share > 0)  # newcomers were not pretrained on
        if not tongue.bilingual:
            with pytest.raises(MissingResource, match=f"no parallel text for {tongue.code}; use"):
                lab.pairs(lab.pivot, tongue.code)


ASKED: dict[str, Callable[[World, str], Any]] = {
    "text": lambda lab, code: lab.text(code),
    "pairs": lambda lab, code: lab.pairs(code, lab.pivot),
    "questions": lambda lab, code: lab.questions(lab.pivot, code),
    "dictionary": lambda lab, code: lab.dictionary(code, lab.pivot),
    "task": lambda lab, code: lab.task(lab.tasks[0], code),
    "bilingual_share": lambda lab, code: lab.bilingual_share(code),
    "data_share": lambda lab, code: lab.data_share(code),
}


@pytest.mark.parametrize("method", ASKED)
def test_an_unknown_language_is_refused_with_near_names(lab: World, method: str) -> None:
    known = lab.languages[1]
    with pytest.raises(
        UnknownName, match=f"No language of {lab.name} called '{known}x'. Did you mean"
    ) as told:
        ASKED[method](lab, f"{known}x")
    assert known in told.value.near


def test_an_unknown_task_or_split_is_refused_with_near_names(lab: World) -> None:
    with pytest.raises(UnknownName, match="Did you mean sentiment"):
        lab.task("sentiments", lab.pivot)
    for ask in (lab.text, lambda lang, split: lab.task(lab.tasks[0], lang, split)):
        with pytest.raises(UnknownName, match="Did you mean test"):
            ask(lab.pivot, "tests")
