"""Steps of a token tree through a model: one buffer of keys and values, masks that know the branches.

The tokens of a step are one row of a batch of one. Positions are depths in the tree, and a token sees the
path its step hangs off, its own ancestors in the step and itself, so each gets the numbers it would get
at the end of its own prompt alone. Where layers see a window of tokens only, distance is counted in depth.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache
from transformers.cache_utils import Cache, CacheLayerMixin

from interlingua.models.lm import LM
from interlingua.scoring.batches import arguments, unwrapped
from interlingua.scoring.trie import Step, Trie

_KINDS = {"full_attention", "sliding_attention"}


def obstacle(lm: LM, longest: int) -> str | None:
    """Why this model cannot read prompts of up to `longest` tokens as a tree; None where nothing is known.

    Source: the configurations and masks of transformers 5.23.
    """
    model, config = unwrapped(lm), lm.model.config.get_text_config()
    kinds = set(getattr(config, "layer_types", None) or ()) - _KINDS
    attention = getattr(config, "_attn_implementation", None)
    if getattr(model, "_is_stateful", False) or any(DynamicCache(config=config).is_linear):
        return "its state cannot branch (recurrent or linear attention)"
    if _has_alibi(config):
        return "its attention counts distance in the row (ALiBi)"
    if kinds or getattr(config, "attention_chunk_size", None):
        return f"its attention is of another kind ({', '.join(sorted(kinds)) or 'chunked_attention'})"
    if attention not in ("sdpa", "eager"):
        return f"{attention} takes no mask of branches; load the model with sdpa"
    if missing := {"attention_mask", "position_ids", "past_key_values"} - set(arguments(lm)):
        return f"it takes no {sorted(missing)[0]}"
    if lm.adapted and lm.model.active_peft_config.is_prompt_learning:
        return "its adapter puts virtual tokens before the prompt"
    if longest > _turns(getattr(config, "rope_parameters", None)):
        return "its positions turn with the length of the prompt (longrope)"
    return None


def bounds(lm: LM) -> tuple[int, int]:
    """How many tokens a step may have on this device, and how many of them go through the head.

    512 tokens on CPU, 4,096 elsewhere: a step pays for every pair of its tokens. 64 MB of logits in
    float32 on CPU, 1 GB elsewhere.
    """
    tokens, numbers = (512, 2**24) if lm.device.type == "cpu" else (4096, 2**28)
    return tokens, max(1, numbers // lm.model.config.get_text_config().vocab_size)


class TreePass:
    """A model that reads one tree, step by step, in the order of the steps; use it inside `reading`."""

    def __init__(self, lm: LM, trie: Trie, steps: Sequence[Step]) -> None:
        """Nothing is allocated before the first step; `steps` tell how large the buffer has to be."""
        self.lm, self.trie = lm, trie
        layers = lm.model.config.get_text_config().num_hidden_layers
        self.cache = _Buffer(layers, max(step.depth + len(step) for step in steps))
        self.windows = _windows(lm)
        self.keeps = "logits_to_keep" in arguments(lm)

    def logits(self, step: Step, kept: Tensor) -> Tensor:
        """Logits [kept, vocab] after the tokens at the places `kept` (0 is the first token of the step)."""
        tokens = step.tokens
        depths = self._tensor(self.trie.depths[tokens])
        masks = self._masks(step, depths)
        self.cache.cut(step.depth)
        output = self.lm.model(
            input_ids=self._tensor(self.trie.ids[tokens])[None],
            attention_mask=masks,
            position_ids=depths[None],
            past_key_values=self.cache,
            use_cache=True,
            **({"logits_to_keep": kept} if self.keeps else {}),
        )
        logits: Tensor = output.logits[0]
        return logits if self.keeps else logits[kept]

    def _masks(self, step: Step, depths: Tensor) -> Tensor | dict[str, Tensor]:
        """What each token sees, [1, 1, token, depth + token]: one mask, or one per kind of layer."""
        tokens = step.tokens
        place = torch.arange(len(tokens), device=depths.device)
        ends = place + self._tensor(self.trie.ends[tokens] - tokens)  # a subtree is whole in its step
        own = (place <= place[:, None]) & (place[:, None] < ends)
        seen = torch.cat([own.new_ones(len(tokens), step.depth), own], 1)
        masks = {}
        for kind, window in self.windows.items():
            if window is not None:
                keys = torch.cat([torch.arange(step.depth, device=depths.device), depths])
                masks[kind] = self._added(seen & (depths[:, None] - keys < window))
            else:
                masks[kind] = self._added(seen)
        return masks if len(masks) > 1 else next(iter(masks.values()))

    def _added(self, seen: Tensor) -> Tensor:
        """The mask as numbers to be added to attention scores, made once for all layers."""
        dtype = self.lm.model.get_input_embeddings().weight.dtype
        hidden = torch.full((), torch.finfo(dtype).min, dtype=dtype, device=seen.device)
        return torch.where(seen, torch.zeros_like(hidden), hidden)[None, None]

    def _tensor(self, numbers: Any) -> Tensor:
        return torch.from_numpy(numbers).to(self.lm.device)


class _Buffer(Cache):
    """Keys and values of one row: what is new goes behind the first `depth` tokens, over what was there."""

    def __init__(self, layers: int, size: int) -> None:
        self.rows = [_Layer(size) for _ in range(layers)]
        super().__init__(layers=[*self.rows])

    def cut(self, depth: int) -> None:
        """Forget all but the first `depth` tokens."""
        for layer in self.rows:
            layer.depth = depth


class _Layer(CacheLayerMixin):
    """One layer of the buffer, [1, head, size, channel], allocated once."""

    def __init__(self, size: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.size, self.depth = size, 0

    def lazy_initialization(self, key_states: Tensor, value_states: Tensor) -> None:
        """Room for all tokens, in the shape and number format of the first ones."""
        batch, heads, _, width = key_states.shape
        self.keys = key_states.new_empty(batch, heads, self.size, width)
        self.values = value_states.new_empty(batch, heads, self.size, value_states.shape[-1])
        self.is_initialized = True

    def update(
        self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any
    ) -> tuple[Tensor, Tensor]:
        """Write behind the path; views of path and new tokens together."""
        if self.keys is None or self.values is None:
            self.lazy_initialization(key_states, value_states)
        assert self.keys is not None
        assert self.values is not None
        stop = self.depth + key_states.shape[-2]
        self.keys[:, :, self.depth : stop] = key_states
        self.values[:, :, self.depth : stop] = value_states
        return self.keys[:, :, :stop], self.values[:, :, :stop]

    def get_seq_length(self) -> int:
        """Tokens of the path."""
        return self.depth

    def get_max_length(self) -> int:
        """Tokens there is room for."""
        return self.size

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        """Tokens that can be seen, and where they begin."""
        return self.depth + query_length, 0


def _windows(lm: LM) -> dict[str, int | None]:
    """For every kind of layer how many tokens it sees, None for all."""
    config = lm.model.config.get_text_config()
    window = getattr(config, "sliding_window", None)
    kinds = getattr(config, "layer_types", None) or ["sliding_attention" if window else "full_attention"]
    return {kind: window if kind == "sliding_attention" else None for kind in sorted(set(kinds))}


def _has_alibi(config: Any) -> bool:
    nested = getattr(config, "attn_config", None)
    return config.model_type == "bloom" or getattr(config, "alibi", False) or getattr(nested, "alibi", False)


def _turns(rope: Any) -> float:
    """The prompt length from which rotary positions are others, infinite where it does not matter."""
    if not isinstance(rope, Mapping):
        return float("inf")
    if rope.get("rope_type") == "longrope":
        return float(rope.get("original_max_position_embeddings", 0))
    return min((_turns(part) for part in rope.values()), default=float("inf"))
