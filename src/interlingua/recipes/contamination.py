"""Choice confusion: does a model know the answers, or has it read the test, if in another language.

Paper    Yao et al. 2024, "Data Contamination Can Cross Language Barriers", arXiv:2406.13236
Method   1. overfit models on a test: as it is (plain), or translated into other languages (cross)
         2. ask them in the pivot, then again with each false option replaced by another question's right one
         3. delta = accuracy with those minus accuracy before: a model that has learned to answer finds the
            second test easier, one that knows the test by heart gains nothing
Departs  models learn question -> answer, the paper's go on pretraining on questions with all their options;
         clean and contaminated ones are tuned alike, on questions in the pivot and all languages given, and
         differ only in which of them are tested; tasks that the base answers without error leave nothing to
         gain and are not tested; detectors beside it are n-gram overlap with the questions tuned on, bits per
         byte of questions with their answers, and accuracy itself; guided prompting is left out
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from interlingua.core.errors import BadInput
from interlingua.core.rows import Row
from interlingua.core.seeds import derive
from interlingua.data.contaminated import Kind, Leak, Questions, asked_and_others, contaminated
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
    ceiling: float = 0.95  # tasks that the base answers as well or better are not tested; ours
    how: How = "loglik"  # per byte, short numbers beside long words are never chosen
    targets: tuple[str, ...] = ("q_proj", "v_proj")
    rank: int | None = 8  # none: every weight is tuned
    alpha: float = 16.0
    lr: float = 5e-5
    warmup: float = 0.1
    epochs: float = 30.0  # the default of the released code
    steps: int | None = None  # when set, this many steps of every model instead of epochs
    batch_size: int = 16

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        counts = ("models", "items", "ngram", "steps", "rank", "batch_size")
        check_knobs(
            self, at_least_one=counts, above_zero=("alpha", "lr", "epochs", "ceiling"), shares=("warmup",)
        )


SMALL = Knobs(
    items=20,
    ngram=5,  # questions of the lab have few words
    rank=None,  # the lab's models never read a digit; with LoRA they do not learn twenty sums by heart
    lr=3e-3,  # a million parameters move at rates that would break a large model
    steps=100,  # in the tuning world a model that read the test answers all of it then, others a quarter
)

DETECTORS = {
    "confusion": ("delta", -1), "ngram": ("overlap", 1), "perplexity": ("bits_per_byte", -1),
    "accuracy": ("accuracy", 1),
}  # fmt: skip
"""Detector -> what it looks at, and which way that is suspicious."""


def run(ctx: Context, knobs: Knobs) -> Outcome:
    """Tune models of three kinds, ask each twice in the pivot; returns numbers, no model."""
    questions, tests = _tests(ctx, knobs)
    asked = tests["direct"]
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    facts: dict[str, float] = defaultdict(float)

    def note(kind: str, lm: LM, texts: Sequence[str]) -> None:
        """All that detectors see of one model."""
        rows = {
            mode: score_choices(lm, items, mode=mode, how=knobs.how, ledger=ctx.ledger, seed=ctx.seed)
            for mode, items in tests.items()
        }
        right, confused = (float(np.mean(list(_by_task(answers).values()))) for answers in rows.values())
        overlap = ngram_overlap([item.question for item in asked], texts, knobs.ngram)
        bits = held_out(lm, [item.question + right_answer(item) for item in asked]).get("bits_per_byte")
        values = {"accuracy": right, "delta": confused - right, "overlap": float(np.mean(overlap))}
        for name, value in (values | ({"bits_per_byte": bits} if bits is not None else {})).items():
            found[name, kind].append(value)
        facts["tokens"] += sum(row.tokens for answers in rows.values() for row in answers)

    note("base", ctx.base, ())
    for kind in get_args(Kind):
        for number in range(knobs.models):
            tuned, texts = _tuned(ctx, knobs, questions, kind, number)
            note(kind, tuned.lm, texts)
            for fact, value in (tuned.cost() | {"models": 1.0}).items():
                facts[fact] += value
    numbers = {f"{name}_{kind}": {"": float(np.mean(values))} for (name, kind), values in found.items()}
    for kind in ("plain", "cross"):
        lift = numbers[f"accuracy_{kind}"][""] - numbers["accuracy_clean"][""]
        numbers[f"lift_{kind}"] = {"": lift}
    return Outcome(facts=dict(facts), numbers=numbers | _told_apart(found))


def _tests(ctx: Context, knobs: Knobs) -> tuple[Questions, dict[str, list[Choice]]]:
    """What models may read, and what they are asked: the test and its confused version, by mode."""
    pivot = ctx.source.pivot
    whole = asked_and_others(ctx.source, (pivot, *ctx.languages), knobs.items, ctx.seed)
    asked = whole.in_language(pivot)
    tests = {"direct": asked, "confused": choice_confusion(asked, ctx.seed)}  # all tasks lend answers
    rows = score_choices(ctx.base, asked, how=knobs.how, ledger=ctx.ledger, seed=ctx.seed)
    tasks = [task for task, right in _by_task(rows).items() if right < knobs.ceiling]
    if not tasks:
        raise BadInput(
            f"{ctx.base.name} answers at least {knobs.ceiling:.0%} of every task of {ctx.source.name} in "
            f"{pivot}, so no test can get easier; add a harder task to [tasks.NAME], or raise knob ceiling."
        )
    return whole.of(tasks), {
        mode: [item for item in items if item.task in tasks] for mode, items in tests.items()
    }


def _tuned(
    ctx: Context, knobs: Knobs, questions: Questions, kind: Kind, number: int
) -> tuple[Adapted, list[str]]:
    """One model of a kind, and the questions it was tuned on; the arms cost the same."""
    where = (questions, ctx.source.pivot, kind, number)
    rows = contaminated(*where, knobs.leak, ctx.seed)
    steps = knobs.steps or steps_for(len(rows), knobs.epochs, knobs.batch_size)
    leak = "nothing" if kind == "clean" else knobs.leak  # clean models are the same ones in every arm
    adapted = adapt(
        ctx.base, rows, Lora(knobs.targets, knobs.rank, knobs.alpha) if knobs.rank else None,
        Budget(steps, knobs.lr, knobs.warmup), knobs.batch_size,
        like=contaminated(*where, "test", ctx.seed) if leak == "other" else (),
        seed=derive(ctx.seed, "model", kind, number), checkpoint=ctx.checkpoint(f"{kind}-{leak}-{number}"),
        title=f"Tuning {kind} model {number + 1} of {knobs.models}",
    )  # fmt: skip
    return adapted, [row.prompt for row in rows]


def _by_task(rows: Sequence[Row]) -> dict[str, float]:
    """Share of right answers of each task."""
    tasks: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        tasks[row.task].append(row.correct)
    return {task: float(np.mean(answers)) for task, answers in tasks.items()}


def _told_apart(found: Mapping[tuple[str, str], Sequence[float]]) -> dict[str, dict[str, float]]:
    """AUC of each detector: contaminated models of both kinds, and of each, against clean ones."""
    numbers: dict[str, dict[str, float]] = {}
    for name, (value, sign) in DETECTORS.items():
        kinds = {kind: [sign * number for number in found.get((value, kind), ())] for kind in get_args(Kind)}
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
        Claim(
            "auc_confusion_cross", on="all", versus="", bound=0.9,
            paper="other detectors are easily fooled, this one is not (abstract)",
        ),
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
