"""Task shares: how much is right in each task, and in the mean over tasks, of answers of one kind.

Plain numbers for recipes that answer questions themselves; rows with intervals are `accuracy`'s.
"""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from interlingua.core.errors import BadInput
from interlingua.core.rows import Row


def task_shares(answers: Iterable[tuple[str, bool]]) -> dict[str, float]:
    """Share of right answers by task, in the order in which tasks are met; answers are (task, right)."""
    right: dict[str, list[bool]] = defaultdict(list)
    for task, found in answers:
        right[task].append(found)
    return {task: float(np.mean(found)) for task, found in right.items()}


def mean_task_share(answers: Iterable[tuple[str, bool]]) -> float:
    """The mean over tasks of the share of right answers, every task weighing the same.

    Raises `BadInput` for no answers.
    """
    shares = task_shares(answers)
    if not shares:
        raise BadInput("No answers, so no share of them is right; ask at least one question.")
    return float(np.mean(list(shares.values())))


def language_shares(rows: Iterable[Row]) -> dict[str, float]:
    """The same by language, of rows; {} of none. `accuracy` gives these numbers with intervals."""
    answers: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for row in rows:
        answers[row.lang].append((row.task, row.correct))
    return {lang: mean_task_share(own) for lang, own in answers.items()}
