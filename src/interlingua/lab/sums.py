"""Sums: arithmetic in words; verbs bring things, take them away or leave them, and what is left is asked for.

A question gives some things to start with and two more clauses, as `Miro finds 5 birds. Tesa follows 2
birds. Kalu sees 3 birds.`: who finds or brings adds, who calls or follows takes away, who sees or likes
changes nothing (a convention of the lab). All numbers have one digit. The wrong options are what the same
numbers give where verbs are read otherwise, so neither numbers nor options tell the answer: the verbs do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from interlingua.lab.concepts import NOUNS
from interlingua.lab.facts import Clause, Counted, Facts, Question
from interlingua.lab.tongues import Tongue

SUMS = "arithmetic"
OPTIONS = 4
VERBS_OF: Mapping[int, tuple[str, ...]] = {+1: ("find", "bring"), -1: ("call", "follow"), 0: ("see", "like")}
"""The verbs that add, take away, and change nothing."""
_SIGNS = {verb: sign for sign, verbs in VERBS_OF.items() for verb in verbs}
_MOST = 9


@dataclass(frozen=True, slots=True)
class Sum(Question):
    """A question in numbers; `answer` indexes `options`."""

    options: tuple[int, ...] = ()

    @property
    def deeds(self) -> tuple[tuple[str, int], ...]:
        """Verb and number of each clause."""
        return tuple(
            (part.verb, part.object.count)
            for part in self.parts
            if isinstance(part, Clause) and isinstance(part.object, Counted)
        )


def draw_sum(facts: Facts, answer: int) -> Sum:
    """A question whose right option stands at place `answer`; every reachable result is equally likely."""
    while True:
        numbers = [1 + facts.rng.randrange(_MOST), *(1 + facts.rng.randrange(5) for _ in range(2))]
        readings = _readings(numbers)
        if len(readings) >= OPTIONS:
            break
    chosen = facts.rng.sample(sorted(readings), OPTIONS)
    signs = (+1, *facts.one(readings[chosen[answer]]))
    noun, past = facts.one(NOUNS), facts.coin()
    clauses = tuple(
        Clause(facts.person(), facts.one(VERBS_OF[sign]), Counted(noun, number > 1, count=number), past=past)
        for sign, number in zip(signs, numbers, strict=True)
    )
    return Sum(SUMS, ("text", *clauses, "fact"), answer, tuple(chosen))


def steps_of(question: Sum, tongue: Tongue) -> str:
    """The way to the answer in a tongue: each verb, its number, and how many there are then."""
    total, told = 0, []
    for verb, number in question.deeds:
        total += _SIGNS[verb] * number
        told.append(f"{' '.join(tongue.word(verb))} {number}:{total}{tongue.stop}")
    return " ".join(told)


def _readings(numbers: Sequence[int]) -> dict[int, list[tuple[int, ...]]]:
    """Result -> the signs of the later numbers that lead there, all totals on the way having one digit."""
    found: dict[int, list[tuple[int, ...]]] = {}
    first, *later = numbers
    for signs in product(VERBS_OF, repeat=len(later)):
        totals = [first]
        for sign, number in zip(signs, later, strict=True):
            totals.append(totals[-1] + sign * number)
        if all(0 <= total <= _MOST for total in totals):
            found.setdefault(totals[-1], []).append(signs)
    return found
