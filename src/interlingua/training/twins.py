"""Twins: supervised rows beside the same target after another prompt, which a model learns to agree with."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from interlingua.core.errors import BadInput
from interlingua.core.fingerprint import fingerprint
from interlingua.data.items import Example
from interlingua.models.lm import LM
from interlingua.training.batches import SFTBatches, sft_batches
from interlingua.training.loss import IGNORE, Batch


class TwinBatches:
    """Supervised batches in which some rows have a twin: see `twin_batches`."""

    def __init__(
        self, own: SFTBatches, twins: Sequence[tuple[NDArray[np.int64], int] | None], pad: int
    ) -> None:
        self.own, self._twins, self._pad = own, list(twins), pad

    def __len__(self) -> int:
        return len(self.own)

    def __getitem__(self, index: int, /) -> Batch:
        """The batch of supervised rows, with four tensors more, all of as many rows.

        `aligned` (batch, pos) is true at labels that the row's twin ends with too; `twin_input_ids`,
        `twin_attention_mask` and `twin_labels` (batch, pos of twins) are the twins, whose labels are just
        those. A row without a twin has padding there.
        """
        batch = self.own[index]
        rows = self.own.indices(index)
        width = max([1, *(len(twin[0]) for row in rows if (twin := self._twins[row]) is not None)])
        shape = (len(rows), width)
        ids, mask, labels = np.full(shape, self._pad), np.zeros(shape, dtype=np.int64), np.full(shape, IGNORE)
        aligned = np.zeros(batch["labels"].shape, dtype=bool)
        for line, row in enumerate(rows):
            twin = self._twins[row]
            if twin is None:
                continue
            tokens, shared = twin
            ids[line, : len(tokens)], mask[line, : len(tokens)] = tokens, 1
            labels[line, len(tokens) - shared : len(tokens)] = tokens[len(tokens) - shared :]
            end = len(self.own.row(int(row))[0])
            aligned[line, end - shared : end] = True
        more = {"aligned": aligned, "twin_input_ids": ids, "twin_attention_mask": mask, "twin_labels": labels}
        return {**batch, **{name: torch.from_numpy(array) for name, array in more.items()}}

    @property
    def tokens(self) -> int:
        """Tokens that all steps together read, those of twins too, padding not counted."""
        sizes = np.array([0 if twin is None else len(twin[0]) for twin in self._twins])
        return self.own.tokens + sum(int(sizes[self.own.indices(index)].sum()) for index in range(len(self)))

    @property
    def label_tokens(self) -> int:
        """Tokens that all steps together learn from; a twin teaches, it is not learned."""
        return self.own.label_tokens

    @property
    def row_tokens(self) -> float:
        """Tokens that an example and its twin, if it has one, have on average."""
        rows = range(len(self._twins))
        twins = sum(len(twin[0]) for twin in self._twins if twin is not None)
        return (sum(len(self.own.row(row)[0]) for row in rows) + twins) / len(rows)

    def describe(self, index: int) -> str:
        """The first examples of a batch."""
        return self.own.describe(index)

    def fingerprint(self) -> str:
        """Hash of rows, twins, order and shape."""
        return fingerprint(self.own.fingerprint(), [twin and (twin[0], twin[1]) for twin in self._twins])


def twin_batches(
    lm: LM,
    examples: Sequence[Example],
    twins: Sequence[Example | None],
    batch_size: float,
    steps: int,
    seed: int,
    *,
    end: Literal["eos", "none"] = "eos",
) -> TwinBatches:
    """Batches as `sft_batches` makes them, with the `twins` of the rows that have one.

    A row and its twin have the same target; they are aligned on the tokens with which both end, so a target
    whose first token joins the prompt differently, or that was cut, is aligned as far as it is the same.
    Raises `BadInput` for twins that are not one for each example or whose target is another.
    """
    if len(twins) != len(examples):
        raise BadInput(
            f"There are {len(twins)} twins for {len(examples)} examples; give one or None for each."
        )
    for example, twin in zip(examples, twins, strict=True):
        if twin is not None and twin.target != example.target:
            raise BadInput(f"The twin of {example.prompt[:40]!r} has another target: {twin.target[:40]!r}.")
    own = sft_batches(lm, examples, batch_size, steps, seed, end=end)
    given = [twin for twin in twins if twin is not None]
    rows = iter(_rows(lm, given, end))
    found: list[tuple[NDArray[np.int64], int] | None] = []
    for number, twin in enumerate(twins):
        if twin is None:
            found.append(None)
            continue
        (one, first), (other, second) = own.row(number), next(rows)
        shared = _common_end(one[first:], other[second:])
        found.append((other, shared) if shared else None)
    return TwinBatches(own, found, lm.filler)


def _rows(
    lm: LM, examples: Sequence[Example], end: Literal["eos", "none"]
) -> list[tuple[NDArray[np.int64], int]]:
    if not examples:
        return []
    batches = sft_batches(lm, examples, 1, 1, 0, end=end)
    return [batches.row(number) for number in range(len(examples))]


def _common_end(a: NDArray[np.int64], b: NDArray[np.int64]) -> int:
    """How many ids both end with."""
    most = min(len(a), len(b))
    differ = np.flatnonzero(a[len(a) - most :] != b[len(b) - most :])
    return most - int(differ[-1]) - 1 if len(differ) else most
