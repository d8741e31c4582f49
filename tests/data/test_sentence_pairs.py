"""Sentence pairs: sentences found in rendered questions, grades from labels, triplets, controls."""

from dataclasses import replace
from typing import Any

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.items import Choice
from interlingua.data.sentence_pairs import (
    Graded,
    Triplet,
    framed,
    graded_pairs,
    shuffled_pairs,
    shuffled_triplets,
    triplets,
)
from interlingua.lab.named import world
from interlingua.lab.worlds import World


class Asked:
    """A source of one or two small tasks, the same rows in every language."""

    name, pivot = "asked", "eng_Latn"

    def __init__(self, **tasks: list[tuple[str, tuple[str, ...], int]]) -> None:
        self._rows, self.tasks = tasks, tuple(tasks)

    def task(self, name: str, lang: str, split: str = "test") -> list[Choice]:
        return [
            Choice(f"{name}-{at}", name, split, lang, f"{question}", options, answer, str(at), str(at))
            for at, (question, options, answer) in enumerate(self._rows[name])
        ]

    def splits(self, task: str) -> tuple[str, ...]:
        return ("test", "train")

    def languages_of(self, task: str, split: str = "test") -> tuple[str, ...]:
        return ("eng_Latn", "deu_Latn") if task != "english" else ("eng_Latn",)


def pairs(source: Any, **more: Any) -> list[tuple[str, str, float]]:
    return [(pair.first, pair.second, pair.grade) for pair in graded_pairs(source, ("eng_Latn",), **more)]


NLI = [
    ("Fact: it rains. Claim: it is wet. So?", (" true", " unclear", " false"), 0),
    ("Fact: it rains. Claim: Tom is dry. So?", (" true", " unclear", " false"), 1),
    ("Fact: it rains. Claim: the sun burns. So?", (" true", " unclear", " false"), 2),
    ("Fact: Tom ran. Claim: Tom sat. So?", (" true", " unclear", " false"), 2),
]
SUMS = [("2 and 3?", (" 5", " 6"), 0), ("1 and 1?", (" 3", " 2"), 1)]


def test_pairs_with_a_sentence_that_is_measured_on_are_left_out() -> None:
    source = Asked(nli=NLI)
    assert pairs(source, apart={"it is wet.", "Tom ran."}) == pairs(source)[1:3]
    sums = Asked(sums=SUMS)
    assert pairs(sums, apart={"2 and 3?", "2", "3"}) == pairs(sums)[2:]  # answers recur
    with pytest.raises(MissingResource, match="All pairs of sentences in train of asked hold one that is"):
        pairs(source, apart={"it rains.", "Tom ran."})


def test_sentences_are_what_the_shared_words_leave() -> None:
    assert framed(["Fact: it rains. Claim: it is wet. So?", "Fact: Tom ran. Claim: Tom sat. So?"]) == [
        ("it rains.", "it is wet."),
        ("Tom ran.", "Tom sat."),
    ]
    assert framed(["前提：雨\n假设：湿\n正确？", "前提：汤姆\n假设：坐\n正确？"]) == [
        ("雨", "湿"),
        ("汤姆", "坐"),
    ]
    assert framed(["One? Odd or even?", "Two? Odd or even?"]) == [("One?",), ("Two?",)]
    assert framed(["रेतु: वाता सिया। जेयु: नोफु सिया। मोयो:", "रेतु: फेरे है। जेयु: नोफुकि है। मोयो:"]) == [
        ("वाता सिया।", "नोफु सिया।"),
        ("फेरे है।", "नोफुकि है।"),
    ]


@pytest.mark.parametrize("questions", [[], ["the same"], ["the same"] * 2, ["Say: . So?", "Say: it. So?"]])
def test_questions_that_show_no_sentence_give_none(questions: list[str]) -> None:
    assert framed(questions) is None


def test_labels_grade_two_sentences() -> None:
    expected = [
        ("it rains.", "it is wet.", 1.0),
        ("it rains.", "Tom is dry.", 0.5),
        ("it rains.", "the sun burns.", 0.0),
        ("Tom ran.", "Tom sat.", 0.0),
    ]
    assert pairs(Asked(nli=NLI)) == expected
    assert pairs(Asked(nli=NLI, sums=SUMS)) == expected
    unknown = [(question, (" ja", " vielleicht", " nein"), answer) for question, _, answer in NLI]
    assert pairs(Asked(nli=unknown), labels="order") == expected
    with pytest.raises(MissingResource, match=r"in eng_Latn a label must be one of entailment"):
        pairs(Asked(nli=unknown))


