"""Sentences beside the pivot: which are taken, the same for all languages, and the control."""

from typing import Any

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.items import Pair
from interlingua.data.sentences import Beside, beside_pivot, out_of_step, translations

PIVOT, X, Y, Z = "eng_Latn", "deu_Latn", "swh_Latn", "tha_Thai"


class Toy:
    """X has six pairs for testing and six to learn from, Y the latter alone, Z none; all have questions."""

    name, pivot, languages = "toy", PIVOT, (PIVOT, X, Y, Z)

    def pairs(self, a: str, b: str, split: str = "train") -> list[Pair]:
        if a == Z or (a == Y and split == "test"):
            raise MissingResource("none")
        return [Pair(f"{i}", a, b, f"{a} {split} {i}", f"{b} {split} {i}") for i in range(6)][::-1]

    def questions(self, a: str, b: str, split: str = "train") -> list[Pair]:
        return [Pair(f"{i}", a, b, f"{a} {i}?", f"{b} {i}?") for i in range(6)]


class Single(Toy):
    """A single pair in each language."""

    def pairs(self, a: str, b: str, split: str = "train") -> list[Pair]:
        return [Pair("0", a, b, "x", "y")]


def test_sentences_for_testing_come_first_and_languages_without_any_are_left_out() -> None:
    found = beside_pivot(toy(), "pairs", 10)
    assert list(found) == [X, Y]
    assert found[X].own == tuple(f"{X} test {i}" for i in range(6))
    assert found[X].pivot == tuple(f"{PIVOT} test {i}" for i in range(6))
    assert found[Y].own[0] == f"{Y} train 0"
    assert list(beside_pivot(toy(), "questions", 10)) == [X, Y, Z]


def test_a_seed_draws_the_same_sentences_in_every_language() -> None:
    found = beside_pivot(toy(), "questions", 3, seed=1)
    numbers = {lang: [text.split()[1] for text in beside.own] for lang, beside in found.items()}
    assert numbers[X] == numbers[Y] == numbers[Z]
    assert [text.split()[1] for text in found[X].pivot] == numbers[X]
    assert len(numbers[X]) == 3
    assert found != beside_pivot(toy(), "questions", 3, seed=2)


def test_out_of_step_keeps_every_sentence_and_about_one_translation() -> None:
    sentences = {lang: Beside(tuple("abcde"), tuple("ABCDE")) for lang in (X, Y, Z)}
    moved = out_of_step(sentences)
    assert moved == out_of_step(sentences)
    assert len({beside.own for beside in moved.values()}) == 3
    kept = []
    for seed in range(300):
        beside = out_of_step(sentences, seed)[X]
        assert sorted(beside.own) == list("abcde")
        assert beside.pivot == tuple("ABCDE")
        kept.append(sum(one.upper() == other for one, other in zip(beside.own, beside.pivot, strict=True)))
    assert sum(kept) / len(kept) == pytest.approx(1, abs=0.2)


def test_translations_to_learn_from_leave_out_what_is_set_apart() -> None:
    apart = {f"{X} train 0", f"{PIVOT} train 1", f"{Y} train 2"}
    found = translations(toy(), (X, PIVOT, Y), 10, apart=apart)
    told = {lang: sorted(pair.source for pair in found if pair.source_lang == lang) for lang in (X, PIVOT, Y)}
    assert told == {X: [f"{X} train {at}" for at in (2, 3, 4, 5)], PIVOT: [],
                    Y: [f"{Y} train {at}" for at in (0, 3, 4, 5)]}  # fmt: skip
    assert all(pair.target == pair.source.replace(pair.source_lang, PIVOT) for pair in found)
    one, again, other = (translations(toy(), (X,), 3, seed) for seed in (0, 0, 1))
    assert one == again != other
    assert len(one) == 3
    with pytest.raises(MissingResource, match="toy has no parallel text of deu_Latn and eng_Latn to learn"):
        translations(toy(Single), (X,), 5, apart={"y"})


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(MissingResource, match="toy has no pairs of a language beside eng_Latn"):
        beside_pivot(toy(Single), "pairs", 5)
    with pytest.raises(BadInput, match="pairs or questions, not 'text'"):
        beside_pivot(toy(), "text", 5)  # type: ignore[arg-type]


def toy(kind: type[Toy] = Toy) -> Any:
    """The source, for whom the other methods of the protocol do not matter here."""
    return kind()
