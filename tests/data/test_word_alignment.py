"""Word alignment: tables worked by hand, links in made-up sentences, and the lab's dictionary found again."""

import random

import pytest

from interlingua.core.errors import BadInput
from interlingua.data.word_alignment import (
    _grown,
    align_words,
    mapping_precision,
    model1,
    word_counts,
)
from interlingua.lab.named import tuned_by_rule, world

HAUS = [("das Haus", "the house"), ("das Buch", "the book"), ("ein Buch", "a book")]
TOY = [(source.split(), target.split()) for source, target in HAUS]


def test_two_rounds_of_model_1_by_hand() -> None:
    # Koehn 2010, figure 4.4: after one round das is the in half of its counts, after two in 7/11.
    once, twice = model1(TOY, 1, null=False), model1(TOY, 2, null=False)
    assert once["das", "the"] == pytest.approx(1 / 2)
    assert once["das", "house"] == pytest.approx(1 / 4)
    assert once["Haus", "the"] == pytest.approx(1 / 2)
    assert twice["das", "the"] == pytest.approx(7 / 11)
    assert twice["das", "house"] == pytest.approx(2 / 11)
    assert twice["Buch", "book"] == pytest.approx(7 / 11)
    assert twice["Haus", "house"] == pytest.approx(4 / 7)


def test_chances_given_a_source_word_add_up_to_one() -> None:
    table = model1(TOY, 3)
    for source in ("", "das", "Haus", "Buch", "ein"):
        assert sum(p for (s, _), p in table.items() if s == source) == pytest.approx(1)


def sentences(count: int, order: int) -> list[tuple[list[str], list[str]]]:
    """Words a0..a9 with their translations b0..b9, in order or turned round, and a word without kin."""
    rng = random.Random(0)
    rows = []
    for _ in range(count):
        words = rng.sample(range(10), rng.randint(2, 5))
        target = [f"b{word}" for word in words[::order]]
        rows.append(([f"a{word}" for word in words], [*target, "end"] if rng.random() < 0.5 else target))
    return rows


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("symmetry", ["grow", "intersection"])
def test_words_are_linked_in_either_order(order, symmetry) -> None:
    pairs = sentences(150, order)
    for (source, target), links in zip(pairs, align_words(pairs, symmetry=symmetry), strict=True):
        said = {(source[i], target[j]) for i, j in links if target[j] != "end"}
        assert said == {(word, word.replace("a", "b")) for word in source}


def test_the_order_of_pairs_changes_nothing() -> None:
    pairs = sentences(60, -1)
    assert align_words(pairs)[::-1] == align_words(pairs[::-1])


def test_a_pair_with_an_empty_side_has_no_links() -> None:
    assert align_words([*sentences(20, 1), ([], ["b1"]), (["a1"], [])])[-2:] == [[], []]


def test_no_words_are_refused() -> None:
    with pytest.raises(BadInput, match="2 sentence pairs have no words"):
        align_words([([], []), (["a"], [])])


def test_growing_by_hand() -> None:
    # Sure: (0, 0). Next to it one direction says (1, 1), which is added; (1, 2) is then its neighbour and
    # target 2 is free; (4, 4) touches nothing, but both its words are still alone; (4, 5) finds 4 taken.
    one, two = {(0, 0), (1, 1), (4, 4)}, {(0, 0), (1, 2), (4, 5)}
    assert _grown(one, two) == {(0, 0), (1, 1), (1, 2), (4, 4)}
    assert _grown({(0, 0), (4, 4)}, {(0, 0), (4, 6)}) == {(0, 0), (4, 4)}


def test_counts_and_precision_by_hand() -> None:
    pairs = [(["a", "b"], ["x", "y"]), (["a"], ["x"]), (["a"], ["z"])]
    counts = word_counts(pairs, [[(0, 0), (1, 1)], [(0, 0)], [(0, 0)]])
    assert counts == {("a", "x"): 2, ("b", "y"): 1, ("a", "z"): 1}
    gold = {"a": ("x",), "b": ("q",), "c": ("x",)}  # a is right, b is wrong, c was never linked
    assert mapping_precision(counts, gold) == (0.5, 2)
    with pytest.raises(BadInput, match="None of the 1 words"):
        mapping_precision(counts, {"c": ("x",)})


def test_the_labs_dictionary_is_found_and_shuffled_pairs_hold_none() -> None:
    lab = world("lab:new-tiny")
    for lang in tuned_by_rule(lab):
        pairs = [
            (pair.source.replace(".", "").replace("։", "").split(), pair.target.replace(".", "").split())
            for pair in lab.pairs(lang, lab.pivot)
        ]
        gold = lab.dictionary(lang, lab.pivot)
        precision, known = mapping_precision(word_counts(pairs, align_words(pairs)), gold)
        assert precision >= 0.9
        assert known >= 50
        targets = [target for _, target in pairs]
        random.Random(0).shuffle(targets)
        lost = [(source, target) for (source, _), target in zip(pairs, targets, strict=True)]
        assert mapping_precision(word_counts(lost, align_words(lost)), gold)[0] < 0.2
