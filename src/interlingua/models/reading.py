"""Weights and tokenizers from files: only safetensors are read, no code of a checkpoint is run."""

import json
import logging
from pathlib import Path
from typing import Any

from transformers import (
    MODEL_FOR_CAUSAL_LM_MAPPING,
    MODEL_FOR_MASKED_LM_MAPPING,
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoTokenizer,
    PreTrainedTokenizerFast,
)
from transformers.models.auto.tokenization_auto import get_tokenizer_config

from interlingua.core.errors import ModelError
from interlingua.models.libraries import or_model_error
from interlingua.models.placement import Placement, four_bit_options

log = logging.getLogger(__name__)


def is_encoder(config: Any) -> bool:
    """Whether a configuration is that of an encoder (BERT, XLM-R and alike), set to look both ways."""
    both_ways = not (config.is_encoder_decoder or getattr(config, "is_decoder", False))
    return both_ways and type(config) in MODEL_FOR_MASKED_LM_MAPPING


def need_kind(config: Any, name: str, encoders: bool = False) -> None:
    """Refuse what does not write text from left to right, whatever transformers would make of it.

    Encoders load as causal LMs there, with attention that looks ahead; `encoders` lets them pass as what they
    are. Raises `ModelError`.
    """
    if is_encoder(config):
        if encoders:
            return
        what = "an encoder"
    elif config.is_encoder_decoder:
        what = "an encoder-decoder"
    elif type(config) in MODEL_FOR_CAUSAL_LM_MAPPING:
        return
    else:
        what = "of another kind"
    wanted = "neither a causal language model nor an encoder" if encoders else "not a causal language model"
    such = "Llama, Qwen or XLM-R" if encoders else "Llama or Qwen"
    raise ModelError(f"{name} ({config.model_type}) is {what}, {wanted}; give one such as {such}.")


def read_weights(
    source: str, name: str, where: Placement, revision: str | None = None, *, encoders: bool = False
) -> Any:
    """The causal LM in a folder or hub repository, ready to answer; `name` is what messages call it.

    With `encoders` an encoder too: with its masked-LM head where the checkpoint has or declares one, else
    its body alone; a pooler, which reads the first token only, is left out.
    Raises `ModelError` for what cannot be read, for a model of another kind, for missing tensors and
    for a checkpoint stored quantised where CUDA is not.
    """
    config = or_model_error(
        f"Cannot load {name}",
        lambda: AutoConfig.from_pretrained(source, revision=revision, trust_remote_code=False),
    )
    need_kind(config, name, encoders)
    encoder = is_encoder(config)
    stored = getattr(config, "quantization_config", None)
    if stored and where.device.type != "cuda":
        raise ModelError(f"{name} is stored quantised, which needs CUDA; take its weights in full numbers.")
    quantised = bool(stored) or where.four_bit
    how: dict[str, Any] = {"dtype": "auto" if where.four_bit else where.numbers}
    if where.four_bit and not stored:
        how = four_bit_options()
    if quantised:
        how["device_map"] = {"": where.device}  # a quantised model is never moved afterwards

    def weights() -> Any:
        reader: Any = AutoModelForMaskedLM if encoder else AutoModelForCausalLM
        loaded: Any = reader.from_pretrained(
            source, revision=revision, config=config, use_safetensors=True, trust_remote_code=False,
            output_loading_info=True, **how,
        )  # fmt: skip
        model, found = loaded
        lacking = sorted(found["missing_keys"])
        if encoder and lacking and type(model).__name__ not in (config.architectures or ()):
            lacking = [key for key in lacking if key.startswith(f"{model.base_model_prefix}.")]
            model = model.base_model
        if lacking:
            raise ModelError(f"{name} lacks {len(lacking)} tensors, {lacking[0]} among them; get it again.")
        if unused := sorted(found["unexpected_keys"]):
            log.warning("%d tensors of %s have no use in it, %s among them.", len(unused), name, unused[0])
        return (model if quantised else model.to(where.device)).eval()

    return or_model_error(f"Cannot load {name}", weights)


def read_tokenizer(source: str, name: str, revision: str | None = None) -> Any:
    """The tokenizer as it was saved.

    Where the files declare the plain class, that is taken: AutoTokenizer replaces it by the usual one of
    the architecture (Qwen2: another splitting, one more token), which is wrong for a tokenizer of one's own.
    """

    def tokenizer() -> Any:
        declared = get_tokenizer_config(source, revision=revision).get("tokenizer_class")
        reader: Any = PreTrainedTokenizerFast if declared == "TokenizersBackend" else AutoTokenizer
        return reader.from_pretrained(source, revision=revision, trust_remote_code=False)

    return or_model_error(f"Cannot load the tokenizer of {name}", tokenizer)


def need_safetensors(folder: Path) -> None:
    """Refuse by `ModelError` a folder without safetensors (others can run code) or with a part missing."""
    here = {path.name for path in folder.glob("*.safetensors")}
    if not here:
        raise ModelError(f"{folder} has no .safetensors weights; convert them, other formats can run code.")
    for index in folder.glob("*.safetensors.index.json"):
        parts = _listed(index)
        if lacking := sorted(parts - here):
            raise ModelError(
                f"{folder} lacks {len(lacking)} of {len(parts)} weight files, {lacking[0]} among them; "
                "get it again."
            )


def _listed(index: Path) -> set[str]:
    """The files over which an index says the weights are spread."""
    try:
        return set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{index} is damaged: no list of weight files is in it; get it again.") from error
