"""Other questions: as many more of the same tasks, whose answers foretell those to the first.

How well they do is the ceiling that chance leaves to any estimate of a language's score.
"""

from interlingua.core.errors import MissingResource
from interlingua.core.ledger import Ledger
from interlingua.core.rows import Row
from interlingua.core.seeds import derive
from interlingua.data.builders import draw
from interlingua.data.items import Choice
from interlingua.data.source import Source
from interlingua.models.lm import LM
from interlingua.scoring.all_tasks import questions
from interlingua.scoring.choices import score_choices


def ask_others(
    lm: LM, source: Source, items: int, *, seed: int = 0, ledger: Ledger | None = None
) -> list[Row]:
    """Direct answers to at most `items` test questions per task and language that `ask_all` does not ask.

    They share no cluster with those that it asks, and are the same ones in each language that has the same
    questions. Raises `MissingResource` where a task has none left in a language, and what `score_choices`
    raises.
    """
    others = list[Choice]()
    for task in source.tasks:
        for lang, asked in questions(source, task, items, seed).items():
            taken = {item.cluster for item in asked}
            bank = sorted(source.task(task, lang), key=lambda item: item.group)
            rest = [item for item in bank if item.cluster not in taken]
            if asked and not rest:
                raise MissingResource(
                    f"{source.name} has no test questions of {task} in {lang} beside the {len(asked)} asked; "
                    "add some to its split test, or ask fewer."
                )
            others += draw(rest, items, derive(seed, "others", task))
    return score_choices(lm, others, ledger=ledger, seed=seed, title="Answering other questions")
