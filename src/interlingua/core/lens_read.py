"""LensRead: what every layer of a model says of one item, as scoring reads it and measures take it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Words = Literal["options", "english", "native"]


@dataclass(frozen=True, eq=False, slots=True)
class LensRead:
    """One item at one token of its prompt, layer by layer; layer 0 is what enters the first layer.

    `options`, `english` and `native` `[layer, option]` hold the probability that the item's own options, and
    their words in English and in the item's language, come next; None where first tokens cannot tell words
    apart, or none were given. `shared` `[layer]` is what counts for English and native words at once, since
    they begin alike; None where not both are known at one place. `entropy` `[layer]` is that of the next
    token (nats, whole vocabulary). `leads` tells for each kind of words the likeliest option `[layer]`, -1
    where two are. `position` counts from the end of the prompt, -1 being its last token; `cut` tokens were
    lost at its beginning.
    """

    id: str
    task: str
    split: str
    lang: str
    group: str
    cluster: str
    gold: int
    position: int
    options: Array | None
    english: Array | None
    native: Array | None
    shared: Array | None
    entropy: Array
    leads: Mapping[Words, NDArray[np.int64]]
    cut: int = 0
