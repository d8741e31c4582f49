"""Training examples of question translation and its controls."""

from collections import Counter

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.builders import (
    blend,
    general_text,
    mix,
    pivot_only,
    plain_text,
    question_translation,
    replay,
    reverse,
    shuffled,
)
from interlingua.data.items import Choice, Example, Pair
from interlingua.data.prompts import Template

PIVOT, X, Y = "eng_Latn", "deu_Latn", "swh_Latn"
FRAME = Template("{question} {source}>{target}: ")


class Toy:
    """Ten questions and four sentences, whose texts name their language and number."""

    name, pivot, languages, tasks = "toy", PIVOT, (PIVOT, X, Y), ("even", "big")

    def pairs(self, a, b, split="train"):
        return [Pair(f"{i}", a, b, f"{a} text {i}", f"{b} text {i}") for i in range(4)]

    def questions(self, a, b, split="train"):
        return [Pair(f"{i}", a, b, f"{a} question {i}", f"{b} question {i}") for i in range(10)]

    def text(self, lang):
        return [] if lang == Y else [f"{lang} text {i}" for i in range(5)]

    def task(self, name, lang, split="test"):
        assert split == "train"
        return [
            Choice(f"{i}", name, split, lang, f"{name} {i}? ", ("no", "yes"), i % 2, f"{i}", f"{i}", "shots ")
            for i in range(6)
        ]


def rows(n, lang=X, kind="k"):
    return [Example(f"p{i}", f"t{i}", kind, lang) for i in range(n)]


def test_question_translation_by_hand():
    examples = question_translation(Toy(), [X, Y], FRAME, limit=10)
    assert len(examples) == 20
    assert examples[0] == Example(
        "deu_Latn question 0 German>English: ", "eng_Latn question 0", "question_translation", X
    )
    assert examples[19].prompt == "swh_Latn question 9 Swahili>English: "


def test_the_target_need_not_be_the_pivot():
    example = question_translation(Toy(), [PIVOT], FRAME, target=Y)[0]
    assert example == Example(
        "eng_Latn question 0 English>Swahili: ", "swh_Latn question 0", "question_translation", PIVOT
    )


def test_limits_draw_by_seed_and_language():
    one = question_translation(Toy(), [X], FRAME, limit=4, seed=1)
    assert len(one) == 4
    assert one == question_translation(Toy(), [X], FRAME, limit=4, seed=1)
    assert one == question_translation(Toy(), [X, Y], FRAME, limit=4, seed=1)[:4]
    assert any(one != question_translation(Toy(), [X], FRAME, limit=4, seed=seed) for seed in range(2, 6))


def test_controls_use_the_questions_that_are_drawn():
    main = question_translation(Toy(), [X, Y], FRAME, limit=4, seed=3)
    back = reverse(Toy(), [X, Y], FRAME, limit=4, seed=3)
    plain = pivot_only(Toy(), [X, Y], limit=4, seed=3)
    assert [row.prompt.split(" English>")[0] for row in back] == [row.target for row in main]
    assert [row.prompt.split(" German>")[0].split(" Swahili>")[0] for row in main] == [
        row.target for row in back
    ]
    assert [row.target for row in plain] == [row.target for row in main]
    assert {row.prompt for row in plain} == {""}
    assert {row.kind for row in back} | {row.kind for row in plain} == {"reverse", "pivot_only"}


def test_general_text_has_the_same_frame():
    assert general_text(Toy(), [X], FRAME)[2] == Example(
        "deu_Latn text 2 German>English: ", "eng_Latn text 2", "general_text", X
    )


def test_plain_text_is_read_as_it_is():
    found = plain_text(Toy(), (PIVOT, X), 2)
    assert [(row.prompt, row.kind, row.lang) for row in found] == [("", "text", PIVOT)] * 2 + [
        ("", "text", X)
    ] * 2
    assert all(row.target.startswith(f"{row.lang} text ") for row in found)
    assert len(plain_text(Toy(), (X,), 100)) == 5
    with pytest.raises(MissingResource, match="toy has no text in swh_Latn"):
        plain_text(Toy(), (X, Y), 2)


@pytest.mark.parametrize("build", [question_translation, general_text, reverse, pivot_only])
def test_languages_are_checked(build):
    for languages, message in (([], "No language"), ([X, PIVOT], "not eng_Latn"), ([X, X], "each once")):
        with pytest.raises(BadInput, match=message):
            build(Toy(), languages)
    with pytest.raises(BadInput, match="Limit 0"):
        build(Toy(), [X], limit=0)


