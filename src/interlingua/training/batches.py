"""Batches as functions of the step: which rows a step sees depends on examples, seed and step alone."""

import logging
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from interlingua.core.errors import BadInput
from interlingua.core.fingerprint import fingerprint
from interlingua.core.seeds import derive
from interlingua.data.items import Example
from interlingua.models.lm import LM
from interlingua.training.loss import IGNORE, Batch

log = logging.getLogger(__name__)


class Batches(Protocol):
    """What `train` reads: `batches[i]` must give the same tensors whenever it is asked."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Batch: ...

    def describe(self, index: int) -> str:
        """The rows of a batch in a few words, for error messages."""
        ...

    def fingerprint(self) -> str:
        """Hash of everything the batches hand out; a checkpoint of other batches is refused by it."""
        ...


class SFTBatches:
    """Supervised rows with labels on their targets; see `sft_batches`."""

    def __init__(
        self,
        examples: Sequence[Example],
        rows: Sequence[tuple[list[int], int]],
        cut: Counter[str],
        batch_size: float,
        steps: int,
        seed: int,
        window: int,
        pad: int,
    ) -> None:
        self.examples, self.cut = examples, cut
        self._size, self._steps, self._seed, self._window, self._pad = batch_size, steps, seed, window, pad
        self._ids = [np.array(ids) for ids, _ in rows]
        self._starts = np.array([start for _, start in rows])
        self._lengths = np.array([len(ids) for ids in self._ids])
        self._orders: dict[int, NDArray[np.int64]] = {}

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, index: int, /) -> Batch:
        """`input_ids`, `attention_mask`, `labels`: (batch, pos) of int64, padded on the right."""
        chosen = self.indices(index)
        shape = (len(chosen), int(self._lengths[chosen].max()))
        ids, mask = np.full(shape, self._pad), np.zeros(shape, dtype=np.int64)
        labels = np.full(shape, IGNORE)
        for line, row in enumerate(chosen):
            tokens, start, end = self._ids[row], self._starts[row], self._lengths[row]
            ids[line, :end] = tokens
            mask[line, :end] = 1
            labels[line, start:end] = tokens[start:]
        arrays = {"input_ids": ids, "attention_mask": mask, "labels": labels}
        return {name: torch.from_numpy(array) for name, array in arrays.items()}

    def indices(self, index: int) -> NDArray[np.int64]:
        """Which examples make batch `index`: a piece of the endless stream of reshuffled epochs."""
        if not 0 <= index < self._steps:
            raise IndexError(f"batch {index} of {self._steps}")
        count, first, last = len(self._ids), self._begin(index), self._begin(index + 1)
        epochs = range(first // count, (last - 1) // count + 1)
        parts = [self._order(epoch)[max(0, first - epoch * count) : last - epoch * count] for epoch in epochs]
        return np.concatenate(parts)

    def row(self, example: int) -> tuple[NDArray[np.int64], int]:
        """Ids of one example, and the place of the first that is learned."""
        return self._ids[example], int(self._starts[example])

    @property
    def tokens(self) -> int:
        """Tokens that all steps together read, padding not counted."""
        return self._total(self._lengths)

    @property
    def label_tokens(self) -> int:
        """Tokens that all steps together learn from."""
        return self._total(self._lengths - self._starts)

    @property
    def padding(self) -> float:
        """Share of the computed positions that is padding."""
        batches = [self._lengths[self.indices(index)] for index in range(self._steps)]
        return 1 - self.tokens / sum(int(lengths.max()) * len(lengths) for lengths in batches)

    def describe(self, index: int) -> str:
        """The first examples of a batch by number and opening words."""
        chosen = self.indices(index)
        shown = [f"#{row} {' '.join(self.examples[row].prompt.split())[:40]!r}" for row in chosen[:3]]
        return f"{len(chosen)} examples: {', '.join(shown)}{', ...' if len(chosen) > 3 else ''}"

    def fingerprint(self) -> str:
        """Hash of rows, order and shape."""
        rows = (np.concatenate(self._ids), self._lengths, self._starts)
        return fingerprint(*rows, self._size, self._steps, self._seed, self._window, self._pad)

    def _total(self, counts: NDArray[np.int64]) -> int:
        return sum(int(counts[self.indices(index)].sum()) for index in range(self._steps))

    def _begin(self, index: int) -> int:
        """Where batch `index` begins in the stream."""
        return math.floor(index * self._size)

    def _order(self, epoch: int) -> NDArray[np.int64]:
        """All examples in the order of one epoch.

        Rows that share a batch with another epoch stay as shuffled; between them, the rows of every
        `window` batches are sorted by length and dealt to these batches in random order.
        """
        if epoch not in self._orders:
            rng = np.random.default_rng(derive(self._seed, "epoch", epoch))
            order = rng.permutation(len(self._ids))
            for slots in self._windows(epoch):
                rows = order[slots[0].start : slots[-1].stop]
                rows = rows[np.argsort(self._lengths[rows], kind="stable")]
                for number in rng.permutation(len(slots)):
                    size = slots[number].stop - slots[number].start
                    order[slots[number]], rows = rows[:size], rows[size:]
            self._orders = {**dict(list(self._orders.items())[-1:]), epoch: order}
        return self._orders[epoch]

    def _windows(self, epoch: int) -> list[list[slice]]:
        """The places in an epoch of the batches that lie wholly in it, `window` together."""
        begin, count = epoch * len(self._ids), len(self._ids)
        index = math.ceil(begin / self._size)
        slots = []
        while (stop := self._begin(index + 1) - begin) <= count:
            start = self._begin(index) - begin
            if start >= 0:
                slots.append(slice(start, stop))
            index += 1
        return [slots[first : first + self._window] for first in range(0, len(slots), self._window)]


def sft_batches(
    lm: LM,
    examples: Sequence[Example],
    batch_size: float,
    steps: int,
    seed: int,
    max_tokens: int = 1024,
    *,
    end: Literal["eos", "none"] = "eos",
    window: int = 4,
) -> SFTBatches:
    """`steps` batches of `batch_size` supervised rows, each epoch in a new order.

    Prompt and target are tokenized as one text; the tokens that the prompt alone would also give are
    context, the rest is learned, with the tokenizer's end token after it (`end`). A row longer than
    `max_tokens` or the model's context loses tokens from the left of its prompt, then from the right of
    its target; `.cut` counts such rows by language and a warning is logged. Rows of similar length meet
    within `window` batches (1: fully random batches). A fraction in `batch_size` is met on average: 2.5 gives
    2 and 3 rows in turn. Raises `BadInput` for rows with nothing to learn.
    """
    if not examples:
        raise BadInput("No examples to train on.")
    if batch_size < 1 or steps < 1 or window < 1:
        raise BadInput(
            f"batch_size, steps and window must be at least 1, not {batch_size}, {steps}, {window}."
        )
    limit = min(max_tokens, lm.context or max_tokens)
    if limit < 2:
        raise BadInput(f"max_tokens must be at least 2, not {limit}.")
    cut: Counter[str] = Counter()
    rows = []
    for number, (example, (ids, start)) in enumerate(
        zip(examples, _tokenized(lm, examples, end), strict=True)
    ):
        if len(ids) > limit:
            cut[example.lang or "unnamed"] += 1
            ids, start = _shortened(ids, start, limit, lm.tokenizer.bos_token_id)
        if start >= len(ids):
            raise BadInput(f"Example #{number} ({example.prompt[:40]!r}) has no token to learn; drop it.")
        rows.append((ids, start))
    if cut:
        by_language = ", ".join(f"{lang}: {count:,}" for lang, count in sorted(cut.items()))
        log.warning(
            "%d of %d examples were cut at %d tokens (%s).", cut.total(), len(rows), limit, by_language
        )
    return SFTBatches(examples, rows, cut, batch_size, steps, seed, window, lm.filler)


def _tokenized(lm: LM, examples: Sequence[Example], end: str) -> list[tuple[list[int], int]]:
    """Ids of every row and where its labels start."""
    stop = lm.tokenizer.eos_token_id
    prompts = _ids(lm.tokenizer, [example.prompt for example in examples])
    wholes = _ids(lm.tokenizer, [example.prompt + example.target for example in examples])
    rows = []
    for prompt, whole in zip(prompts, wholes, strict=True):
        shared = next((i for i, (a, b) in enumerate(zip(prompt, whole, strict=False)) if a != b), None)
        start = min(len(prompt), len(whole)) if shared is None else shared
        ids = [*whole, stop] if end == "eos" and stop is not None else whole
        rows.append((ids, max(1, start)))
    return rows


def _ids(tokenizer: Any, texts: list[str]) -> list[list[int]]:
    """Token ids with the opening special tokens but without an end token."""
    stop = tokenizer.eos_token_id
    found: list[list[int]] = tokenizer(texts, truncation=False, padding=False)["input_ids"]
    return [ids[:-1] if stop is not None and len(ids) > 1 and ids[-1] == stop else ids for ids in found]


def _shortened(ids: list[int], start: int, limit: int, bos: int | None) -> tuple[list[int], int]:
    """At most `limit` ids with one or more of them context, the opening token if there is one."""
    head = 1 if bos is not None and ids[0] == bos else 0
    drop = min(len(ids) - limit, start - 1)
    return (ids[:head] + ids[head + drop :])[:limit], start - drop
