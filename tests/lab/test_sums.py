"""Sums: by hand in two grammars, and that only the verbs tell the answer."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

import pytest

from interlingua.core.errors import MissingResource, UnknownName
from interlingua.data.items import Choice
from interlingua.lab.concepts import CONCEPTS, NAMES
from interlingua.lab.facts import Clause, Counted, Facts, Phrase, say
from interlingua.lab.named import spec, world
from interlingua.lab.sums import OPTIONS, SUMS, VERBS_OF, Sum, draw_sum, steps_of
from interlingua.lab.tongues import Tongue, TongueSpec
from interlingua.lab.worlds import World

LEXICON = {"find": "kela", "follow": "suma", "see": "ra", "bird": "tobi", "text": "vuno", "fact": "hapi"}
AFFIXES = {"plural": "ta", "past": "ne", "passive": "mo", "object": "so"}
BIRDS = Sum(
    SUMS,
    (
        "text",
        Clause(Phrase("Miro"), "find", Counted("bird", True, count=5)),
        Clause(Phrase("Tesa"), "follow", Counted("bird", False, count=1)),
        Clause(Phrase("Kalu"), "see", Counted("bird", True, count=3)),
        "fact",
    ),
    2,
    (9, 7, 4, 1),
)


def tongue(**told: object) -> Tongue:
    return Tongue(TongueSpec("qab_Latn", **told), LEXICON, {}, AFFIXES)  # type: ignore[arg-type]


def test_a_sum_by_hand() -> None:
    before = "vuno: Miro kela 5 tobita. Tesa suma 1 tobi. Kalu ra 3 tobita. hapi:"
    assert say(BIRDS.parts, tongue()) == before
    behind = "vuno: Miro tobita 5 kela. Tesa tobi 1 suma. Kalu tobita 3 ra. hapi:"
    assert say(BIRDS.parts, tongue(order="SOV", adjective_first=False)) == behind
    assert BIRDS.deeds == (("find", 5), ("follow", 1), ("see", 3))
    assert steps_of(BIRDS, tongue()) == "kela 5:5. suma 1:4. ra 3:4."


def drawn(count: int = 600) -> list[Sum]:
    return [draw_sum(Facts(random.Random(seed)), seed % OPTIONS) for seed in range(count)]


def test_totals_have_one_digit_and_the_right_option_is_the_last_of_them() -> None:
    signs = {verb: sign for sign, verbs in VERBS_OF.items() for verb in verbs}
    for question in drawn():
        totals = [0]
        for verb, number in question.deeds:
            assert 1 <= number <= 9
            totals.append(totals[-1] + signs[verb] * number)
        assert all(0 <= total <= 9 for total in totals)
        assert question.options[question.answer] == totals[-1]
        assert len(set(question.options)) == OPTIONS == len(question.options)
        assert question.deeds[0][0] in VERBS_OF[1]


@pytest.fixture(scope="module")
def lab() -> World:
    return World(replace(spec("lab:sums"), bank={"train": 1200, "dev": 40, "test": 200}))


@pytest.fixture(scope="module")
def items(lab: World) -> Sequence[Choice]:
    return lab.task(SUMS, lab.pivot, "train")


def right(item: Choice) -> str:
    return item.options[item.answer]


def numbers(item: Choice) -> str:
    return "".join(re.findall(r"\d", item.question))


def test_options_alone_tell_nothing(items: Sequence[Choice]) -> None:
    ranks = Counter(sorted(item.options).index(right(item)) for item in items)
    assert all(abs(count / len(items) - 1 / OPTIONS) < 0.05 for count in ranks.values())


def test_numbers_without_verbs_tell_little(lab: World, items: Sequence[Choice]) -> None:
    """Of its options the result that a question's numbers had most often in training is seldom right."""
    had = defaultdict[str, Counter[str]](Counter)
    for item in items:
        had[numbers(item)][right(item)] += 1
    asked = lab.task(SUMS, lab.pivot, "test")
    guessed = [max(item.options, key=had[numbers(item)].__getitem__) == right(item) for item in asked]
    assert sum(guessed) / len(guessed) < 0.45


def test_steps_are_told_in_the_language_and_lead_to_the_answer(lab: World) -> None:
    for lang in lab.languages[:3]:
        for one, item in zip(lab.explained(SUMS, lang, "dev"), lab.task(SUMS, lang, "dev"), strict=True):
            assert (one.id, one.group, one.question, one.lang) == (item.id, item.group, item.question, lang)
            assert one.answer == right(item) == re.findall(r"\d", one.steps)[-1]
            told = {word for word in re.findall(r"[^\s\d:.।።]+", one.steps)}
            assert told <= {
                " ".join(lab.tongues[lang].word(verb)) for verbs in VERBS_OF.values() for verb in verbs
            }


def test_it_is_said_in_words_that_the_base_knows(lab: World) -> None:
    assert {verb for verbs in VERBS_OF.values() for verb in verbs} <= set(CONCEPTS)
    known = {*lab.dictionary(lab.pivot, lab.languages[1]), *NAMES}
    asked = lab.task(SUMS, lab.pivot)[0].question
    assert set(re.findall(r"[^\s\d:.]+", asked)) & known


def test_other_tasks_and_worlds_have_no_steps(lab: World) -> None:
    with pytest.raises(MissingResource, match="no reasoning steps of topic; lab:sums has them of arithmetic"):
        lab.explained("topic", lab.pivot)
    with pytest.raises(UnknownName):
        world("lab:standard").explained(SUMS, "qaa_Latn")
