"""Arms: training rows of question translation and of its controls, with replayed pivot questions if asked."""

from collections.abc import Callable
from typing import Literal

from interlingua.data.builders import (
    general_text,
    mix,
    pivot_only,
    question_translation,
    replay,
    reverse,
    shuffled,
)
from interlingua.data.items import Example
from interlingua.data.prompts import Template
from interlingua.data.source import Source

Signal = Literal["questions", "shuffled", "pivot_only", "reverse", "general_text"]


def arm(
    source: Source,
    languages: tuple[str, ...],
    signal: Signal,
    *,
    template: Template,
    target: str,
    limit: int = 10_000,
    replay_share: float = 0.0,
    seed: int = 0,
) -> list[Example]:
    """Rows of one signal: true question pairs, or a control that destroys what they carry.

    `replay_share` of all rows are labelled questions of the pivot, drawn alike for every arm. Raises what the
    builders raise, `MissingResource` for data the source lacks.
    """
    rest = (limit, seed, target)
    rows: dict[str, Callable[[], list[Example]]] = {
        "questions": lambda: question_translation(source, languages, template, *rest),
        "shuffled": lambda: shuffled(question_translation(source, languages, template, *rest), seed),
        "pivot_only": lambda: pivot_only(source, languages, *rest),
        "reverse": lambda: reverse(source, languages, template, *rest),
        "general_text": lambda: general_text(source, languages, template, *rest),
    }
    examples = rows[signal]()
    if not replay_share or not examples:
        return examples
    again = replay(source, source.tasks, source.pivot, len(examples), seed)
    return mix(examples, again, replay_share, seed)
