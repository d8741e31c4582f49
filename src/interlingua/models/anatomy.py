"""Anatomy of a causal model: where its layers, final norm and unembedding are, found by watching it read.

Layer 0 is what enters the first layer: embeddings with everything an architecture does to them (scale,
norm, positions). Layer i is what enters layer i + 1; the last layer is what leaves the final norm, as in
`hidden_states` of transformers.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn

from interlingua.core.errors import ModelError
from interlingua.models.lm import LM

_SCALES = {"logit_scale": 1, "lm_head_multiplier": 1, "logits_scaling": -1}
"""Settings that multiply the logits, and the power at which they do."""


@dataclass(frozen=True)
class Anatomy:
    """Parts of a causal model: `layers` in order, final `norm`, `head` (unembedding) and `embeddings`.

    After its head a model may multiply the logits by `scale`, and bend them below `cap`: cap * tanh(x / cap).
    """

    layers: list[nn.Module]
    norm: nn.Module
    head: nn.Module
    embeddings: nn.Module
    scale: float = 1.0
    cap: float | None = None

    def unembed(self, states: Tensor) -> Tensor:
        """Logits `[..., vocab]` of states `[..., d_model]` as they were before the final norm."""
        logits: Tensor = self.head(self.norm(states))
        if self.scale != 1:
            logits = logits * self.scale
        return logits if self.cap is None else torch.tanh(logits / self.cap) * self.cap


_KNOWN: WeakKeyDictionary[LM, Anatomy] = WeakKeyDictionary()


def anatomy(lm: LM) -> Anatomy:
    """The parts of `lm`, tied or not, in an adapter's wrapper or not; nothing about the model changes.

    Found by letting it read two tokens, and proved on them: final norm and head give its own logits.
    Raises `ModelError` for an encoder, a model without unembedding, and a layout that is not such a stack.
    """
    if lm not in _KNOWN:
        _KNOWN[lm] = _find(lm)
    return _KNOWN[lm]


def unembed(lm: LM, states: Tensor) -> Tensor:
    """Logits `[..., vocab]` of states `[..., d_model]`: final norm, head, and what comes after it.

    Exact for states as the last layer hands them to the final norm (`watched(..., normed=False)`); at
    earlier layers this is the logit lens. Gradients flow where the caller lets them. Raises `ModelError`.
    """
    return anatomy(lm).unembed(states.to(lm.device, lm.model.dtype))


@contextmanager
def watched(lm: LM, take: Callable[[int, Tensor], None], *, normed: bool = True) -> Iterator[None]:
    """Inside, every forward pass calls `take(layer, states [batch, pos, d_model])`, layer by layer.

    Layers count from 0 to the number of layers. The last is taken after the final norm, or before it
    without `normed`. What `take` does not keep is freed as the pass goes on. Raises `ModelError`.
    """
    parts = anatomy(lm)
    last = len(parts.layers)

    def entering(layer: int) -> Callable[..., None]:
        return lambda module, given, named: take(layer, _first(given, named))

    handles = [
        module.register_forward_pre_hook(entering(layer), with_kwargs=True)
        for layer, module in enumerate([*parts.layers, *([] if normed else [parts.norm])])
    ]
    if normed:
        handles.append(parts.norm.register_forward_hook(lambda module, given, made: take(last, made)))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _find(lm: LM) -> Anatomy:
    model = lm.model.get_base_model() if lm.adapted else lm.model
    kind = f"{lm.name} ({type(model).__name__})"
    config = model.config.get_text_config()
    head = model.get_output_embeddings()
    if config.is_encoder_decoder or head is None:
        raise ModelError(f"{kind} is no causal language model with an unembedding; give one that is.")
    order, entered, logits = _read_two_tokens(lm, model)
    if not _alike(logits[0, 0], logits[1, 0]):
        raise ModelError(f"{kind} looks at later tokens, as encoders do; give a causal language model.")
    stacks = [list(stack) for stack in _stacks(model) if all(order.count(layer) == 1 for layer in stack)]
    layers = max(stacks, key=len, default=[])
    after = order[order.index(layers[-1]) + 1 :] if layers else []
    if head not in after[1:] or [one for one in order if one in layers] != layers:
        raise ModelError(
            f"{kind} is no single stack of layers under a final norm; it cannot be read by layer."
        )
    scale = 1.0
    for name, power in _SCALES.items():
        scale *= float(getattr(config, name, None) or 1) ** power
    cap = getattr(config, "final_logit_softcapping", None)
    found = Anatomy(layers, after[0], head, model.get_input_embeddings(), scale, cap)
    with torch.no_grad():
        met = _alike(found.norm(entered[found.norm]), entered[head])
        met = met and _alike(found.unembed(entered[found.norm]), logits)
    if not met:
        raise ModelError(
            f"{kind} does more after its layers than final norm and head; its logits were not met."
        )
    return found


def _stacks(model: nn.Module) -> Iterator[nn.ModuleList]:
    """Lists of modules that lie in no other such list: the layers, not the experts in them."""
    for child in model.children():
        if not isinstance(child, nn.ModuleList):
            yield from _stacks(child)
        elif len(child):
            yield child


def _read_two_tokens(lm: LM, model: Any) -> tuple[list[nn.Module], dict[nn.Module, Tensor], Tensor]:
    """Modules in the order of their calls, what entered each, and logits [2, 2, vocab].

    Of the layers themselves only the call is told, not what happens inside. The two texts begin alike.
    """
    order: list[nn.Module] = []
    entered: dict[nn.Module, Tensor] = {}

    def note(module: nn.Module, given: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        order.append(module)
        entered[module] = _first(given, named)

    rows = model.get_input_embeddings().weight.shape[0]
    ids = torch.tensor([[rows // 2, rows // 3], [rows // 2, 2 * rows // 3]], device=lm.device)
    training = model.training
    model.eval()
    handles = [module.register_forward_pre_hook(note, with_kwargs=True) for module in _above(model)]
    try:
        with torch.no_grad():
            logits = model(input_ids=ids, attention_mask=torch.ones_like(ids), use_cache=False).logits
    finally:
        for handle in handles:
            handle.remove()
        model.train(training)
    return order, entered, logits


def _above(model: nn.Module) -> Iterator[nn.Module]:
    """All modules below `model` down to the layers, and none inside them."""
    for child in model.children():
        if isinstance(child, nn.ModuleList):
            yield from child
        else:
            yield child
            yield from _above(child)


def _first(given: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
    """The hidden states among the arguments of a call, which are its first."""
    return given[0] if given else next(iter(named.values()), None)


def _alike(a: Tensor, b: Tensor) -> bool:
    """Whether two tensors differ by rounding only; what is no number counts as one."""
    if a.shape != b.shape:
        return False
    share = 1e-3 if b.dtype.itemsize >= 4 else 3e-2
    a, b = a.double().nan_to_num(), b.double().nan_to_num()
    return bool((a - b).abs().max() <= share * b.abs().max())