@pytest.mark.parametrize("n", [2, 3, 10, 101])
def test_shuffling_leaves_nothing_in_place(n):
    for seed in range(5):
        main = rows(n) + rows(n, Y)
        moved = shuffled(main, seed)
        assert [row.prompt for row in moved] == [row.prompt for row in main]
        assert all(new.target != old.target for new, old in zip(moved, main, strict=True))
        for part in (slice(0, n), slice(n, None)):
            assert Counter(row.target for row in moved[part]) == Counter(row.target for row in main[part])


def test_shuffling_is_the_seeds_and_keeps_kinds_apart():
    main = rows(50)
    assert shuffled(main, 1) == shuffled(main, 1) != shuffled(main, 2)
    apart = shuffled([Example("p", f"a{i}", "a", X) for i in range(4)] + rows(4, kind="b"))
    assert [row.target[0] for row in apart] == list("aaaatttt")


def test_equal_targets_are_never_given_back():
    main = [Example(f"p{i}", "same" if i < 5 else f"t{i}", "k", X) for i in range(10)]
    for seed in range(20):
        assert all(new.target != old.target for new, old in zip(shuffled(main, seed), main, strict=True))


@pytest.mark.parametrize(
    "main", [rows(1), [Example(f"p{i}", "same" if i < 3 else "t", "k", X) for i in range(5)]]
)
def test_what_cannot_be_shuffled_is_refused(main):
    with pytest.raises(BadInput, match=r"Cannot shuffle the \d k rows of deu_Latn"):
        shuffled(main)


def test_replay_is_even_over_tasks_and_has_no_shots():
    drawn = replay(Toy(), ["even", "big"], PIVOT, 5)
    assert Counter(row.prompt.split()[0] for row in drawn) == {"even": 3, "big": 2}
    assert all(row.target == ("yes" if int(row.prompt.split()[1][0]) % 2 else "no") for row in drawn)
    assert len(set(drawn)) == 5
    assert {(row.kind, row.lang) for row in drawn} == {("replay", PIVOT)}
    assert len(replay(Toy(), ["even"], PIVOT, 100)) == 6
    with pytest.raises(BadInput, match="at least one task"):
        replay(Toy(), [], PIVOT, 5)


def test_replay_of_fewer_rows_than_tasks():
    assert [row.prompt.split()[0] for row in replay(Toy(), ["even", "big"], PIVOT, 1)] == ["even"]


def test_a_blend_has_every_share_and_uses_short_parts_again():
    blended = blend(
        [(rows(4, X, "a"), 0.5), (rows(50, Y, "b"), 0.3), ([], 0.0), (rows(9, X, "c"), 0.2)], 20, 1
    )
    assert Counter(row.kind for row in blended) == {"a": 10, "b": 6, "c": 4}
    assert sorted(Counter(row for row in blended if row.kind == "a").values()) == [2, 2, 3, 3]
    assert len({row for row in blended if row.kind == "b"}) == 6
    assert {row.kind for row in blended[:8]} >= {"a", "b"}
    assert blended == blend(
        [(rows(4, X, "a"), 0.5), (rows(50, Y, "b"), 0.3), ([], 0.0), (rows(9, X, "c"), 0.2)], 20, 1
    )


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([(rows(3), 0.5), (rows(3), 0.4)], r"Shares 0\.5, 0\.4 are not"),
        ([(rows(3), 1.5), (rows(3), -0.5)], "not shares of one whole"),
        ([(rows(3), 0.5), ([], 0.5)], "is to give 50% of the rows has none"),
    ],
)
def test_blends_that_cannot_be_made_are_refused(parts, told):
    with pytest.raises(BadInput, match=told):
        blend(parts, 10)


def test_a_mixture_has_the_share():
    mixed = mix(rows(70), rows(100, Y, "replay"), 0.3, seed=1)
    assert Counter(row.kind for row in mixed) == {"k": 70, "replay": 30}
    assert set(rows(70)) <= set(mixed)
    assert len(set(mixed)) == 100
    assert mixed == mix(rows(70), rows(100, Y, "replay"), 0.3, seed=1)
    assert {row.kind for row in mixed[:20]} == {"k", "replay"}


def test_a_short_extra_is_used_again():
    mixed = mix(rows(70), rows(12, Y, "replay"), 0.3)
    assert sorted(Counter(row for row in mixed if row.kind == "replay").values()) == [2] * 6 + [3] * 6


def test_mixture_refusals_and_nothing_to_mix():
    assert sorted(row.prompt for row in mix(rows(5), [], 0.0)) == [f"p{i}" for i in range(5)]
    with pytest.raises(BadInput, match="none to take"):
        mix(rows(5), [], 0.5)
    with pytest.raises(BadInput, match="not in"):
        mix(rows(5), rows(5), 1.0)
