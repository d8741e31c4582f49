"""Where tuning changed a model: how far every module of every layer moved."""

import math
from collections import defaultdict
from dataclasses import dataclass

from interlingua.models.adapters import merged
from interlingua.models.lm import LM
from interlingua.models.surgery.layers import check_alike


@dataclass(frozen=True, slots=True)
class Change:
    """How far one module moved: Frobenius norm of its change, and of the weights it started from.

    `layer` is the number of its part (0: embeddings, n + 1: after the layers); `module` the path inside it,
    such as `self_attn.q_proj`; weight and bias of a module count together.
    """

    layer: int
    module: str
    norm: float
    start: float

    @property
    def relative(self) -> float:
        """Norm of the change as a share of the norm of the weights; NaN where these are all 0."""
        return self.norm / self.start if self.start else math.nan


def heat_map(base: LM, tuned: LM) -> list[Change]:
    """The change of every module from `base` to `tuned`, from bottom to top; adapters count as merged.

    Raises what `check_alike` raises.
    """
    before, after = merged(base), merged(tuned)
    numbers = check_alike([before, after])
    weights = dict(after.model.named_parameters())
    squares: dict[tuple[int, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for name, start in before.model.named_parameters():
        first = start.detach().double()
        cell = squares[numbers[name], _inside(name)]
        cell[0] += float((weights[name].detach().double() - first).square().sum())
        cell[1] += float(first.square().sum())
    return [
        Change(layer, module, math.sqrt(moved), math.sqrt(start))
        for (layer, module), (moved, start) in sorted(squares.items(), key=lambda cell: cell[0][0])
    ]


def by_layer(changes: list[Change]) -> list[Change]:
    """The changes of each part as a whole, `module` empty, from the embeddings upwards."""
    squares: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for change in changes:
        squares[change.layer][0] += change.norm**2
        squares[change.layer][1] += change.start**2
    return [
        Change(layer, "", math.sqrt(moved), math.sqrt(start))
        for layer, (moved, start) in sorted(squares.items())
    ]


def _inside(name: str) -> str:
    """A parameter's module, without the layer it is in and all above it: what follows the first number."""
    parts = name.split(".")[:-1] or [name]
    number = next((place for place, part in enumerate(parts) if part.isdigit()), None)
    return ".".join(parts if number is None else parts[number + 1 :]) or parts[-1]
