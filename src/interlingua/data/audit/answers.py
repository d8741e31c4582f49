"""Answers that cannot be: not among the candidates, or not where the offset says."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Hits, shown
from interlingua.data.audit.sheet import CONTEXT, Sheet

_ANSWERS = ("answer", "gold", "target", "correct", "correct_answer", "label")
_STARTS = ("answer_start", "start", "answer_offset")


def _find(sheet: Sheet) -> Iterator[Hits]:
    yield from _candidates(sheet)
    yield from _offsets(sheet)


def _candidates(sheet: Sheet) -> Iterator[Hits]:
    """The answer is a candidate, the name of one, or its number from 0 or 1."""
    lists = sheet.roles.lists
    answers = [name for name in _ANSWERS if name in sheet.columns]
    if not lists or not answers:
        return
    column, given = answers[0], sheet.columns[answers[0]]
    names = sheet.columns["choice_labels" if "choice_labels" in lists else lists[0]]
    first = _first_number(given)
    fits = [
        answer is None or not there or _fits(answer, there, first)
        for answer, there in zip(given, names, strict=True)
    ]
    bad = ~np.array(fits)
    if bad.mean() > 0.5:
        return

    def tell(row: int) -> str:
        return f"{column} {shown(given[row])!r} is not among {shown(', '.join(map(str, names[row])))}"

    yield from _hits(sheet, "not_a_candidate", bad, tell)


def _first_number(given: list[Any]) -> int:
    """Whether numbered answers begin at 0 or 1."""
    numbers = [
        int(one) for one in given if isinstance(one, int) or (isinstance(one, str) and one.isdecimal())
    ]
    return min(numbers, default=0) if numbers and min(numbers) in (0, 1) else 0


def _fits(answer: Any, there: Any, first: int) -> bool:
    if answer in there or str(answer) in map(str, there):
        return True
    number = int(answer) if isinstance(answer, int) or str(answer).isdecimal() else -1
    return first <= number < first + len(there)


def _offsets(sheet: Sheet) -> Iterator[Hits]:
    """The answer stands in its context where the offset says, counted in characters."""
    starts = next((name for name in _STARTS if name in sheet.columns), None)
    contexts = next(
        (sheet.columns[name] for name in ("context", "passage", CONTEXT) if name in sheet.columns), None
    )
    if starts is None or contexts is None or "answer" not in sheet.columns:
        return
    answers, places = sheet.text("answer"), sheet.columns[starts]
    bad = np.zeros(len(sheet), bool)
    for row, (answer, at, context) in enumerate(zip(answers, places, contexts, strict=True)):
        if answer and context and at is not None:
            bad[row] = context[int(at) : int(at) + len(answer)] != answer

    def tell(row: int) -> str:
        at, context = int(places[row]), contexts[row]
        found = context.find(answers[row])
        where = f"it is at {found}" if found >= 0 else "it is nowhere in the context"
        there = context[at : at + len(answers[row])]
        return f"{shown(answers[row])!r} is not at character {at}, where {shown(there)!r} is; {where}"

    yield from _hits(sheet, "wrong_offset", bad, tell)


def _hits(sheet: Sheet, kind: str, bad: Any, tell: Any) -> Iterator[Hits]:
    for lang, block in sheet.blocks.items():
        rows = np.flatnonzero(bad[block.start : block.stop]) + block.start
        if len(rows):
            yield Hits(kind, lang, rows, 1.0, tell)


DETECTOR = Detector(
    _find,
    {
        "not_a_candidate": "an answer that is none of the row's candidates",
        "wrong_offset": "an answer that does not stand where its offset says",
    },
)
