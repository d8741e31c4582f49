"""Shots: solved examples that stand before every question of a task, the same for all its items."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from interlingua.core.errors import BadInput
from interlingua.core.seeds import derive
from interlingua.data.items import Choice, Open

Item = TypeVar("Item", bound=Choice | Open)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What of an item decides whether it is drawn: where it belongs and what its answer is."""

    group: str
    cluster: str
    answer: int = 0


def pick_shots(candidates: Iterable[Candidate], count: int, task: str) -> tuple[str, ...]:
    """The groups of `count` shots, in the order in which they are shown.

    Answers take turns, so that each is shown equally often (one more of the first where `count` does not
    divide); no two shots are of one cluster while there are others. A pure function of the candidates'
    content: their order does not matter, nor does any seed.
    Raises BadInput where there are fewer than `count`.
    """
    waiting: dict[int, list[Candidate]] = defaultdict(list)
    for one in sorted(candidates, key=lambda one: derive(0, "shots", task, one.group)):
        waiting[one.answer].append(one)
    there = sum(map(len, waiting.values()))
    if there < count:
        raise BadInput(f"Task {task}: {count} shots are wanted, but there are {there} examples to draw from.")
    drawn: list[Candidate] = []
    while len(drawn) < count:
        for answer in sorted(waiting):
            if waiting[answer] and len(drawn) < count:
                clusters = {one.cluster for one in drawn}
                fresh = (at for at, one in enumerate(waiting[answer]) if one.cluster not in clusters)
                drawn.append(waiting[answer].pop(next(fresh, 0)))
    return tuple(one.group for one in drawn)


def with_shots(
    items: Sequence[Item], pool: Sequence[Item], count: int, *, close: str = "", gap: str = " ",
    between: str = "\n\n",
) -> list[Item]:  # fmt: skip
    """`items` with `count` solved items of `pool` before each; those drawn, and their clusters, are left out.

    For items of any source, a lab world's too. `close` stands behind an answer, `gap` before one that is
    written freely (options begin with theirs), `between` after each shot.
    Raises BadInput where `pool` is too small.
    """
    if not count:
        return list(items)
    drawn = pick_shots(map(candidate, pool), count, pool[0].task if pool else "")
    text = shot_text(pool, drawn, close=close, gap=gap, between=between)
    return [replace(item, shots=text) for item in left_out(items, pool, drawn)]


def candidate(item: Choice | Open) -> Candidate:
    """An item as one that may be drawn."""
    return Candidate(item.group, item.cluster, item.answer if isinstance(item, Choice) else 0)


def left_out(items: Sequence[Item], pool: Sequence[Item], drawn: Sequence[str]) -> list[Item]:
    """The items but those drawn from their own split, and but their clusters, whose text the model reads."""
    groups = set(drawn)
    shown = [item for item in pool if item.group in groups]
    read = {(item.split, item.group) for item in shown} | {(item.split, item.cluster) for item in shown}
    return [item for item in items if not {(item.split, item.group), (item.split, item.cluster)} & read]


def shot_text(pool: Sequence[Item], drawn: Sequence[str], *, close: str, gap: str, between: str) -> str:
    """The items of `drawn` groups with their answers, in that order."""
    by_group = {item.group: item for item in pool}
    return "".join(
        by_group[group].question + _answer(by_group[group], gap) + close + between for group in drawn
    )


def _answer(item: Choice | Open, gap: str) -> str:
    return item.options[item.answer] if isinstance(item, Choice) else gap + item.answers[0]
