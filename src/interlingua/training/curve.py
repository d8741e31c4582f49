"""Curve: what training measured at every step, kept where a resumed training finds it again."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from interlingua.core.errors import RunFolderError
from interlingua.core.files import write_atomic


class Curve:
    """One figure of every step of a training; hand it to `train` as `on_step`.

    With `folder`, that of the training's checkpoints, every figure is written beside it at once, so that an
    interrupted training goes on with the whole curve.
    """

    def __init__(self, figure: str = "loss", folder: Path | None = None) -> None:
        self._figure = figure
        self._file = None if folder is None else folder.with_name(f"{folder.name}.{figure}.txt")
        self._found: dict[int, float] = {}
        if self._file is not None and self._file.exists():
            whole, _, torn = self._file.read_text(encoding="utf-8").rpartition("\n")
            if torn:  # killed while it wrote
                write_atomic(self._file, f"{whole}\n")
            for line in whole.splitlines():
                step, value = line.split()
                self._found[int(step)] = float(value)

    def __call__(self, step: int, facts: Mapping[str, float]) -> None:
        """Note the figure of one step (from 0); a step done again counts as it was the last time."""
        self._found[step] = float(facts[self._figure])
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(f"{step} {self._found[step]!r}\n")

    def values(self, steps: int) -> list[float]:
        """The figures of the first `steps` steps; raises `RunFolderError` where some are not known."""
        return self.at(range(steps))

    def at(self, steps: Sequence[int]) -> list[float]:
        """The figures of these steps (from 0); raises `RunFolderError` where some are not known."""
        lost = [step for step in steps if step not in self._found]
        if lost:
            raise RunFolderError(
                f"The {self._figure} of {len(lost)} of {len(steps)} steps is not in "
                f"{self._file or 'memory'}; remove the checkpoints beside it to train anew."
            )
        return [self._found[step] for step in steps]
