"""LM: weights, tokenizer and card together; loading from and saving to the ordinary Hugging Face layout."""

import hashlib
import json
import re
import secrets
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError
from torch import Tensor
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerFast
from transformers.models.auto.tokenization_auto import get_tokenizer_config
from transformers.utils import logging as transformers_logging

from interlingua.core.errors import BadInput, ModelError, OutOfRoom
from interlingua.core.faults import translate
from interlingua.models.card import card_text
from interlingua.models.sharing import merge_adapter, shared_copy

T = TypeVar("T")

_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
_UNLOADABLE = (
    *(OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError, ImportError),
    *(SafetensorError, UserWarning),
)
# Settings that say where a model came from or how it was stored, not what it computes.
_PROVENANCE = {
    *("_name_or_path", "transformers_version", "dtype", "torch_dtype", "architectures", "use_cache"),
    *("base_model_name_or_path", "inference_mode", "revision", "peft_version", "auto_mapping"),
}


@dataclass(eq=False)
class LM:
    """A causal language model ready for use; never changed in place, every step makes a new one.

    `model` is a transformers causal LM, possibly wrapped by PEFT; `card` holds the facts that go into
    the model card when it is saved.
    """

    model: Any
    tokenizer: Any
    name: str
    card: dict[str, Any] = field(default_factory=dict)
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
    def context(self) -> int | None:
        """Longest input in tokens, None where the model sets no limit."""
        return getattr(self.model.config.get_text_config(), "max_position_embeddings", None)

    def fingerprint(self) -> str:
        """16 hex digits over weights, adapter, configuration and tokenizer; the same after save and load."""
        if self._print is None:
            digest = hashlib.blake2b(digest_size=8)
            for name, tensor in sorted(self.model.state_dict().items()):
                digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
                digest.update(_content(tensor))
            configs = [self.model.config, *(self.model.peft_config.values() if self.adapted else ())]
            for config in configs:
                kept = {key: value for key, value in config.to_dict().items() if key not in _PROVENANCE}
                digest.update(json.dumps(kept, sort_keys=True, default=_jsonable).encode())
            digest.update(_tokenizer_content(self.tokenizer).encode())
            self._print = digest.hexdigest()
        return self._print


def load(name_or_path: str | Path, device: str = "auto", dtype: str = "auto", base: LM | None = None) -> LM:
    """Read a model: a folder, a folder with a PEFT adapter, or `hf:NAME` from the hub or its local cache.

    Only safetensors are read and no code from the checkpoint is run. `device` auto takes CUDA, then MPS,
    then CPU; `dtype` auto is float32 on CPU and the checkpoint's own elsewhere. `base` carries an adapter
    whose recorded base is not within reach. Raises `ModelError`, `BadInput`.
    """
    place = _device(device)
    kind = _dtype(dtype, place)
    name = str(name_or_path)
    if name.startswith("hf:"):
        return _read(name.removeprefix("hf:"), name, place, kind)
    folder = Path(name_or_path)
    if not folder.is_dir():
        raise ModelError(f"No model folder {name!r}; give one that exists, or hf:NAME for a hub model.")
    if (folder / "adapter_config.json").exists():
        _need_safetensors(folder)
        return _read_adapter(folder, device, dtype, base)
    if not (folder / "config.json").exists():
        raise ModelError(
            f"{folder} is no model folder: neither config.json nor adapter_config.json is there."
        )
    _need_safetensors(folder)
    return _read(name, name, place, kind)


