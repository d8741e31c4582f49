"""FileTask: a declared task over tables of rows; hands out its items, with shots, language by language."""

import warnings
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

from interlingua.core.errors import BadInput, MissingResource
from interlingua.core.fingerprint import file_fingerprint, fingerprint
from interlingua.data.asking import Asking
from interlingua.data.items import Explained, right_answer
from interlingua.data.long_table import Rows
from interlingua.data.rendering import Item, Rendering
from interlingua.data.shots import Candidate, left_out, pick_shots, shot_text
from interlingua.data.source import DataWarning
from interlingua.data.task import Task
from interlingua.data.wording import Wording

_SAID = {"licence", "source", "question", "labels", "shots", "words", "beside", "hub"}
"""Settings that a fingerprint leaves out: they change no item, or are in the wording."""


class FileTask:
    """A task called `name`; `table` opens its rows for the columns it needs, `root` is where its paths start.

    Raises:
        BadInput: a missing file or column, or frames and words that cannot be read.
        UnknownName: a language that nobody knows.
    """

    def __init__(
        self, name: str, task: Task, root: Path, pivot: str, asking: Asking, title: str,
        table: Callable[[list[str]], Rows],
    ) -> None:  # fmt: skip
        self.name, self.task, self.title, self.asking, self.pivot = name, task, title, asking, pivot
        self.wording = Wording(task, root, pivot, asking, title)
        self.rendering = Rendering(name, task, self.wording, root, pivot, table)
        self.rows = self.rendering.rows
        self._in_all: dict[str, list[Candidate]] = {}
        self._picked: dict[tuple[str, int], tuple[str, ...]] = {}
        self._told: set[tuple[str, ...]] = set()

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits there are, the measured one first."""
        return tuple(sorted(self.rows.splits, key=lambda split: split != self.task.evaluated))

    def languages_of(self, split: str) -> set[str]:
        """The languages that have rows in a split, and frame and words to ask them with."""
        return self.wording.askable(self.rows.languages_in(self._split(split)))

    def items(self, lang: str, split: str) -> list[Item]:
        """The items of one language and split, in the order of the file, with shots.

        Raises:
            MissingResource: no rows, frame or label words for the language, or no such split.
            BadInput: an empty field, a label without a word or out of range, an option that comes twice, an
                id that comes twice, no group in common with the pivot, too few examples for shots.
        """
        split = self._split(split)
        items = self.rendering.items(lang, split)
        if self.task.parallel:
            self._in_step(lang, split)
        count = self.task.few if self.asking.shots is None else self.asking.shots
        written = self.wording.written_shots(lang)
        if written and (self.asking.shots is None or count == self.task.few > 0):
            return [replace(item, shots=written) for item in items]
        return self._with_drawn(items, lang, count, bool(written)) if count else list(items)

    def explained(self, lang: str, split: str) -> list[Explained]:
        """The items of one language and split with the reasoning in their rows, in the order of the file.

        Rows without reasoning are left out. Raises `MissingResource` where no column holds it, and what
        `items` raises.
        """
        if not (column := self.task.steps or self.task.shown):
            raise MissingResource(
                f'{self.title} has no reasoning steps; name the column that holds them, steps = "COLUMN".'
            )
        split = self._split(split)
        steps = {str(row[self.task.id]): row[column] for row in self.rendering.of(lang, split)}
        return [
            Explained(
                item.id, self.name, split, lang, item.question, str(steps[item.id]).strip(),
                right_answer(item), item.group, item.cluster,
            )
            for item in self.rendering.items(lang, split)
            if steps[item.id] is not None and str(steps[item.id]).strip()
        ]  # fmt: skip

    def fingerprint(self) -> str:
        """Hash of declaration, wording and content."""
        left = _SAID if self.task.steps else _SAID | {"steps"}
        told = {one.name: getattr(self.task, one.name) for one in fields(self.task) if one.name not in left}
        said = self.wording
        return fingerprint(
            self.name, told, self.asking, said.frames, said.labels, said.shots, said.words,
            self.rows.fingerprint(), [table.fingerprint() for _, table in self.rendering.joins],
            [file_fingerprint(path) for path in said.json_files],
        )  # fmt: skip

    def _split(self, split: str) -> str:
        """The split meant; `test` is the measured one where none is called so."""
        return self.task.evaluated if split == "test" and split not in self.rows.splits else split

    def _first(self, split: str) -> str:
        """The language others are compared with: the pivot where it has rows."""
        held = self.rows.languages_in(split)
        return self.pivot if self.pivot in held else min(held)

    def _in_step(self, lang: str, split: str) -> None:
        """Raise where no group is common with the first language, warn where some are missing."""
        first, group = self._first(split), self.rendering.group
        if lang == first or (lang, split) in self._told:
            return
        self._told.add((lang, split))
        own, theirs = ([group(row) for row in self.rows.rows(one, split)] for one in (lang, first))
        if not set(own) & set(theirs):
            raise BadInput(
                f"{self.title}: {lang} and {first} have no {self.task.group or self.task.id} in common among "
                f"the {split} rows; parallel = false where every language has questions of its own."
            )
        for has, lacks, groups, others in ((first, lang, theirs, set(own)), (lang, first, own, set(theirs))):
            if missing := [one for one in groups if one not in others]:
                self._tell(
                    f"{self.title}: {len(missing)} of {len(groups)} {split} rows of {has} are missing in "
                    f"{lacks}, the first is {missing[0]!r}."
                )

    def _with_drawn(self, items: list[Item], lang: str, count: int, written: bool) -> list[Item]:
        if not self.task.shots_from:
            why = (
                f"its {self.task.few or 'shots'} are written out (few says how many), and " if written else ""
            )
            raise BadInput(f"{self.title}: {count} shots are wanted, but {why}shots_from names no split.")
        split = self._split(self.task.shots_from)
        if lang not in self.rows.languages_in(split):
            raise MissingResource(
                f"{self.title} has no {split} rows in {lang} to draw {count} shots from; ask with 0 shots."
            )
        drawn, frame = self._drawn(lang, split, count), self.wording.frame(lang)
        pool = self.rendering.items(lang, split, shots=drawn)
        if lacking := set(drawn) - {item.group for item in pool}:
            raise BadInput(f"{self.title}: {min(lacking)!r}, drawn as a shot, is not usable in {lang}.")
        text = shot_text(pool, drawn, close=frame.close, gap=frame.gap, between=self.task.between)
        return [replace(item, shots=text) for item in left_out(items, pool, drawn)]

    def _drawn(self, lang: str, split: str, count: int) -> tuple[str, ...]:
        """Groups of the shots: the same in all languages where all have enough in common."""
        if split not in self._in_all:
            self._in_all[split] = self._shared(split)
        shared = self._in_all[split]
        if len(shared) >= count:
            if (split, count) not in self._picked:
                self._picked[split, count] = pick_shots(shared, count, self.name)
            return self._picked[split, count]
        if (split,) not in self._told:
            self._told.add((split,))
            self._tell(
                f"{self.title}: every language has shots of its own, "
                f"since {len(shared)} {split} examples are in all of them."
            )
        return pick_shots(self._candidates(lang, split), count, self.name)

    def _shared(self, split: str) -> list[Candidate]:
        if not self.task.parallel:
            return []
        common = self.rows.common(split, self.task.group or self.task.id)
        if self.task.skip_empty:  # left out in one language, a shot in none
            for lang in self.rows.languages_in(split):
                common &= {one.group for one in self._candidates(lang, split)}
        return [one for one in self._candidates(self._first(split), split) if one.group in common]

    def _candidates(self, lang: str, split: str) -> list[Candidate]:
        clusters, found = self.rendering.clusters(lang, split), []
        for row in self.rendering.of(lang, split):
            gold, group = self.rendering.gold(row, lang), self.rendering.group(row)
            if gold is not None:
                found.append(Candidate(group, clusters[group], gold))
        return found

    def _tell(self, what: str) -> None:
        warnings.warn(what, DataWarning, stacklevel=5)
