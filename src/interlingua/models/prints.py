"""The fingerprint of a model: 16 hex digits over all that decides its answers."""

import hashlib
import json
from typing import Any

import torch
from torch import Tensor

# Settings that say where a model came from or how it was stored, not what it computes.
_PROVENANCE = {
    *("_name_or_path", "transformers_version", "dtype", "torch_dtype", "architectures", "use_cache"),
    *("base_model_name_or_path", "inference_mode", "revision", "peft_version", "auto_mapping"),
}


def print_of(model: Any, tokenizer: Any) -> str:
    """Over weights (quantised ones as they are held), adapter, configuration and tokenizer."""
    digest = hashlib.blake2b(digest_size=8)
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(_content(tensor))
    for config in (model.config, *getattr(model, "peft_config", {}).values()):
        kept = {key: value for key, value in config.to_dict().items() if key not in _PROVENANCE}
        digest.update(json.dumps(kept, sort_keys=True, default=_jsonable).encode())
    digest.update(_tokenizer_content(tokenizer).encode())
    return digest.hexdigest()


def tokenizer_print(tokenizer: Any) -> str:
    """16 hex digits over all that decides a tokenizer's ids."""
    return hashlib.blake2b(_tokenizer_content(tokenizer).encode(), digest_size=8).hexdigest()


def _content(tensor: Tensor) -> memoryview:
    """The bytes of a tensor, whatever its number format."""
    return tensor.detach().cpu().reshape(-1).contiguous().view(torch.uint8).numpy().data


def _jsonable(value: Any) -> Any:
    return sorted(value) if isinstance(value, (set, frozenset)) else str(value)


def _tokenizer_content(tokenizer: Any) -> str:
    """What decides the ids: the tokenizer's own JSON without transient padding, and its special tokens."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        core = dict(sorted(tokenizer.get_vocab().items()))
    else:
        core = json.loads(backend.to_str())
        core.pop("padding", None)
        core.pop("truncation", None)
    special = {name: str(token) for name, token in tokenizer.special_tokens_map.items()}
    return json.dumps([core, special], sort_keys=True)
