"""Sentence pairs: two sentences of one language and how alike they are, taken out of task questions."""

import unicodedata
from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from interlingua.core.errors import MissingResource
from interlingua.core.seeds import derive
from interlingua.data.builders import draw, shuffled
from interlingua.data.items import Choice, Example
from interlingua.data.source import Source

Labels = Literal["words", "order"]
ALIKE = frozenset({"entailment", "true", "yes", "same", "paraphrase"})
UNLIKE = frozenset({"contradiction", "false", "no", "different"})
_LOOKED_AT = 200  # questions that tell what the frame of a task is
_LEAST = 2  # letters of what stands between two sentences


@dataclass(frozen=True, slots=True)
class Graded:
    """Two sentences of `lang`; `grade` says how alike they are, from 0 to 1. `id` is that of the item."""

    id: str
    lang: str
    task: str
    first: str
    second: str
    grade: float


@dataclass(frozen=True, slots=True)
class Triplet:
    """A sentence, one that says the same or follows from it, and one that does not (empty: none is known)."""

    anchor: str
    positive: str
    negative: str
    lang: str
    task: str


def graded_pairs(
    source: Source,
    langs: Sequence[str],
    split: str = "train",
    *,
    tasks: Sequence[str] = (),
    labels: Labels = "words",
    limit: int = 10_000,
    seed: int = 0,
    apart: Container[str] = (),
) -> list[Graded]:
    """Pairs from the choice tasks of a source, at most `limit` items per task and language; no parallel text.

    A question of two sentences is graded by its label: 1 alike, 0 unlike, 1/2 anything else. `words` knows
    labels by what they are called in the pivot, in English; by `order` the first option says alike and the
    last unlike. Where no task has such questions, those with options of their own give the question with
    its right answer (1) and with each wrong one (0); else texts of one label are alike (topic, sentiment) and
    those of two are not. `tasks` limits which are looked at; one that a language or the split lacks is not.
    Items are drawn anew for each language in training, and alike for all in other splits, so that ids meet.
    A pair with a sentence of `apart`, which is measured on, is left out; of a question with its answers the
    question counts, for answers recur. Raises `MissingResource` where nothing of this is to be had in all
    languages.
    """
    read = {
        task: {lang: source.task(task, lang, split) for lang in dict.fromkeys((source.pivot, *langs))}
        for task in tasks or source.tasks
        if _there(source, task, {source.pivot, *langs}, split)
    }
    for way in (_of_two_sentences, _of_own_options, _of_one_label):
        found: list[Graded] = []
        for task, items in read.items():
            pairs = {lang: way(items[lang], items[source.pivot], labels) for lang in langs}
            if all(pairs.values()):
                for lang, own in pairs.items():
                    drawn = derive(seed, "pairs", task, lang if split == "train" else "")
                    found += [pair for item in draw(own, limit, drawn) for pair in item]
        kept = [
            pair
            for pair in found
            if pair.first not in apart and (way is _of_own_options or pair.second not in apart)
        ]
        if found and not {pair.lang for pair in kept} >= set(langs):
            raise MissingResource(
                f"All pairs of sentences in {split} of {source.name} hold one that is measured on, in some "
                "language; give other texts in test, or more in training."
            )
        if kept:
            return kept
    raise MissingResource(
        f"{source.name} has no task with pairs of sentences in {', '.join(langs)}: questions of two "
        f"sentences (in {source.pivot} a label must be one of {', '.join(sorted(ALIKE))}; or ask for "
        "labels by order), options of their own, or labels that several texts share; add one such as XNLI."
    )


def triplets(pairs: Sequence[Graded]) -> list[Triplet]:
    """A triplet for each pair that is alike (grade 1), with sentences that are unlike the same first one.

    Unlike sentences (grade 0) are dealt in turn to the alike ones of their first sentence.
    """
    wrong: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for pair in pairs:
        if pair.grade == 0:
            wrong[pair.lang, pair.task, pair.first].append(pair.second)
    met: dict[tuple[str, str, str], int] = defaultdict(int)
    found = []
    for pair in pairs:
        if pair.grade == 1:
            key = (pair.lang, pair.task, pair.first)
            known = wrong.get(key)
            negative = known[met[key] % len(known)] if known else ""
            met[key] += 1
            found.append(Triplet(pair.first, pair.second, negative, pair.lang, pair.task))
    return found


def shuffled_triplets(rows: Sequence[Triplet], seed: int = 0) -> list[Triplet]:
    """Control: every positive and negative with the anchor of another row of its language and task.

    Raises what `shuffled` raises.
    """
    kept = [Example(row.positive, row.anchor, "anchor", row.lang, row.task) for row in rows]
    moved = shuffled(kept, seed)
    return [replace(row, anchor=other.target) for row, other in zip(rows, moved, strict=True)]


def shuffled_pairs(rows: Sequence[Graded], seed: int = 0) -> list[Graded]:
    """Control: every second sentence and grade with the first sentence of another row; raises likewise."""
    kept = [Example(row.second, row.first, "graded", row.lang, row.task) for row in rows]
    moved = shuffled(kept, seed)
    return [replace(row, first=other.target) for row, other in zip(rows, moved, strict=True)]


