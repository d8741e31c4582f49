"""Merging: models put together as a mergekit configuration says, or by a layer swap, and saved."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from transformers import AutoConfig

from interlingua.core.errors import BadInput, ModelError
from interlingua.core.files import write_atomic
from interlingua.models.adapters import merged
from interlingua.models.anatomy import anatomy
from interlingua.models.hub import PREFIX, adapter_folder, hub_name, on_hub, split_name
from interlingua.models.libraries import or_model_error
from interlingua.models.lm import LM, save
from interlingua.models.surgery.layers import swap_layers, swap_plan
from interlingua.models.surgery.mergekit import FORMATS, mergekit_yaml, read_mergekit
from interlingua.studies.resolve import model

CONFIG = "mergekit_config.yml"
"""The configuration beside a merged model, under the name that mergekit gives it."""
Expert = Literal["task", "language"]


def merge(config: Path | str, out: Path | str) -> dict[str, Any]:
    """Carry out a mergekit configuration and save the model, its card and the configuration in `out`.

    Layers by slices (`passthrough`, `linear`), whole models (`linear`), and `ties` of models that count
    alike are read. A model is a folder as seen from here or else from the configuration's place, a hub name
    with or without `hf:`, or `lab:NAME`. Numbers are in the configuration's `dtype`, else in that of the
    files (adapters: float32); all models are in memory together. Raises `BadInput` for a configuration that
    cannot be read, models that do not fit each other and an `out` that is not empty, is the current folder
    or cannot be written, `ModelError` (also for merged weights that are not finite), `OutOfRoom`.
    """
    started = monotonic()
    free, told = _free(Path(out)), read_mergekit(config)
    beside = Path(config).parent
    names = [_found(name, beside) for name in told.models]
    models = _opened(names, told.dtype)
    text = told.written(_shown(names), merged(models[0]))
    return _saved(told.merge(models), models, text, free, started)


def swap(
    task: str,
    language: str,
    out: Path | str,
    *,
    bottom: int | None = None,
    top: int | None = None,
    transition: int | None = None,
    embeddings: Expert = "language",
) -> dict[str, Any]:
    """Swap layers of two experts tuned from one base: the middle of `task` between the ends of `language`.

    `bottom`, `top` and `transition` are counts of layers (None: in proportion, as `swap_plan` says);
    `embeddings` says whose they are. What is saved, and what is raised, is as for `merge`.
    Source: Bandarkar et al. 2024, arXiv:2410.01335.
    """
    started = monotonic()
    free = _free(Path(out))
    names = [task, language]
    models = [merged(lm) for lm in _opened(names, None)]
    whose = (1.0, 0.0) if embeddings == "task" else (0.0, 1.0)
    plan = swap_plan(len(anatomy(models[0]).layers), bottom, top, transition, embeddings=whose)
    text = mergekit_yaml(plan, _shown(names), models[0])
    return _saved(swap_layers(*models, plan=plan), models, text, free, started)


def _free(out: Path) -> Path:
    """A place where `save` can put a folder, as it was typed; told before any model is read or folder made.

    `save` renames within the folder above, so that is what must be open, and `out` must be replaceable.
    """
    try:
        folder = Path(os.path.realpath(out))
        taken = folder.is_symlink() or folder.exists()
        if taken and not (folder.is_dir() and not any(folder.iterdir())):
            raise BadInput(
                f"{out} exists and is not an empty folder; give another place for the merged model."
            )
        if taken and folder.samefile(os.curdir):
            raise BadInput(f"{out} is the folder that you are in; give a new one for the merged model.")
        if taken and os.path.ismount(folder):
            raise BadInput(f"{out} is a disk of its own; give a new folder in it for the merged model.")
        above = next(place for place in folder.parents if place.exists())
    except OSError as error:
        raise BadInput(f"Cannot write to {out}: {error.strerror}; give another place.") from error
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        closed = "it is closed" if above.is_dir() else "it is no folder"
        raise BadInput(f"Cannot write to {above}: {closed}; give another place for the merged model.")
    return out


def _found(name: str, beside: Path) -> str:
    """A configuration's name of a model as `resolve.model` takes it."""
    if name.startswith((PREFIX, "lab:")) or Path(name).is_dir():
        return name
    if (beside / name).is_dir():
        return str(beside / name)
    if "+" in name:
        raise BadInput(
            f"{name}: a base and an adapter in one name cannot be read; name the adapter's folder."
        )
    known = re.fullmatch(r"\w[\w.-]*/\w[\w.-]*(@[\w.-]+)?", name)
    return hub_name(name) if known and not Path(name).parent.is_dir() else name  # else a folder mistyped


def _opened(names: Sequence[str], dtype: str | None) -> list[LM]:
    """The models on the CPU, where merging is done."""
    return [model(name, "", "cpu", dtype or _stored(name)) for name in names]


def _stored(name: str) -> str:
    """The number format of a model's files; `auto` for an adapter and a model of the lab, which name none."""
    repository, revision = split_name(name) if on_hub(name) else (name, None)
    if on_hub(name):
        adapter = or_model_error(f"Cannot load {name}", lambda: adapter_folder(repository, revision))
        plain = adapter is None
    else:
        here = Path(name)
        plain = (here / "config.json").is_file() and not (here / "adapter_config.json").is_file()
    if not plain:
        return "auto"
    config = or_model_error(
        f"Cannot load {name}",
        lambda: AutoConfig.from_pretrained(repository, revision=revision, trust_remote_code=False),
    )
    held = str(config.get_text_config().dtype).removeprefix("torch.")
    return held if held in FORMATS else "auto"


def _shown(names: Sequence[str]) -> list[str]:
    """Names under which mergekit finds the models from anywhere; it does not know those of the lab."""
    return [str(Path(name).resolve()) if Path(name).is_dir() else name.removeprefix(PREFIX) for name in names]


def _saved(made: LM, models: Sequence[LM], text: str, out: Path, started: float) -> dict[str, Any]:
    """Save model, card and configuration; the card says what the models were tuned on, all together."""
    for name, weights in made.model.named_parameters():
        if not bool(weights.isfinite().all()):
            raise ModelError(
                f"The merged model would have weights in {name} that are no finite numbers; give models "
                "without such, smaller weights in the configuration, or a wider dtype."
            )
    tuned_on = dict.fromkeys(lang for lm in models for lang in lm.card.get("tuned_on") or ())
    card: dict[str, Any] = {"merged_from": [lm.name for lm in models]}
    card |= {"tuned_on": list(tuned_on)} if tuned_on else {}
    lm = LM(made.model, made.tokenizer, made.name, card)
    real = Path(os.path.realpath(out))
    save(lm, out)
    write_atomic(real / CONFIG, text)
    return {
        "models": [lm.name for lm in models], "saved": str(out), "config": str(out / CONFIG),
        "fingerprint": lm.fingerprint(), "seconds": round(monotonic() - started, 1),
    }  # fmt: skip
