"""The training that test_loop.py kills: as a script it tells every step, slowly."""

import runpy
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from interlingua.data.items import Example
from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM
from interlingua.training.batches import sft_batches
from interlingua.training.budget import Budget
from interlingua.training.loop import train
from interlingua.training.objectives.next_token import next_token


def tuned(
    lm: LM,
    examples: Sequence[Example],
    checkpoint: Path,
    on_step: Callable[[int, Mapping[str, float]], None] | None = None,
) -> LM:
    """Twelve steps of two batches each, saved every third step."""
    return train(
        with_lora(lm, "all-linear", 2, 4, 0.3),
        sft_batches(lm, examples, 4, 24, 0),
        next_token,
        Budget(12, 1e-2, accumulate=2),
        checkpoint=checkpoint,
        save_steps=3,
        on_step=on_step,
    )


def tell(step: int, facts: Mapping[str, float]) -> None:
    """Print the step, then wait to be killed."""
    print("step", step, flush=True)
    time.sleep(0.15)


if __name__ == "__main__":
    made = runpy.run_path(str(Path(__file__).with_name("conftest.py")))
    tuned(made["tiny_llama"](), made["copying"](), Path(sys.argv[1]), tell)
