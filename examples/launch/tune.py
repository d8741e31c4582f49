"""Tune on question translations in one process or several; the first one saves.

    python examples/launch/tune.py --out tuned
    torchrun --standalone --nproc_per_node 2 examples/launch/tune.py --out tuned
    INTERLINGUA_SHARD=1 torchrun --standalone --nproc_per_node 2 examples/launch/tune.py --out tuned

`docs/clusters.md` says what each process does. Without --model and --on, a small model of the lab.
"""

import argparse
import os
from pathlib import Path

import torch

from interlingua.data.builders import question_translation
from interlingua.data.prompts import PAPER, Template
from interlingua.models.lm import save
from interlingua.studies import resolve
from interlingua.training.adapt import Lora, adapt
from interlingua.training.budget import Budget
from interlingua.training.processes import main_process


def main() -> None:
    """Tune and save."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", help="folder, hf:NAME or lab:NAME")
    parser.add_argument("--on", default="lab:standard", help="TOML file, folder of data or lab:NAME")
    parser.add_argument("--lang", nargs="+", help="languages to translate from [default: two]")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()

    # Copies sit on one GPU each; a model that will be sharded stays in main memory until then.
    copies = torch.cuda.is_available() and os.environ.get("INTERLINGUA_SHARD") != "1"
    device = f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if copies else "cpu"
    source = resolve.source(given.on)
    lm = resolve.model(given.model, given.on, device)
    others = [code for code in source.languages if code != source.pivot]
    languages = resolve.languages(given.lang, source) if given.lang else others[:2]
    frame = Template("{question} = " if given.on.startswith("lab:") else PAPER)
    tuned = adapt(
        lm, question_translation(source, languages, frame), Lora(), Budget(given.steps, 1e-3), batch_size=16,
        checkpoint=given.out.with_name(f"{given.out.name}-checkpoints"),
    )  # fmt: skip
    if main_process():
        print(f"Saved in {save(tuned.lm, given.out)}: {tuned.cost()}")
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main()
