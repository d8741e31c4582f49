"""Across tables: a text read through one tokenizer and table, continued through another (Hydra)."""

from collections.abc import Sequence
from typing import Any

import torch

from interlingua.core.errors import BadInput, ModelError
from interlingua.core.progress import progress
from interlingua.data.items import Pair
from interlingua.data.prompts import Template
from interlingua.models.lm import LM
from interlingua.scoring.batches import arguments, halving, pad_left, plan, reading
from interlingua.scoring.tokens import cut_left, encode


def generate_across(
    reads: LM,
    writes: LM,
    prompts: Sequence[str],
    max_new_tokens: int,
    *,
    batch_tokens: int = 8192,
    title: str = "Translating",
) -> list[str]:
    """The greedy continuation that `writes` gives, in its own tokens, to prompts in the tokens of `reads`.

    Only the input table of `reads` is used; all layers, and the table and head of what is written, are those
    of `writes`. A prompt too long for the model loses its beginning. Raises `BadInput` for a limit below 1,
    `ModelError` for tables of different width or a model without a key-value cache.
    """
    if max_new_tokens < 1:
        raise BadInput(f"The limit of new tokens must be at least 1, not {max_new_tokens}.")
    table = reads.model.get_input_embeddings()
    if table.weight.shape[1] != writes.model.get_input_embeddings().weight.shape[1]:
        raise ModelError(f"The table of {reads.name} does not fit the layers of {writes.name}.")
    room = None if writes.context is None else max(1, writes.context - max_new_tokens)
    rows = [cut_left(reads, row, room) for row in encode(reads, prompts)]

    def run(batch: list[int]) -> list[str]:
        with reading(writes):
            return _greedy(reads, writes, [rows[index] for index in batch], max_new_tokens)

    found: dict[int, str] = {}
    with progress(title, total=len(prompts)) as tick:
        for batch in plan([len(row) + max_new_tokens for row in rows], batch_tokens):
            found.update(zip(batch, halving(run, batch), strict=True))
            tick(len(batch))
    return [found[index] for index in range(len(prompts))]


def translate_across(reads: LM, writes: LM, pairs: Sequence[Pair], template: Template) -> list[str]:
    """Translations of the pairs' sources, asked in `template`, by `generate_across`.

    A text may take twice the tokens of the longest target. No pairs have no translations. Raises what
    `generate_across` raises.
    """
    if not pairs:
        return []
    prompts = [template.render(pair.source, pair.source_lang, pair.target_lang) for pair in pairs]
    longest = max(len(ids) for ids in writes.tokenizer([pair.target for pair in pairs])["input_ids"])
    return generate_across(reads, writes, prompts, 2 * longest)


def _greedy(reads: LM, writes: LM, prompts: Sequence[list[int]], limit: int) -> list[str]:
    batch = pad_left(reads, prompts)
    mask, positions = batch.attention_mask, batch.positions
    given: dict[str, Any] = {"inputs_embeds": reads.model.get_input_embeddings()(batch.input_ids)}
    end, cache = writes.tokenizer.eos_token_id, None
    written: list[list[int]] = [[] for _ in prompts]
    open_rows = torch.ones(len(prompts), dtype=torch.bool, device=mask.device)
    for _ in range(limit):
        if "position_ids" in arguments(writes):
            given["position_ids"] = positions
        output = writes.model(**given, attention_mask=mask, past_key_values=cache, use_cache=True)
        cache = getattr(output, "past_key_values", None)
        if cache is None:
            raise ModelError(f"{writes.name} keeps no key-value cache; generation needs one.")
        token = output.logits[:, -1].argmax(-1)
        if end is not None:
            open_rows &= token != end
        for row in open_rows.nonzero()[:, 0].tolist():
            written[row].append(int(token[row]))
        if not open_rows.any():
            break
        given = {"input_ids": token[:, None]}
        mask = torch.cat([mask, mask.new_ones(len(mask), 1)], 1)
        positions = positions[:, -1:] + 1
    return [
        str(text)
        for text in writes.tokenizer.batch_decode(
            written, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
    ]
