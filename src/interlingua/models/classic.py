"""Classic readers: small networks that class texts and begin with nothing, to be beside pretrained models."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from interlingua.core.errors import BadInput
from interlingua.core.seeds import derive

Kind: TypeAlias = Literal["bigru", "cnn", "char_cnn"]
PADDING, UNKNOWN = 0, 1


@dataclass(frozen=True)
class Units:
    """What texts are cut into, tokens or characters, and the number of each known unit, 2 and up."""

    cut: Callable[[Sequence[str]], Sequence[Sequence[Any]]]
    known: Mapping[Any, int]

    def read(self, texts: Sequence[str]) -> list[list[int]]:
        """Numbers of the units of each text, `UNKNOWN` for others; a text without units is one unknown."""
        return [[self.known.get(unit, UNKNOWN) for unit in row] or [UNKNOWN] for row in self.cut(texts)]

    def __len__(self) -> int:
        """Rows that a table needs for them."""
        return len(self.known) + 2


def units_of(texts: Sequence[str], tokenizer: Any = None) -> Units:
    """The units of some texts: a tokenizer's tokens, or characters where there is none."""

    def tokens(texts: Sequence[str]) -> Sequence[Sequence[Any]]:
        rows: list[list[int]] = tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]
        return rows

    cut = list if tokenizer is None else tokens
    found = sorted({unit for row in cut(texts) for unit in row})
    return Units(cut, {unit: number for number, unit in enumerate(found, 2)})


class BiGRU(nn.Module):
    """A gated recurrent network over the units both ways, the largest of its states, a linear layer."""

    def __init__(self, units: int, classes: int, width: int, dropout: float) -> None:
        super().__init__()
        self.table = nn.Embedding(units, width, padding_idx=PADDING)
        self.gru = nn.GRU(width, width, batch_first=True, bidirectional=True)
        self.dropout, self.out = nn.Dropout(dropout), nn.Linear(2 * width, classes)

    def forward(self, units: Tensor) -> Tensor:
        """Logits (batch, class) of units (batch, pos), padded on the right."""
        packed = pack_padded_sequence(
            self.table(units), (units != PADDING).sum(1).cpu(), batch_first=True, enforce_sorted=False
        )
        states, _ = pad_packed_sequence(self.gru(packed)[0], batch_first=True)
        logits: Tensor = self.out(self.dropout(_largest(states, units[:, : states.shape[1]])))
        return logits


class CNN(nn.Module):
    """Filters of several widths over the units, the largest answer of each over the text, a linear layer.

    Source: Kim 2014, arXiv:1408.5882.
    """

    def __init__(
        self, units: int, classes: int, width: int, dropout: float, widths: Sequence[int] = (3, 4, 5)
    ) -> None:
        super().__init__()
        self.table = nn.Embedding(units, width, padding_idx=PADDING)
        self.widths = tuple(widths)
        self.filters = nn.ModuleList(nn.Conv1d(width, width, size) for size in widths)
        self.dropout, self.out = nn.Dropout(dropout), nn.Linear(len(widths) * width, classes)

    def forward(self, units: Tensor) -> Tensor:
        """Logits (batch, class) of units (batch, pos), padded on the right."""
        rows, found = self.table(units).transpose(1, 2), []
        for size, one in zip(self.widths, self.filters, strict=True):
            seen = F.relu(one(F.pad(rows, ((size - 1) // 2, size // 2)))).transpose(1, 2)
            found.append(_largest(seen, units))
        logits: Tensor = self.out(self.dropout(torch.cat(found, 1)))
        return logits


@dataclass(frozen=True)
class Reader:
    """A network, the units it reads, and which of its classes are the labels of each task."""

    net: nn.Module
    units: Units
    classes: Mapping[str, range]

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        return next(self.net.parameters()).device


def fresh_reader(
    kind: Kind, units: Units, labels: Mapping[str, int], *,
    width: int = 64, dropout: float = 0.5, seed: int = 0, device: torch.device | str = "cpu",
) -> Reader:  # fmt: skip
    """A reader that knows nothing, for tasks with so many labels each; wider filters for `char_cnn`.

    Raises `BadInput` for no task.
    """
    if not labels:
        raise BadInput("A reader needs at least one task to answer; none was given.")
    classes, end = dict[str, range](), 0
    for task, count in labels.items():
        classes[task] = range(end, end + count)
        end += count
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive(seed, "reader", kind) % 2**31)
        net: nn.Module
        if kind == "bigru":
            net = BiGRU(len(units), end, width, dropout)
        else:
            net = CNN(len(units), end, width, dropout, (3, 4, 5) if kind == "cnn" else (3, 5, 7))
    return Reader(net.to(device).eval(), units, classes)


def padded(rows: Sequence[Sequence[int]]) -> Tensor:
    """Rows of units as one tensor (batch, pos), padded on the right."""
    width = max(map(len, rows))
    return torch.tensor([[*row, *(width - len(row)) * [PADDING]] for row in rows])


def _largest(states: Tensor, units: Tensor) -> Tensor:
    """The largest of each number over a text's own units (batch, d)."""
    return states.masked_fill((units == PADDING)[..., None], float("-inf")).amax(1)
