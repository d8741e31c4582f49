"""Frame: the text around a question, with places for columns and for the answer (syntax: `data/task.py`)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from interlingua.core.errors import BadInput

ANSWER, OPTIONS = "answer", "options"
"""Places that are no columns: where the answer goes, and where the options of an item are listed."""

_PLACE = re.compile(r"\{([^{}|]+)(?:\|([^{}|]*))?\}")
_STOPS = ".。．।۔።။។"
EDITS: Mapping[str, Callable[[str], str]] = {
    "unstopped": lambda text: text.rstrip().rstrip(_STOPS),
    "lowered": lambda text: text[:1].lower() + text[1:],
    "lowered_en": lambda text: text if re.match(r"I\b", text) else text[:1].lower() + text[1:],
    "lowered_tr": lambda text: {"I": "ı", "İ": "i"}.get(text[:1], text[:1].lower()) + text[1:],
}
"""What `{column|edit}` does to a text."""


@dataclass(frozen=True)
class Frame:
    """A frame cut at the place of the answer.

    `before` is what the model reads, without the spaces at its end if `{answer}` follows: these are `gap`,
    which an answer begins with. `after` stands behind the answer; `edit` is what is done to the answer.
    """

    before: str
    gap: str = ""
    after: str = ""
    edit: str = ""

    @classmethod
    def cut(cls, text: str) -> "Frame":
        """The frame that `text` writes.

        Raises:
            BadInput: two places for the answer, or an edit that nobody knows.
        """
        for _, edit in _PLACE.findall(text):
            if edit and edit not in EDITS:
                raise BadInput(f"Frame {text!r}: no edit called {edit!r}; there are {', '.join(EDITS)}.")
        answers = [place for place in _PLACE.finditer(text) if place[1] == ANSWER]
        if not answers:
            return cls(text)
        if len(answers) > 1:
            raise BadInput(f"Frame {text!r} has {len(answers)} places {{answer}}; one is enough.")
        before, after = text[: answers[0].start()], text[answers[0].end() :]
        kept = before.rstrip()
        return cls(kept, before[len(kept) :], after, answers[0][2] or "")

    @cached_property
    def places(self) -> tuple[str, ...]:
        """What it asks for besides the answer, each once."""
        return tuple(dict.fromkeys(name for name, _ in _PLACE.findall(self.before + self.after)))

    def question(self, values: Mapping[str, str]) -> str:
        """What the model reads."""
        return _filled(self.before, values)

    def answered(self, word: str, values: Mapping[str, str]) -> str:
        """An answer as it follows: with the spaces before it, and what is behind it if that has columns."""
        return self.gap + self._edited(word) + (_filled(self.after, values) if self._scored else "")

    def written(self, word: str) -> str:
        """An answer without the spaces before it."""
        return self._edited(word)

    @property
    def close(self) -> str:
        """What is behind an answer in shots only."""
        return "" if self._scored else self.after

    @cached_property
    def _scored(self) -> bool:
        return _PLACE.search(self.after) is not None

    def _edited(self, word: str) -> str:
        return EDITS[self.edit](word) if self.edit else word


def _filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with every place of `values` filled, in one pass: braces in a value are left alone."""

    def value(place: re.Match[str]) -> str:
        if place[1] not in values:
            return place[0]
        return EDITS[place[2]](values[place[1]]) if place[2] else values[place[1]]

    return _PLACE.sub(value, text)
