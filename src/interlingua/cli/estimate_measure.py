"""How much work a measurement would be: tokens as the trie scorer reads them, time and disk."""

from collections.abc import Sequence
from statistics import mean
from typing import Any

from interlingua.cli.estimate import (
    BYTES_PER_ROW,
    PASSES,
    SAMPLE,
    SECONDS_TO_START,
    WORK_SHARE,
    light_model,
    mean_tokens,
    speed,
)
from interlingua.core.errors import BadInput
from interlingua.data.asking import Asking
from interlingua.languages.select import select
from interlingua.studies import resolve


def estimate(
    model: str | None,
    on: str | None,
    tasks: Sequence[str],
    lang: Sequence[str],
    script: str | None,
    family: str | None,
    split: str | None,
    limit: int | None,
    shots: int | None,
    prompt: Any,
    modes: Sequence[str],
    sentences: int,
    device: str,
    **_: Any,
) -> dict[str, Any]:
    """Tokens, seconds and bytes of `interlingua measure` with these settings.

    Tokens are counted on a sample of each task and language: the examples before the questions once, then
    every question with its options. Seconds are rough, from this machine's speed just now.
    Raises what the measurement itself would raise for unknown names and missing data.
    """
    if on is None:
        raise BadInput("An estimate needs a source: --on lab:NAME, a TOML file or a folder.")
    place = resolve.source(on, tuple(tasks) or None, Asking(prompt, shots))
    chosen = select(place.languages, lang, script, family)
    network, tokenizer = light_model(model, place.name)
    parameters = sum(weight.numel() for weight in network.parameters())
    answers, read, written = 0, 0.0, 0.0
    for task in tasks or (*place.tasks, *place.open_tasks):
        part = split or "test"
        for code in chosen:
            if code not in place.languages_of(task, part):
                continue
            if task in place.open_tasks:
                opened = place.open_task(task, code, part)
                held, shown, new = len(opened), opened[0].shots, mean([x.max_new_tokens for x in opened])
                texts, options = [item.question for item in opened[:SAMPLE]], [""]
            else:
                bank = place.task(task, code, part)
                held, shown, new = len(bank), bank[0].shots, 0.0
                texts = [item.question for item in bank[:SAMPLE]]
                options = [option for item in bank[:SAMPLE] for option in item.options]
            count = held if limit is None else min(limit, held)
            each = mean_tokens(tokenizer, texts)
            each += mean_tokens(tokenizer, options) * len(options) / len(texts)
            read += mean_tokens(tokenizer, [shown]) + count * each
            written += count * new
            answers += count
            if "restate" in modes and task in place.tasks:
                read, written = read + 2 * count * each, written + count * each
                answers += count
    if sentences:
        read += sentences * (len(chosen) + 1) * 30
    seconds = SECONDS_TO_START + 2 * parameters * (PASSES["read"] * read + PASSES["written"] * written) / (
        WORK_SHARE * speed(device)
    )
    return {
        "parameters": parameters, "models_measured": 1, "models_tuned": 0, "answers": answers,
        "tokens_read": round(read), "tokens_written": round(written), "tokens_tuned": 0,
        "seconds": round(seconds, 1), "disk_bytes": BYTES_PER_ROW * answers,
    }  # fmt: skip
