"""Wording: the frames, label words and shots of a task in each language, native or English."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.asking import Asking
from interlingua.data.frame import ANSWER, OPTIONS, Frame
from interlingua.data.long_table import few_of
from interlingua.data.task import Task
from interlingua.data.words import ALL, FromJson, code, labels, texts

T = TypeVar("T")

ENGLISH = "eng_Latn"


class Wording:
    """What `task` says, with its JSON files read from `root`, asked for as `asking` wants it.

    Raises:
        BadInput: JSON that cannot be read, a frame with two answers, label words that miss a label or say
            the same for two.
        UnknownName: a language that nobody knows.
    """

    def __init__(self, task: Task, root: Path, pivot: str, asking: Asking, title: str) -> None:
        self.task, self.title, self._asking, self._pivot = task, title, asking, pivot
        beside = {key: value for key, value in task.beside.items() if (root / value.file).is_file()}
        settings: dict[str, Any] = {
            key: beside.get(key, getattr(task, key)) for key in ("question", "labels", "shots")
        }
        self.json_files = sorted(
            {root / value.file for value in settings.values() if isinstance(value, FromJson)}
        )
        self.frames = {
            lang: Frame.cut(text) for lang, text in texts(settings["question"], root, title).items()
        }
        self.labels = labels(settings["labels"], root, title) if settings["labels"] else {}
        self.shots = texts(settings["shots"], root, title) if settings["shots"] else {}
        self.words = {
            column: {code(lang): words for lang, words in by_lang.items()}
            for column, by_lang in task.words.items()
        }
        self._check_labels()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that frames ask for."""
        places = [place for frame in self.frames.values() for place in frame.places]
        return tuple(name for name in dict.fromkeys(places) if name not in self._own)

    def frame(self, lang: str) -> Frame:
        """The frame around questions of a language. Raises `MissingResource` where there is none."""
        return self._of(lang, self.frames, "question frame")

    def label_words(self, lang: str) -> dict[str, str]:
        """Label to word, in one order for all languages. Raises `MissingResource` where there are none."""
        words = self._of(lang, self.labels, "label words")
        return {label: words[label] for label in next(iter(self.labels.values()))}

    def written_shots(self, lang: str) -> str:
        """Shots that are written out, empty where there are none in the language."""
        key = self._key(lang, self.shots)
        return "" if key is None else self.shots[key]

    def word(self, column: str, value: str, lang: str) -> str:
        """What stands in a frame for the value of a column."""
        if column not in self.words:
            return value
        words = self._of(lang, self.words[column], f"words for {column}")
        if value not in words:
            raise BadInput(
                f"{self.title}: column {column!r} holds {value!r}; there are words for "
                f"{', '.join(words)} only."
            )
        return words[value]

    def askable(self, langs: Iterable[str]) -> set[str]:
        """Those of `langs` for which there are frame and words."""
        needed: list[Mapping[str, Any]] = [self.frames, *self.words.values()]
        needed += [self.labels] if self.labels else []
        return {lang for lang in langs if all(self._key(lang, setting) is not None for setting in needed)}

    @property
    def _own(self) -> set[str]:
        return {ANSWER, OPTIONS} if self.task.letters else {ANSWER}

    def _key(self, lang: str, setting: Mapping[str, Any]) -> str | None:
        """The key under which words for a language stand, by how questions are to be asked."""
        native = [lang, lang.partition("-")[0]]
        order = native if self._asking.prompt == "native" else [ENGLISH, self._pivot]
        return next((key for key in [*order, ALL] if key in setting), None)

    def _of(self, lang: str, setting: Mapping[str, T], what: str) -> T:
        key = self._key(lang, setting)
        if key is not None:
            return setting[key]
        english = ENGLISH in setting and self._asking.prompt == "native"
        hint = "Add one, or ask in English: --prompt english." if english else "Add one."
        raise MissingResource(f"{self.title} has no {what} in {lang}; there are {few_of(setting)}. {hint}")

    def _check_labels(self) -> None:
        if not self.labels:
            return
        first = next(iter(self.labels))
        for lang, words in self.labels.items():
            if set(words) != set(self.labels[first]):
                odd = ", ".join(sorted(set(words) ^ set(self.labels[first])))
                raise BadInput(f"{self.title}: label words in {lang} and {first} differ by {odd}.")
            said = [word.strip() for word in words.values()]
            if "" in said or len(set(said)) < len(said) or len(said) < 2:
                raise BadInput(
                    f"{self.title}: label words in {lang} are {', '.join(map(repr, said))}; "
                    "give at least two, all different and none empty."
                )
