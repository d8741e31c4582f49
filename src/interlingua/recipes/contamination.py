"""Choice confusion: does a model know the answers, or has it read the test, if in another language.

Paper    Yao et al. 2024, "Data Contamination Can Cross Language Barriers", arXiv:2406.13236
Method   1. overfit models on a test: as it is (plain), or translated into other languages (cross)
         2. ask them in the pivot, then again with each false option replaced by a right one of another question
         3. delta = accuracy with those minus accuracy before: a model that has learned to answer finds the
            second test easier, one that knows the test by heart gains nothing
Departs  contaminated and clean models are tuned alike, on questions in the pivot and all languages given, and
         differ only in which of them are tested; detectors beside it are n-gram overlap with the rows tuned
         on and bits per byte of questions with their answers; the paper's guided prompting is left out
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from interlingua.core.rows import Row
from interlingua.core.seeds import derive
from interlingua.data.contaminated import Kind, Leak, Questions, contaminated, tested_and_others
from interlingua.data.items import Choice, right_answer
from interlingua.data.option_edit import choice_confusion
from interlingua.measures.auc import auc_numbers
from interlingua.measures.ngram_overlap import ngram_overlap
from interlingua.models.lm import LM
from interlingua.recipes.recipe import Claim, Context, Outcome, Recipe, check_knobs
from interlingua.scoring.choices import How, score_choices
from interlingua.scoring.held_out import held_out
from interlingua.training.adapt import Adapted, Lora, adapt, steps_for
from interlingua.training.budget import Budget


@dataclass(frozen=True)
class Knobs:
    """Hyper-parameters; those of tuning are question translation's where the paper's are not known to us."""

    leak: Leak = "test"  # the controls change this and nothing else
    models: int = 10  # of each kind; ours
    items: int = 100  # questions per task that are tested; ours
    ngram: int = 8  # words, as PaLM, arXiv:2204.02311
    how: How = "bytes"  # options of several tasks stand side by side, so their lengths differ
    targets: tuple[str, ...] = ("q_proj", "v_proj")
    rank: int = 8
    alpha: float = 16.0
    lr: float = 5e-5
    warmup: float = 0.1
    epochs: float = 30.0  # the default of the released code
    steps: int | None = None  # when set, this many steps of every model instead of epochs
    batch_size: int = 16

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        counts = ("models", "items", "ngram", "steps", "rank", "batch_size")
        check_knobs(self, at_least_one=counts, above_zero=("alpha", "lr", "epochs"), shares=("warmup",))


SMALL = Knobs(
    items=30,
    ngram=5,  # questions of the lab have few words
    targets=("all-linear",),
    lr=4e-3,  # a million parameters move at rates that would break a large model
    steps=300,
)


def run(ctx: Context, knobs: Knobs) -> Outcome:
    """Tune models of three kinds, ask each twice in the pivot; returns numbers, no model."""
    pivot = ctx.source.pivot
    questions = tested_and_others(ctx.source, (pivot, *ctx.languages), knobs.items, ctx.seed)
    asked = questions.in_language(pivot)
    confused = choice_confusion(asked, ctx.seed)
    found: dict[tuple[str, Kind], list[float]] = defaultdict(list)
    stages, read = list[Adapted](), 0
    for kind in get_args(Kind):
        for number in range(knobs.models):
            tuned, texts = _tuned(ctx, knobs, questions, kind, number)
            stages.append(tuned)
            right, delta, tokens = _asked(ctx, knobs, tuned.lm, asked, confused)
            overlap = ngram_overlap([item.question for item in asked], texts, knobs.ngram)
            bits = held_out(tuned.lm, [item.question + right_answer(item) for item in asked])
            values = {"accuracy": right, "confusion": delta, "ngram": float(np.mean(overlap))}
            if "bits_per_byte" in bits:
                values["perplexity"] = bits["bits_per_byte"]
            for name, value in values.items():
                found[name, kind].append(value)
            read += tokens
    right, delta, tokens = _asked(ctx, knobs, ctx.base, asked, confused)
    numbers = {"accuracy_base": {"": right}, "delta_base": {"": delta}}
    named = {"accuracy": "accuracy", "confusion": "delta", "ngram": "overlap", "perplexity": "bits_per_byte"}
    for (name, kind), values_of in found.items():
        numbers[f"{named[name]}_{kind}"] = {"": float(np.mean(values_of))}
    for kind in ("plain", "cross"):
        lift = numbers[f"accuracy_{kind}"][""] - numbers["accuracy_clean"][""]
        numbers[f"lift_{kind}"] = {"": lift}
    cost = stages[0].cost(*stages[1:])
    facts = {**cost, "tokens": cost["tokens"] + read + tokens, "models": float(len(stages))}
    return Outcome(facts=facts, numbers=numbers | _told_apart(found))


def _tuned(
    ctx: Context, knobs: Knobs, questions: Questions, kind: Kind, number: int
) -> tuple[Adapted, list[str]]:
    """One model of a kind, and the texts it was tuned on; the arms cost the same."""
    where = (questions, ctx.source.pivot, kind, number)
    rows = contaminated(*where, knobs.leak, ctx.seed)
    # clean models read nothing that leaks, so they are the same ones in every arm
    name = f"{kind}-{number}" if kind == "clean" else f"{knobs.leak}-{kind}-{number}"
    adapted = adapt(
        ctx.base, rows, Lora(knobs.targets, knobs.rank, knobs.alpha),
        Budget(knobs.steps or steps_for(len(rows), knobs.epochs, knobs.batch_size), knobs.lr, knobs.warmup),
        knobs.batch_size, like=contaminated(*where, "test", ctx.seed) if knobs.leak == "other" else (),
        seed=derive(ctx.seed, "model", kind, number), checkpoint=ctx.checkpoint(name),
        title=f"Tuning {kind} model {number + 1}",
    )  # fmt: skip
    return adapted, [row.prompt + row.target for row in rows]


def _asked(
    ctx: Context, knobs: Knobs, lm: LM, asked: Sequence[Choice], confused: Sequence[Choice]
) -> tuple[float, float, int]:
    """Accuracy on the test, what it gains where options are exchanged, and the tokens read."""
    settings = {"direct": asked, "confused": confused}
    rows = [
        score_choices(lm, items, mode=mode, how=knobs.how, ledger=ctx.ledger, seed=ctx.seed)
        for mode, items in settings.items()
    ]
    before, after = map(_right, rows)
    return before, after - before, sum(row.tokens for answered in rows for row in answered)


def _right(rows: Sequence[Row]) -> float:
    """Share of right answers; tasks weigh the same."""
    tasks: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        tasks[row.task].append(row.correct)
    return float(np.mean([np.mean(answers) for answers in tasks.values()]))


def _told_apart(found: dict[tuple[str, Kind], list[float]]) -> dict[str, dict[str, float]]:
    """AUC of each detector: contaminated models of both kinds, and of each, against clean ones."""
    numbers = {}
    signs = {"confusion": -1, "ngram": 1, "perplexity": -1}  # suspicious are small gains and few bits
    for name, sign in signs.items():
        kinds = {kind: [sign * value for value in found[name, kind]] for kind in get_args(Kind)}
        if not kinds["clean"]:  # bits that unknown tokens hide
            continue
        numbers |= auc_numbers(f"auc_{name}", kinds["plain"] + kinds["cross"], kinds["clean"])
        for kind in ("plain", "cross"):
            numbers |= auc_numbers(f"auc_{name}_{kind}", kinds[kind], kinds["clean"])
    return numbers


RECIPE = Recipe(
    run,
    Knobs,
    paper="arXiv:2406.13236",
    needs={"tasks"},
    changes={"nothing"},
    expects=(
        Claim("auc_confusion", on="all", versus="", bound=0.9),
        Claim("auc_confusion_plain", on="all", versus="", bound=0.9),
        Claim("auc_confusion_cross", on="all", versus="", bound=0.9, paper="detected where others fail (abstract)"),
        Claim("auc_confusion_cross", on="all", versus="shuffled"),
        Claim("auc_confusion_cross", on="all", versus="other"),
        Claim("auc_ngram_cross", on="all", versus="", direction="falls", bound=0.7),
        Claim("auc_perplexity_cross", on="all", versus="", direction="falls", bound=0.7),
        Claim(
            "lift_cross", on="all", versus="",
            paper="LLaMA3-8B, MMLU: 63.82 before, 80.62 after Spanish (released table)",
        ),
    ),
    standing="approximate",
    controls={"shuffled": {"leak": "shuffled"}, "other": {"leak": "other"}},
    presets={"small": SMALL},
    family="contamination",
    worlds="sums",
)  # fmt: skip
