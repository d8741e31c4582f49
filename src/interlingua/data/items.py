"""The items that tasks and sources hand out."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Choice:
    """One multiple-choice question in one language.

    `question` is the rendered question with its task frame and stops just before the label;
    `options` are the label words as they would follow it; `answer` indexes them. `shots` is text put
    before the question (few-shot examples), empty for zero-shot. `group` is the same question in all
    languages; `cluster` joins items that share a premise or passage.
    """

    id: str
    task: str
    split: str
    lang: str
    question: str
    options: tuple[str, ...]
    answer: int
    group: str
    cluster: str
    shots: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """One question answered in free text (arithmetic, extractive reading) in one language.

    `question` is rendered with its task frame and stops just before the answer; any of `answers` is right,
    compared as `match` says. The model writes until a `stop` string, `max_new_tokens` at most. `shots`,
    `group` and `cluster` are as in `Choice`.
    """

    id: str
    task: str
    split: str
    lang: str
    question: str
    answers: tuple[str, ...]
    group: str
    cluster: str
    shots: str = ""
    match: Literal["number", "text"] = "text"
    stop: tuple[str, ...] = ("\n",)
    max_new_tokens: int = 64


def right_answer(item: Choice | Open) -> str:
    """The text that answers a question, as it would follow it."""
    return item.options[item.answer] if isinstance(item, Choice) else item.answers[0]


@dataclass(frozen=True, slots=True)
class Explained:
    """One question with the reasoning that leads to its answer, all in one language.

    `question` stops just before the answer; `steps` is the reasoning without the answer, `answer` the text
    that is right. `id`, `group` and `cluster` are those of the item of the task.
    """

    id: str
    task: str
    split: str
    lang: str
    question: str
    steps: str
    answer: str
    group: str
    cluster: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The same text in two languages; `group` joins pairs of the same text, `task` is the one it is from."""

    id: str
    source_lang: str
    target_lang: str
    source: str
    target: str
    group: str = ""
    task: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One supervised row: the loss counts on `target` only, `prompt` is context."""

    prompt: str
    target: str
    kind: str = ""
    lang: str = ""
    task: str = ""
