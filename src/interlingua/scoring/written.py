"""Written answers: test questions that a model answers step by step, at once or after it translated them."""

from collections.abc import Sequence

from interlingua.core.ledger import Ledger
from interlingua.core.rows import Row
from interlingua.data.chains import Chain, to_write
from interlingua.data.prompts import Template
from interlingua.data.source import Source
from interlingua.models.lm import LM
from interlingua.scoring.open import score_open

ROOM = 8
"""Tokens that may be written beyond the longest chain that was learned."""


def written_answers(
    lm: LM,
    source: Source,
    learned: Sequence[Chain],
    template: Template,
    items: int,
    *,
    ledger: Ledger | None = None,
    seed: int = 0,
) -> dict[str, list[Row]]:
    """Rows of `written`, answered at once, and of `translated`, put into the pivot by `template` before.

    Asked are at most `items` test questions of each task and language, of the tasks that were learned; an
    answer may be as long as the longest of the chains `learned`. Raises what `score_open` raises.
    """
    tasks = {chain.task for chain in learned}
    told = _longest(lm, [chain.told for chain in learned])
    asked = _longest(lm, [chain.questions[source.pivot] for chain in learned])
    ways = {"written": (told, None), "translated": (asked + told, template)}
    return {
        way: score_open(
            lm, to_write(source, tasks, items, most + ROOM, seed, template=frame),
            mode=way, ledger=ledger, seed=seed,
        )
        for way, (most, frame) in ways.items()
    }  # fmt: skip


def _longest(lm: LM, texts: list[str]) -> int:
    return max(len(ids) for ids in lm.tokenizer(texts).input_ids)
