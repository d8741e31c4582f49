"""Shots: which examples are drawn, and how they are shown."""

from collections import Counter
from random import Random

import pytest

from interlingua.core.errors import BadInput
from interlingua.data.items import Choice, Open
from interlingua.data.shots import Candidate, pick_shots, with_shots
from interlingua.lab.named import world

POOL = [Candidate(f"{i}", f"c{i // 3}", i % 3) for i in range(60)]


def test_answers_take_turns_and_clusters_come_once():
    drawn = pick_shots(POOL, 6, "t")
    by_group = {one.group: one for one in POOL}
    assert [by_group[group].answer for group in drawn] == [0, 1, 2, 0, 1, 2]
    assert len({by_group[group].cluster for group in drawn}) == 6
    assert pick_shots(POOL, 4, "t") == drawn[:4]


def test_what_is_drawn_depends_on_content_only():
    order = list(POOL)
    Random(1).shuffle(order)
    assert pick_shots(order, 6, "t") == pick_shots(POOL, 6, "t")
    assert pick_shots(POOL, 6, "t") != pick_shots(POOL, 6, "another")


def test_few_answers_and_clusters_are_used_up():
    pool = [Candidate("a", "c", 0), Candidate("b", "c", 0), Candidate("d", "c", 1)]
    assert sorted(pick_shots(pool, 3, "t")) == ["a", "b", "d"]
    with pytest.raises(BadInput, match="Task t: 4 shots are wanted, but there are 3 examples to draw from"):
        pick_shots(pool, 4, "t")


def test_shots_of_a_lab_world():
    tiny = world("lab:tiny")
    items, pool = (tiny.task("sentiment", tiny.languages[-1], split) for split in ("test", "train"))
    asked = with_shots(items, pool, 6, between="\n")
    assert [item.id for item in asked] == [item.id for item in items]
    (text,) = {item.shots for item in asked}
    solved = {item.question + item.options[item.answer]: item.answer for item in pool}
    assert Counter(solved[line] for line in text.splitlines()) == Counter({0: 3, 1: 3})
    pivot = with_shots(
        tiny.task("sentiment", tiny.pivot), tiny.task("sentiment", tiny.pivot, "train"), 6, between="\n"
    )
    said = {item.question + item.options[item.answer]: item.group for item in pool}
    say = {i.question + i.options[i.answer]: i.group for i in tiny.task("sentiment", tiny.pivot, "train")}
    assert [said[line] for line in text.splitlines()] == [say[line] for line in pivot[0].shots.splitlines()]


def test_drawn_items_and_their_clusters_are_left_out_of_their_own_split_only():
    def item(group, cluster, split="test"):
        return Choice(group, "t", split, "eng_Latn", f"q{group}", (" y", " n"), 0, group, cluster)

    pool = [item("1", "a"), item("2", "a")]
    (left,) = with_shots([*pool, item("3", "b"), item("1", "a", "dev")], pool, 1)[1:]
    assert (left.group, left.split) == ("1", "dev")
    assert with_shots(pool, pool, 0) == pool


def test_open_answers_are_shown_after_a_space():
    item = Open("1", "t", "dev", "eng_Latn", "1+1?", ("2", "two"), "1", "1")
    (asked,) = with_shots(
        [Open("1", "t", "test", "eng_Latn", "2+2?", ("4",), "1", "1")], [item], 1, close="."
    )
    assert asked.shots == "1+1? 2.\n\n"
