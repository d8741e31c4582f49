"""Bases: tiny causal language models pretrained on a world, saved as ordinary Hugging Face checkpoints.

A base is a pure function of (world, recipe of its pretraining). Those of `lab:standard` and of the judging
worlds ship inside the package; others are built on first use and kept in the user's cache.
"""

import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import Qwen3Config, Qwen3ForCausalLM

from interlingua.core.cache import cache_dir
from interlingua.core.errors import BadInput, ModelError
from interlingua.core.files import write_atomic
from interlingua.core.fingerprint import fingerprint
from interlingua.core.provenance import versions
from interlingua.core.seeds import derive
from interlingua.lab.corpus import draw_documents, pack, train_tokenizer
from interlingua.lab.named import WORLDS, spec, world
from interlingua.lab.worlds import World
from interlingua.models.lm import LM, load, save
from interlingua.training.budget import Budget
from interlingua.training.loop import OnStep, everything, train
from interlingua.training.objectives.next_token import next_token

SHIPPED = Path(__file__).parent / "shipped"
MANIFEST = "base.json"


@dataclass(frozen=True)
class BaseSpec:
    """Size and pretraining of a base; the world says what it reads."""

    layers: int = 4
    width: int = 128
    hidden: int = 384
    heads: int = 4
    steps: int = 4500
    batch: int = 8
    length: int = 128
    lr: float = 3e-3
    documents: int = 100_000
    positions: int = 512
    seed: int = 0


BASES: Mapping[str, BaseSpec] = {
    "lab:standard": BaseSpec(steps=5500),
    "lab:tiny": BaseSpec(layers=2, width=64, hidden=128, heads=2, steps=60, documents=1500),
}


def base_spec(name: str) -> BaseSpec:
    """How the base of a named world is made."""
    return BASES.get(pretrained_on(name).name, BaseSpec())


def pretrained_on(name: str) -> World:
    """The world that the base of a named world is pretrained on: its own, or the one whose base it shares."""
    return world(spec(name).base or name)


class Packed:
    """Rows of packed documents as batches; reshuffled every epoch, a pure function of the step."""

    def __init__(
        self, rows: tuple[NDArray[np.int16], NDArray[np.float32]], batch: int, steps: int, seed: int, pad: int
    ) -> None:
        """`rows` are ids and weights as `pack` gives them."""
        self._ids, self._weights = rows
        self._batch, self._steps, self._seed, self._pad = batch, steps, seed, pad
        self._epoch: tuple[int, NDArray[np.int64]] | None = None

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, index: int, /) -> dict[str, torch.Tensor]:
        """`input_ids`, `attention_mask`, `labels` and `weights`: (batch, pos)."""
        per_epoch = len(self._ids) // self._batch
        epoch, place = divmod(index, per_epoch)
        if self._epoch is None or self._epoch[0] != epoch:
            order = np.random.default_rng(derive(self._seed, "epoch", epoch)).permutation(len(self._ids))
            self._epoch = (epoch, order)
        rows = self._epoch[1][place * self._batch : (place + 1) * self._batch]
        ids = torch.from_numpy(self._ids[rows].astype(np.int64))
        kept = ids != self._pad
        return {
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids),
            "labels": ids.masked_fill(~kept, -100),
            "weights": torch.from_numpy(self._weights[rows]),
        }

    def describe(self, index: int) -> str:
        """Which rows a batch holds."""
        return f"rows of packed documents, batch {index}"

    def fingerprint(self) -> str:
        """Hash of rows, order and shape."""
        parts = (self._ids.tobytes(), self._weights.tobytes(), self._batch, self._steps, self._seed)
        return fingerprint(*parts)


def start(lab: World, how: BaseSpec) -> tuple[LM, Packed]:
    """What pretraining starts from: random weights with the world's tokenizer, and all batches."""
    documents = draw_documents(lab, how.documents, how.seed)
    tokenizer = train_tokenizer([d.text for d in documents[:20_000]], lab.spec.vocabulary)
    rows = pack(documents, tokenizer, how.length, lab.spec.mixture.answer_weight)
    seed = derive(how.seed, "batches", lab.name)
    shape: dict[str, Any] = dict(
        vocab_size=len(tokenizer), hidden_size=how.width, intermediate_size=how.hidden,
        num_hidden_layers=how.layers, num_attention_heads=how.heads, num_key_value_heads=how.heads,
        head_dim=how.width // how.heads, max_position_embeddings=how.positions, tie_word_embeddings=True,
        bos_token_id=None, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
        attn_implementation="eager",
    )  # fmt: skip
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive(how.seed, "weights", lab.name) % 2**31)
        fresh = LM(Qwen3ForCausalLM(Qwen3Config(**shape)), tokenizer, lab.name)
    return fresh, Packed(rows, how.batch, how.steps, seed, tokenizer.pad_token_id)


