"""Row: one scored fact, the only thing that measures and reports read."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """One item, answered once by one model in one way.

    `prediction` and `gold` index the options; `scores` holds one number per option (log scale, higher
    is chosen). `tokens` counts distinct token prefixes of the item alone, generated tokens included.
    `extra` carries what only some modes have, e.g. `restated` and `word_accuracy` for mode `restate`.
    """

    model: str
    task: str
    split: str
    id: str
    group: str
    cluster: str
    lang: str
    mode: str
    prediction: int
    gold: int
    scores: tuple[float, ...]
    question: str
    options: tuple[str, ...]
    tokens: int = 0
    seed: int = 0
    extra: Mapping[str, str | float] = field(default_factory=dict)

    @property
    def correct(self) -> bool:
        """Whether the chosen option is the gold one."""
        return self.prediction == self.gold