def save(lm: LM, folder: str | Path, merge: bool = False) -> Path:
    """Write weights (safetensors), configuration, tokenizer and card; an adapter alone unless `merge`.

    The folder appears complete or not at all. Raises `BadInput` where something other than a model would
    be overwritten or the place cannot be written, `OutOfRoom` where the disk is full.
    """
    folder = Path(folder)
    if folder.exists() and not _replaceable(folder):
        raise BadInput(f"{folder} exists and is no model folder; give another place to save to.")
    model = merge_adapter(lm.model) if lm.adapted and merge else lm.model
    adapter = hasattr(model, "peft_config")
    fresh = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.tmp")
    try:
        fresh.mkdir(parents=True)
        with quiet():
            model.save_pretrained(str(fresh), **({"save_embedding_layers": False} if adapter else {}))
        lm.tokenizer.save_pretrained(str(fresh))
        (fresh / "README.md").write_text(card_text(lm.name, lm.card, adapter), encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    except (OSError, SafetensorError) as error:
        shutil.rmtree(fresh, ignore_errors=True)
        told = translate(error, folder)
        if told is None:
            raise
        raise told from error
    return folder


@contextmanager
def quiet() -> Iterator[None]:
    """No bars of transformers (ours show the time left) and no warning that its own use by PEFT sets off."""
    bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing", category=FutureWarning)
            yield
    finally:
        if bars:
            transformers_logging.enable_progress_bar()


def _read(source: str, name: str, device: torch.device, dtype: torch.dtype | str) -> LM:
    """Weights and tokenizer of a folder or hub name."""

    def weights() -> Any:
        loaded: Any = AutoModelForCausalLM.from_pretrained(
            source, dtype=dtype, use_safetensors=True, trust_remote_code=False, output_loading_info=True
        )
        model, found = loaded
        if lacking := sorted(found["missing_keys"]):
            raise ModelError(f"{name} lacks {len(lacking)} tensors, {lacking[0]} among them; get it again.")
        return model.to(device).eval()

    return LM(_or_model_error(f"Cannot load {name}", weights), _read_tokenizer(source, name), name)


def _read_tokenizer(source: str, name: str) -> Any:
    """The tokenizer as it was saved.

    Where the files declare the plain class, that is taken: AutoTokenizer replaces it by the usual one of
    the architecture (Qwen2: another splitting, one more token), which is wrong for a tokenizer of one's own.
    """

    def tokenizer() -> Any:
        plain = get_tokenizer_config(source).get("tokenizer_class") == "TokenizersBackend"
        reader: Any = PreTrainedTokenizerFast if plain else AutoTokenizer
        return reader.from_pretrained(source, trust_remote_code=False)

    return _or_model_error(f"Cannot load the tokenizer of {name}", tokenizer)


def _read_adapter(folder: Path, device: str, dtype: str, base: LM | None) -> LM:
    """An adapter folder on its base."""
    from peft import PeftConfig, PeftModel  # costs a second that plain models need not pay

    config = _or_model_error(
        f"Cannot read the adapter {folder}", lambda: PeftConfig.from_pretrained(str(folder))
    )
    if base is None:
        base = load(_base_of(folder, str(config.base_model_name_or_path or "")), device, dtype)
    carrier = base

    def attach() -> Any:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message=".*missing adapter keys")
            return PeftModel.from_pretrained(shared_copy(carrier.model), str(folder))

    model = _or_model_error(f"Cannot put the adapter {folder} on {base.name}", attach)
    own = (folder / "tokenizer_config.json").exists()
    tokenizer = _read_tokenizer(str(folder), str(folder)) if own else base.tokenizer
    return LM(model.eval(), tokenizer, str(folder), dict(base.card))


def _base_of(folder: Path, wanted: str) -> str | Path:
    """Where the base that an adapter names is: a folder, or a hub name."""
    for place in (Path(wanted), folder / wanted):
        if wanted and place.is_dir():
            return place
    if re.fullmatch(r"[\w.-]+/[\w.-]+|[\w-]+", wanted):
        return f"hf:{wanted}"
    raise ModelError(f"The adapter {folder} sits on {wanted or 'a base without a name'}, which is not here.")


def _need_safetensors(folder: Path) -> None:
    if not any(folder.glob("*.safetensors")):
        raise ModelError(f"{folder} has no .safetensors weights; convert them, other formats can run code.")


def _replaceable(folder: Path) -> bool:
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else {""}
    return not names or bool(names & {"config.json", "adapter_config.json"})


def _device(wanted: str) -> torch.device:
    if wanted == "auto":
        cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
        return torch.device("cuda" if cuda else "mps" if mps else "cpu")
    try:
        torch.empty(0, device=wanted)
    except (RuntimeError, AssertionError) as error:
        raise BadInput(f"Device {wanted!r} cannot be used here; say cpu, cuda or auto.") from error
    return torch.device(wanted)


def _dtype(wanted: str, device: torch.device) -> torch.dtype | str:
    if wanted == "auto":
        return torch.float32 if device.type == "cpu" else "auto"
    if wanted not in _DTYPES:
        raise BadInput(f"No number format {wanted!r}; say auto, {', '.join(_DTYPES)}.")
    return _DTYPES[wanted]


def _or_model_error(what: str, action: Callable[[], T]) -> T:
    """The result of `action`; what the libraries raise on unusable files becomes one `ModelError`."""
    try:
        with quiet():
            return action()
    except (*_UNLOADABLE, MemoryError) as error:
        if isinstance(told := translate(error), OutOfRoom):
            raise told from error
        raise ModelError(f"{what}: {_line(error)}") from error


def _line(error: BaseException) -> str:
    """The first sentence of an error message, on one line."""
    text = " ".join(str(error).split()) or type(error).__name__
    return re.split(r"(?<=[a-z)\]'\"])\. ", text)[0][:300]


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
