"""Sentence tests: which languages share sentences with the pivot, and which have its graded pairs."""

from typing import Any

import pytest

from interlingua.core.errors import MissingResource
from interlingua.data.items import Choice, Pair
from interlingua.data.sentence_tests import GradedTexts, sentence_tests

PIVOT, X, Y, Z, LATE = "eng_Latn", "deu_Latn", "swh_Latn", "tha_Thai", "fra_Latn"
FACTS = ("rain", "sun", "snow", "wind")
LABELS = (" true", " unclear", " false")


def said(fact: str, lang: str) -> str:
    """The word for a fact in a language."""
    return fact + lang[0]


def second_of(lang: str) -> tuple[str, ...]:
    """Second sentences of a language."""
    return tuple(f"{said(fact, lang)}." for fact in FACTS)


class Toy:
    """X and LATE have the pivot's six sentences, Y others; Z has no task, and LATE's has other items."""

    name, pivot, languages, tasks = "toy", PIVOT, (PIVOT, X, Y, Z, LATE), ("nli",)

    def pairs(self, a: str, b: str, split: str = "train") -> list[Pair]:
        kind = "other" if a == Y else "same"
        return [Pair(f"{at}", a, b, f"{a} {kind} {at}", f"{b} {kind} {at}") for at in range(6)]

    def languages_of(self, task: str, split: str = "test") -> tuple[str, ...]:
        return (PIVOT, X, Y, LATE)

    def splits(self, task: str) -> tuple[str, ...]:
        return ("test", "train")

    def task(self, name: str, lang: str, split: str = "test") -> list[Choice]:
        mark = "late" if lang == LATE else "item"
        asked = [f"Fact: {said(fact, lang)}. Claim: {said(fact, lang)}. So?" for fact in FACTS]
        return [
            Choice(f"{mark}{at}", name, split, lang, question, LABELS, at % 3, f"{at}", f"{at}")
            for at, question in enumerate(asked)
        ]


def toy() -> Any:
    """The source, of which other methods do not matter here."""
    return Toy()


def test_languages_stand_beside_those_with_the_same_sentences() -> None:
    same, other = sentence_tests(toy()).parallel
    assert list(same) == [PIVOT, X, Z, LATE]
    assert list(other) == [PIVOT, Y]
    assert same[PIVOT] == tuple(f"{PIVOT} same {at}" for at in range(6))
    assert other[Y] == tuple(f"{Y} other {at}" for at in range(6))


def test_graded_pairs_of_each_language_and_beside_the_pivot() -> None:
    tests = sentence_tests(toy())
    assert list(tests.within) == [PIVOT, X, Y, LATE]
    grades = (1.0, 0.5, 0.0, 1.0)
    first = tuple(f"{said(fact, X)}." for fact in FACTS)
    assert tests.within[X] == GradedTexts(first, second_of(X), grades)
    assert list(tests.across) == [X, Y]  # LATE's items are not the pivot's
    assert tests.across[X] == GradedTexts(first, second_of(PIVOT), grades)


def test_all_texts_measured_on_are_told() -> None:
    tests = sentence_tests(toy(), count=2)
    assert {text for same in tests.parallel for own in same.values() for text in own} < tests.texts
    assert {*tests.within[X].first, *tests.within[X].second, *tests.across[X].second} < tests.texts
    assert len(tests.texts) == 4 * 2 + 2 * 2 + 4 * 2  # X, Y, Z, LATE; both sets of the pivot; its tasks'


def test_at_most_so_many_are_drawn_by_seed() -> None:
    one, again, other = (sentence_tests(toy(), count=2, seed=seed) for seed in (0, 0, 2))
    assert {len(texts) for same in one.parallel for texts in same.values()} == {2}
    assert {len(pairs.grades) for pairs in one.within.values()} == {2}
    assert one == again != other
    with pytest.raises(MissingResource, match="toy has no questions"):
        sentence_tests(without_questions(), text="questions")


def without_questions() -> Any:
    """A source that has no parallel questions."""

    def questions(*_: str) -> None:
        raise MissingResource("none")

    source = toy()
    source.questions = questions
    return source
