"""Parallel: the same sentences in every language of a source, so that its languages can be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.source import Source

LEAST = 2


@dataclass(frozen=True)
class Parallel:
    """Sentences by language, in one order; `groups` names them, `left_out` says why a language is not here.

    `what` they are: `pairs` of general text, or `questions` of tasks where the source has no such text.
    """

    what: Literal["pairs", "questions"]
    groups: tuple[str, ...]
    texts: Mapping[str, list[str]]
    left_out: Mapping[str, str]


def parallel_texts(place: Source, langs: Sequence[str], count: int) -> Parallel | None:
    """At most `count` sentences that all `langs` have, the pivot first; None where no language has any.

    Of general text and task questions that is taken which more languages have. A language that has too few
    of the sentences that the others share is left out, so that it does not cost them theirs.
    Raises `BadInput` for a single sentence, or one that is empty.
    """
    others = [lang for lang in langs if lang != place.pivot]
    kinds: dict[Literal["pairs", "questions"], dict[str, dict[str, tuple[str, str]]]] = {
        "pairs": {lang: own for lang in others if (own := _pairs(place, lang))},
        "questions": {lang: own for lang in others if (own := _questions(place, lang))},
    }
    what = max(kinds, key=lambda kind: (len(kinds[kind]), kind == "pairs"))
    held = kinds[what]
    if not held:
        return None
    wanted = min(count, max(map(len, held.values())))
    if wanted < LEAST:
        raise BadInput(
            f"{place.name} has a single sentence that is parallel to {place.pivot}; "
            f"alignment compares at least {LEAST}."
        )
    groups, left_out = _shared(held, wanted, place.pivot)
    left_out |= {lang: f"no {what} parallel to {place.pivot}" for lang in others if lang not in held}
    kept = [lang for lang in others if lang in held and lang not in left_out]
    chosen = sorted(groups)[:count]
    texts = {place.pivot: [held[kept[0]][group][1] for group in chosen]}
    texts |= {lang: [held[lang][group][0] for group in chosen] for lang in kept}
    for lang, sentences in texts.items():
        for group, text in zip(chosen, sentences, strict=True):
            if not text.strip():
                raise BadInput(
                    f"{place.name}: sentence {group!r} is empty in {lang}; take it out everywhere."
                )
    return Parallel(what, tuple(chosen), texts, left_out)


def _shared(
    held: Mapping[str, Mapping[str, object]], wanted: int, pivot: str
) -> tuple[set[str], dict[str, str]]:
    """Groups that the kept languages share, and the languages that are left out to keep half of `wanted`."""
    order = sorted(held, key=lambda lang: -len(held[lang]))
    groups, left_out = set(held[order[0]]), dict[str, str]()
    for lang in order[1:]:
        both = groups & held[lang].keys()
        if len(both) < max(LEAST, wanted / 2):
            left_out[lang] = f"only {len(both)} of its sentences are those that others have with {pivot}"
        else:
            groups = both
    return groups, left_out


def _pairs(place: Source, lang: str) -> dict[str, tuple[str, str]]:
    try:
        return {pair.id: (pair.source, pair.target) for pair in place.pairs(lang, place.pivot)}
    except MissingResource:
        return {}


def _questions(place: Source, lang: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for task in place.tasks:
        for split in place.splits(task):
            if {lang, place.pivot} <= set(place.languages_of(task, split)):
                there = {item.group: item.question for item in place.task(task, place.pivot, split)}
                found |= {
                    f"{task} {split} {item.group}": (item.question, there[item.group])
                    for item in place.task(task, lang, split)
                    if item.group in there
                }
    return found
