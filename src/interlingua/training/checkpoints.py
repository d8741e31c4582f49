"""Checkpoints: what an interrupted training needs to go on as if nothing had happened.

    <folder>/step-00000120/weights.safetensors     learned parameters, in the precision they are trained in
                           optimizer.safetensors   moments of AdamW; absent once training is over
                           state.json              step, settings, hashes of the two files

A step's folder appears under its name only when it is complete. Nothing is pickled, and no random state
is stored, because the loop draws it anew from (seed, step).
"""

import json
import logging
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from interlingua.core.errors import BadInput, RunFolderError
from interlingua.core.faults import translate
from interlingua.core.fingerprint import file_fingerprint

_WEIGHTS, _OPTIMIZER, _STATE = "weights.safetensors", "optimizer.safetensors", "state.json"
_KEPT = 2
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Saved:
    """A checkpoint read back: `step` optimiser steps are done."""

    step: int
    weights: dict[str, Tensor]
    moments: dict[str, Tensor]


class Checkpoints:
    """The checkpoints of one training in `folder`; `settings` is everything that its result depends on."""

    def __init__(self, folder: Path | str, settings: Mapping[str, Any]) -> None:
        self.folder, self._settings = Path(folder), json.loads(json.dumps(dict(settings)))

    def latest(self) -> Saved | None:
        """The newest complete checkpoint, None where there is none; a damaged one is passed over and named.

        Raises RunFolderError if all are damaged or if they are of a training with other settings.
        """
        faults = []
        for place in reversed(self._steps()):
            try:
                saved, settings = _read(place)
            except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
                faults.append(f"{place} is damaged ({' '.join(str(error).split())})")
                continue
            self._compare(place, settings)
            if faults:
                log.warning("%s; going on from step %d.", "; ".join(faults), saved.step)
            return saved
        if faults:
            raise RunFolderError(
                f"{faults[0]}, and no sound one is left. Remove {self.folder} to start over."
            )
        return None

    def save(self, step: int, weights: Mapping[str, Tensor], moments: Mapping[str, Tensor]) -> None:
        """Add a checkpoint and drop all but the newest two; without `moments` it is the end, kept alone.

        Raises OutOfRoom on a full disk, RunFolderError where the folder cannot be written.
        """
        draft = self.folder / f".step-{secrets.token_hex(4)}.tmp"
        try:
            for left in self.folder.glob(".step-*.tmp"):
                shutil.rmtree(left)
            draft.mkdir(parents=True)
            self._write(draft, step, weights, moments)
            place = self.folder / f"step-{step:08d}"
            if place.exists():
                shutil.rmtree(place)
            draft.rename(place)
            for old in self._steps()[: -_KEPT if moments else -1]:
                shutil.rmtree(old)
        except (OSError, SafetensorError) as error:
            shutil.rmtree(draft, ignore_errors=True)
            told = translate(error, self.folder)
            if told is None:
                raise
            raise (RunFolderError(str(told)) if isinstance(told, BadInput) else told) from error

    def _write(
        self, draft: Path, step: int, weights: Mapping[str, Tensor], moments: Mapping[str, Tensor]
    ) -> None:
        files = {_WEIGHTS: weights, **({_OPTIMIZER: moments} if moments else {})}
        for name, tensors in files.items():
            save_file({key: tensor.contiguous() for key, tensor in tensors.items()}, draft / name)
        hashes = {name: file_fingerprint(draft / name) for name in files}
        state = {"step": step, "settings": self._settings, "files": hashes}
        (draft / _STATE).write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")
        for path in (*draft.iterdir(), draft):
            handle = os.open(path, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)

    def _steps(self) -> list[Path]:
        """Folders of complete checkpoints, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if re.fullmatch(r"step-\d{8}", path.name))

    def _compare(self, place: Path, there: Mapping[str, Any]) -> None:
        here = self._settings
        differ = [key for key in here.keys() | there.keys() if here.get(key) != there.get(key)]
        if differ:
            told = "; ".join(f"{key} {there.get(key)} there, {here.get(key)} here" for key in sorted(differ))
            raise RunFolderError(
                f"{place} is of another training: {told}. Choose another folder "
                "(in a recipe, a stage name that says what differs)."
            )


def _read(place: Path) -> tuple[Saved, dict[str, Any]]:
    """A checkpoint and the settings it was made with; raises what the files make it raise."""
    state = json.loads((place / _STATE).read_text(encoding="utf-8"))
    for name, expected in state["files"].items():
        if not (place / name).is_file() or file_fingerprint(place / name) != expected:
            raise ValueError(f"{name} is missing or not as it was written")
    tensors = {name: load_file(place / name) for name in state["files"]}
    return Saved(state["step"], tensors[_WEIGHTS], tensors.get(_OPTIMIZER, {})), state["settings"]
