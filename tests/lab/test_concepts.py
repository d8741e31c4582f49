"""Concepts: each named once, answers and antonyms as the tasks need them."""

from interlingua.lab.concepts import ANSWERS, ANTONYMS, ATTRIBUTES, BAD, CONCEPTS, GOOD, NAMES, NOUNS, TOPICS


def test_no_concept_is_listed_twice() -> None:
    words = [*CONCEPTS, *NAMES]
    assert len(words) == len(set(words))


def test_topics_share_no_noun_and_are_the_answers_of_the_topic_task() -> None:
    assert sum(map(len, TOPICS.values())) == len(set(NOUNS)) == len(NOUNS)
    assert ANSWERS["topic"] == tuple(TOPICS)


def test_every_attribute_has_one_opposite() -> None:
    assert len(set(ATTRIBUTES)) == 2 * len(ANTONYMS)


def test_good_and_bad_are_as_many() -> None:
    assert len(GOOD) == len(BAD)
