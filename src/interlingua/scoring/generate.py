"""Greedy generation, batched: length-sorted prompts, a key-value cache, finished rows leave the batch."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from interlingua.core.errors import BadInput, ModelError
from interlingua.core.progress import progress
from interlingua.models.lm import LM
from interlingua.scoring.batches import Padded, forward, halving, pad_left, plan, reading, room
from interlingua.scoring.tokens import cut_left, encode


@dataclass(frozen=True, slots=True)
class Generation:
    """What followed one prompt; `tokens` counts prompt and new tokens, `cut` the prompt tokens lost."""

    text: str
    tokens: int
    cut: int = 0


def generate(
    lm: LM,
    prompts: Sequence[str],
    max_new_tokens: int | Sequence[int],
    stop: Sequence[str] = (),
    batch_tokens: int = 16384,
    title: str = "Generating",
) -> list[str]:
    """The greedy continuation of each prompt, without the stop string or end token that ended it.

    `max_new_tokens` is one limit or one per prompt; `batch_tokens` bounds prompt and new tokens together.
    Where both do not fit into the model's positions, the new tokens give way first: a prompt loses its
    beginning only as far as it fills more than half of them. Strip spaces at a prompt's end: to tokenizers a
    space belongs to the word after it.
    """
    texts: dict[int, str] = {}
    with progress(title, total=len(prompts)) as tick:
        for batch in generated(lm, prompts, max_new_tokens, stop, batch_tokens):
            texts.update((index, generation.text) for index, generation in batch)
            tick(len(batch))
    return [texts[index] for index in range(len(prompts))]


def generated(
    lm: LM,
    prompts: Sequence[str],
    max_new_tokens: int | Sequence[int],
    stop: Sequence[str] = (),
    batch_tokens: int = 16384,
    skip: Collection[int] = (),
) -> Iterator[list[tuple[int, Generation]]]:
    """Batches of (prompt index, generation) as they are ready, planned from all prompts.

    A batch whose prompts are all in `skip` is not run; the others are run whole, so a resumed run has
    the same batches as an uninterrupted one. Raises `BadInput` for a limit below 1
    or an empty stop string, `ModelError` for a model without a key-value cache.
    """
    limits = [max_new_tokens] * len(prompts) if isinstance(max_new_tokens, int) else list(max_new_tokens)
    if len(limits) != len(prompts) or any(limit < 1 for limit in limits):
        raise BadInput(f"Every prompt needs a limit of at least 1 new token; got {max_new_tokens!r}.")
    ids = encode(lm, prompts)
    kept = ids
    if lm.context is not None:
        rooms = [max(lm.context - limit, lm.context // 2) for limit in limits]
        kept = [cut_left(lm, row, space) for row, space in zip(ids, rooms, strict=True)]
        limits = [min(limit, lm.context - len(row)) for limit, row in zip(limits, kept, strict=True)]

    def run(batch: list[int]) -> list[Generation]:
        with reading(lm):
            found = _greedy(lm, [kept[i] for i in batch], [limits[i] for i in batch], stop)
        return [
            Generation(text, len(kept[i]) + count, len(ids[i]) - len(kept[i]))
            for i, (text, count) in zip(batch, found, strict=True)
        ]

    if not all(stop):
        raise BadInput("An empty stop string would end every text at once; leave it out.")
    if not prompts:
        return
    widths = [len(row) + limit for row, limit in zip(kept, limits, strict=True)]
    for batch in plan(widths, room(lm, kept, batch_tokens)):
        if not all(index in skip for index in batch):
            yield list(zip(batch, halving(run, batch), strict=True))


def _greedy(
    lm: LM, prompts: Sequence[list[int]], limits: Sequence[int], stop: Sequence[str]
) -> list[tuple[str, int]]:
    """Text and number of new tokens per prompt."""
    ends = torch.tensor(sorted(_end_tokens(lm)), device=lm.device)
    limit = torch.tensor(limits, device=lm.device)
    watch = _Stops(lm, prompts, stop)
    alive = torch.arange(len(prompts), device=lm.device)  # which prompt each row of the batch is
    batch = pad_left(lm, prompts)
    cache: Any = None
    written: list[list[int]] = [[] for _ in prompts]
    step = 0
    while True:
        output = forward(lm, batch, past_key_values=cache, use_cache=True)
        cache = getattr(output, "past_key_values", None)
        if not hasattr(cache, "batch_select_indices"):
            raise ModelError(f"{lm.name} keeps no key-value cache; generation needs one, use another model.")
        token = output.logits[:, -1].argmax(-1)
        step += 1
        finished = torch.isin(token, ends) | (limit[alive] <= step)
        for row, (index, new) in enumerate(zip(alive.tolist(), token.tolist(), strict=True)):
            written[index].append(new)
            if stop and watch.ends(index, written[index]):
                finished[row] = True
        left = (~finished).nonzero()[:, 0]
        if not len(left):
            break
        mask, positions = batch.attention_mask, batch.positions[:, -1:] + 1
        if len(left) < len(alive):
            cache.batch_select_indices(left)
            alive, token, mask, positions = alive[left], token[left], mask[left], positions[left]
        batch = Padded(token[:, None], torch.cat([mask, mask.new_ones(len(mask), 1)], 1), positions)
    return [(watch.text(index, new), len(new)) for index, new in enumerate(written)]


class _Stops:
    """Finds stop strings; a row is decoded only when its newest token could finish one."""

    def __init__(self, lm: LM, prompts: Sequence[list[int]], stop: Sequence[str]) -> None:
        self.lm, self.stop = lm, tuple(stop)
        self.before = [prompt[-1:] for prompt in prompts]
        self.lasts = {text[-1] for text in stop} | {"\ufffd"}  # or a piece of a character
        self.spaces = any(text[-1] == " " for text in stop)  # a token alone may not show its space
        self.special = set(lm.tokenizer.all_special_ids)
        self.candidates: dict[int, bool] = {}

    def ends(self, index: int, new: list[int]) -> bool:
        token = new[-1]
        if token not in self.candidates:
            text = self.lm.tokenizer.decode([token])
            self.candidates[token] = self.spaces or any(mark in text for mark in self.lasts)
        return self.candidates[token] and any(text in self.plain(index, new) for text in self.stop)

    def plain(self, index: int, new: list[int]) -> str:
        """The new text with the space that some tokenizers drop at the start of a text."""
        new = [token for token in new if token not in self.special]
        before = [token for token in self.before[index] if token not in self.special]
        head, whole = self._decode(before), self._decode(before + new)
        return whole[len(head) :] if whole.startswith(head) else self._decode(new)

    def text(self, index: int, new: list[int]) -> str:
        text = self.plain(index, new)
        return text[: min((place for s in self.stop if (place := text.find(s)) >= 0), default=len(text))]

    def _decode(self, ids: list[int]) -> str:
        return str(self.lm.tokenizer.decode(ids, clean_up_tokenization_spaces=False))


def _end_tokens(lm: LM) -> set[int]:
    config = getattr(lm.model, "generation_config", None)
    ends: Any = getattr(config, "eos_token_id", None)
    found = set(ends) if isinstance(ends, list) else {ends}
    return {int(token) for token in found | {lm.tokenizer.eos_token_id} if token is not None}
