"""Chains of thought: questions of many languages before reasoning in the pivot, in the ways xCoT puts them.

Source: xCoT, arXiv:2401.07037 (a) to (d). Every row ends with the same target: the steps, then the answer.
"""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from interlingua.core.errors import BadInput, MissingResource
from interlingua.core.seeds import derive
from interlingua.data.builders import draw
from interlingua.data.items import Choice, Example, Open, right_answer
from interlingua.data.prompts import Template
from interlingua.data.source import Source

BETWEEN = "\n\n"
"""What stands behind a demonstration."""


@dataclass(frozen=True, slots=True)
class Chain:
    """One question as it is asked in each language, and its steps and answer in the pivot."""

    task: str
    group: str
    questions: Mapping[str, str]
    told: str


def asked(source: Source, task: str, lang: str, split: str) -> Sequence[Choice | Open]:
    """The items of a task of either kind."""
    return (
        source.open_task(task, lang, split) if task in source.open_tasks else source.task(task, lang, split)
    )


def explained_tasks(source: Source) -> tuple[str, ...]:
    """The tasks that have reasoning steps in the pivot; `MissingResource` where there is none."""
    found, lacking = list[str](), "it has no task"
    for task in (*source.tasks, *source.open_tasks):
        try:
            if source.explained(task, source.pivot, "train"):
                found.append(task)
        except MissingResource as error:
            lacking = str(error)
    if not found:
        raise MissingResource(f"{source.name} has no training questions with reasoning steps: {lacking}")
    return tuple(found)


def reasoning_tasks(source: Source) -> tuple[str, ...]:
    """The tasks with options whose answers come with reasoning steps; none where there is no such task."""
    try:
        return tuple(task for task in explained_tasks(source) if task in source.tasks)
    except MissingResource:
        return ()


def chains(
    source: Source, languages: Sequence[str], limit: int, seed: int = 0, *, elsewhere: int | None = None
) -> list[Chain]:
    """At most `limit` training questions of every task with steps, in the pivot and in `languages`.

    `elsewhere` bounds how many of them are known in other languages than the pivot (None: all).
    Raises `MissingResource` where no task has steps in the pivot or none of them is asked in `languages`.
    """
    found = []
    for task in explained_tasks(source):
        drawn = draw(source.explained(task, source.pivot, "train"), limit, derive(seed, "chains", task))
        own = {
            lang: {item.group: item.question for item in asked(source, task, lang, "train")}
            for lang in languages
        }
        others = {one.group for one in draw(drawn, elsewhere or limit, derive(seed, "elsewhere", task))}
        for one in drawn:
            questions = {
                lang: texts[one.group]
                for lang, texts in own.items()
                if one.group in texts and one.group in others
            }
            told = f"{one.steps.strip()} {one.answer.strip()}"
            found.append(Chain(task, one.group, {source.pivot: one.question, **questions}, told))
    if not any(len(chain.questions) > 1 for chain in found):
        raise MissingResource(
            f"{source.name} has no training questions in {', '.join(languages)} of those that have steps in "
            f"{source.pivot}; add them to [tasks.NAME], with the same groups."
        )
    return found


def answered(chains: Sequence[Chain]) -> list[Example]:
    """(a) Every question in every language, then steps and answer."""
    return [
        Example(question, gap(question) + chain.told, "answered", lang, chain.task)
        for chain in chains
        for lang, question in chain.questions.items()
    ]


def demonstrated(
    chains: Sequence[Chain],
    pivot: str,
    switch: Mapping[str, Callable[[str, int], str]],
    count: int,
    seed: int = 0,
) -> list[Example]:
    """(b) Questions of other languages behind `count` solved ones of the pivot, switched into that language.

    `switch` replaces words of a text for each language, given the text and a seed. Raises `BadInput` where
    there are not enough other questions to show.
    """
    if len(chains) <= count:
        raise BadInput(f"{count} solved questions are to be shown, but there are only {len(chains)} in all.")
    rows = []
    for place, chain in enumerate(chains):
        for lang, question in chain.questions.items():
            if lang == pivot:
                continue
            rng = random.Random(derive(seed, "demonstrated", lang, chain.task, chain.group))
            others = [i + (i >= place) for i in rng.sample(range(len(chains) - 1), count)]
            shown = ""
            for other in others:
                text = switch[lang](chains[other].questions[pivot], rng.randrange(2**31))
                shown += text + gap(text) + chains[other].told + BETWEEN
            rows.append(
                Example(shown + question, gap(question) + chain.told, "demonstrated", lang, chain.task)
            )
    return rows


def translated(
    chains: Sequence[Chain], template: Template, into: str | None = None, seed: int = 0
) -> list[Example]:
    """(c) Questions to be put into another language before they are answered; the translation is learned too.

    The other language is drawn for every row among those of its question, or is `into`.
    """
    rows = []
    for chain in chains:
        for lang, question in chain.questions.items():
            rng = random.Random(derive(seed, "translated", lang, chain.task, chain.group))
            others = [other for other in chain.questions if other != lang and into in (None, other)]
            if not others:
                continue
            other = rng.choice(others)
            text = chain.questions[other]
            told = text + gap(text) + chain.told
            rows.append(Example(template.render(question, lang, other), told, "translated", lang, chain.task))
    return rows


def twins(chains: Sequence[Chain], pivot: str) -> list[Example | None]:
    """(d) For every row of `answered` in another language, its target after the question in the pivot."""
    return [
        None if lang == pivot
        else Example(chain.questions[pivot], gap(question) + chain.told, "twin", pivot, chain.task)
        for chain in chains
        for lang, question in chain.questions.items()
    ]  # fmt: skip


def to_write(
    source: Source,
    tasks: Collection[str],
    limit: int,
    most: int,
    seed: int = 0,
    *,
    template: Template | None = None,
) -> list[Open]:
    """Test questions in every language, to be answered in at most `most` tokens: steps, then a number.

    At most `limit` of each task and language, the same questions in all. Shots are left out. With `template`
    questions of other languages are to be put into the pivot first.
    """

    def put(question: str, lang: str) -> str:
        return (
            question
            if template is None or lang == source.pivot
            else template.render(question, lang, source.pivot)
        )

    return [
        Open(
            item.id, task, item.split, lang, put(item.question, lang), (right_answer(item).strip(),),
            item.group, item.cluster, match="number", stop=(), max_new_tokens=most,
        )
        for task in (*source.tasks, *source.open_tasks)
        if task in tasks
        for lang in source.languages_of(task)
        for item in draw(asked(source, task, lang, "test"), limit, derive(seed, "to write", task))
    ]  # fmt: skip


def gap(text: str) -> str:
    """What stands between a question and its answer."""
    return "" if text[-1:].isspace() else " "