def pretrain(
    lab: World, how: BaseSpec, checkpoint: Path | None = None, on_step: OnStep | None = None
) -> tuple[LM, dict[str, Any]]:
    """Train a base from scratch; returns it with the facts of its manifest.

    Resumed from `checkpoint`, it has no `first_losses`, and `seconds` are those of the last attempt.
    """
    started = time.monotonic()
    fresh, batches = start(lab, how)
    losses: dict[int, float] = {}

    def record(step: int, facts: Mapping[str, float]) -> None:
        losses[step] = facts["loss"]
        if on_step is not None:
            on_step(step, facts)

    budget = Budget(
        steps=how.steps, lr=how.lr, warmup=0.04, hold=0.36, schedule="linear", optimizer="muon",
        betas=(0.9, 0.95), weight_decay=0.01, precision="bf16",
    )  # fmt: skip
    lm = train(
        fresh, batches, next_token, budget, learn=everything, seed=how.seed, checkpoint=checkpoint,
        on_step=record, title=f"Pretraining {lab.name}",
    )  # fmt: skip
    last = list(losses.values())[-100:]
    facts = {
        "world": lab.name, "world_fingerprint": lab.fingerprint(), "spec": asdict(how),
        "tokens": how.steps * how.batch * how.length,
        "first_losses": [round(loss, 4) for step, loss in losses.items() if step < 20] if 0 in losses else [],
        "last_loss": round(float(np.mean(last)), 4) if last else None,
        "seconds": round(time.monotonic() - started), "versions": versions(),
        "command": f"interlingua lab build {lab.name.removeprefix('lab:')}",
    }  # fmt: skip
    return lm, facts


def build_base(
    name: str, out: Path | None = None, steps: int | None = None, fresh: bool = False
) -> dict[str, Any]:
    """Train the base of a named world into `out` (default: the user's cache).

    Returns its manifest with the `folder` it is in. A world that shares a base has that one built.
    An interrupted build goes on where it was; `fresh` starts over. `steps` overrides the length of
    pretraining. Raises `BadInput` where `out` holds another base.
    """
    lab, how = pretrained_on(name), base_spec(name)
    if steps is not None:
        how = replace(how, steps=steps)
    place = out or _cached(lab, how)
    if (place / MANIFEST).is_file() and not fresh:
        if not _holds(place, lab, how):
            raise BadInput(f"{place} holds another base than {lab.name}; give another place, or --fresh.")
        return {**_manifest(place), "folder": str(place)}
    work = cache_dir("building") / fingerprint(lab.fingerprint(), how)
    if fresh and work.exists():
        shutil.rmtree(work)
    lm, facts = pretrain(lab, how, work)
    lm.model.half()  # stored as float16: 2 MB instead of 4
    save(lm, place)
    facts["fingerprint"] = load(str(place), dtype="float16").fingerprint()
    write_atomic(place / MANIFEST, json.dumps(facts, indent=1) + "\n")
    shutil.rmtree(work)
    return {**facts, "folder": str(place)}


def base_folder(name: str) -> Path:
    """Where the base of a named world is: shipped, or in the user's cache, built now if it is not there."""
    lab, how = pretrained_on(name), base_spec(name)
    place = _shipped(lab, how) or _cached(lab, how)
    if not (place / MANIFEST).is_file():
        build_base(name)
    return place


def load_base(name: str, device: str = "auto") -> LM:
    """The base of a named world: shipped, or from the user's cache, or built now.

    Raises `ModelError` where the files are not those their manifest names.
    """
    lab, place = pretrained_on(name), base_folder(name)
    manifest = _manifest(place)
    stored = load(str(place), dtype="float16", device="cpu")
    if stored.fingerprint() != manifest.get("fingerprint"):
        anew = f"interlingua lab build {lab.name.removeprefix('lab:')} --fresh"
        raise ModelError(
            f"The base of {lab.name} in {place} is not the model its {MANIFEST} names; "
            + ("install interlingua again." if place.parent == SHIPPED else f"`{anew}` makes it anew.")
        )
    lm = load(str(place), dtype="float32", device=device)
    return LM(lm.model, lm.tokenizer, lab.name, {"base": lab.name, "pretraining": manifest})


def shipped() -> list[str]:
    """Names of the worlds whose base ships inside the package."""
    bases = {name: spec.base or name for name, spec in WORLDS.items()}
    held = {base: _shipped(world(base), base_spec(base)) for base in set(bases.values())}
    return [name for name, base in bases.items() if held[base]]


def _shipped(lab: World, how: BaseSpec) -> Path | None:
    """The folder inside the package, if it holds the base of exactly this world and pretraining."""
    place = SHIPPED / lab.name.removeprefix("lab:")
    return place if (place / MANIFEST).is_file() and _holds(place, lab, how) else None


def _holds(place: Path, lab: World, how: BaseSpec) -> bool:
    """Whether a manifest is that of exactly this world and pretraining."""
    manifest = _manifest(place)
    return manifest.get("world_fingerprint") == lab.fingerprint() and manifest.get("spec") == asdict(how)


def _cached(lab: World, how: BaseSpec) -> Path:
    return cache_dir("bases") / f"{lab.name.removeprefix('lab:')}-{fingerprint(lab.fingerprint(), how)}"


def _manifest(place: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelError(f"{place / MANIFEST} is damaged; delete {place} and build it again.") from error
    return found
