"""Fresh models: random weights in the shape of a model that there is, or of a smaller one of its family."""

import copy
from typing import Any

import torch
from transformers import AutoModelForCausalLM

from interlingua.core.errors import BadInput, ModelError
from interlingua.core.seeds import derive
from interlingua.models.lm import LM
from interlingua.models.surgery.tokens import size_of

_WIDTHS = ("hidden_size", "intermediate_size", "num_attention_heads", "num_key_value_heads")


def fresh_like(
    lm: LM, tokenizer: Any, *, layers: int | None = None, narrower: int = 1, copies: int = 1, seed: int = 0
) -> LM:
    """A model of the family of `lm` that knows nothing, with rows for `tokenizer`, `copies` of each.

    It has the first `layers` of its layers' kinds (default: all), and is `narrower` times less wide, with so
    many times fewer heads of the same size. Raises `BadInput` for more layers than there are or a width that
    cannot be divided so, `ModelError` for a family that transformers cannot make from its configuration.
    """
    config = copy.deepcopy(lm.model.config.get_text_config())
    kept = config.num_hidden_layers if layers is None else layers
    if not 1 <= kept <= config.num_hidden_layers:
        raise BadInput(
            f"{lm.name} has {config.num_hidden_layers} layers; a smaller model cannot have {kept}."
        )
    if kept < config.num_hidden_layers:
        config.num_hidden_layers = kept
        if getattr(config, "layer_types", None):
            config.layer_types = list(config.layer_types)[:kept]
    for name in _WIDTHS:
        size = getattr(config, name, None)
        if narrower > 1 and isinstance(size, int):
            if size % narrower:
                raise BadInput(f"{name} of {lm.name} is {size}, which {narrower} does not divide.")
            setattr(config, name, size // narrower)
    config.vocab_size = copies * size_of(tokenizer)
    for name in ("bos_token_id", "eos_token_id", "pad_token_id"):
        setattr(config, name, getattr(tokenizer, name))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive(seed, "fresh") % 2**31)
        try:
            model = AutoModelForCausalLM.from_config(config)
        except (ValueError, RuntimeError, TypeError) as error:
            raise ModelError(f"No smaller {lm.name} can be made: {' '.join(str(error).split())}") from error
    return LM(model.to(lm.device, lm.model.dtype).eval(), tokenizer, lm.name, dict(lm.card), changed=True)
