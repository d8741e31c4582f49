"""The lens as `explain` tells it: which task is looked at, in which words, and what every layer says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from interlingua.core.errors import BadInput, UnknownName
from interlingua.core.lens_read import Words
from interlingua.data.items import Choice
from interlingua.data.source import Source
from interlingua.measures.lens import lens
from interlingua.models.lm import LM
from interlingua.scoring.lens import read_lens
from interlingua.scoring.token_grid import token_grid
from interlingua.scoring.tuned_lens import TunedLens
from interlingua.studies.shards import Plan, drawn

TOP = 3
LONGEST = 400
"""Characters of such a sentence."""
LEAST = 2


@dataclass(frozen=True)
class Looked:
    """Questions of one task by language, the same where a language has them, and its words for the answers.

    `english` are those of the pivot, `native` those of each language that has its own; without words that
    are the same for all questions both are missing.
    """

    task: str
    split: str
    items: Mapping[str, list[Choice]]
    english: tuple[str, ...] | None
    native: Mapping[str, tuple[str, ...]]


def looked_at(
    place: Source, tasks: Sequence[str], name: str | None, langs: Sequence[str], plan: Plan, count: int
) -> Looked | None:
    """What the lens is held on: the task `name`, or the first whose answers are always the same words.

    None where the source has no task to choose answers in. Raises `UnknownName` for another name, `BadInput`
    for fewer than two questions.
    """
    known = [task for task in tasks if task in place.tasks]
    if name is not None and name not in known:
        raise UnknownName("task for the lens", name, known)
    splits = {task: place.splits(task)[0] for task in known}
    usable = [task for task in known if place.pivot in place.languages_of(task, splits[task])]
    if not usable:
        return None
    fixed = (task for task in usable if _words(place.task(task, place.pivot, splits[task])))
    task = name or next(fixed, usable[0])
    split = splits[task]
    banks = {lang: place.task(task, lang, split) for lang in langs if lang in place.languages_of(task, split)}
    few = replace(plan, limit=count)
    each = {lang: sorted(drawn(bank, task, few), key=lambda item: item.group) for lang, bank in banks.items()}
    items = {lang: own for lang, own in each.items() if len({item.cluster for item in own}) >= LEAST}
    if place.pivot not in items:
        raise BadInput(
            f"{task} ({split}) of {place.name} has {len(each[place.pivot])} questions in {place.pivot}; an "
            f"interval needs {LEAST} of different passages."
        )
    english = _words(banks[place.pivot])
    words = {lang: _words(bank) for lang, bank in banks.items()}
    native = {lang: own for lang, own in words.items() if own and own != english}
    return Looked(task, split, items, english, native if english else {})


def lens_of(
    lm: LM, looked: Looked, tuned: TunedLens | None, position: int = -1, words: Words = "options"
) -> dict[str, Any]:
    """Curves per language at a token counted from the prompt's end, leads among `words`.

    Prompts that were cut are counted under `cut`. Raises as `read_lens`.
    """
    items = [item for own in looked.items.values() for item in own]
    reads = read_lens(
        lm, items, english=looked.english, native=looked.native or None, position=position, lens=tuned
    )
    curves = lens(reads, words=words)
    lost = {lang: sum(read.lang == lang and read.cut > 0 for read in reads) for lang in curves}
    return {
        "languages": {lang: one.as_dict() for lang, one in curves.items()},
        "cut": {lang: count for lang, count in lost.items() if count},
    }


def grids_of(
    lm: LM, looked: Looked, langs: Sequence[str], tuned: TunedLens | None, sentence: str | None = None
) -> list[dict[str, Any]]:
    """Token by token and layer by layer: the `sentence`, if any, and a short question in each of `langs`."""
    found = []
    if sentence is not None:
        found.append({"lang": "", **token_grid(lm, sentence, top=TOP, lens=tuned).as_dict()})
    for lang in (lang for lang in langs if lang in looked.items):
        question = min((item.question for item in looked.items[lang]), key=len)[-LONGEST:]
        found.append({"lang": lang, **token_grid(lm, question, top=TOP, lens=tuned).as_dict()})
    return found


def _words(bank: Sequence[Choice]) -> tuple[str, ...] | None:
    """The answers of a task, where all its questions have the same ones."""
    first = bank[0].options
    return first if all(item.options == first for item in bank) else None
