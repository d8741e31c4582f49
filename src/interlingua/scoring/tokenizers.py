"""Tokenizers by name or folder, without the weights of their model."""

import json
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


def load_tokenizer(name: str, base: Tokenizer | None = None) -> Tokenizer:
    """The tokenizer of `hf:NAME`, of a model folder, or of a folder with nothing but a tokenizer.

    What a PEFT adapter lacks comes from its base: `base`, or the one that it names.
    Raises `ModelError` for a place without a tokenizer, or one that cannot be read.
    """
    if on_hub(name):
        source, revision = split_name(name)
    else:
        source, revision = name, None
        if not Path(name).is_dir():
            raise ModelError(
                f"No folder {name!r} with a tokenizer; give one that exists, hf:NAME for one on the hub, or "
                "lab:NAME."
            )
    config, wanted = _read(name, source, revision, "config.json"), base_of(name)
    if wanted and base is None:
        base = load_tokenizer(wanted) if on_hub(wanted) or Path(wanted).is_dir() else None
    own = on_hub(name) or [file for file in _FILES if any(Path(source).glob(file))]
    if own:
        bare = own == [_WHOLE] and config is None
        tokenizer = _bare(source, name) if bare else read_tokenizer(source, name, revision)
        return Tokenizer(name, tokenizer, _context(config, tokenizer, base))
    if base is None:
        where = f", nor is its base {wanted} within reach" if wanted else ""
        raise ModelError(f"{name} has no tokenizer: none of {', '.join(_FILES[:3])} is there{where}.")
    return Tokenizer(name, base.tokenizer, base.context)


def base_of(name: str) -> str:
    """The base that a PEFT adapter names, as `load_tokenizer` takes it; empty for anything else.

    Raises `ModelError` where the adapter's settings are damaged.
    """
    source, revision = split_name(name) if on_hub(name) else (name, None)
    config = _read(name, source, revision, "adapter_config.json") or {}
    wanted = str(config.get("base_model_name_or_path") or "")
    beside = Path(source) / wanted
    if not wanted or wanted.startswith("lab:") or Path(wanted).is_dir():
        return wanted
    return str(beside) if beside.is_dir() else hub_name(wanted, config.get("revision"))


def _context(config: dict[str, Any] | None, tokenizer: Any, base: Tokenizer | None) -> int | None:
    """From the model's configuration; without one from an adapter's base, else from the tokenizer's."""
    if config is not None:
        own = config.get("text_config", config)
        return next((int(limit) for name in _LIMITS if (limit := own.get(name))), None)
    if base is not None:
        return base.context
    return int(tokenizer.model_max_length) if tokenizer.model_max_length < _NO_LIMIT else None


def _bare(source: str, name: str) -> Any:
    """A tokenizer from `tokenizer.json` alone."""
    file = str(Path(source) / _WHOLE)

    def read() -> Any:
        try:
            return PreTrainedTokenizerFast(tokenizer_file=file)
        except Exception as error:  # the tokenizers library raises nothing more special
            raise ValueError(str(error)) from error

    return or_model_error(f"Cannot load the tokenizer of {name}", read)


def _read(name: str, source: str, revision: str | None, file: str) -> dict[str, Any] | None:
    """What a JSON file of a folder or hub repository holds; None where there is no such file."""
    place = or_model_error(
        f"Cannot load the tokenizer of {name}",
        lambda: cached_file(
            source, file, revision=revision, _raise_exceptions_for_missing_entries=False,
            _raise_exceptions_for_connection_errors=False,
        ),
    )  # fmt: skip
    if place is None:
        return None
    try:
        return dict(json.loads(Path(place).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{file} of {name} is damaged ({error}); get it again.") from error
