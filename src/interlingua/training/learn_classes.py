"""Learning classes: a reader that begins with nothing is trained on labelled questions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F

from interlingua.core.errors import BadInput
from interlingua.core.fingerprint import fingerprint
from interlingua.core.seeds import derive
from interlingua.data.items import Choice
from interlingua.models.classic import Reader, padded
from interlingua.models.lm import LM
from interlingua.training.budget import Budget
from interlingua.training.loop import train
from interlingua.training.loss import Batch, Loss


@dataclass(frozen=True)
class Taught:
    """A trained reader and what it cost; each question is one label."""

    reader: Reader
    steps: int
    labels: int
    units: int


class ClassBatches:
    """Labelled questions as units: `units` (batch, pos) and `classes` (batch,), each epoch in a new order."""

    def __init__(self, reader: Reader, items: Sequence[Choice], size: int, steps: int, seed: int) -> None:
        self._rows = reader.units.read([item.question for item in items])
        self._classes = [reader.classes[item.task][item.answer] for item in items]
        self._items, self._size, self._steps, self._seed = items, size, steps, seed

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, index: int, /) -> Batch:
        chosen = self.indices(index)
        return {
            "units": padded([self._rows[row] for row in chosen]),
            "classes": torch.tensor([self._classes[row] for row in chosen]),
        }

    def indices(self, index: int) -> list[int]:
        """Which questions make batch `index`: a piece of the endless stream of reshuffled epochs."""
        count, found = len(self._rows), list[int]()
        for place in range(index * self._size, (index + 1) * self._size):
            epoch, at = divmod(place, count)
            if not found or not at:
                order = np.random.default_rng(derive(self._seed, "epoch", epoch)).permutation(count)
            found.append(int(order[at]))
        return found

    @property
    def units(self) -> int:
        """Units that all steps together read."""
        return sum(len(self._rows[row]) for index in range(self._steps) for row in self.indices(index))

    def describe(self, index: int) -> str:
        """The first questions of a batch by their opening words."""
        return ", ".join(repr(self._items[row].question[:40]) for row in self.indices(index)[:3])

    def fingerprint(self) -> str:
        """Hash of rows, labels and order."""
        return fingerprint(self._rows, self._classes, self._size, self._steps, self._seed)


def learn_classes(
    reader: Reader, items: Sequence[Choice], budget: Budget, batch_size: int, *,
    seed: int = 0, title: str = "Learning classes",
) -> Taught:  # fmt: skip
    """A new reader trained on questions and their labels; `reader` stays as it was.

    Raises `BadInput` for no questions, and what `train` raises.
    """
    if not items:
        raise BadInput(f"{title}: no questions to learn from.")
    batches = ClassBatches(reader, items, batch_size, budget.batches, seed)
    trained = train(LM(reader.net, None, title), batches, classing, budget, seed=seed, title=title)
    return Taught(
        replace(reader, net=trained.model), budget.steps, budget.batches * batch_size, batches.units
    )


def classing(lm: LM, batch: Batch) -> Loss:
    """Mean negative log-likelihood in nats of every text's class."""
    classes = batch["classes"]
    return Loss(F.cross_entropy(lm.model(batch["units"]).float(), classes), {}, float(len(classes)))
