"""Logit lens: what a model would answer if it stopped at a layer, in English and in the question's language.

Each layer's state at a token of the prompt goes through the model's own final norm and unembedding. Label
words count by their first tokens, by the rule of constrained decoding (`label_tokens`), so what the last
layer says is what `score_choices(how="constrained")` reads. The raw lens misleads in early layers; a tuned
one (`tuned_lens`) less so.
Source: probability of the answer in English and in the target language, and entropy, as in arXiv:2405.13816.
"""

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from interlingua.core.lens_read import Array, LensRead, Words
from interlingua.core.progress import progress
from interlingua.data.items import Choice
from interlingua.models.anatomy import anatomy
from interlingua.models.lm import LM
from interlingua.scoring.batches import ScoringWarning
from interlingua.scoring.choices import unclear_labels
from interlingua.scoring.layer_logits import each_logits, finite, states_at
from interlingua.scoring.lens_plan import Plan, Probe, Where, named, plan_reads
from interlingua.scoring.tuned_lens import TunedLens

__all__ = ["LensRead", "read_lens"]


class _Answer(NamedTuple):
    """Log-probabilities `[layer, group]`, and the entropy `[layer]` beside them."""

    values: Array
    entropy: Array


def read_lens(
    lm: LM,
    items: Sequence[Choice],
    *,
    english: Sequence[str] | None = None,
    native: Mapping[str, Sequence[str]] | None = None,
    position: Where = -1,
    lens: TunedLens | None = None,
    batch_tokens: int | None = None,
    title: str = "Logit lens",
) -> list[LensRead]:
    """What every layer says of each item, in item order: one read per item and position.

    `english` are label words in the order of the options, `native` those of each language; they are joined to
    the prompt with the blank that the item's options begin with. `position` is a token of the prompt counted
    from its end (-1: the last), several of them, or `all`. One forward pass serves all layers and positions.
    Where first tokens cannot tell words apart these are left out, and prompts longer than the model's context
    lose their beginning; a `ScoringWarning` tells of either.
    Raises `BadInput` for no items, other numbers of words than options, a position that a prompt does not
    have, and states that are no numbers; `ModelError` for a model without layers that can be read (encoders).
    """
    anatomy(lm)
    plan = plan_reads(lm, items, english, native or {}, position)
    _warn(lm, items, plan)
    found: dict[tuple[int, int], dict[Words, _Answer]] = {}
    places = plan.places
    with progress(title, total=len(plan.rows)) as tick:
        for batch, states in states_at(lm, plan.rows, places, batch_tokens):
            reads = [(row, place) for row in batch for place in places[row]]
            owners = [named(items[plan.probes[row][0].item]) for row, _ in reads]
            finite(states, owners)
            where = {read: n for n, read in enumerate(reads)}
            asked = [(where[row, probe.place], probe) for row in batch for probe in plan.probes[row]]
            for probe, answer in _read(lm, states, asked, lens, owners):
                found.setdefault((probe.item, probe.position), {})[probe.kind] = answer
            tick(len(batch))
    keys = [(own[0].item, probe.position) for own in plan.probes for probe in own if probe.kind == "options"]
    return [_told(items[index], at, found[index, at], plan.cut[index]) for index, at in keys]


def _read(
    lm: LM,
    states: Tensor,
    asked: Sequence[tuple[int, Probe]],
    lens: TunedLens | None,
    owners: Sequence[str],
) -> list[tuple[Probe, _Answer]]:
    """The answer of each probe, asked at its read of the states `[layer, read, d_model]`."""
    layers, reads, _ = states.shape
    where = torch.tensor(
        [read for read, probe in asked for group in probe.groups for _ in group], dtype=torch.long
    )
    tokens = torch.tensor(
        [token for _, probe in asked for group in probe.groups for token in group], dtype=torch.long
    )
    where, tokens = where.to(states.device), tokens.to(states.device)
    values = torch.empty(layers, len(tokens), device=states.device)
    entropy = torch.empty(layers, reads, device=states.device)

    def take(part: slice, logits: Tensor) -> None:
        total = logits.logsumexp(-1)
        own = (where >= part.start) & (where < part.stop)
        at = where[own] - part.start
        values[:, own] = logits[:, at, tokens[own]] - total[:, at]
        entropy[:, part] = torch.special.entr(logits.sub_(total[..., None]).exp_()).sum(-1)

    each_logits(lm, states, take, None if lens is None else lens.translate)
    finite(entropy[..., None], owners, "an entropy of ")
    sums = _summed(
        values.double().cpu().numpy(), [len(group) for _, probe in asked for group in probe.groups]
    )
    ends = np.cumsum([len(probe.groups) for _, probe in asked])
    spread = entropy.double().cpu().numpy()
    return [
        (probe, _Answer(sums[:, end - len(probe.groups) : end], spread[:, read]))
        for end, (read, probe) in zip(ends, asked, strict=True)
    ]


def _summed(values: Array, sizes: Sequence[int]) -> Array:
    """Log-probabilities `[layer, group]` from those of all tokens `[layer, token]`, group after group."""
    counts = np.array(sizes, dtype=np.int64)
    sums = np.full((len(values), len(counts)), -np.inf)
    full = counts > 0
    if full.any():
        sums[:, full] = np.logaddexp.reduceat(values, (np.cumsum(counts) - counts)[full], axis=1)
    return sums


def _told(item: Choice, position: int, found: Mapping[Words, _Answer], cut: int) -> LensRead:
    options = len(item.options)
    known = {kind: answer.values[:, :options] for kind, answer in found.items() if answer.values.shape[1]}
    english = found.get("english")
    shared = english.values[:, options:] if english is not None else np.empty((0, 0))
    likely = {kind: np.exp(values) for kind, values in known.items()}
    return LensRead(
        item.id, item.task, item.split, item.lang, item.group, item.cluster, item.answer, position,
        options=likely.get("options"), english=likely.get("english"), native=likely.get("native"),
        shared=np.exp(shared[:, 0]) if shared.shape[1] else None, entropy=found["options"].entropy,
        leads={kind: _leading(values) for kind, values in known.items()}, cut=cut,
    )  # fmt: skip


def _leading(values: Array) -> NDArray[np.int64]:
    """The option with the highest value in each layer; -1 where two have it."""
    alone = (values == values.max(1, keepdims=True)).sum(1) == 1
    return np.where(alone, values.argmax(1), -1)


def _warn(lm: LM, items: Sequence[Choice], plan: Plan) -> None:
    asked = Counter(item.lang for item in items)
    cut = Counter(item.lang for item, lost in zip(items, plan.cut, strict=True) if lost)
    own = [(item.task, item.options) for item in items if item.options in plan.unclear]
    other = sorted(plan.unclear - {options for _, options in own})
    lines = unclear_labels([item.task for item in items], own)
    lines += [
        f"Labels {', '.join(map(str.strip, words))} cannot be told apart by first tokens" for words in other
    ]
    told = [f"{line}; the lens leaves them out." for line in lines]
    if cut:
        parts = ", ".join(f"{lang} {cut[lang]} of {asked[lang]}" for lang in asked if cut[lang])
        told.append(f"Prompts longer than {lm.context} tokens lost their beginning: {parts}.")
    for line in told:
        warnings.warn(line, ScoringWarning, stacklevel=3)
