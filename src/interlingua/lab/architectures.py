"""Tiny random models of every supported family, made from their configuration: nothing is downloaded.

They serve tests, examples and comparisons of speed; what they say means nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from huggingface_hub.errors import StrictDataclassError
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast

from interlingua.core.errors import BadInput, UnknownName
from interlingua.models.lm import LM

PAD, START, END = SPECIAL = ("<pad>", "<s>", "</s>")


@dataclass(frozen=True)
class _Family:
    """How transformers calls a family and the parts of its shape; None is a part the family lacks."""

    config: str
    names: Mapping[str, str | None] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)


_DENSE = {"num_experts": None, "num_experts_per_tok": None, "moe_intermediate_size": None}
_DIVIDED = _DENSE | {"head_dim": None}
_PLAIN = _DIVIDED | {"num_key_value_heads": None}
_FAMILIES: Mapping[str, _Family] = {
    "llama": _Family("llama", _DENSE),
    "mistral": _Family("mistral", _DENSE, {"sliding_window": None}),
    "qwen2": _Family("qwen2", _DIVIDED),
    "qwen3": _Family("qwen3", _DENSE),
    "gemma": _Family("gemma", _DENSE),
    "gemma2": _Family("gemma2", _DENSE),
    "gemma3": _Family("gemma3_text", _DENSE),
    "phi": _Family("phi", _DIVIDED),
    "phi3": _Family("phi3", _DIVIDED),
    "olmo": _Family("olmo", _DIVIDED),
    "olmo2": _Family("olmo2", _DIVIDED),
    "gpt_neox": _Family("gpt_neox", _PLAIN),
    "bloom": _Family(
        "bloom",
        _PLAIN
        | {"num_hidden_layers": "n_layer", "num_attention_heads": "n_head"}
        | {"intermediate_size": None, "max_position_embeddings": None},
    ),
    "gpt2": _Family(
        "gpt2",
        _PLAIN
        | {"num_hidden_layers": "n_layer", "num_attention_heads": "n_head", "hidden_size": "n_embd"}
        | {"intermediate_size": "n_inner", "max_position_embeddings": "n_positions"},
    ),
    "mixtral": _Family(
        "mixtral",
        {"num_experts": "num_local_experts", "moe_intermediate_size": None},
        {"sliding_window": None},
    ),
    "qwen3_moe": _Family("qwen3_moe", {"head_dim": None}),
}

ARCHITECTURES: tuple[str, ...] = tuple(_FAMILIES)


def small_tokenizer(
    texts: Iterable[str], vocabulary: int = 600, *, bos: bool = True, pad: bool = True
) -> PreTrainedTokenizerFast:
    """Byte-level pair encoding trained on `texts`: any text in any script is some sequence of its tokens.

    `bos` puts the start token in front of every text, `pad` names the padding token. `vocabulary` counts
    at least the 256 bytes and three special tokens.
    """
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=list(SPECIAL), show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )  # fmt: skip
    backend.train_from_iterator(texts, trainer)
    if bos:
        backend.post_processor = processors.TemplateProcessing(
            single=f"{START} $A",
            pair=f"{START} $A $B",
            special_tokens=[(START, backend.token_to_id(START))],
        )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend, bos_token=START, eos_token=END, **({"pad_token": PAD} if pad else {})
    )


def tiny_model(kind: str, tokenizer: Any, *, seed: int = 0, **shape: int) -> LM:
    """A random model of the family `kind`, its logits wide enough that ties do not happen.

    `shape` are settings under their usual names (`hidden_size`, `num_hidden_layers`, `vocab_size`,
    `sliding_window`, `tie_word_embeddings`, ...), translated to those of the family; what a family has no
    use for (positions of BLOOM) is left out. A `vocab_size` above the tokenizer's is a padded vocabulary.
    Raises `UnknownName` for a family, `BadInput` for a setting it does not know or that does not fit.
    """
    if kind not in _FAMILIES:
        raise UnknownName("model family", kind, _FAMILIES)
    family = _FAMILIES[kind]
    settings = _special(tokenizer) | _sizes(len(tokenizer), shape)
    try:
        known = AutoConfig.for_model(family.config)
        named = {family.names.get(part, part): value for part, value in settings.items()}
        own = {part: value for part, value in named.items() if part is not None}
        if strange := sorted(part for part in own if not hasattr(known, part)):
            raise BadInput(f"The {kind} family has no setting {strange[0]!r}; see {type(known).__name__}.")
        config = AutoConfig.for_model(family.config, **(dict(family.fixed) | own))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = AutoModelForCausalLM.from_config(config)
    except (ValueError, RuntimeError, ZeroDivisionError, StrictDataclassError) as error:
        told = " ".join(str(error).split())
        raise BadInput(f"No {kind} model of shape {shape}: {told}") from error
    return LM(model.float().eval(), tokenizer, f"tiny-{kind}")


def _special(tokenizer: Any) -> dict[str, Any]:
    """The ids of the special tokens; None where the tokenizer has none, whatever the family's default."""
    return {f"{name}_token_id": getattr(tokenizer, f"{name}_token_id") for name in ("bos", "eos", "pad")}


def _sizes(vocabulary: int, shape: Mapping[str, int]) -> dict[str, Any]:
    """`shape` over sizes that fit together: two layers, 32 numbers wide, unless it says otherwise."""
    width, heads = shape.get("hidden_size", 32), shape.get("num_attention_heads", 4)
    return {
        "vocab_size": vocabulary,
        "hidden_size": width,
        "intermediate_size": 2 * width,
        "moe_intermediate_size": width,
        "num_hidden_layers": 2,
        "num_attention_heads": heads,
        "num_key_value_heads": heads if heads % 2 else heads // 2,
        "head_dim": width // heads,
        "num_experts": 4,
        "num_experts_per_tok": 2,
        "max_position_embeddings": 512,
        "initializer_range": 0.3,
        **shape,
    }