def test_questions_with_options_of_their_own_go_with_the_right_one() -> None:
    assert pairs(Asked(sums=SUMS)) == [
        ("2 and 3?", "5", 1.0), ("2 and 3?", "6", 0.0), ("1 and 1?", "3", 0.0), ("1 and 1?", "2", 1.0),
    ]  # fmt: skip


def test_texts_of_one_label_are_alike() -> None:
    asked = [
        (f"{word}? Odd or even?", ("odd", "even"), at % 2) for at, word in enumerate(["1", "2", "3", "4"])
    ]
    assert pairs(Asked(parity=asked)) == [
        ("1?", "3?", 1.0), ("1?", "2?", 0.0), ("2?", "4?", 1.0), ("2?", "3?", 0.0),
        ("3?", "1?", 1.0), ("3?", "4?", 0.0), ("4?", "2?", 1.0), ("4?", "1?", 0.0),
    ]  # fmt: skip
    assert pairs(Asked(parity=asked, sums=SUMS)) == pairs(Asked(sums=SUMS))


def test_what_has_no_pairs_is_told() -> None:
    lonely = [("1? Odd or even?", ("odd", "even"), 0), ("2? Odd or even?", ("odd", "even"), 1)]
    for source in (Asked(lonely=lonely), Asked(), Asked(empty=[])):
        with pytest.raises(MissingResource, match="asked has no task with pairs of sentences in eng_Latn"):
            pairs(source)


def test_tasks_that_a_language_or_split_lacks_are_left_out() -> None:
    source: Any = Asked(english=NLI, sums=SUMS)
    both = graded_pairs(source, ("eng_Latn", "deu_Latn"))
    assert {(pair.task, pair.lang) for pair in both} == {("sums", "eng_Latn"), ("sums", "deu_Latn")}
    assert {pair.task for pair in graded_pairs(source, ("eng_Latn",))} == {"english"}
    assert {pair.task for pair in graded_pairs(source, ("eng_Latn",), tasks=("sums",))} == {"sums"}
    with pytest.raises(MissingResource, match="no task"):
        graded_pairs(source, ("eng_Latn",), "dev")


def test_a_triplet_has_an_unlike_sentence_of_the_same_first_one() -> None:
    found = triplets(graded_pairs(Asked(nli=NLI), ("eng_Latn",)))
    assert found == [Triplet("it rains.", "it is wet.", "the sun burns.", "eng_Latn", "nli")]
    rows = [Graded(str(at), "x", "t", "a", second, grade) for at, (second, grade) in enumerate(
        [("b", 1.0), ("c", 1.0), ("d", 1.0), ("e", 0.0), ("f", 0.0)]
    )]  # fmt: skip
    assert [row.negative for row in triplets(rows)] == ["e", "f", "e"]
    assert triplets(rows[:1]) == [Triplet("a", "b", "", "x", "t")]


def test_controls_keep_texts_and_break_pairs() -> None:
    rows = [Triplet(f"a{at}", f"p{at}", f"n{at}", "x", "t") for at in range(6)]
    moved = shuffled_triplets(rows, 1)
    assert [(row.positive, row.negative) for row in moved] == [(row.positive, row.negative) for row in rows]
    assert sorted(row.anchor for row in moved) == [row.anchor for row in rows]
    assert all(one.anchor != other.anchor for one, other in zip(rows, moved, strict=True))
    assert moved == shuffled_triplets(rows, 1) != shuffled_triplets(rows, 2)
    graded = [Graded(str(at), "x", "t", f"a{at}", f"b{at}", at % 2) for at in range(6)]
    other = shuffled_pairs(graded, 1)
    assert [(row.second, row.grade) for row in other] == [(row.second, row.grade) for row in graded]
    assert all(one.first != two.first for one, two in zip(graded, other, strict=True))
    with pytest.raises(BadInput, match="at least 2"):
        shuffled_triplets(rows[:1])


def test_a_lab_world_gives_pairs_in_each_language() -> None:
    lab = world("lab:tiny")
    lab = World(replace(lab.spec, tasks=("sentiment", "inference", "paraphrase")))
    found = graded_pairs(lab, lab.languages[:3], labels="order", limit=20)
    assert {pair.lang for pair in found} == set(lab.languages[:3])
    assert {pair.task for pair in found} == {"inference", "paraphrase"}
    assert len(found) == 3 * 2 * 20
    for pair in found:
        same = pair.first == pair.second
        assert same == (pair.task == "inference" and pair.grade == 1)
    kept = [graded_pairs(lab, (lang,), "test", labels="order", limit=7) for lang in lab.languages[:2]]
    assert [pair.id for pair in kept[0]] == [pair.id for pair in kept[1]]
