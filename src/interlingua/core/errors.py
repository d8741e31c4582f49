"""One tree of errors; every message is one line: what happened, with which value, what to do next.

InterlinguaError
├── UnknownName        a name nobody knows: language, recipe, world, knob, task (near names offered)
├── BadInput           a file, row, column, value or specification that cannot be used
├── MissingResource    a source lacks what a method needs; says what could replace it
├── RunFolderError     a run folder of other settings, a damaged ledger or checkpoint
├── ModelError         weights or tokenizer that cannot be loaded, or an architecture refused
├── TrainingDiverged   the loss is not a finite number; names step and batch
└── OutOfRoom          no memory or no disk left; nothing finished is lost
"""

import difflib
from collections.abc import Iterable


class InterlinguaError(Exception):
    """Base of all errors of ours; the command line prints it as one line and exits with 1."""


class BadInput(InterlinguaError):
    """A file, row, column, value or specification that cannot be used."""


class MissingResource(InterlinguaError):
    """A source lacks what a method needs."""


class RunFolderError(InterlinguaError):
    """A run folder that belongs to other settings, or is damaged."""


class ModelError(InterlinguaError):
    """A model or tokenizer that cannot be loaded, or is refused."""


class TrainingDiverged(InterlinguaError):
    """Training stopped because the loss is not finite."""


class OutOfRoom(InterlinguaError):
    """No memory or no disk space left."""


class UnknownName(InterlinguaError):
    """A name that is not among the known ones; `near` holds the closest."""

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str = "") -> None:
        known = sorted(set(known))
        self.kind, self.name = kind, name
        self.near = difflib.get_close_matches(name, known, n=3, cutoff=0.55)
        if self.near:
            rest = f"Did you mean {' or '.join(self.near)}?"
        elif len(known) <= 20:
            rest = f"Known: {', '.join(known) or 'none'}."
        else:
            rest = f"{len(known)} are known."
        super().__init__(f"No {kind} called {name!r}. {rest}{' ' + hint if hint else ''}")
