"""Seeds: one number makes a run repeatable, and labels make independent streams of it."""

import hashlib
import random
import sys

import numpy as np


def derive(seed: int, *labels: str | int) -> int:
    """A seed for one part of the work, the same in every process and on every machine.

    In [0, 2**63), which numpy and torch both take. `derive(0, "shots", "swh_Latn")` does not depend on
    how many other parts there are or on the order in which they run.
    """
    text = "\x1f".join([repr(seed), *map(repr, labels)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def seed_everything(seed: int) -> None:
    """Seed the global generators of Python, numpy and, where it is already imported, torch.

    Code of ours takes its own generator from `derive`; this covers libraries that use the global ones.
    """
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed)
