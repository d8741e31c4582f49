"""Facts: sentences by hand in three grammars, and questions whose answer cannot be had cheaply."""

import random
from collections import Counter

import pytest

from interlingua.lab.concepts import ANSWERS, ANTONYMS, ATTRIBUTES, BAD, GOOD, TOPICS
from interlingua.lab.facts import Clause, Facts, Phrase, Question, say, say_clause
from interlingua.lab.named import world
from interlingua.lab.tongues import Marking, Order, Tongue, TongueSpec

LEXICON = {
    "dog": "tobi", "see": "kela", "lovely": "suma", "is": "ra", "by": "du", "calm": "lino", "first": "vuno",
    "second": "hapi",
}  # fmt: skip
AFFIXES = {"plural": "ta", "past": "ne", "passive": "mo", "object": "so"}


def tongue(order: Order, marking: Marking = "suffix", adjective_first: bool = True) -> Tongue:
    spec = TongueSpec("qab_Latn", order=order, marking=marking, adjective_first=adjective_first)
    return Tongue(spec, LEXICON, {}, AFFIXES)


SAW_DOGS = Clause(Phrase("Miro"), "see", Phrase("dog", True, "lovely"), past=True)
SEEN_BY_MIRO = Clause(Phrase("Miro"), "see", Phrase("Tesa"), passive=True)
WAS_CALM = Clause(Phrase("dog", adjective="lovely"), attribute="calm", past=True)


@pytest.mark.parametrize(
    ("spoken", "clause", "written"),
    [
        (tongue("SVO"), SAW_DOGS, "Miro kelane suma tobita."),
        (tongue("SOV", "prefix"), SAW_DOGS, "Miro suma tatobi nekela."),
        (tongue("VSO", "particle", False), SAW_DOGS, "kela ne Miro tobi ta suma."),
        (tongue("SVO"), SEEN_BY_MIRO, "Tesa kelamo du Miro."),
        (tongue("SOV", "prefix"), SEEN_BY_MIRO, "Tesa Miro du mokela."),
        (tongue("VSO", "particle"), SEEN_BY_MIRO, "kela mo Tesa du Miro."),
        (tongue("SVO", adjective_first=False), WAS_CALM, "tobi suma rane lino."),
        (tongue("SOV", "prefix"), WAS_CALM, "suma tobi lino nera."),
        (tongue("VSO", "particle"), WAS_CALM, "ra ne suma tobi lino."),
    ],
)
def test_sentences_by_hand(spoken: Tongue, clause: Clause, written: str) -> None:
    assert say([clause], spoken) == written


def test_frame_words_stand_before_a_colon() -> None:
    parts = ("first", SEEN_BY_MIRO, "second")
    assert say(parts, tongue("SVO")) == "vuno: Tesa kelamo du Miro. hapi:"


def test_every_word_is_aligned_with_its_concept() -> None:
    assert say_clause(SAW_DOGS, tongue("VSO", "particle", False)) == [
        ("kela", "see"), ("ne", "see"), ("Miro", "Miro"), ("tobi", "dog"), ("ta", "dog"), ("suma", "lovely"),
    ]  # fmt: skip


def drawn(task: str, answer: int, count: int = 300) -> list[Question]:
    return [Facts(random.Random(seed)).question(task, answer) for seed in range(count)]


def clauses(question: Question) -> list[Clause]:
    return [part for part in question.parts if isinstance(part, Clause)]


def test_a_bag_of_words_cannot_tell_paraphrases_apart() -> None:
    def bag(question: Question, spoken: Tongue) -> Counter[str]:
        return Counter(say(question.parts, spoken).replace(spoken.stop, "").split())

    same, different = drawn("paraphrase", 0), drawn("paraphrase", 1)
    for spoken in world("lab:standard").tongues.values():
        for one, two in zip(same, different, strict=True):
            assert one.parts != two.parts
            assert bag(one, spoken) == bag(two, spoken)


def test_paraphrases_keep_or_swap_who_did_it() -> None:
    for answer, keeps in ((0, True), (1, False)):
        for question in drawn("paraphrase", answer):
            active, passive = clauses(question)
            assert (active.passive, passive.passive) == (False, True)
            assert (active.verb, active.past) == (passive.verb, passive.past)
            assert ((active.subject, active.object) == (passive.subject, passive.object)) is keeps
            assert {active.subject, active.object} == {passive.subject, passive.object}


def test_inference_turns_on_the_pair_of_attributes() -> None:
    opposite = dict(ANTONYMS) | {b: a for a, b in ANTONYMS}
    for answer in range(3):
        for question in drawn("inference", answer):
            fact, claim = clauses(question)
            assert (fact.subject, fact.past) == (claim.subject, claim.past)
            truth = [claim.attribute == fact.attribute, False, claim.attribute == opposite[fact.attribute]]
            truth[1] = not any(truth)
            assert truth.index(True) == answer


def test_claims_alone_do_not_give_an_inference_away() -> None:
    for answer in range(3):
        claims = Counter(clauses(question)[1].attribute for question in drawn("inference", answer, 3000))
        assert set(claims) == set(ATTRIBUTES)
        assert max(claims.values()) < 1.3 * 3000 / len(ATTRIBUTES)


def test_sentiment_and_topic_are_what_their_words_say() -> None:
    for answer, words in enumerate((GOOD, BAD)):
        for question in drawn("sentiment", answer):
            assert [c.attribute in words for c in clauses(question) if c.attribute] == [True]
    for answer, nouns in enumerate(TOPICS.values()):
        for question in drawn("topic", answer):
            assert all(clause.object and clause.object.head in nouns for clause in clauses(question))


def test_a_stream_of_facts_is_its_seed() -> None:
    one, two = (Facts(random.Random(5)) for _ in range(2))
    assert [one.clause() for _ in range(50)] == [two.clause() for _ in range(50)]
    assert len(one.clauses(3)) in (1, 2, 3)


def test_two_are_always_different_and_every_pair_comes_up() -> None:
    facts = Facts(random.Random(0))
    pairs = Counter(facts.two("abc") for _ in range(600))
    assert set(pairs) == {(a, b) for a in "abc" for b in "abc" if a != b}


def test_questions_exist_for_every_task() -> None:
    assert all(drawn(task, a, 1)[0].answer == a for task, words in ANSWERS.items() for a in range(len(words)))
