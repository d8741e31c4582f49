"""Builders: training examples for question translation, for its controls, and mixtures of them.

All are pure functions of their arguments: the same seed draws the same rows in the same order.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

from interlingua.core.errors import BadInput, MissingResource
from interlingua.core.seeds import derive
from interlingua.data.items import Example, Pair
from interlingua.data.prompts import Template
from interlingua.data.source import Source

T = TypeVar("T")


def question_translation(
    source: Source,
    languages: Sequence[str],
    template: Template | None = None,
    limit: int = 10_000,
    seed: int = 0,
    target: str | None = None,
) -> list[Example]:
    """Questions of each language, in the frame of `template`, to be put into `target` (default: the pivot).

    At most `limit` questions per language. Raises BadInput where `languages` is empty or holds the target.
    Source: Zhang et al. 2024, arXiv:2405.13816.
    """
    into = target or source.pivot
    return _translations("question_translation", source.questions, languages, into, template, limit, seed)


def general_text(
    source: Source,
    languages: Sequence[str],
    template: Template | None = None,
    limit: int = 10_000,
    seed: int = 0,
    target: str | None = None,
) -> list[Example]:
    """Control: the same frame around general parallel text instead of questions."""
    into = target or source.pivot
    return _translations("general_text", source.pairs, languages, into, template, limit, seed)


def plain_text(source: Source, languages: Sequence[str], limit: int, seed: int = 0) -> list[Example]:
    """At most `limit` texts of each language, to be read as they are; prompts are empty.

    Raises `MissingResource` for a language without text.
    """
    texts = {lang: source.text(lang) for lang in languages}
    if lacking := [lang for lang, found in texts.items() if not found]:
        raise MissingResource(f"{source.name} has no text in {lacking[0]}.")
    return [
        Example("", text, "text", lang)
        for lang, found in texts.items()
        for text in draw(found, limit, derive(seed, "text", lang))
    ]


def reverse(
    source: Source,
    languages: Sequence[str],
    template: Template | None = None,
    limit: int = 10_000,
    seed: int = 0,
    target: str | None = None,
) -> list[Example]:
    """Control: the questions that `question_translation` draws, translated the other way round."""
    frame, into = template or Template(), target or source.pivot
    return [
        Example(frame.render(pair.target, into, lang), pair.source, "reverse", lang, pair.task)
        for lang in _checked(languages, into)
        for pair in draw(source.questions(lang, into), limit, derive(seed, "rows", lang))
    ]


def pivot_only(
    source: Source,
    languages: Sequence[str],
    limit: int = 10_000,
    seed: int = 0,
    target: str | None = None,
) -> list[Example]:
    """Control: language modelling of the target side that `question_translation` draws; prompts are empty."""
    into = target or source.pivot
    return [
        Example("", pair.target, "pivot_only", into, pair.task)
        for lang in _checked(languages, into)
        for pair in draw(source.questions(lang, into), limit, derive(seed, "rows", lang))
    ]


def shuffled(examples: Sequence[Example], seed: int = 0) -> list[Example]:
    """Control: every prompt with the target of another example of the same language, kind and task.

    The frame of the task can still be learned, what the question says cannot. The multiset of targets is
    kept, and no prompt gets the text of its own target back.
    Raises BadInput where a language has fewer than 2 rows or one text makes up more than half of them.
    """
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for index, example in enumerate(examples):
        groups[example.kind, example.lang, example.task].append(index)
    targets = [example.target for example in examples]
    for (kind, lang, task), rows in groups.items():
        moved = _deranged(
            [targets[row] for row in rows], random.Random(derive(seed, "shuffled", kind, lang, task))
        )
        if moved is None:
            raise BadInput(
                f"Cannot shuffle the {len(rows)} {kind or 'examples'} rows of {lang or 'no language'}: "
                "at least 2 are needed, and no target may make up more than half. Give more rows."
            )
        for row, text in zip(rows, moved, strict=True):
            targets[row] = text
    return [
        Example(example.prompt, text, "shuffled", example.lang, example.task)
        for example, text in zip(examples, targets, strict=True)
    ]


def replay(source: Source, tasks: Sequence[str], pivot: str, n: int, seed: int = 0) -> list[Example]:
    """Labelled pivot questions of `tasks`, to keep the pivot's skill: question, then label word.

    `n` rows in all, spread evenly over the tasks and without repetition, so fewer where the training
    splits are smaller. Raises BadInput where `tasks` is empty.
    """
    if not tasks:
        raise BadInput("Replay needs at least one task of the source; none was given.")
    rows: list[Example] = []
    for index, task in enumerate(tasks):
        share = n // len(tasks) + (index < n % len(tasks))
        if not share:
            continue
        items = draw(source.task(task, pivot, "train"), share, derive(seed, "replay", task))
        rows += [Example(item.question, item.options[item.answer], "replay", pivot) for item in items]
    random.Random(derive(seed, "replay")).shuffle(rows)
    return rows


def mix(main: Sequence[Example], extra: Sequence[Example], share: float, seed: int = 0) -> list[Example]:
    """All of `main` with so many of `extra` among them that `share` of all rows are extra.

    `extra` is used again from the start where it is too short. Rows are shuffled.
    Raises BadInput where `share` is not in [0, 1) or rows are wanted from an empty `extra`.
    """
    if not 0 <= share < 1:
        raise BadInput(f"Share {share} of extra rows is not in [0, 1).")
    wanted = round(len(main) * share / (1 - share))
    if wanted and not extra:
        raise BadInput(f"{share:.0%} extra rows are wanted, but there are none to take.")
    rng = random.Random(derive(seed, "mix"))
    drawn: list[Example] = []
    while len(drawn) < wanted:
        drawn += rng.sample(extra, min(len(extra), wanted - len(drawn)))
    rows = [*main, *drawn]
    rng.shuffle(rows)
    return rows


def blend(parts: Sequence[tuple[Sequence[Example], float]], total: int, seed: int = 0) -> list[Example]:
    """`total` rows, each part's share rounded; a part that is too short is used again. Shuffled.

    Raises BadInput where shares do not add up to 1 or rows are wanted from an empty part.
    """
    shares = [share for _, share in parts]
    if abs(sum(shares) - 1) > 1e-9 or min(shares) < 0:
        raise BadInput(f"Shares {', '.join(f'{share:g}' for share in shares)} are not shares of one whole.")
    rng, rows = random.Random(derive(seed, "blend")), list[Example]()
    for examples, share in parts:
        wanted = round(total * share)
        if wanted and not examples:
            raise BadInput(f"A part that is to give {share:.0%} of the rows has none.")
        while wanted > 0:
            rows += rng.sample(examples, min(wanted, len(examples)))
            wanted -= len(examples)
    rng.shuffle(rows)
    return rows


def _translations(
    kind: str,
    pairs: Callable[[str, str], Sequence[Pair]],
    languages: Sequence[str],
    into: str,
    template: Template | None,
    limit: int,
    seed: int,
) -> list[Example]:
    frame = template or Template()
    return [
        Example(frame.render(pair.source, lang, into), pair.target, kind, lang, pair.task)
        for lang in _checked(languages, into)
        for pair in draw(pairs(lang, into), limit, derive(seed, "rows", lang))
    ]


def _checked(languages: Sequence[str], target: str) -> Sequence[str]:
    if not languages:
        raise BadInput("No language to translate questions of was given; name at least one.")
    if target in languages or len(set(languages)) < len(languages):
        raise BadInput(
            f"Languages {', '.join(languages)}: name each once, and not {target}, the one to translate into."
        )
    return languages


def draw(rows: Sequence[T], limit: int, seed: int) -> list[T]:
    """At most `limit` of `rows`, drawn without repetition, in their order."""
    if limit < 1:
        raise BadInput(f"Limit {limit} leaves no rows; give at least 1.")
    if len(rows) <= limit:
        return list(rows)
    return [rows[i] for i in sorted(random.Random(seed).sample(range(len(rows)), limit))]


def _deranged(texts: list[str], rng: random.Random) -> list[str] | None:
    """`texts` in another order, none equal to the text at its place; None where that is impossible."""
    if not texts or max(Counter(texts).values()) * 2 > len(texts):
        return None
    order = list(range(len(texts)))
    rng.shuffle(order)
    moved = list(texts)
    for place, origin in zip(order, order[1:] + order[:1], strict=True):  # one cycle through all
        moved[place] = texts[origin]
    for place in order:
        if moved[place] == texts[place]:
            start = rng.randrange(len(texts))
            other = next(
                i
                for i in [*order[start:], *order[:start]]
                if moved[i] != texts[place] and moved[place] != texts[i]
            )
            moved[place], moved[other] = moved[other], moved[place]
    return moved
