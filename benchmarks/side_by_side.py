"""What the scoring benchmarks share: real questions, a random model that reads them, the machine in words."""

import os
import platform
from collections.abc import Iterator
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from interlingua.core.provenance import commit, versions
from interlingua.data.files import FileSource
from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.models.lm import save

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "results"
DATA = ROOT.parent / "shared" / "data"
SIX = ("en", "zh", "th", "sw", "hi", "ru")
"""Six languages in five scripts; none of their label words is a single token for a small vocabulary."""
SHAPE = {
    "hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 6, "num_key_value_heads": 6,
    "intermediate_size": 1152, "max_position_embeddings": 8192,
}  # fmt: skip
"""More than ten million parameters without the vocabulary."""


def texts(on: Path, tasks: tuple[str, ...], each: int = 1000) -> Iterator[str]:
    """Questions of tasks in all their languages, to train a tokenizer on; labels are not among them."""
    place = FileSource(on, tasks=tasks)
    for task in tasks:
        split = place.splits(task)[0]
        for lang in place.languages_of(task, split):
            yield from (item.question for item in islice(place.task(task, lang, split), each))


def model_folder(kind: str, vocabulary: int, lines: list[str], place: Path, seed: int, **shape: int) -> Path:
    """A checkpoint of random weights; rows of the vocabulary that its tokenizer cannot fill stay unused."""
    tokenizer = small_tokenizer(lines, vocabulary)
    lm = tiny_model(
        kind, tokenizer, seed=seed, **{"initializer_range": 0.05, "vocab_size": vocabulary, **shape}
    )
    return save(lm, place / f"{kind}-{vocabulary}")


def made_by(file: str, seed: int) -> dict[str, Any]:
    """Where figures are from: commit, machine, threads, versions, seed."""
    return {
        "commit": commit(Path(file)), "seed": seed, "threads": torch.get_num_threads(),
        "machine": f"{os.cpu_count()} cores, {_processor()}, {platform.system()}",
        "versions": versions() | {"lm_eval": version("lm_eval")},
    }  # fmt: skip


def signed(record: dict[str, Any], command: str) -> str:
    """The last line of a page of figures."""
    return (
        f"{record['machine']}, {record['threads']} threads, float32; commit {record['commit']}, seed "
        f"{record['seed']}; lm-eval {record['versions']['lm_eval']}, torch {record['versions']['torch']}, "
        f"transformers {record['versions']['transformers']}. `{command}`"
    )


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
