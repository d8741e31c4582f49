"""LM: weights, tokenizer and card together; loading from and saving to the ordinary Hugging Face layout."""

import logging
import os
import re
import secrets
import shutil
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from interlingua.core.errors import BadInput, ModelError
from interlingua.core.faults import translate
from interlingua.models.card import read_facts, write_card
from interlingua.models.card_words import ENCODER, KIND, MASKED_LM
from interlingua.models.hub import adapter_folder, hub_name, on_hub, split_name
from interlingua.models.libraries import or_model_error, quiet
from interlingua.models.placement import placement
from interlingua.models.prints import print_of
from interlingua.models.reading import is_encoder, need_safetensors, read_tokenizer, read_weights
from interlingua.models.sharing import merge_adapter, shared_copy

log = logging.getLogger(__name__)

# What configurations call the longest input; families without such a setting (BLOOM, Mamba) have no limit.
_LIMITS = ("max_position_embeddings", "max_seq_len")


@dataclass(eq=False)
class LM:
    """A causal language model ready for use; never changed in place, every step makes a new one.

    `model` is a transformers causal LM, possibly wrapped by PEFT, or an `encoder`; `card` holds the facts
    that go into the model card when it is saved. `changed` says that the weights, adapters aside, are no
    longer those that `name` stands for.
    """

    model: Any
    tokenizer: Any
    name: str
    card: dict[str, Any] = field(default_factory=dict)
    changed: bool = False
    _print: str | None = field(default=None, init=False, repr=False)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return torch.device(next(self.model.parameters()).device)

    @property
    def adapted(self) -> bool:
        """Whether a PEFT adapter sits on the base."""
        return hasattr(self.model, "peft_config")

    @property
    def encoder(self) -> bool:
        """Whether the model looks both ways: it has states of tokens, and answers nothing."""
        return is_encoder(self.model.config)

    @property
    def context(self) -> int | None:
        """Longest input in tokens, None where the model sets no limit; a sliding window is none.

        XLM-R and alike count positions from behind the padding token's id: of their 514 rows 512 are in use.
        """
        config = self.model.config.get_text_config()
        limits = (getattr(config, name, None) or 0 for name in _LIMITS)
        limit = next((limit for limit in limits if limit > 0), None)
        plain = self.model.get_base_model() if self.adapted else self.model
        table = getattr(getattr(plain, "base_model", None), "embeddings", None)
        table = getattr(table, "position_embeddings", None)
        unused = getattr(table, "padding_idx", None)
        return limit if limit is None or unused is None else limit - unused - 1

    @property
    def filler(self) -> int:
        """An id to fill rows of a batch with, which no mask lets through.

        The padding token, or 0 where the tokenizer has none or the model has no row for it.
        """
        padding: int | None = self.tokenizer.pad_token_id
        if padding is None or padding >= self.model.get_input_embeddings().weight.shape[0]:
            return 0
        return padding

    def fingerprint(self) -> str:
        """16 hex digits over weights, adapter, configuration and tokenizer; the same after save and load."""
        if self._print is None:
            self._print = print_of(self.model, self.tokenizer)
        return self._print


def load(
    name_or_path: str | Path,
    device: str = "auto",
    dtype: str = "auto",
    base: LM | None = None,
    *,
    encoders: bool = False,
) -> LM:
    """Read a model: a folder, a folder with a PEFT adapter, or `hf:NAME` from the hub or its local cache.

    `hf:NAME@REVISION` is one branch, tag or commit. Only safetensors are read and no code from the
    checkpoint is run. `device` auto takes CUDA, then MPS, then CPU; `dtype` auto is float32 on CPU and
    bfloat16 on CUDA; `4bit` (CUDA, bitsandbytes) keeps linear layers in four bits. `base` carries an
    adapter whose recorded base is not within reach. `encoders` are refused unless they are asked for.
    Raises `ModelError`, `BadInput`.
    """
    where = placement(device, dtype)
    name = str(name_or_path)
    if on_hub(name):
        repository, revision = split_name(name)
        adapter = or_model_error(f"Cannot load {name}", lambda: adapter_folder(repository, revision))
        if adapter is not None:
            return _read_adapter(adapter, name, device, dtype, base, encoders)
        model = read_weights(repository, name, where, revision, encoders=encoders)
        return LM(model, read_tokenizer(repository, name, revision), name)
    folder = Path(name_or_path)
    if not folder.is_dir():
        raise ModelError(f"No model folder {name!r}; give one that exists, or hf:NAME for a hub model.")
    if (folder / "adapter_config.json").exists():
        return _read_adapter(folder, name, device, dtype, base, encoders)
    if not (folder / "config.json").exists():
        raise ModelError(
            f"{folder} is no model folder: neither config.json nor adapter_config.json is there."
        )
    need_safetensors(folder)
    weights = read_weights(name, name, where, encoders=encoders)
    return LM(weights, read_tokenizer(name, name), name, read_facts(folder))


