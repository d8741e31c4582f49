"""Prompts as one tree of tokens, cut into steps that read every shared prefix once.

The tree is kept flat: its tokens in depth-first order. Three facts then suffice. The subtree under token
`t` is the range `[t, ends[t])`; token `j` is `i` itself or an ancestor of it exactly when
`j <= i < ends[j]`; and the children of `t` begin at `t + 1` and follow each other at `ends`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Trie:
    """A tree of tokens in depth-first order; `ids`, `depths` (0 for a first token) and `ends` are [token].

    `deepest` [token] is the depth of the deepest token under each. `places` tells for every row where in
    the tree its asked places lie, `tips` where its last token does. `read` [token + 1] counts the places
    that are asked for before each token: what the head has to be run on.
    """

    ids: Indices
    depths: Indices
    ends: Indices
    deepest: Indices
    read: Indices
    places: tuple[Indices, ...]
    tips: Indices


@dataclass(frozen=True, slots=True)
class Step:
    """Tokens that go through the model together, after the first `depth` tokens of their path.

    `ranges` are whole subtrees off one path, side by side; or a single range that ends before its subtree
    does: a piece of a path, whose keys and values the steps below it need.
    """

    depth: int
    ranges: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        """How many tokens these are."""
        return sum(stop - start for start, stop in self.ranges)

    @property
    def tokens(self) -> Indices:
        """Which tokens of the tree these are, in its order."""
        return np.concatenate([np.arange(start, stop) for start, stop in self.ranges])


class Located:
    """Things that lie at `tokens` [thing] of a tree, found by step."""

    def __init__(self, tokens: Indices) -> None:
        self.tokens, self.order = tokens, np.argsort(tokens, kind="stable")
        self.sorted = tokens[self.order]

    def within(self, step: Step) -> Indices:
        """Which of the things lie in the step, in the order of its tokens."""
        cuts = np.searchsorted(self.sorted, step.ranges).tolist()
        return np.concatenate([self.order[start:stop] for start, stop in cuts])


def grow(rows: Sequence[Sequence[int]], asked: Sequence[Sequence[int]]) -> Trie:
    """The tree of all rows of token ids, none of them empty; `asked` are places (from 0) in each row.

    Rows in sorted order share with their neighbour what they share with any row before them, so one pass
    over the sorted rows finds every branch.
    """
    lengths = np.array([len(row) for row in rows], np.int64)
    starts = np.concatenate([[0], lengths.cumsum()])
    flat = np.fromiter(chain.from_iterable(rows), np.int64, int(starts[-1]))
    keys = flat.astype(">u4")  # big-endian bytes sort as the numbers do
    order = sorted(range(len(rows)), key=lambda row: keys[starts[row] : starts[row + 1]].tobytes())
    path = np.zeros(max(lengths, default=0), np.int64)  # the token of the tree at every depth of this row
    ids, depths, ends, deepest = (np.zeros(len(flat), np.int64) for _ in range(4))
    tips = np.zeros(len(rows), np.int64)
    places = [tips] * len(rows)
    before, size = flat[:0], 0
    for row in order:
        this = flat[starts[row] : starts[row + 1]]
        shared = _shared(before, this)
        grown = size + len(this) - shared
        ends[path[shared : len(before)]] = size
        ids[size:grown] = this[shared:]
        depths[size:grown] = np.arange(shared, len(this))
        path[shared : len(this)] = np.arange(size, grown)
        deepest[path[: len(this)]] = np.maximum(deepest[path[: len(this)]], len(this) - 1)
        places[row] = path[np.asarray(asked[row], np.int64)]
        tips[row] = path[len(this) - 1]
        before, size = this, grown
    ends[path[: len(before)]] = size
    read = np.zeros(size + 1, np.int64)
    if places:
        read[np.concatenate(places) + 1] = 1
    return Trie(ids[:size], depths[:size], ends[:size], deepest[:size], read.cumsum(), tuple(places), tips)


def steps(trie: Trie, tokens: int, reads: int) -> list[Step]:
    """All of the tree, each token in one step, none of more than `tokens` tokens or `reads` asked places.

    A path that too much hangs off is read piece by piece; what hangs off it and fits is packed, siblings
    side by side. What reaches deepest comes first: if the longest prompt does not fit into memory, or is
    read wrongly, that shows at once. A step only needs the pieces of its own path, read before it, and
    whatever was read since lies behind them: one buffer of keys and values, cut back to `depth`, serves all.
    """
    return _forest(trie, 0, _siblings(trie, 0, len(trie.ids)), max(tokens, 1), max(reads, 1))


def halved(trie: Trie, step: Step) -> list[Step]:
    """The tokens of a step of at least two tokens as smaller steps, none of more than half of them."""
    half = len(step) // 2
    [(start, stop), *others] = step.ranges
    if not others and stop < trie.ends[start]:
        return [Step(step.depth, ((start, start + half),)), Step(step.depth + half, ((start + half, stop),))]
    return _forest(trie, step.depth, [start for start, _ in step.ranges], half, len(trie.ids))


def needed(trie: Trie, step: Step, tips: Indices) -> bool:
    """Whether any of the tips (sorted) is in the step or below it."""
    ranges = np.array([(start, trie.ends[start]) for start, _ in step.ranges])
    return bool(np.diff(np.searchsorted(tips, ranges)).any())


def _forest(trie: Trie, depth: int, roots: Sequence[int], tokens: int, reads: int) -> list[Step]:
    """The steps of the subtrees under `roots`, siblings at `depth`."""
    found = list[Step]()
    waiting = [(depth, part) for part in reversed(_parts(trie, roots, tokens, reads))]
    while waiting:
        depth, part = waiting.pop()
        if isinstance(part, list):
            found.append(Step(depth, tuple(sorted(part))))
            continue
        stop = _piece(trie, part, tokens, reads)
        found.append(Step(depth, ((part, stop),)))
        below = _parts(trie, _siblings(trie, stop, int(trie.ends[part])), tokens, reads)
        waiting.extend((depth + stop - part, other) for other in reversed(below))
    return found


def _parts(trie: Trie, roots: Sequence[int], tokens: int, reads: int) -> list[int | list[tuple[int, int]]]:
    """Siblings, deepest first: the root of a subtree that is too large, or the ranges of those packed."""
    parts = list[int | list[tuple[int, int]]]()
    pack, room, heads = list[tuple[int, int]](), 0, 0
    for root in sorted(roots, key=lambda root: -trie.deepest[root]):
        end = int(trie.ends[root])
        size, asked = end - root, int(trie.read[end] - trie.read[root])
        if size > tokens or asked > reads:
            parts.append(root)
            continue
        if size > room or asked > heads:
            pack, room, heads = [], tokens, reads
            parts.append(pack)
        pack.append((root, end))
        room, heads = room - size, heads - asked
    return parts


def _siblings(trie: Trie, start: int, stop: int) -> list[int]:
    """The roots of the subtrees that fill a range."""
    roots = []
    while start < stop:
        roots.append(start)
        start = int(trie.ends[start])
    return roots


def _piece(trie: Trie, start: int, tokens: int, reads: int) -> int:
    """One past the piece of path that begins at `start`: at the next branching, or where a bound is met."""
    stop = min(start + tokens, int(np.searchsorted(trie.read, trie.read[start] + reads, "right")) - 1)
    forks = np.flatnonzero(trie.ends[start + 1 : stop] != trie.ends[start])
    return start + 1 + int(forks[0]) if len(forks) else stop


def _shared(a: Indices, b: Indices) -> int:
    """How many tokens two rows have in common at their beginning."""
    length = min(len(a), len(b))
    differ = a[:length] != b[:length]
    return int(differ.argmax()) if differ.any() else length
