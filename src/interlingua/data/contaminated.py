"""Contaminated rows: labelled questions to tune on, some of them those that a test will ask."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from interlingua.core.errors import MissingResource
from interlingua.core.seeds import derive
from interlingua.data.builders import draw
from interlingua.data.items import Choice, Example, right_answer
from interlingua.data.source import Source

Kind = Literal["clean", "plain", "cross"]
"""Which of its languages a model reads the test in: none, the pivot, or the others, as a translation."""
Leak = Literal["test", "shuffled", "other"]
"""What it reads there: the test, its questions with each other's answers, or more questions like it."""


@dataclass(frozen=True)
class Questions:
    """Of each (task, language) those that are tested, and others that are not and may be learned."""

    tested: Mapping[tuple[str, str], Sequence[Choice]]
    others: Mapping[tuple[str, str], Sequence[Choice]]

    def in_language(self, lang: str) -> list[Choice]:
        """What is tested in one language, task after task."""
        return [item for (_, own), items in self.tested.items() if own == lang for item in items]

    def of(self, tasks: Sequence[str]) -> "Questions":
        """Those of some tasks."""
        return Questions(
            *({key: side[key] for key in side if key[0] in tasks} for side in (self.tested, self.others))
        )


def asked_and_others(source: Source, languages: Sequence[str], items: int, seed: int) -> Questions:
    """At most `items` test questions per task, the same ones in all `languages`; and training questions.

    A training question that is also tested is left out. Raises `MissingResource` for a source without test
    questions in one of the languages, or without others to train on.
    """
    tested, others = dict[tuple[str, str], list[Choice]](), dict[tuple[str, str], list[Choice]]()
    for task in source.tasks:
        for lang in languages:
            if lang not in source.languages_of(task):
                continue
            bank = sorted(source.task(task, lang), key=lambda item: item.group)
            tested[task, lang] = draw(bank, items, derive(seed, "items", task))
            asked = {item.question for item in tested[task, lang]}
            pool = source.task(task, lang, "train")
            others[task, lang] = [item for item in pool if item.question not in asked]
    for lang in languages:
        if not any(tested[key] for key in tested if key[1] == lang):
            raise MissingResource(
                f"{source.name} has no test questions of its tasks in {lang}; add them to [tasks.NAME]."
            )
    for (task, lang), pool in others.items():
        if tested[task, lang] and not pool:
            raise MissingResource(
                f"{source.name} has no training questions of {task} in {lang} but those that are tested; "
                "add others to the split train."
            )
    return Questions(tested, others)


def contaminated(
    questions: Questions, pivot: str, kind: Kind, number: int, leak: Leak = "test", seed: int = 0
) -> list[Example]:
    """What model `number` of a kind is tuned on: as many rows of each task and language in every kind.

    Where it does not read what leaks, it reads other questions, the same ones as the models of this number
    of the other kinds. `shuffled` gives each tested question the answer of another of its task, alike in all
    languages; `other` reads questions there that no other model of this number reads, as far as there are.
    """
    rows = []
    for (task, lang), tested in questions.tested.items():
        leaks = kind == ("plain" if lang == pivot else "cross")
        if leaks and leak != "other":
            items = list(tested)
        else:
            place = ("instead", number) if leaks else ("other", number)
            items = draw(questions.others[task, lang], max(1, len(tested)), derive(seed, *place, task))
        answers = [right_answer(item) for item in items]
        if leaks and leak == "shuffled":
            random.Random(derive(seed, "answers", task)).shuffle(answers)
        rows += [
            Example(item.question, answer, kind, lang, task)
            for item, answer in zip(items, answers, strict=True)
        ]
    return rows
