"""What test_processes.py runs in two processes: three trainings, told as one line of JSON per process.

whole          eight steps from the start
interrupted    the same, stopped after step 5 with a checkpoint of step 4 in FOLDER/two
resumed        goes on from the checkpoint of step 4 that one process left in FOLDER/one
"""

import json
import os
import runpy
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch.distributed.fsdp import FSDPModule

import interlingua.training.loop as loop
from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM
from interlingua.training.batches import sft_batches
from interlingua.training.budget import Budget
from interlingua.training.objectives.next_token import next_token
from interlingua.training.processes import main_process

STEPS = 8


def tuned(lm: LM, examples: Any, on_step: Callable[[int, Mapping[str, float]], None], **more: Any) -> LM:
    """Batches of one and two rows in turn: in every other one the second process has nothing to do."""
    return loop.train(
        with_lora(lm, "all-linear", 2, 4),
        sft_batches(lm, examples, 1.5, 2 * STEPS, 0, window=1),
        next_token,
        Budget(STEPS, 1e-2, accumulate=2),
        save_steps=4,
        on_step=on_step,
        **more,
    )


class Recorder:
    """Losses of each step; stops a training as Ctrl-C would after `last` steps."""

    def __init__(self, last: int = STEPS) -> None:
        self.losses: list[float] = []
        self._last = last

    def __call__(self, step: int, facts: Mapping[str, float]) -> None:
        """Note the loss."""
        self.losses.append(facts["loss"])
        if len(self.losses) == self._last < STEPS:
            raise KeyboardInterrupt


def main(folder: Path) -> None:
    """The three trainings of this process."""
    made = runpy.run_path(str(Path(__file__).with_name("conftest.py")))
    lm, examples = made["tiny_llama"](), made["copying"]()
    seen: dict[str, Any] = {"bars": 0, "rank": int(os.environ["RANK"]), "main": main_process()}
    step = loop._Run.step

    def watched(run: Any, batches: Any) -> Any:
        model = getattr(run._forward, "module", run._forward).model
        blocks = [module for module in model.modules() if type(module).__name__.endswith("DecoderLayer")]
        seen["wrapper"] = type(run._forward).__name__
        seen["fsdp"] = [isinstance(module, FSDPModule) for module in (model, *blocks)]
        seen["local"] = sum(getattr(p, "_local_tensor", p).numel() for p in model.parameters())
        seen["world"] = torch.distributed.get_world_size()
        seen["backend"] = torch.distributed.get_backend()
        return step(run, batches)

    @contextmanager
    def bar(title: str, total: int, done: int) -> Iterator[Callable[..., None]]:
        seen["bars"] += 1
        yield lambda done=1, note="": None

    loop._Run.step, loop.progress = watched, bar  # type: ignore[method-assign,attr-defined]
    whole = Recorder()
    one = tuned(lm, examples, whole)
    stopped = Recorder(5)
    try:
        tuned(lm, examples, stopped, checkpoint=folder / "two")
    except KeyboardInterrupt:
        seen["stopped"] = len(stopped.losses)
    later = Recorder()
    other = tuned(lm, examples, later, checkpoint=folder / "one")
    rank = seen["rank"]
    for name, model in {"whole": one.model, "resumed": other.model}.items():
        save_file({k: p.detach().clone() for k, p in model.named_parameters()}, folder / f"{name}-{rank}")
    (folder / f"told-{rank}.json").write_text(
        json.dumps(seen | {"whole": whole.losses, "resumed": later.losses})
    )
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