def save(lm: LM, folder: str | Path, merge: bool = False) -> Path:
    """Write weights (safetensors), configuration, tokenizer and card; an adapter alone unless `merge`.

    An adapter on weights that were `changed` is merged in any case: nobody could load what it stands on.
    The folder, or the one that it links to, appears complete or not at all. Raises `BadInput` where something
    other than a model would be overwritten or the place cannot be written, `ModelError` for merging into
    four-bit weights, `OutOfRoom` where the disk is full.
    """
    shown, folder = Path(folder), Path(os.path.realpath(folder))
    if folder.exists() and not _replaceable(folder):
        raise BadInput(f"{shown} exists and is no model folder; give another place to save to.")
    whole = lm.adapted and (merge or lm.changed)
    if whole and not merge:
        log.info("%s is saved whole: its adapter stands on weights that are saved nowhere else.", lm.name)
    model = merge_adapter(lm.model) if whole else lm.model
    adapter = hasattr(model, "peft_config")
    fresh = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.tmp")
    try:
        fresh.mkdir(parents=True)
        with quiet():
            model.save_pretrained(str(fresh), **({"save_embedding_layers": False} if adapter else {}))
        lm.tokenizer.save_pretrained(str(fresh))
        write_card(fresh, lm.name, {**lm.card, **_kind(lm)}, adapter)
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    except (OSError, SafetensorError) as error:
        shutil.rmtree(fresh, ignore_errors=True)
        told = translate(error, shown)
        if told is None:
            raise
        raise told from error
    return shown


def _kind(lm: LM) -> dict[str, str]:
    """What a card says of an encoder."""
    if not lm.encoder:
        return {}
    return {KIND: ENCODER if lm.model.get_output_embeddings() is None else MASKED_LM}


def _read_adapter(folder: Path, name: str, device: str, dtype: str, base: LM | None, encoders: bool) -> LM:
    """An adapter folder on its base."""
    from peft import PeftConfig, PeftModel  # costs a second that plain models need not pay

    need_safetensors(folder)
    config = or_model_error(
        f"Cannot read the adapter {name}", lambda: PeftConfig.from_pretrained(str(folder))
    )
    if base is None:
        base = load(_base_of(folder, name, config), device, dtype, encoders=encoders)
    carrier = base

    def attach() -> Any:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message=".*missing adapter keys")
            return PeftModel.from_pretrained(shared_copy(carrier.model), str(folder))

    model = or_model_error(f"Cannot put the adapter {name} on {base.name}", attach)
    own = (folder / "tokenizer_config.json").exists()
    tokenizer = read_tokenizer(str(folder), name) if own else base.tokenizer
    return LM(model.eval(), tokenizer, name, {**base.card, **read_facts(folder)}, base.changed)


def _base_of(folder: Path, name: str, config: Any) -> str | Path:
    """Where the base that an adapter names is: a folder, or a hub name with its revision."""
    wanted = str(config.base_model_name_or_path or "")
    for place in (Path(wanted), folder / wanted):
        if wanted and place.is_dir():
            return place
    if re.fullmatch(r"[\w.-]+/[\w.-]+|[\w-]+", wanted):
        return hub_name(wanted, config.revision)
    raise ModelError(f"The adapter {name} sits on {wanted or 'a base without a name'}, which is not here.")


def _replaceable(folder: Path) -> bool:
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else {""}
    return not names or bool(names & {"config.json", "adapter_config.json"})
