"""Worlds: splits, parallel items, what is missing, and how pretraining text is shared out."""

from collections import Counter
from dataclasses import replace

import pytest

from interlingua.core.errors import MissingResource, UnknownName
from interlingua.lab.named import spec, world
from interlingua.lab.tongues import TongueSpec
from interlingua.lab.worlds import SPLITS, Mixture, World

SMALL = {"train": 300, "dev": 60, "test": 60}


@pytest.fixture(scope="module")
def lab() -> World:
    return World(replace(spec("lab:standard"), bank=SMALL))


def without_bilingual() -> World:
    tongues = (TongueSpec("qab_Cyrl", share=3.0), TongueSpec("qac_Deva", share=1.0, bilingual=False))
    return World(replace(spec("lab:tiny"), tongues=tongues, bank=SMALL))


def test_splits_cover_everything_once() -> None:
    assert sorted(number for low, high in SPLITS.values() for number in range(low, high)) == list(range(100))


def test_no_question_is_in_two_splits_or_twice_in_one(lab: World) -> None:
    for task in lab.tasks:
        parts = [question.parts for split in SPLITS for question in lab.bank(task, split)]
        assert len(parts) == len(set(parts)) == sum(SMALL.values())


def test_answers_are_balanced(lab: World) -> None:
    for task in lab.tasks:
        for split in SPLITS:
            counts = Counter(question.answer for question in lab.bank(task, split))
            assert max(counts.values()) - min(counts.values()) <= 1
            assert [len(found) for found in lab.by_answer(task, split)] == [counts[a] for a in sorted(counts)]


def test_a_bank_larger_than_a_task_has_questions_holds_those_that_were_found() -> None:
    greedy = World(replace(spec("lab:tiny"), tasks=("paraphrase",), bank={**SMALL, "dev": 700}))
    possible = 16 * 15 * 6 * 2 * 2 // 10  # pairs of names, verbs, tenses, answers; the dev split's tenth
    assert 0.8 * possible < len(greedy.bank("paraphrase", "dev")) < 1.2 * possible < 700


def test_ids_groups_and_answers_agree_over_languages(lab: World) -> None:
    for task in lab.tasks:
        versions = [lab.task(task, lang) for lang in lab.languages]
        assert len({tuple((c.id, c.group, c.cluster, c.answer, c.options) for c in v) for v in versions}) == 1
        assert len({choice.id for choice in versions[0]}) == SMALL["test"]
        assert len({tuple(choice.question for choice in v) for v in versions}) == len(lab.languages)


def test_question_pairs_are_the_questions_of_the_tasks(lab: World) -> None:
    a, b = lab.languages[3], lab.pivot
    pairs = lab.questions(a, b, "dev")
    assert [pair.task for pair in pairs[: len(lab.tasks)]] == list(lab.tasks)
    for task in lab.tasks:
        asked = {choice.group: choice.question for choice in lab.task(task, a, "dev")}
        told = {choice.group: choice.question for choice in lab.task(task, b, "dev")}
        mine = [pair for pair in pairs if pair.task == task]
        assert {pair.group: (pair.source, pair.target) for pair in mine} == {
            g: (asked[g], told[g]) for g in asked
        }


def test_options_are_answer_words_of_the_pivot_and_questions_stop_before_them(lab: World) -> None:
    pivot = lab.tongues[lab.pivot]
    choice = lab.task("inference", lab.languages[1])[0]
    assert choice.options == tuple(" " + pivot.lexicon[word] for word in ("true", "unknown", "false"))
    assert choice.question.endswith(":")


def test_pairs_are_the_same_in_both_directions(lab: World) -> None:
    a, b = lab.languages[1:3]
    there, back = lab.pairs(a, b, "dev"), lab.pairs(b, a, "dev")
    assert [(p.group, p.source, p.target) for p in there] == [(p.group, p.target, p.source) for p in back]


def test_dictionaries_translate_word_by_word(lab: World) -> None:
    a, b = lab.languages[1], lab.languages[2]
    there, back = lab.dictionary(a, b), lab.dictionary(b, a)
    assert {target: (source,) for source, (target,) in there.items()} == dict(back)
    assert there[" ".join(lab.tongues[a].word("river"))] == (" ".join(lab.tongues[b].word("river")),)


def test_a_language_without_bilingual_text_gives_no_pairs_and_says_what_else_there_is() -> None:
    lab = without_bilingual()
    for a, b in (("qac_Deva", "qaa_Latn"), ("qab_Cyrl", "qac_Deva")):
        with pytest.raises(MissingResource, match="no parallel text for qac_Deva; use `dictionary`"):
            lab.pairs(a, b)
    assert lab.pairs("qab_Cyrl", "qaa_Latn")
    assert lab.text("qac_Deva")
    assert lab.questions("qac_Deva", "qaa_Latn")
    assert len(lab.pairs("qac_Deva", "qaa_Latn", "test")) == lab.spec.bank["test"]


def test_shares_by_hand() -> None:
    mixture = Mixture(bilingual=0.35, code_switched=0.05, foreign=0.1)
    lab = World(replace(without_bilingual().spec, mixture=mixture))
    assert lab.shares["qaa_Latn"] == pytest.approx((0.5, 0.4))
    assert lab.shares["qab_Cyrl"] == pytest.approx((0.075, 0.4))
    assert lab.shares["qac_Deva"] == pytest.approx((0.025, 0.0))
    shares = [lab.data_share(lang) for lang in ("qaa_Latn", "qab_Cyrl", "qac_Deva")]
    assert shares == pytest.approx([0.9, 0.475, 0.025])


@pytest.mark.parametrize("name", ["lab:standard", "lab:judge-5"])
def test_shares_add_up(name: str) -> None:
    lab = world(name)
    mixture, others = lab.spec.mixture, lab.languages[1:]
    both = mixture.bilingual + mixture.code_switched
    assert sum(text for text, _ in lab.shares.values()) + both == pytest.approx(1)
    assert sum(lab.bilingual_share(lang) or 0 for lang in others) == pytest.approx(both)
    assert lab.bilingual_share(lab.pivot) == pytest.approx(both)


def test_unknown_names_are_refused_with_near_ones(lab: World) -> None:
    with pytest.raises(UnknownName, match="Did you mean sentiment"):
        lab.task("sentimental", lab.pivot)
    with pytest.raises(UnknownName, match=r"No split called 'validation'. Known: dev, test, train"):
        lab.text(lab.pivot, "validation")


def test_every_task_is_in_every_language_and_none_is_open():
    tiny = world("lab:tiny")
    assert tiny.open_tasks == ()
    assert tiny.splits("sentiment") == ("test", "dev", "train")
    assert tiny.languages_of("sentiment", "dev") == tiny.languages
    for ask in (lambda: tiny.open_task("sentiment", tiny.pivot), lambda: tiny.splits("sums"),
                lambda: tiny.languages_of("sentiment", "none")):  # fmt: skip
        with pytest.raises(UnknownName):
            ask()
