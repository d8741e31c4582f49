"""Tuned lens: a small correction of each layer's states before the model's own unembedding reads them.

The raw logit lens reads every layer as if it were the last. Early layers write in a basis of their own, so
what it says of them misleads; a translator per layer, taught to say what the model says in the end, tells
what is known there already.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from interlingua.core.errors import BadInput
from interlingua.core.progress import progress
from interlingua.models.anatomy import unembed
from interlingua.models.lm import LM
from interlingua.scoring.layer_logits import finite, states_at
from interlingua.scoring.tokens import cut_left, encode

_LOGITS = 2**23  # logits at a time in training: 32 MB, several times over
_RIDGE = 1e-2  # of the mean variance, against chance in the first guess
_PARTS = ("down", "up", "shift")


@dataclass(frozen=True, eq=False)
class TunedLens:
    """Translators h + (h·down)·up + shift of the layers below the last, which stays as it is.

    `down` [layer, d_model, rank], `up` [layer, rank, d_model] and `shift` [layer, 1, d_model] are float32.
    `model` is the fingerprint of the model it was taught on. `loss` and `raw_loss` hold per layer the mean KL
    divergence (nats per token) of the model's own next-token distribution from what the lens says, with and
    without translators, on `held_out` tokens of texts that none of the `tokens` it learnt from is of.
    """

    down: Tensor
    up: Tensor
    shift: Tensor
    model: str
    loss: tuple[float, ...]
    raw_loss: tuple[float, ...]
    tokens: int
    held_out: int

    def translate(self, states: Tensor) -> Tensor:
        """States `[layer, ..., d_model]` of all layers, from the embeddings to the last, in the last's terms.

        Raises `BadInput` for states of another number of layers or width.
        """
        below, width, _ = self.down.shape
        if states.shape[0] != below + 1 or states.shape[-1] != width:
            raise BadInput(
                f"The tuned lens is for {below + 1} layers of {width} numbers, the model has "
                f"{states.shape[0]} of {states.shape[-1]}; fit one on this model."
            )
        parts = [part.to(states.device) for part in (self.down, self.up, self.shift)]
        flat = states.reshape(below + 1, -1, width)
        moved = _translated(flat[:-1].float(), parts).to(states.dtype)
        return torch.cat([moved, flat[-1:]]).view_as(states)

    def save(self, path: str | Path) -> Path:
        """Write it as a safetensors file."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        facts = {name: getattr(self, name) for name in ("model", "loss", "raw_loss", "tokens", "held_out")}
        tensors = {name: getattr(self, name).contiguous().cpu() for name in _PARTS}
        save_file(tensors, path, {"tuned_lens": json.dumps(facts)})
        return path

    @classmethod
    def load(cls, path: str | Path) -> "TunedLens":
        """Read what `save` wrote. Raises `BadInput` for a file that is no tuned lens."""
        try:
            with safe_open(str(path), "pt") as file:
                facts = json.loads((file.metadata() or {})["tuned_lens"])
                parts = {name: file.get_tensor(name) for name in _PARTS}
            facts |= {name: tuple(map(float, facts[name])) for name in ("loss", "raw_loss")}
            return cls(**parts, **facts)
        except (OSError, SafetensorError, LookupError, ValueError, TypeError) as error:
            raise BadInput(f"{path} is no tuned lens; fit one and save it there.") from error


