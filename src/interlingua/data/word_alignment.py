"""Word alignment: which words of two sentences say the same, found by counting (IBM model 1, then HMM)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from interlingua.core.errors import BadInput

Sentences: TypeAlias = Sequence[tuple[Sequence[str], Sequence[str]]]
"""Pairs of sentences as words: (source, target)."""
Links: TypeAlias = list[tuple[int, int]]
"""Places in the source and target sentence whose words are translations, sorted."""
Symmetry: TypeAlias = Literal["intersection", "grow"]
_NULL = 0.2  # share of target words that come from no source word, at the start; Och and Ney 2003, section 3
_JUMP = 7  # longer jumps count as this long
_BATCH = 256
_NEIGHBOURS = ((-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))


def align_words(
    pairs: Sentences, *, rounds: tuple[int, int] = (5, 5), symmetry: Symmetry = "grow"
) -> list[Links]:
    """The word links of every sentence pair; a pair with an empty side has none.

    Both directions are estimated apart, with `rounds` of EM of IBM model 1 and of the HMM model. Each word is
    linked with the likeliest word of the other side, or none. `intersection` keeps what both directions
    say; `grow` adds neighbours of these links that one of them says, then words still without a link.
    Raises `BadInput` without any words.
    Source: Brown et al. 1993; Vogel et al. 1996; Och and Ney 2003 (null states, growing); Koehn et al. 2005
    (grow-diag-final-and).
    """
    there = _directed(pairs, rounds)
    back = _directed([(target, source) for source, target in pairs], rounds)
    links = []
    for one, two in zip(there, back, strict=True):
        turned = {(source, target) for target, source in two}
        links.append(sorted(one & turned if symmetry == "intersection" else _grown(one, turned)))
    return links


def word_counts(pairs: Sentences, links: Sequence[Links]) -> dict[tuple[str, str], int]:
    """How often each (source word, target word) was linked."""
    return Counter(
        (source[i], target[j]) for (source, target), found in zip(pairs, links, strict=True) for i, j in found
    )


def mapping_precision(
    counts: Mapping[tuple[str, str], float], gold: Mapping[str, Sequence[str]]
) -> tuple[float, int]:
    """Share of a dictionary's words whose most frequent partner is one of their translations, and how many.

    Words that were never linked are left out. Raises `BadInput` where none is left.
    """
    partners: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (source, target), count in counts.items():
        partners[source][target] += count
    known = [word for word in gold if word in partners]
    if not known:
        raise BadInput(f"None of the {len(gold)} words of the dictionary was aligned; give more pairs.")
    right = sum(min(partners[word], key=lambda w: (-partners[word][w], w)) in gold[word] for word in known)
    return right / len(known), len(known)


@dataclass(frozen=True)
class _Cells:
    """All (target place, source place) cells of all sentences, a null word before every source sentence.

    `spot` numbers the target places over all sentences, `kind` the pairs of words, `source` is the source
    word of each kind. Cells of one spot follow each other, the null word first.
    """

    spot: NDArray[np.int64]
    kind: NDArray[np.int64]
    source: NDArray[np.int64]
    target: NDArray[np.int64]


def model1(pairs: Sentences, rounds: int, *, null: bool = True) -> dict[tuple[str, str], float]:
    """t(target word | source word) after `rounds` of EM from even chances; the null word is `""`."""
    sources, targets = _vocabulary(pairs, 0), _vocabulary(pairs, 1)
    cells = _cells(pairs, sources, targets, null)
    table = _model1(cells, rounds)
    names, others = ["", *sources], list(targets)
    return {
        (names[s], others[t]): float(p)
        for s, t, p in zip(cells.source, cells.target, table, strict=True)
    }  # fmt: skip


def _directed(pairs: Sentences, rounds: tuple[int, int]) -> list[set[tuple[int, int]]]:
    """For every target word its likeliest source word, if that is likelier than none."""
    sources, targets = _vocabulary(pairs, 0), _vocabulary(pairs, 1)
    if not sources or not targets:
        raise BadInput(f"The {len(pairs)} sentence pairs have no words to align; give some text.")
    cells = _cells(pairs, sources, targets, null=True)
    table = _model1(cells, rounds[0])
    hmm = _Hmm(pairs, sources, targets, cells)
    for _ in range(rounds[1]):
        table = hmm.round(table)
    return hmm.links(table)


def _vocabulary(pairs: Sentences, side: int) -> dict[str, int]:
    """Word to number, in the order of the alphabet, so that the order of pairs changes nothing."""
    return {word: number for number, word in enumerate(sorted({w for pair in pairs for w in pair[side]}))}


def _cells(pairs: Sentences, sources: Mapping[str, int], targets: Mapping[str, int], null: bool) -> _Cells:
    spots, lefts, rights, spot = [], [], [], 0
    for source, target in pairs:
        own = np.array([0] * null + [sources[word] + 1 for word in source], dtype=np.int64)
        other = np.array([targets[word] for word in target], dtype=np.int64)
        spots.append(np.repeat(np.arange(spot, spot + len(other)), len(own)))
        lefts.append(np.tile(own, len(other)))
        rights.append(np.repeat(other, len(own)))
        spot += len(other)
    left, right = np.concatenate(lefts), np.concatenate(rights)
    kinds, kind = np.unique(left * len(targets) + right, return_inverse=True)
    return _Cells(np.concatenate(spots), kind, kinds // len(targets), kinds % len(targets))


def _model1(cells: _Cells, rounds: int) -> NDArray[np.float64]:
    table = np.full(len(cells.source), 1.0)
    for _ in range(rounds):
        chance = table[cells.kind]
        chance /= np.bincount(cells.spot, chance)[cells.spot]
        table = _normalised(np.bincount(cells.kind, chance, len(table)).astype(np.float64), cells.source)
    return table


def _normalised(counts: NDArray[np.float64], source: NDArray[np.int64]) -> NDArray[np.float64]:
    """Counts of (source, target) kinds as chances given the source word."""
    total = np.bincount(source, counts)[source]
    return np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)


class _Hmm:
    """The HMM model of one direction: chances of words as in model 1, and of jumps between source places.

    A target word without a source word keeps the place of the one before it (null states).
    """

    def __init__(
        self, pairs: Sentences, sources: Mapping[str, int], targets: Mapping[str, int], cells: _Cells
    ) -> None:
        self._pairs, self._cells = pairs, cells
        codes = cells.source * len(targets) + cells.target
        self._kinds = []
        for source, target in pairs:
            own = np.array([0] + [sources[word] + 1 for word in source], dtype=np.int64)
            other = np.array([targets[word] for word in target], dtype=np.int64)
            self._kinds.append(np.searchsorted(codes, own[None, :] * len(targets) + other[:, None]))
        self._jumps = np.ones(2 * _JUMP + 1)
        self._null = _NULL

    def round(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """One round of EM; the new chances of words."""
        counts, jumps = np.zeros_like(table), np.zeros_like(self._jumps)
        for _, kinds, real, null, pair in self._read(table):
            np.add.at(counts, kinds[..., 0], null.sum(2))
            np.add.at(counts, kinds[..., 1:], real)
            width = pair.shape[1]
            step = np.arange(width)[None, :] - np.arange(width)[:, None]
            np.add.at(jumps, step.clip(-_JUMP, _JUMP) + _JUMP, pair.sum(0))
        self._jumps = jumps + 1e-3 * jumps.sum() / len(jumps) + 1e-12
        return _normalised(counts, self._cells.source)

    def links(self, table: NDArray[np.float64]) -> list[set[tuple[int, int]]]:
        """For every target word the source word with the greatest posterior, where it beats none."""
        found: list[set[tuple[int, int]]] = [set() for _ in self._pairs]
        for rows, _, real, null, _ in self._read(table):
            best, none = real.argmax(2), null.sum(2)
            sure = np.take_along_axis(real, best[..., None], 2)[..., 0] > none
            for line, row in enumerate(rows):
                found[row] = {(int(best[line, j]), int(j)) for j in np.flatnonzero(sure[line])}
        return found

    def _read(
        self, table: NDArray[np.float64]
    ) -> Iterator[
        tuple[list[int], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
    ]:
        """Batches of equally long pairs: rows, kinds (row, target, 1 + source), posteriors, jumps.

        Posteriors of words and of null states are (row, target, source); jumps (row, source, source).
        """
        shapes: dict[tuple[int, int], list[int]] = defaultdict(list)
        for row, (source, target) in enumerate(self._pairs):
            if source and target:
                shapes[len(target), len(source)].append(row)
        for (length, width), all_rows in sorted(shapes.items()):
            step = (np.arange(width)[None, :] - np.arange(width)[:, None]).clip(-_JUMP, _JUMP) + _JUMP
            moves = self._jumps[step]
            moves = (1 - self._null) * moves / moves.sum(1, keepdims=True)
            for first in range(0, len(all_rows), _BATCH):
                rows = all_rows[first : first + _BATCH]
                kinds = np.stack([self._kinds[row] for row in rows])
                chance = table[kinds] + 1e-12
                yield rows, kinds, *self._posteriors(chance, moves, length, width)

    def _posteriors(
        self, chance: NDArray[np.float64], moves: NDArray[np.float64], length: int, width: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Forward-backward over `chance` (row, target, 1 + source), each step scaled to sum to one."""
        word, none = chance[:, :, 1:], self._null * chance[:, :, :1]
        real, null = np.empty_like(word), np.empty_like(word)
        real[:, 0], null[:, 0] = (1 - self._null) * word[:, 0] / width, none[:, 0] / width
        scale = np.empty((len(chance), length, 1))
        for j in range(length):
            if j:
                before = real[:, j - 1] + null[:, j - 1]
                real[:, j], null[:, j] = (before @ moves) * word[:, j], before * none[:, j]
            scale[:, j] = (real[:, j] + null[:, j]).sum(1, keepdims=True)
            real[:, j] /= scale[:, j]
            null[:, j] /= scale[:, j]
        after = np.ones((len(chance), width))
        pair = np.zeros((len(chance), width, width))
        for j in range(length - 1, -1, -1):
            real[:, j] *= after
            null[:, j] *= after
            ahead = word[:, j] * after / scale[:, j]
            if j:  # states before this one are not yet multiplied by what comes after
                before = real[:, j - 1] + null[:, j - 1]
                pair += before[:, :, None] * moves * ahead[:, None, :]
            after = ahead @ moves.T + none[:, j] * after / scale[:, j]
        return real, null, pair


def _grown(one: set[tuple[int, int]], two: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """grow-diag-final-and: neighbours of sure links that one direction says, then words that have none."""
    links, union = one & two, one | two
    sources, targets = {i for i, _ in links}, {j for _, j in links}

    def add(i: int, j: int) -> None:
        links.add((i, j))
        sources.add(i)
        targets.add(j)

    grew = True
    while grew:
        grew = False
        for i, j in sorted(links):
            for x, y in _NEIGHBOURS:
                a, b = i + x, j + y
                if (a, b) in union - links and (a not in sources or b not in targets):
                    add(a, b)
                    grew = True
    for side in (one, two):
        for i, j in sorted(side):
            if i not in sources and j not in targets:
                add(i, j)
    return links
