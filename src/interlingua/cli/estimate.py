"""How much work a run would be, told without doing it: tokens, time and disk."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM, AutoTokenizer

from interlingua.core.errors import BadInput, MissingResource, ModelError
from interlingua.models.reading import is_encoder, need_kind
from interlingua.recipes.recipe import RECIPES
from interlingua.studies.measured import Arm, knobs_of
from interlingua.studies.prepared import SMALL_PARAMETERS
from interlingua.studies.resolve import model as resolve_model
from interlingua.training.adapt import steps_for

if TYPE_CHECKING:
    from interlingua.data.source import Source

SAMPLE = 20
"""Questions per task and language whose tokens are counted."""
PASSES = {"read": 1.0, "written": 3.0, "tuned": 3.0}
"""Forward passes that a token costs: writing goes token by token, tuning runs backwards as well."""
WORK_SHARE = 0.25
"""Share of its speed at bare matrix products that a machine keeps in a whole model; from runs of the demo."""
SECONDS_TO_START = 3.0
"""Until a process has loaded what it needs."""
BYTES_PER_ROW, BYTES_PER_TRAINED = 1_200, 16
"""A row in the ledger; a trained parameter in a checkpoint (weight, two moments) and in the saved adapter."""


def text_of(work: Mapping[str, Any]) -> str:
    """An estimate as lines for people."""
    minutes = work["seconds"] / 60
    took = f"{minutes:.0f} minutes" if minutes >= 1.5 else f"{work['seconds']:.0f} seconds"
    return (
        f"models   {work['models_measured']} measured, {work['models_tuned']} of them tuned; "
        f"{work['parameters']:,} parameters each\n"
        f"answers  {work['answers']:,}\n"
        f"tokens   {work['tokens_read']:,} read, {work['tokens_written']:,} written, "
        f"{work['tokens_tuned']:,} tuned on\n"
        f"time     about {took} on this machine, within a factor of three\n"
        f"disk     about {work['disk_bytes'] / 1e6:,.0f} MB"
    )


def estimate(
    arms: Sequence[Arm],
    source: "Source",
    model: str | None,
    languages: Sequence[str],
    target: str,
    measured: Sequence[str],
    items: int | None,
    preset: str | None,
    changes: Mapping[str, Any],
    device: str = "cpu",
    tasks: Sequence[str] | None = None,
) -> dict[str, Any]:
    """The work of these arms: `languages` tuned on, `measured` asked, `items` per task and language.

    `tasks` are those to ask (None: all of the source), each in the languages that it has; an encoder is asked
    nothing.

    Tokens are counted on a sample; seconds are rough, from the speed of this machine just now. Raises what
    the run itself would raise for unknown names, missing data and knobs.
    """
    if not languages and any(arm.recipe for arm in arms):
        raise BadInput("No language to tune on; name one to three, e.g. --lang sw,hi.")
    encoders = any(RECIPES.get(arm.recipe).encoders for arm in arms if arm.recipe)
    network, tokenizer = light_model(model, source.name, encoders)
    tasks = source.tasks if tasks is None else tasks
    if is_encoder(network.config):
        arms, tasks = [replace(arm, modes=()) for arm in arms if arm.recipe], ()
    held = {task: source.languages_of(task) for task in tasks}
    asked = {
        (task, lang): source.task(task, lang, "test")
        for task in tasks
        for lang in measured
        if lang in held[task]
    }
    counts = {key: len(bank) if items is None else min(items, len(bank)) for key, bank in asked.items()}
    lengths = {
        key: mean_tokens(tokenizer, [item.shots + item.question for item in bank[:SAMPLE]])
        for key, bank in asked.items()
    }
    parameters = sum(weight.numel() for weight in network.parameters())
    answers = sum(counts.values())
    once = sum(counts[key] * lengths[key] for key in asked)
    pivots = [lengths.get((task, source.pivot), 0.0) for task in tasks]
    in_pivot = max(pivots, default=0.0) or once / max(1, answers)
    read = written = tuned = trained = 0.0
    for arm in arms:
        if "direct" in arm.modes:
            read += once
        if "restate" in arm.modes:
            read, written = read + once + answers * in_pivot, written + answers * in_pivot
        if arm.recipe:
            recipe = RECIPES.get(arm.recipe)
            usual = "small" if parameters < SMALL_PARAMETERS and "small" in recipe.presets else "paper"
            chosen = preset or usual
            knobs = knobs_of(recipe, None if chosen == "paper" else chosen, arm.changes, changes)
            tuned += _tuned_tokens(knobs, source, languages, target, tokenizer)
            trained += _trained_parameters(network, knobs)
    passes = PASSES["read"] * read + PASSES["written"] * written + PASSES["tuned"] * tuned
    seconds = SECONDS_TO_START * len(arms) + 2 * parameters * passes / (WORK_SHARE * speed(device))
    answers *= sum(len(arm.modes) for arm in arms)
    return {
        "parameters": parameters,
        "models_measured": len(arms),
        "models_tuned": sum(bool(arm.recipe) for arm in arms),
        "answers": answers,
        "tokens_read": round(read),
        "tokens_written": round(written),
        "tokens_tuned": round(tuned),
        "seconds": round(seconds, 1),
        "disk_bytes": round(BYTES_PER_ROW * answers + BYTES_PER_TRAINED * trained),
    }


def light_model(name: str | None, on: str, encoders: bool = False) -> tuple[Any, Any]:
    """A model of the right shape and its tokenizer; one that is not of the lab is not given any weights.

    Raises `ModelError` for what cannot be read, and for another kind of model than is wanted.
    """
    place = _base_of(name.removeprefix("hf:")) if name else None
    if place is None or place.startswith("lab:"):
        lm = resolve_model(place, on, "cpu")
        return lm.model, lm.tokenizer
    try:
        config = AutoConfig.from_pretrained(place)
        tokenizer = AutoTokenizer.from_pretrained(place)
    except (OSError, ValueError) as error:
        first = str(error).strip().partition("\n")[0]
        raise ModelError(
            f"No model can be read from {name!r} ({first}). Give a folder or hf:NAME."
        ) from error
    need_kind(config, str(name), encoders)
    reader: Any = AutoModelForMaskedLM if is_encoder(config) else AutoModelForCausalLM
    with torch.device("meta"):
        return reader.from_config(config), tokenizer


def _base_of(place: str) -> str:
    """The base of a folder with an adapter, else the place itself."""
    record = Path(place) / "adapter_config.json"
    if not record.is_file():
        return place
    return str(json.loads(record.read_text(encoding="utf-8"))["base_model_name_or_path"])


def mean_tokens(tokenizer: Any, texts: Sequence[str]) -> float:
    return sum(len(ids) for ids in tokenizer(list(texts))["input_ids"]) / len(texts) if texts else 0.0


def _tuned_tokens(
    knobs: Any, source: "Source", languages: Sequence[str], target: str, tokenizer: Any
) -> float:
    """Tokens of all stages: knobs called `steps` or `..._steps`, or their `epochs`, times the batch."""
    limit, batch = getattr(knobs, "limit", None), getattr(knobs, "batch_size", 1)
    texts = [text for lang in languages for text in _learned(source, lang, target)[:limit]]
    length = mean_tokens(tokenizer, texts[:: max(1, len(texts) // SAMPLE)])
    steps = 0
    for knob in fields(knobs):
        if knob.name.endswith("steps"):
            epochs = getattr(knobs, knob.name.removesuffix("steps") + "epochs", None)
            usual = steps_for(len(texts), epochs, batch) if epochs else 0
            steps += getattr(knobs, knob.name) or usual
    return float(steps * batch) * length


def _learned(source: "Source", lang: str, target: str) -> list[str]:
    """Texts about as long as those learned from: question pairs, or documents where there are none."""
    try:
        return [pair.source + pair.target for pair in source.questions(lang, target)]
    except MissingResource:
        return list(source.text(lang))


def _trained_parameters(network: Any, knobs: Any) -> int:
    """Parameters of the LoRA matrices the knobs ask for; all weights without a rank, none without steps."""
    if not any(knob.name.endswith("steps") for knob in fields(knobs)):
        return 0
    rank, targets = getattr(knobs, "rank", None), getattr(knobs, "targets", ("all-linear",))
    if rank is None:
        return sum(weight.numel() for weight in network.parameters())
    return sum(
        rank * (layer.in_features + layer.out_features)
        for name, layer in network.named_modules()
        if isinstance(layer, nn.Linear)
        and layer is not network.get_output_embeddings()
        and (targets == ("all-linear",) or name.rpartition(".")[2] in targets)
    )


def speed(device: str, size: int = 1024, tries: int = 5) -> float:
    """Operations per second in products of square matrices, the best of a few tries now."""
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    ones = torch.ones(size, size, device=device)
    best: float = float("inf")
    for _ in range(tries):
        began = time.perf_counter()
        float((ones @ ones)[0, 0])  # reading a value waits for the device
        best = min(best, time.perf_counter() - began)
    return float(2 * size**3) / best
