"""Trees worked by hand, and the promises of their steps on random ones."""

import random

import numpy as np
import pytest

from interlingua.scoring.trie import Located, Step, Trie, grow, halved, needed, steps

ROWS = [[1, 2, 3], [1, 2, 4], [1, 5], [1, 2]]
ASKED = [[2], [1, 2], [0], [1, 1]]


@pytest.fixture
def trie() -> Trie:
    """1 ┬ 2 ┬ 3
    │   └ 4
    └ 5      in the order 1 2 3 4 5."""
    return grow(ROWS, ASKED)


def test_tokens_in_depth_first_order(trie: Trie) -> None:
    assert trie.ids.tolist() == [1, 2, 3, 4, 5]
    assert trie.depths.tolist() == [0, 1, 2, 2, 1]
    assert trie.ends.tolist() == [5, 4, 3, 4, 5]


def test_where_rows_end_and_are_asked(trie: Trie) -> None:
    assert trie.tips.tolist() == [2, 3, 4, 1]
    assert [places.tolist() for places in trie.places] == [[2], [1, 3], [0], [1, 1]]
    assert trie.read.tolist() == [0, 1, 2, 3, 4, 4]  # nobody asks after the 5


@pytest.mark.parametrize(
    ("tokens", "reads", "expected"),
    [
        (5, 9, [Step(0, ((0, 5),))]),
        (4, 9, [Step(0, ((0, 1),)), Step(1, ((1, 4), (4, 5)))]),
        (2, 9, [Step(0, ((0, 1),)), Step(1, ((1, 2),)), Step(2, ((2, 3), (3, 4))), Step(1, ((4, 5),))]),
        (9, 2, [Step(0, ((0, 1),)), Step(1, ((1, 2),)), Step(2, ((2, 3), (3, 4))), Step(1, ((4, 5),))]),
        (0, 0, [Step(d, ((t, t + 1),)) for d, t in [(0, 0), (1, 1), (2, 2), (2, 3), (1, 4)]]),
    ],
)
def test_steps_within_bounds(trie: Trie, tokens: int, reads: int, expected: list[Step]) -> None:
    assert steps(trie, tokens, reads) == expected


def test_a_long_path_is_read_in_pieces_and_its_end_with_what_follows() -> None:
    trie = grow([[*range(10), 50], [*range(10), 60]], [[10], [10]])
    assert steps(trie, 4, 9) == [
        Step(0, ((0, 4),)),
        Step(4, ((4, 8),)),
        Step(8, ((8, 12),)),  # two of the path, two branches
    ]


def test_what_reaches_deepest_comes_first() -> None:
    rows = [[1, *range(10, 14)], [2, *range(20, 28)], [3, 4, 5], [6, *range(7)]]
    trie = grow(rows, [[0]] * 4)
    assert trie.deepest[[0, 5, 14, 17, 18]].tolist() == [4, 8, 2, 7, 7]
    assert steps(trie, 3, 9) == [
        *(Step(depth, ((5 + depth, 8 + depth),)) for depth in (0, 3, 6)),
        *(Step(depth, ((17 + depth, 20 + depth),)) for depth in (0, 3)),
        Step(6, ((23, 25),)),
        Step(0, ((0, 3),)),
        Step(3, ((3, 5),)),
        Step(0, ((14, 17),)),
    ]
    assert steps(trie, 9, 9)[0].ranges == ((5, 14),)
    assert [step.ranges for step in steps(trie, 20, 9)] == [((5, 14), (17, 25)), ((0, 5), (14, 17))]


def test_rows_in_any_order_and_repeated_give_the_same_tree(trie: Trie) -> None:
    again = grow([ROWS[k] for k in (3, 1, 0, 2, 1)], [ASKED[k] for k in (3, 1, 0, 2, 1)])
    assert again.ids.tolist() == trie.ids.tolist()
    assert again.ends.tolist() == trie.ends.tolist()
    assert again.tips.tolist() == [1, 3, 2, 4, 3]


def test_numbers_beyond_a_byte_are_sorted_as_numbers() -> None:
    trie = grow([[256], [1], [70_000], [255]], [[0]] * 4)
    assert trie.ids.tolist() == [1, 255, 256, 70_000]


def test_nothing_gives_nothing() -> None:
    trie = grow([], [])
    assert len(trie.ids) == 0
    assert steps(trie, 8, 8) == []


def test_a_step_is_needed_for_what_ends_in_it_or_below(trie: Trie) -> None:
    trunk, two, ends, five = steps(trie, 2, 9)
    for tips, expected in [([4], [trunk, five]), ([1], [trunk, two]), ([3], [trunk, two, ends]), ([], [])]:
        found = [step for step in (trunk, five, two, ends) if needed(trie, step, np.array(tips))]
        assert found == expected


def test_things_are_found_by_step() -> None:
    things = Located(np.array([4, 1, 4, 0, 2]))
    assert things.within(Step(0, ((0, 2), (4, 5)))).tolist() == [3, 1, 0, 2]
    assert things.within(Step(3, ((3, 4),))).tolist() == []


def test_halves_of_a_pack_of_a_subtree_and_of_a_path() -> None:
    trie = grow([[1, 2, 3], [1, 2, 4], [5], [6], [7]], [[0]] * 5)
    whole = Step(0, ((0, 4), (4, 5), (5, 6), (6, 7)))
    assert halved(trie, whole) == [
        Step(0, ((0, 2),)),
        Step(2, ((2, 3), (3, 4))),
        Step(0, ((4, 5), (5, 6), (6, 7))),
    ]
    assert halved(trie, Step(0, ((0, 4),))) == [Step(0, ((0, 2),)), Step(2, ((2, 3), (3, 4)))]
    assert halved(trie, Step(0, ((0, 2),))) == [Step(0, ((0, 1),)), Step(1, ((1, 2),))]


@pytest.mark.parametrize("seed", range(30))
def test_every_prefix_is_read_once_after_its_own_path(seed: int) -> None:
    rng = random.Random(seed)
    rows = [[rng.randrange(3) for _ in range(rng.randrange(1, 12))] for _ in range(rng.randrange(1, 40))]
    asked = [sorted(rng.choices(range(len(row)), k=2)) for row in rows]
    trie = grow(rows, asked)
    prefixes = {tuple(row[: end + 1]) for row in rows for end in range(len(row))}
    assert len(trie.ids) == len(prefixes)
    tokens, reads = rng.randrange(1, 20), rng.randrange(1, 20)
    waiting, seen, buffer = steps(trie, tokens, reads), list[tuple[int, ...]](), list[int]()
    assert all(len(step) <= tokens for step in waiting)
    assert all(sum(trie.read[b] - trie.read[a] for a, b in step.ranges) <= reads for step in waiting)
    while waiting:
        step = waiting.pop(0)
        if len(step) > 1 and rng.random() < 0.3:
            waiting[:0] = halved(trie, step)
            continue
        path = buffer[: step.depth]
        own = step.tokens.tolist()
        for token in own:
            above = [other for other in own if other <= token < trie.ends[other]]
            seen.append(tuple(trie.ids[[*path, *above]].tolist()))
            assert len(path) + len(above) == trie.depths[token] + 1
        buffer[step.depth :] = own
    assert sorted(seen) == sorted(prefixes)
    for row, places, spots, tip in zip(rows, asked, trie.places, trie.tips, strict=True):
        assert trie.depths[spots].tolist() == places
        assert trie.ids[spots].tolist() == [row[place] for place in places]
        assert trie.depths[tip] == len(row) - 1