def framed(questions: Sequence[str], *, whole: bool = False) -> list[tuple[str, ...]] | None:
    """The sentences of each question: one or two, as left by the words that all questions share.

        ["Fact: it rains. Claim: it is wet. So?", "Fact: Tom ran. Claim: Tom sat. So?"]
        [("it rains.", "it is wet."), ("Tom ran.", "Tom sat.")]

    What all begin and end with is the frame, and the longest run of words in what is left of all of them, if
    there is one, stands between two sentences (`whole`: it is not looked for). A stop in front of it stays
    with the sentence. None where there are fewer than two different questions or a sentence would be empty.
    """
    rows = [_pieces(question) for question in questions]
    if len(set(questions)) < 2:
        return None
    shortest = min(map(len, rows))
    ahead = next((i for i in range(shortest) if len({row[i] for row in rows}) > 1), shortest)
    room = shortest - ahead
    behind = next((i for i in range(room) if len({row[-1 - i] for row in rows}) > 1), room)
    ending = rows[0][len(rows[0]) - behind :]
    cores = [row[ahead : len(row) - behind] for row in rows]
    between = [] if whole else _between(cores)
    found = []
    for core in cores:
        at = _places(core, between)[0] if between else len(core)
        sentences = [core[:at], core[at + len(between) :]] if between else [core]
        if not all("".join(sentence).strip() for sentence in sentences):
            return None
        stops = [_stop(frame) for frame in ((between, ending) if between else (ending,))]
        found.append(tuple("".join(one + stop).strip() for one, stop in zip(sentences, stops, strict=True)))
    return found


def _there(source: Source, task: str, langs: set[str], split: str) -> bool:
    """Whether a task can be asked in all these languages in a split."""
    known = split == "test" or split in source.splits(task)  # asked for test, a source gives what it measures
    return known and langs <= set(source.languages_of(task, split))


def _of_two_sentences(items: Sequence[Choice], pivot: Sequence[Choice], labels: Labels) -> list[list[Graded]]:
    """Items whose question holds two sentences, graded by label; none where labels do not tell."""
    sentences = framed([item.question for item in items])
    if not sentences or len(sentences[0]) != 2 or len({item.options for item in pivot}) != 1:
        return []
    names = [option.strip().casefold() for option in pivot[0].options]
    if labels == "order":
        grades = [1.0, *[0.5] * (len(names) - 2), 0.0]
    else:
        grades = [1.0 if name in ALIKE else 0.0 if name in UNLIKE else 0.5 for name in names]
    if grades.count(1.0) != 1:
        return []
    return [
        [Graded(item.id, item.lang, item.task, first, second, grades[item.answer])]
        for item, (first, second) in zip(items, sentences, strict=True)
    ]


def _of_own_options(items: Sequence[Choice], pivot: Sequence[Choice], labels: Labels) -> list[list[Graded]]:
    """Items with their options, right and wrong; none where all items have the same options."""
    sentences = framed([item.question for item in items], whole=True)
    if not sentences or len({frozenset(item.options) for item in items}) < 2:
        return []
    return [
        [
            Graded(item.id, item.lang, item.task, said, option.strip(), float(at == item.answer))
            for at, option in enumerate(item.options)
        ]
        for item, (said,) in zip(items, sentences, strict=True)
    ]


def _of_one_label(items: Sequence[Choice], pivot: Sequence[Choice], labels: Labels) -> list[list[Graded]]:
    """Each text with the next one of its label and the next one of another; none without two such labels."""
    sentences = framed([item.question for item in items])
    if not sentences or len(sentences[0]) != 1 or len({item.options for item in pivot}) != 1:
        return []
    said = [sentence[0] for sentence in sentences]
    found = []
    for at, item in enumerate(items):
        same, different = _next(items, at, True), _next(items, at, False)
        if same is None or different is None:
            return []
        found.append(
            [
                Graded(item.id, item.lang, item.task, said[at], said[other], grade)
                for other, grade in ((same, 1.0), (different, 0.0))
            ]
        )
    return found


def _next(items: Sequence[Choice], at: int, same: bool) -> int | None:
    """The place of the next item of the same answer as that `at`, or of another; round to the one before."""
    places = ((at + step) % len(items) for step in range(1, len(items)))
    return next((place for place in places if (items[place].answer == items[at].answer) == same), None)


def _pieces(text: str) -> list[str]:
    """Words, spaces, and single marks of punctuation; joined they are the text."""
    found: list[str] = []
    last = ""
    for letter in text:
        kind = " " if letter.isspace() else "." if unicodedata.category(letter)[0] in "PS" else "a"
        if kind == last != ".":
            found[-1] += letter
        else:
            found.append(letter)
        last = kind
    return found


def _between(cores: Sequence[list[str]]) -> list[str]:
    """The longest run of pieces, with a word in it, that is in each of the rows once; [] without any."""
    few = cores[:_LOOKED_AT]
    base = min(few, key=len)
    for size in range(len(base) - 1, 0, -1):
        for start in range(len(base) - size + 1):
            run = base[start : start + size]
            letters = sum(len(piece) for piece in run if piece[0].isalpha())
            if letters >= _LEAST and all(len(_places(core, run)) == 1 for core in few):
                return run if all(_places(core, run) for core in cores) else []
    return []


def _places(row: list[str], run: list[str]) -> list[int]:
    """Where a run begins in a row."""
    return [at for at in range(len(row) - len(run) + 1) if row[at : at + len(run)] == run]


def _stop(frame: list[str]) -> list[str]:
    """The marks with which a frame begins."""
    marks = (at for at, piece in enumerate(frame) if unicodedata.category(piece[0])[0] not in "PS")
    return frame[: next(marks, len(frame))]
