"""Learning tasks: labelled questions of all tasks, learned before a model is measured on them."""

from collections.abc import Sequence
from pathlib import Path

from interlingua.data.source import Source
from interlingua.data.task_rows import task_rows
from interlingua.models.lm import LM
from interlingua.training.adapt import Adapted, Lora, adapt
from interlingua.training.budget import Budget


def learn_tasks(
    lm: LM,
    source: Source,
    languages: Sequence[str],
    lora: Lora,
    budget: Budget | None,
    batch_size: int,
    *,
    limit: int = 10_000,
    seed: int = 0,
    checkpoint: Path | None = None,
) -> Adapted:
    """The model tuned on `task_rows` of the pivot and of `languages`; without `budget` as it is, at no cost.

    Raises what `task_rows` and `adapt` raise.
    """
    if budget is None:
        return Adapted(lm, 0, 0, 0)
    rows = task_rows(source, languages, limit, seed)
    return adapt(
        lm, rows, lora, budget, batch_size, seed=seed, checkpoint=checkpoint, title="Tuning on tasks"
    )
