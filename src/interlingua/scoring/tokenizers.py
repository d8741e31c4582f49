"""Tokenizers by name or folder, without the weights of their model."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transformers import PreTrainedTokenizerFast
from transformers.utils.hub import cached_file

from interlingua.core.errors import ModelError
from interlingua.models.hub import hub_name, on_hub, split_name
from interlingua.models.libraries import or_model_error
from interlingua.models.prints import tokenizer_print
from interlingua.models.reading import read_tokenizer

_WHOLE = "tokenizer.json"
_FILES = (_WHOLE, "tokenizer_config.json", "*.model", "vocab.json", "vocab.txt")
# How configurations as they are stored call the longest input; `LM.context` knows the same ones.
_LIMITS = ("max_position_embeddings", "n_positions", "max_seq_len")
_NO_LIMIT = 10**9
"""Transformers writes a number above it where nobody said how long a text may be."""


@dataclass(frozen=True, eq=False)
class Tokenizer:
    """A tokenizer of transformers, and how many tokens its model reads; None where no file says so."""

    name: str
    tokenizer: Any
    context: int | None = None

    def fingerprint(self) -> str:
        """16 hex digits over all that decides the ids."""
        return tokenizer_print(self.tokenizer)


def load_tokenizer(name: str, find: Callable[[str], Tokenizer] | None = None) -> Tokenizer:
    """The tokenizer of `hf:NAME`, of a model folder, or of a folder with nothing but a tokenizer.

    What a PEFT adapter lacks comes from the base that it names, which `find` looks for (None: this function).
    Raises `ModelError` for a place without a tokenizer, or one that cannot be read.
    """
    if not on_hub(name) and not Path(name).is_dir():
        raise ModelError(
            f"No folder {name!r} with a tokenizer; give one that exists, hf:NAME for one on the hub, or "
            "lab:NAME."
        )
    source, revision = split_name(name) if on_hub(name) else (name, None)
    config = _read(name, "config.json")
    wanted = _base_of(name) if config is None else ""
    find = find or load_tokenizer
    own = on_hub(name) or [file for file in _FILES if any(Path(source).glob(file))]
    if not own and not wanted:
        raise ModelError(f"{name} has no tokenizer: none of {', '.join(_FILES)} is there.")
    if not own:
        base = find(wanted)
        return Tokenizer(name, base.tokenizer, base.context)
    bare = own == [_WHOLE] and config is None
    tokenizer = _bare(name) if bare else read_tokenizer(source, name, revision)
    if config is not None:
        sizes = config.get("text_config", config)
        return Tokenizer(
            name, tokenizer, next((int(limit) for key in _LIMITS if (limit := sizes.get(key))), None)
        )
    if wanted:
        try:
            return Tokenizer(name, tokenizer, find(wanted).context)
        except ModelError:  # the base is not within reach, and only its window is wanted
            return Tokenizer(name, tokenizer)
    said = tokenizer.model_max_length
    return Tokenizer(name, tokenizer, int(said) if said < _NO_LIMIT else None)


def _base_of(name: str) -> str:
    """The base that a PEFT adapter names, as `load_tokenizer` takes it; empty for anything else."""
    config = _read(name, "adapter_config.json") or {}
    wanted = str(config.get("base_model_name_or_path") or "")
    beside = Path(name) / wanted
    if not wanted or wanted.startswith("lab:") or Path(wanted).is_dir():
        return wanted
    return str(beside) if beside.is_dir() else hub_name(wanted, config.get("revision"))


def _bare(name: str) -> Any:
    """A tokenizer from `tokenizer.json` alone; its model says which token is the unknown one."""
    held = _read(name, _WHOLE) or {}

    def read() -> Any:
        try:
            model = held["model"]
            unknown, place = model.get("unk_token"), model.get("unk_id")
            unknown = unknown if place is None else model["vocab"][place][0]
            named = {"unk_token": unknown} if unknown else {}
            return PreTrainedTokenizerFast(tokenizer_file=str(Path(name) / _WHOLE), **named)
        except Exception as error:  # the tokenizers library raises nothing more special
            raise ValueError(str(error)) from error

    return or_model_error(f"Cannot load the tokenizer of {name}", read)


def _read(name: str, file: str) -> dict[str, Any] | None:
    """What a JSON file of a folder or hub repository holds; None where there is no such file."""
    place = Path(name) / file
    if on_hub(name):
        repository, revision = split_name(name)
        found = or_model_error(
            f"Cannot load the tokenizer of {name}",
            lambda: cached_file(
                repository, file, revision=revision, _raise_exceptions_for_missing_entries=False,
                _raise_exceptions_for_connection_errors=False,
            ),
        )  # fmt: skip
        if found is None:
            return None
        place = Path(found)
    elif not place.is_file():
        return None
    try:
        return dict(json.loads(place.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{file} of {name} is damaged ({error}); get it again.") from error
