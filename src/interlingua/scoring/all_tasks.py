"""All tasks of a source asked in every language that has them: the same questions in each."""

from collections.abc import Mapping, Sequence

from interlingua.core.errors import MissingResource
from interlingua.core.ledger import Ledger
from interlingua.core.rows import Row
from interlingua.core.seeds import derive
from interlingua.data.builders import draw
from interlingua.data.items import Choice
from interlingua.data.source import Source
from interlingua.models.lm import LM
from interlingua.scoring.choices import score_choices


def ask_all(lm: LM, source: Source, items: int, *, seed: int = 0, ledger: Ledger | None = None) -> list[Row]:
    """Direct answers to at most `items` test questions per task and language, the same ones in each language.

    Raises `MissingResource` for a source without questions, and what `score_choices` raises.
    """
    asked = [
        item for task in source.tasks for one in questions(source, task, items, seed).values() for item in one
    ]
    if not asked:
        raise MissingResource(f"{source.name} has no test questions of its tasks; add them to [tasks.NAME].")
    return score_choices(lm, asked, ledger=ledger, seed=seed, title="Answering directly")


def questions(source: Source, task: str, items: int, seed: int = 0) -> dict[str, list[Choice]]:
    """At most `items` test questions of a task by language, drawn by `seed` alike in all languages."""
    found = {}
    for lang in source.languages_of(task):
        bank = sorted(source.task(task, lang), key=lambda item: item.group)
        found[lang] = draw(bank, items, derive(seed, "items", task))
    return found


def in_step(asked: Mapping[str, Sequence[Choice]]) -> dict[str, list[Choice]]:
    """The questions whose group every language has, in one order for all languages."""
    shared = set.intersection(*({item.group for item in own} for own in asked.values())) if asked else set()
    return {
        lang: sorted((item for item in own if item.group in shared), key=lambda item: item.group)
        for lang, own in asked.items()
    }