def fit_tuned_lens(
    lm: LM,
    texts: Sequence[str],
    *,
    steps: int = 200,
    tokens: int = 4096,
    rank: int = 64,
    batch: int = 64,
    lr: float = 3e-3,
    seed: int = 0,
    title: str = "Tuned lens",
) -> TunedLens:
    """Teach a translator per layer, by the KL divergence of the model's own next-token distribution from its.

    All layers learn from the same `tokens` tokens, `batch` at each of `steps` steps of Adam. They begin with
    the least-squares guess of the last layer's states, of `rank` at most, which saves most of the steps; one
    that does not help on held-out texts (every fifth) becomes the identity. The first token of a text, whose
    states are unlike all others, is left out. A step costs `batch` rows of logits per layer, forth and back.
    Raises `BadInput` for fewer than five texts of two tokens or more, a number below one and states that are
    no numbers; `ModelError` for a model whose layers cannot be read.
    Source: Belrose et al. 2023, arXiv:2303.08112; full rank and the identity as beginning there.
    """
    for name, value in {"steps": steps, "tokens": tokens, "rank": rank, "batch": batch}.items():
        if value < 1:
            raise BadInput(f"A tuned lens needs {name} of 1 or more, got {value}.")
    rows = [ids for ids in (cut_left(lm, ids, lm.context) for ids in encode(lm, texts)) if len(ids) > 1]
    if len(rows) < 5:
        raise BadInput(f"A tuned lens needs 5 texts of 2 tokens or more, got {len(rows)}; give more.")
    rng = np.random.default_rng(seed)
    rows = [rows[index] for index in rng.permutation(len(rows))]
    learnt = _states(lm, [row for n, row in enumerate(rows) if n % 5], tokens)
    held = _states(lm, rows[::5], max(1, tokens // 4))
    scale = learnt[:-1].float().square().mean((1, 2)).sqrt().clamp(min=1e-12)[:, None, None]
    parts = [part.requires_grad_() for part in _first_guess(learnt, scale, min(rank, learnt.shape[-1]), seed)]
    adam = torch.optim.Adam(parts, lr=lr)
    schedule = torch.optim.lr_scheduler.LambdaLR(adam, lambda step: 1 - step / steps)
    with progress(title, total=steps) as tick, _still(lm):
        for _ in range(steps):
            chosen = torch.from_numpy(rng.integers(learnt.shape[1], size=batch)).to(learnt.device)
            for part, gradient in zip(parts, _gradients(lm, learnt[:, chosen], parts, scale), strict=True):
                part.grad = gradient
            adam.step()
            schedule.step()
            tick(1)
        down, up, shift = (part.detach() for part in parts)
        return _judged(lm, [down / scale, up * scale, shift * scale], held, learnt.shape[1])


def _translated(states: Tensor, parts: Sequence[Tensor]) -> Tensor:
    """States [layer, n, d_model] by `down`, `up` and `shift` of as many layers."""
    down, up, shift = parts
    return states + torch.bmm(torch.bmm(states, down), up) + shift


def _states(lm: LM, rows: Sequence[list[int]], tokens: int) -> Tensor:
    """States [layer, token, d_model] of the first rows that have `tokens`; the first token of each is out."""
    kept: list[list[int]] = []
    while len(kept) < len(rows) and sum(len(row) - 1 for row in kept) < tokens:
        kept.append(rows[len(kept)])
    found = []
    for _, states in states_at(lm, kept, [range(1, len(row)) for row in kept]):
        finite(states, ["A text"] * states.shape[1])
        found.append(states)
    return torch.cat(found, dim=1).clone()  # of inference, which gradients cannot go through


def _first_guess(states: Tensor, scale: Tensor, rank: int, seed: int) -> list[Tensor]:
    """Reduced-rank regression of the last layer's states on each other's, all at that layer's scale."""
    last = states[-1].float()
    last = last / last.square().mean().sqrt().clamp(min=1e-12)
    found = []
    with torch.random.fork_rng(devices=[states.device] if states.is_cuda else []):
        torch.manual_seed(seed)
        for own, size in zip(states[:-1], scale, strict=True):
            own = own.float() / size
            mean, wanted = own.mean(0), last - own
            moved = own - mean
            ridge = (
                _RIDGE
                * moved.square().sum(0).mean().clamp(min=1e-12)
                * torch.eye(len(mean), device=own.device)
            )
            whole = torch.linalg.solve(moved.T @ moved + ridge, moved.T @ (wanted - wanted.mean(0)))
            _, _, up = torch.svd_lowrank(moved @ whole, q=min(rank, len(moved)), niter=4)
            up = torch.nn.functional.pad(up, (0, rank - up.shape[1]))
            down = whole @ up
            found.append((down, up.T, (wanted.mean(0) - mean @ down @ up.T)[None]))
    return [torch.stack(part).contiguous() for part in zip(*found, strict=True)]


def _gradients(lm: LM, states: Tensor, parts: Sequence[Tensor], scale: Tensor) -> list[Tensor]:
    """Gradients of the summed losses of the layers, as many layers at a time as there is room for."""
    with torch.no_grad():
        wanted = unembed(lm, states[-1]).float().log_softmax(-1)
    layers = len(states) - 1
    step = max(1, _LOGITS // wanted.numel())
    found = []
    for part in (slice(start, min(start + step, layers)) for start in range(0, layers, step)):
        own = [one[part].detach().requires_grad_() for one in parts]
        moved = _translated(states[:-1][part].float() / scale[part], own) * scale[part]
        loss = _divergence(wanted, unembed(lm, moved).float()).mean(-1).sum()
        found.append(torch.autograd.grad(loss, own))
    return [torch.cat(one) for one in zip(*found, strict=True)]


def _divergence(wanted: Tensor, logits: Tensor) -> Tensor:
    """KL divergence [layer, n] of log-probabilities `wanted` [n, vocab] from logits [layer, n, vocab]."""
    return (wanted.exp() * (wanted - logits.log_softmax(-1))).sum(-1)


def _judged(lm: LM, parts: list[Tensor], held: Tensor, tokens: int) -> TunedLens:
    """The lens with its losses on held-out states; layers that it does not help are left as they are."""
    losses = torch.stack([_held_out(lm, held, parts), _held_out(lm, held, None)])
    worse = losses[0] >= losses[1]
    for part in parts:
        part[worse] = 0
    losses[0] = losses.min(0).values
    loss, raw_loss = (tuple(values) for values in losses.double().cpu().tolist())
    down, up, shift = parts
    return TunedLens(down, up, shift, lm.fingerprint(), loss, raw_loss, tokens, held.shape[1])


def _held_out(lm: LM, held: Tensor, parts: Sequence[Tensor] | None) -> Tensor:
    """Mean divergence per layer [layer] below the last."""
    sums = torch.zeros(len(held) - 1, device=held.device)
    with torch.no_grad():
        step = max(1, _LOGITS // lm.model.config.get_text_config().vocab_size)
        for start in range(0, held.shape[1], step):
            some = held[:, start : start + step]
            wanted = unembed(lm, some[-1]).float().log_softmax(-1)
            for layer, own in enumerate(some[:-1]):
                if parts is not None:
                    own = _translated(own.float()[None], [part[layer, None] for part in parts])[0]
                sums[layer] += _divergence(wanted, unembed(lm, own).float()).sum()
    return sums / held.shape[1]


@contextmanager
def _still(lm: LM) -> Iterator[None]:
    """Inside, the model drops nothing out; its training flag is as before afterwards."""
    training = lm.model.training
    lm.model.eval()
    try:
        yield
    finally:
        lm.model.train(training)
