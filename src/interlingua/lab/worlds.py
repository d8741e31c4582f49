"""Worlds: named, frozen specifications of generated languages, and the Source they hand out."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from interlingua.core.errors import MissingResource, UnknownName
from interlingua.core.fingerprint import fingerprint, later
from interlingua.core.seeds import derive
from interlingua.data.items import Choice, Explained, Open, Pair
from interlingua.lab.concepts import ANSWERS, CONCEPTS
from interlingua.lab.facts import Facts, Question, say
from interlingua.lab.sums import OPTIONS, SUMS, Sum, draw_sum, steps_of
from interlingua.lab.tongues import Tongue, TongueSpec, build_tongue

SPLITS = {"test": (0, 20), "dev": (20, 30), "train": (30, 100)}
"""Percent of all possible questions that belong to each split: no question is in two splits."""


@dataclass(frozen=True)
class Mixture:
    """Shares of the words a base model is pretrained on; the rest is pivot text.

    The answer of a task question counts `answer_weight` times: comparison tasks stay at chance for tens of
    thousands of questions and are learned several times sooner when their answers weigh more.
    """

    tasks: float = 0.30
    bilingual: float = 0.35
    code_switched: float = 0.03
    foreign: float = 0.10
    answer_weight: float = 12.0
    task_weights: Mapping[str, float] = field(
        default_factory=lambda: {"sentiment": 1.0, "topic": 1.0, "inference": 4.0, "paraphrase": 4.0}
    )
    """How often a task is drawn; comparison tasks take many times the examples of bag-of-words tasks."""


@dataclass(frozen=True)
class WorldSpec:
    """All that decides a world: languages, tasks, pretraining mixture, seed."""

    name: str
    pivot: TongueSpec
    tongues: tuple[TongueSpec, ...]
    seed: int
    tasks: tuple[str, ...] = tuple(ANSWERS)
    mixture: Mixture = field(default_factory=Mixture)
    vocabulary: int = 1600
    bank: Mapping[str, int] = field(default_factory=lambda: {"train": 4000, "dev": 300, "test": 400})
    """Questions per task in each split."""
    base: str = later("")
    """The world whose base serves this one too: its pivot, its tongues and its seed are the same."""


class World:
    """A generated world as a `Source`, with the truth beside it: `tongues`, word alignments, labels."""

    def __init__(self, spec: WorldSpec) -> None:
        self.spec, self.name, self.pivot = spec, spec.name, spec.pivot.code
        first = build_tongue(spec.pivot, None, spec.seed)
        rest = {t.code: build_tongue(t, first, spec.seed) for t in spec.tongues}
        self.tongues: dict[str, Tongue] = {self.pivot: first, **rest}
        self.languages = tuple(self.tongues)
        self.tasks = spec.tasks
        self.open_tasks: tuple[str, ...] = ()
        self.licence = ""
        self._questions: dict[tuple[str, str], list[Question]] = {}
        self._by_answer: dict[tuple[str, str], list[list[Question]]] = {}

    def fingerprint(self) -> str:
        """Hash of the specification; the world is a pure function of it."""
        return fingerprint(self.spec)

    def tongue(self, lang: str) -> Tongue:
        """The generated language behind a code; `UnknownName` if the world has no such language."""
        if lang not in self.tongues:
            raise UnknownName(f"language of {self.name}", lang, self.languages)
        return self.tongues[lang]

    def facts(self, *labels: str | int) -> Facts:
        """A stream of facts of its own for each set of labels."""
        return Facts(random.Random(derive(self.spec.seed, self.name, *labels)))

    def text(self, lang: str, split: str = "train") -> Sequence[str]:
        """Documents of one to three clauses, drawn for each language separately."""
        tongue, facts, count = self.tongue(lang), self.facts("text", lang, split), self._count(split)
        return [say(facts.clauses(3), tongue) for _ in range(count)]

    def pairs(self, a: str, b: str, split: str = "train") -> Sequence[Pair]:
        """General sentences in two languages; refused where a language has no text beside the pivot's.

        Those of `test` are in every language, as those of FLORES are: to measure with, not to learn from.
        """
        one, two = self.tongue(a), self.tongue(b)
        for tongue in (one, two):
            if not tongue.spec.bilingual and split != "test":
                raise MissingResource(
                    f"{self.name} has no parallel text for {tongue.spec.code}; "
                    "use `dictionary` or `text`, or another language."
                )
        facts, count = self.facts("pairs", split), self._count(split)
        pairs = []
        for i in range(count):
            name, clauses = f"{split}-{i:05d}", facts.clauses(2)
            pairs.append(Pair(name, a, b, say(clauses, one), say(clauses, two), group=name))
        return pairs

    def questions(self, a: str, b: str, split: str = "train") -> Sequence[Pair]:
        """Task questions in two languages, without answers, tasks interleaved."""
        one, two = self.tongue(a), self.tongue(b)
        pairs = []
        for i, row in enumerate(zip(*(self.bank(task, split) for task in self.tasks), strict=False)):
            for q in row:
                name, source, target = f"{q.task}-{split}-{i:05d}", say(q.parts, one), say(q.parts, two)
                pairs.append(Pair(name, a, b, source, target, group=name, task=q.task))
        return pairs

    def dictionary(self, a: str, b: str) -> Mapping[str, tuple[str, ...]]:
        """Unmarked forms of every concept in `a` with their form in `b`."""
        one, two = self.tongue(a), self.tongue(b)
        return {" ".join(one.word(c)): (" ".join(two.word(c)),) for c in CONCEPTS}

    def task(self, name: str, lang: str, split: str = "test") -> Sequence[Choice]:
        """Questions in `lang`, answer words in the pivot (the paper's English-output setting)."""
        if name not in self.tasks:
            raise UnknownName(f"task of {self.name}", name, self.tasks)
        tongue, pivot = self.tongue(lang), self.tongues[self.pivot]
        words = tuple(" " + " ".join(pivot.word(word)) for word in ANSWERS.get(name, ()))
        items = []
        for i, q in enumerate(self.bank(name, split)):
            key, question = f"{name}-{split}-{i:05d}", say(q.parts, tongue)
            options = tuple(map(str, q.options)) if isinstance(q, Sum) else words
            items.append(Choice(key, name, split, lang, question, options, q.answer, group=key, cluster=key))
        return items

    def open_task(self, name: str, lang: str, split: str = "test") -> Sequence[Open]:
        """No world has tasks whose answers are written freely: raises `UnknownName`."""
        raise UnknownName(f"open task of {self.name}", name, self.open_tasks)

    def explained(self, task: str, lang: str, split: str = "train") -> Sequence[Explained]:
        """Questions of the task that has steps, told in `lang`; others raise `MissingResource`."""
        self.splits(task)
        if task != SUMS:
            raise MissingResource(
                f"{self.name} has no reasoning steps of {task}; lab:sums has them of {SUMS}."
            )
        tongue = self.tongue(lang)
        return [
            Explained(
                item.id, task, split, lang, item.question, steps_of(q, tongue), item.options[q.answer],
                item.group, item.cluster,
            )
            for item, q in zip(self.task(task, lang, split), self.bank(task, split), strict=True)
            if isinstance(q, Sum)
        ]  # fmt: skip

    def splits(self, task: str) -> tuple[str, ...]:
        """The splits of a task."""
        if task not in self.tasks:
            raise UnknownName(f"task of {self.name}", task, self.tasks)
        return tuple(SPLITS)

    def languages_of(self, task: str, split: str = "test") -> tuple[str, ...]:
        """All languages: every task is in each."""
        self._count(split)
        self.splits(task)
        return self.languages

    def bank(self, task: str, split: str) -> list[Question]:
        """The questions of a task in a split: all different, labels in turn, no question in two splits.

        Where a task has fewer different questions than wanted, all that were found.
        """
        key = (task, split)
        if key not in self._questions:
            self._questions[key] = self._draw(task, split)
        return self._questions[key]

    def by_answer(self, task: str, split: str) -> list[list[Question]]:
        """The questions of a task in a split, one list per answer."""
        key = (task, split)
        if key not in self._by_answer:
            bank = self.bank(task, split)
            self._by_answer[key] = [[q for q in bank if q.answer == a] for a in range(_answers(task))]
        return self._by_answer[key]

    def _draw(self, task: str, split: str) -> list[Question]:
        count, (low, high) = self._count(split), SPLITS[split]
        facts, labels = self.facts("questions", task, split), _answers(task)
        found: dict[Question, None] = {}
        for number in range(count):
            for _ in range(200):
                place = number % labels
                question = draw_sum(facts, place) if task == SUMS else facts.question(task, place)
                if low <= _percentile(question) < high and question not in found:
                    found[question] = None
                    break
        return list(found)

    def _count(self, split: str) -> int:
        """How many rows a split has; `UnknownName` for a split that no world has."""
        if split not in SPLITS:
            raise UnknownName("split", split, SPLITS)
        return self.spec.bank[split]

    def bilingual_share(self, lang: str) -> float | None:
        """Share of all pretraining words in texts that put `lang` beside the pivot or mix the two."""
        return self.shares[self.tongue(lang).spec.code][1]

    def data_share(self, lang: str) -> float | None:
        """Share of all pretraining words in texts that hold `lang`, alone or with another language."""
        return sum(self.shares[self.tongue(lang).spec.code])

    @cached_property
    def shares(self) -> Mapping[str, tuple[float, float]]:
        """For each language its share of all pretraining words: (monolingual text, bilingual text)."""
        mixture, tongues = self.spec.mixture, self.spec.tongues
        both = mixture.bilingual + mixture.code_switched
        text = sum(t.share for t in tongues)
        pairs = sum(t.share for t in tongues if t.bilingual)
        shares = {self.pivot: (1.0 - mixture.foreign - both, both)}
        for t in tongues:
            shares[t.code] = (
                mixture.foreign * t.share / text,
                both * t.share / pairs if t.bilingual else 0.0,
            )
        return shares


def _answers(task: str) -> int:
    """How many options a question of a task has."""
    return OPTIONS if task == SUMS else len(ANSWERS[task])


def _percentile(question: Question) -> int:
    """A stable number from 0 to 99 for a question without its answer; names of fields are part of it."""
    return derive(0, repr(question.parts)) % 100
