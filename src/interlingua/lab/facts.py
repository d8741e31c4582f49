"""Facts: clauses and task questions as structures, and how a tongue says them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from interlingua.lab.concepts import (
    ANSWER_WORDS,
    ANTONYMS,
    ATTRIBUTES,
    BAD,
    FRAME,
    GOOD,
    NAMES,
    NOUNS,
    TOPICS,
    VERBS,
)
from interlingua.lab.tongues import Tongue

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name or a noun, maybe plural, maybe with an adjective."""

    head: str
    plural: bool = False
    adjective: str = ""


@dataclass(frozen=True, slots=True)
class Counted(Phrase):
    """So many of a thing; the number stands on the side of the adjective."""

    count: int = 1


@dataclass(frozen=True, slots=True)
class Clause:
    """`subject verb object`, or `subject is attribute` where there is no object; passive keeps the roles."""

    subject: Phrase
    verb: str = ""
    object: Phrase | None = None
    attribute: str = ""
    past: bool = False
    passive: bool = False


Parts: TypeAlias = tuple[str | Clause, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A task question: parts are frame words (with a colon) or clauses; `answer` indexes `ANSWERS[task]`."""

    task: str
    parts: Parts
    answer: int


Aligned: TypeAlias = list[tuple[str, str]]
"""Written words with the concept each expresses: the gold word alignment."""


def say_phrase(phrase: Phrase, tongue: Tongue) -> Aligned:
    """A phrase in a tongue."""
    head = _say(tongue, phrase.head, *(("plural",) if phrase.plural else ()))
    if isinstance(phrase, Counted):
        number = [(str(phrase.count), str(phrase.count))]
        return number + head if tongue.spec.adjective_first else head + number
    if not phrase.adjective:
        return head
    adjective = _say(tongue, phrase.adjective)
    return adjective + head if tongue.spec.adjective_first else head + adjective


def say_clause(clause: Clause, tongue: Tongue) -> Aligned:
    """A clause in a tongue, without its full stop."""
    order = tongue.spec.order
    past = ("past",) if clause.past else ()
    if clause.object is None:
        subject = say_phrase(clause.subject, tongue)
        verb = _say(tongue, "is", *past)
        rest = _say(tongue, clause.attribute)
    elif clause.passive:
        subject = say_phrase(clause.object, tongue)
        verb = _say(tongue, clause.verb, "passive", *past)
        by, agent = _say(tongue, "by"), say_phrase(clause.subject, tongue)
        rest = agent + by if order == "SOV" else by + agent
    else:
        subject = say_phrase(clause.subject, tongue)
        verb = _say(tongue, clause.verb, *past)
        rest = say_phrase(clause.object, tongue)
    return {"SVO": subject + verb + rest, "SOV": subject + rest + verb, "VSO": verb + subject + rest}[order]


def say(parts: Sequence[str | Clause], tongue: Tongue) -> str:
    """Clauses and frame words as one line of text."""
    return " ".join(
        " ".join(tongue.word(part)) + ":" if isinstance(part, str)
        else " ".join(word for word, _ in say_clause(part, tongue)) + tongue.stop
        for part in parts
    )  # fmt: skip


def _say(tongue: Tongue, concept: str, *marks: str) -> Aligned:
    return [(word, concept) for word in tongue.word(concept, *marks)]


class Facts:
    """Draws clauses and questions from one random generator."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def one(self, among: Sequence[T]) -> T:
        """One of several, evenly."""
        return among[int(self.rng.random() * len(among))]

    def two(self, among: Sequence[T]) -> tuple[T, T]:
        """Two different ones."""
        i = int(self.rng.random() * len(among))
        j = int(self.rng.random() * (len(among) - 1))
        return among[i], among[j + (j >= i)]

    def coin(self, p: float = 0.5) -> bool:
        """True with probability p."""
        return self.rng.random() < p

    def person(self) -> Phrase:
        """Somebody."""
        return Phrase(self.one(NAMES))

    def thing(self, nouns: Sequence[str] = NOUNS, adjectives: Sequence[str] = ()) -> Phrase:
        """A noun, plural at times."""
        return Phrase(self.one(nouns), self.coin(0.3), self.one(adjectives) if adjectives else "")

    def deed(self, nouns: Sequence[str] = NOUNS) -> Clause:
        """Somebody does something to a thing."""
        return Clause(self.person(), self.one(VERBS), self.thing(nouns), past=self.coin())

    def clause(self) -> Clause:
        """Any clause of general text, words of the task frames among its nouns."""
        kind = self.rng.random()
        if kind < 0.25:
            return self.deed()
        if kind < 0.40:
            adjectives = self.one((GOOD, BAD, ATTRIBUTES))
            return Clause(self.person(), self.one(VERBS), self.thing(NOUNS, adjectives), past=self.coin())
        if kind < 0.55:
            return Clause(self.thing(), attribute=self.one(GOOD + BAD), past=self.coin())
        if kind < 0.70:
            return Clause(self.person(), attribute=self.one(ATTRIBUTES), past=self.coin())
        if kind < 0.85:
            a, b = self.two(NAMES)
            return Clause(Phrase(a), self.one(VERBS), Phrase(b), past=self.coin(), passive=self.coin())
        return Clause(self.person(), self.one(VERBS), self.thing(FRAME + ANSWER_WORDS), past=self.coin())

    def clauses(self, most: int) -> list[Clause]:
        """One to `most` clauses of general text."""
        return [self.clause() for _ in range(1 + int(most * self.rng.random()))]

    def question(self, task: str, answer: int) -> Question:
        """A question of a task that has this answer."""
        parts = {
            "sentiment": self._sentiment,
            "topic": self._topic,
            "inference": self._inference,
            "paraphrase": self._paraphrase,
        }[task]
        return Question(task, parts(answer), answer)

    def _sentiment(self, answer: int) -> Parts:
        verdict = Clause(self.thing(), attribute=self.one((GOOD, BAD)[answer]), past=self.coin())
        other = self.deed()
        return ("review", *((verdict, other) if self.coin() else (other, verdict)), "feeling")

    def _topic(self, answer: int) -> Parts:
        nouns = tuple(TOPICS.values())[answer]
        return ("text", self.deed(nouns), self.deed(nouns), "topic")

    def _inference(self, answer: int) -> Parts:
        who, past = (self.person() if self.coin() else self.thing()), self.coin()
        said, opposite = self.one([p for a, b in ANTONYMS for p in ((a, b), (b, a))])
        other = self.one([word for word in ATTRIBUTES if word not in (said, opposite)])
        asked = (said, other, opposite)[answer]
        fact, claim = (Clause(who, attribute=word, past=past) for word in (said, asked))
        return ("fact", fact, "claim", claim, "verdict")

    def _paraphrase(self, answer: int) -> Parts:
        (a, b), verb, past = self.two(NAMES), self.one(VERBS), self.coin()
        active = Clause(Phrase(a), verb, Phrase(b), past=past)
        kept = Clause(Phrase(a), verb, Phrase(b), past=past, passive=True)
        swapped = Clause(Phrase(b), verb, Phrase(a), past=past, passive=True)
        return ("first", active, "second", (kept, swapped)[answer], "relation")
