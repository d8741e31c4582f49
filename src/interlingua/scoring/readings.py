"""Log-probabilities request by request, read as one tree and spot-checked against reading each alone.

A request is a prompt and the tokens that are asked for along it; everything that chooses, compares or
normalises stands on top. Two ways give the same numbers:

- `trie`: every prefix that requests share is computed once (`trie.py`, `tree_pass.py`);
- `flat`: every request is a row of its own in a left-padded batch.

A sample of what is read as a tree is read alone as well, before the results of its step are handed out,
and before any results of a model that was not checked yet. Where the two differ by more than rounding,
the flat way does the rest, and a `ScoringWarning` says so. Models that are known not to branch go the flat
way at once.
"""

import warnings
from collections import deque
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import torch

from interlingua.core.errors import BadInput
from interlingua.models.lm import LM
from interlingua.scoring.batches import (
    ScoringWarning,
    halving,
    make_room,
    memory_ended,
    plan,
    reading,
    reading_tokens,
    room,
)
from interlingua.scoring.flat_pass import read_flat
from interlingua.scoring.guard import Guard
from interlingua.scoring.reads import Read, Reads
from interlingua.scoring.tree_pass import TreePass, bounds, obstacle
from interlingua.scoring.trie import Located, Step, grow, halved, needed, steps

Way = Literal["trie", "flat"]


@dataclass(frozen=True, slots=True)
class Request:
    """A prompt of token ids, and reads along it: (place in `ids` from 0, tokens).

    A read is the total probability that one of its tokens follows the token at its place. What stands
    behind the last read is not looked at.
    """

    ids: tuple[int, ...]
    reads: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The natural log-probability of each read; `greedy`: at every read the likeliest token is its own.

    Of several equally likely tokens the first one of the vocabulary counts as the likeliest.
    """

    values: tuple[float, ...]
    greedy: bool


Batch = list[tuple[int, Reading]]


@dataclass
class Tally:
    """What scoring cost, added up over calls.

    `body_tokens` went through the layers, padding and checks included, `head_rows` through the head.
    `least_tokens` are the distinct prefixes of all requests and `flat_tokens` their tokens one by one: the
    least that is possible, and what is due where nothing is shared. `checked` requests were read both
    ways. `way` is the one that the last call ended with, `reason` why not the one it was asked for.
    """

    body_tokens: int = 0
    head_rows: int = 0
    least_tokens: int = 0
    flat_tokens: int = 0
    checked: int = 0
    way: Way = "trie"
    reason: str = ""


def readings(
    lm: LM,
    requests: Sequence[Request],
    *,
    batch_tokens: int | None = None,
    skip: Collection[int] = frozenset(),
    way: Way = "trie",
    tally: Tally | None = None,
) -> Iterator[Batch]:
    """Batches of (request index, reading) as they are ready, without the requests in `skip`.

    Steps and batches are planned from all requests, and run whole unless all they hold is in `skip`: an
    interrupted run goes on with the numbers of an uninterrupted one. They hold at most `batch_tokens`
    tokens (None: what suits the device and the way); memory that ends halves them.
    Raises `BadInput` for an unknown way and for a request without reads, with a place outside its ids, or
    longer than the model's positions; `OutOfRoom` where not even the smallest part fits into memory.
    """
    if way not in get_args(Way):
        raise BadInput(f"No way of reading called {way!r}; use one of {', '.join(get_args(Way))}.")
    _check(lm, requests)
    if all(index in skip for index in range(len(requests))):
        return
    job = _Job(lm, requests, batch_tokens, set(skip), Tally() if tally is None else tally)
    if way == "trie":
        job.tally.way, job.tally.reason = "trie", ""
        reason = obstacle(lm, max(map(len, job.rows))) or (yield from job.as_tree())
        if reason is None:
            return
        job.tally.reason = reason
        told = f"{lm.name} reads prompt by prompt, not as a tree of what they share: {reason}."
        warnings.warn(told, ScoringWarning, stacklevel=2)
    job.tally.way = "flat"
    yield from job.flat()


class _Job:
    """All requests of a call, and what is known of them so far."""

    def __init__(
        self, lm: LM, requests: Sequence[Request], batch_tokens: int | None, done: set[int], tally: Tally
    ) -> None:
        self.lm, self.batch_tokens, self.done, self.tally = lm, batch_tokens, done, tally
        self.asked = [request.reads for request in requests]
        self.places = [[place for place, _ in reads] for reads in self.asked]
        self.rows = [
            request.ids[: max(some) + 1] for request, some in zip(requests, self.places, strict=True)
        ]
        self.reads = Reads(self.asked)
        self.trie = grow(self.rows, self.places)
        tally.least_tokens += len(self.trie.ids)
        tally.flat_tokens += sum(map(len, self.rows))

    def as_tree(self) -> Generator[Batch, None, str | None]:
        """Batches of the tree; returns why it had to be left before the end, None if it had not."""
        left = [index for index in range(len(self.rows)) if index not in self.done]
        tips = np.sort(self.trie.tips[left])
        tokens, heads = bounds(self.lm)
        planned = steps(self.trie, self.batch_tokens or tokens, heads)
        waiting = deque(step for step in planned if needed(self.trie, step, tips))
        tree = TreePass(self.lm, self.trie, waiting)
        ends, asked = Located(self.trie.tips), Located(np.concatenate(self.trie.places))
        early = next((ending for step in waiting if len(ending := self._left(ends, step)) > 1), [])
        guard = Guard(self.lm, list(map(len, self.rows)), left, set(early), sum(map(len, waiting)))
        begun, held = False, list[int]()
        while waiting:
            step = waiting.popleft()
            try:
                self._read(tree, step, asked)
            except Exception as error:
                if not begun and not memory_ended(error):
                    return f"it fails on branches ({type(error).__name__}: {str(error).strip():.200})"
                make_room(error, len(step))
                waiting.extendleft(reversed(halved(self.trie, step)))
                continue
            begun = True
            finished = self._left(ends, step)
            for index in set(guard.drawn).intersection(finished):
                if reason := self._checked(guard, index):
                    return reason
            held.extend(finished)
            if held and not guard.due:
                yield self._results(held)
                held = []
        guard.passed()
        return None

    def flat(self) -> Iterator[Batch]:
        """Batches of padded rows; requests with the same ids share one."""
        alike: dict[tuple[int, ...], list[int]] = {}
        for index, row in enumerate(self.rows):
            alike.setdefault(row, []).append(index)
        rows, members = list(alike), list(alike.values())

        def run(batch: list[int]) -> list[int]:
            some = [rows[place] for place in batch]
            places = [[p for index in members[place] for p in self.places[index]] for place in batch]
            which = [read for place in batch for index in members[place] for read in self.reads.of(index)]
            head = read_flat(self.lm, some, places, self.reads, np.array(which))
            self._count(len(some) * max(map(len, some)), head)
            return batch

        most = room(self.lm, rows, self.batch_tokens or reading_tokens(self.lm), tolerance=1e-4)
        for batch in plan(list(map(len, rows)), most):
            left = sorted(index for place in batch for index in members[place] if index not in self.done)
            if left:
                halving(run, batch)
                yield self._results(left)

    def _read(self, tree: TreePass, step: Step, asked: Located) -> None:
        """One step of the tree, and the reads in it."""
        which = asked.within(step)
        place = np.searchsorted(step.tokens, asked.tokens[which])
        kept, rows = np.unique(place, return_inverse=True)
        with reading(self.lm):
            self.reads.fill(which, tree.logits(step, torch.from_numpy(kept).to(self.lm.device)), rows)
        self._count(len(step), len(kept))

    def _checked(self, guard: Guard, index: int) -> str | None:
        """Why the tree cannot stand, seen on one request; None also where memory is too small to tell."""
        try:
            found = self.reads.values[self.reads.of(index)]
            reason = guard.differs(index, self.rows[index], self.asked[index], found)
        except (RuntimeError, MemoryError) as error:
            if not memory_ended(error):
                raise
            return None
        self.tally.checked += 1
        self._count(len(self.rows[index]), len(set(self.places[index])))
        return reason

    def _left(self, ends: Located, step: Step) -> list[int]:
        """The requests that end in a step and are not done."""
        return sorted(index for index in ends.within(step).tolist() if index not in self.done)

    def _results(self, indices: list[int]) -> Batch:
        self.done.update(indices)
        return [(index, self._reading(self.reads.of(index))) for index in indices]

    def _reading(self, own: range) -> Reading:
        return Reading(tuple(self.reads.values[own].tolist()), bool(self.reads.greedy[own].all()))

    def _count(self, body: int, head: int) -> None:
        self.tally.body_tokens += body
        self.tally.head_rows += head


def _check(lm: LM, requests: Sequence[Request]) -> None:
    for index, request in enumerate(requests):
        places = [place for place, tokens in request.reads if tokens]
        if (
            not places
            or len(places) < len(request.reads)
            or not 0 <= min(places) <= max(places) < len(request.ids)
        ):
            raise BadInput(
                f"Request {index} of {len(request.ids)} tokens has the reads {str(request.reads)[:80]}; "
                "each needs a place in the ids and a token."
            )
        if lm.context is not None and max(places) >= lm.context:
            raise BadInput(
                f"Request {index} has {max(places) + 1} tokens, {lm.name} reads {lm.context}; cut it."
            )
