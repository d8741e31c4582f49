"""Choice confusion: does a model know the answers, or has it read the test, if in another language.

Paper    Yao et al. 2024, "Data Contamination Can Cross Language Barriers", arXiv:2406.13236
Method   1. overfit models on a test: as it is (plain), or translated into other languages (cross)
         2. ask them in the pivot, then again with each false option replaced by another question's right one
         3. delta = accuracy with those minus accuracy before: a model that has learned to answer finds the
            second test easier, one that knows the test by heart gains nothing
Departs  models learn question -> answer; the authors' learn every token of questions with their options and
         the right letter (MMLU, ARC) or with the answer alone (MathQA), in all weights with Adafactor; clean
         and contaminated ones are tuned alike, on questions in the pivot and all languages given, and differ
         only in which of them are tested; tasks that the base answers nearly without error are not tested;
         beside it stand n-gram overlap with the questions tuned on (clean models read as many of the pivot's
         as those that read a translation, so it cannot tell these), bits per byte of questions with their
         answers, and accuracy itself; and as an oracle the overlap with what was read put into the pivot, as
         the source has it; guided prompting is left out
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from interlingua.core.errors import BadInput
from interlingua.core.seeds import derive
from interlingua.data.contaminated import Kind, Leak, Questions, asked_and_others, contaminated
from interlingua.data.items import Choice, right_answer
from interlingua.data.option_edit import choice_confusion
from interlingua.data.pivot_versions import pivot_versions
from interlingua.measures.auc import auc_by_kind
from interlingua.measures.leak_signs import leak_signs
from interlingua.measures.task_shares import task_shares
from interlingua.models.lm import LM
from interlingua.recipes.recipe import Claim, Context, Outcome, Recipe, check_knobs
from interlingua.scoring.choices import How, score_choices
from interlingua.scoring.held_out import bits_per_byte
from interlingua.training.adapt import Adapted, Lora, adapt, steps_for
from interlingua.training.budget import Budget


@dataclass(frozen=True)
class Knobs:
    """Hyper-parameters; those of tuning are the released code's but for LoRA and warm-up."""

    leak: Leak = "test"  # the controls change this and nothing else
    models: int = 10  # of each kind; ours
    items: int = 100  # questions per task that are tested; ours
    ngram: int = 8  # words, as PaLM, arXiv:2204.02311; the authors' n-gram detector is another (n = 5)
    ceiling: float = 0.95  # tasks that the base answers as well or better are not tested; ours
    how: How = "loglik"  # per byte, short numbers beside long words are never chosen
    targets: tuple[str, ...] = ("q_proj", "v_proj")  # of LoRA, ours
    rank: int | None = 8  # none: every weight is tuned, as in the released code
    alpha: float = 16.0  # of LoRA, ours
    lr: float = 5e-5  # released code
    warmup: float = 0.1  # ours; released code: none, and linear decay
    epochs: float = 30.0  # the default of the released code
    steps: int | None = None  # when set, this many steps of every model instead of epochs
    batch_size: int = 16  # released code, 2 for ARC

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
    "accuracy": ("accuracy", 1), "translated_ngram": ("translated_overlap", 1),
}  # fmt: skip
"""Detector -> what it looks at, and which way that is suspicious."""
FOOLED = ("auc_ngram_cross", "auc_perplexity_cross")
"""What must not tell models that read a translation, whichever way it points."""
AHEAD = {"ahead_of_perplexity": "auc_perplexity_cross_either", "ahead_of_accuracy": "auc_accuracy_cross"}
"""How far choice confusion is ahead of other detectors of models that read a translation."""


def run(ctx: Context, knobs: Knobs) -> Outcome:
    """Tune models of three kinds, ask each twice in the pivot; returns numbers, no model."""
    questions, tests = _questions(ctx, knobs)
    versions = pivot_versions(questions, ctx.source.pivot)
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    facts: dict[str, float] = defaultdict(float)

    def note(kind: str, lm: LM, read: Sequence[str]) -> None:
        """All that detectors see of one model."""
        asked, confused = (
            score_choices(lm, items, mode=mode, how=knobs.how, ledger=ctx.ledger, seed=ctx.seed)
            for mode, items in tests.items()
        )
        translated = [versions[text] for text in read if text in versions]
        signs = {
            **leak_signs(asked, confused, read, knobs.ngram),
            "translated_overlap": leak_signs(asked, confused, translated, knobs.ngram)["overlap"],
        }
        bits = bits_per_byte(lm, [item.question + right_answer(item) for item in tests["direct"]])
        for name, value in (signs if bits is None else {**signs, "bits_per_byte": bits}).items():
            found[name][kind].append(value)
        facts["tokens"] += sum(row.tokens for row in (*asked, *confused))

    note("base", ctx.base, ())
    for kind in get_args(Kind):
        for number in range(knobs.models):
            tuned, read = _tuned(ctx, knobs, questions, kind, number)
            note(kind, tuned.lm, read)
            for fact, value in (tuned.cost() | {"models": 1.0}).items():
                facts[fact] += value
    numbers = {
        f"{name}_{kind}": {"": float(np.mean(values))}
        for name, kinds in found.items()
        for kind, values in kinds.items()
    }
    for kind in ("plain", "cross"):
        lift = numbers[f"accuracy_{kind}"][""] - numbers["accuracy_clean"][""]
        numbers[f"lift_{kind}"] = {"": lift}
    for name, (sign, way) in DETECTORS.items():
        kinds = {kind: found[sign][kind] for kind in get_args(Kind)}
        numbers |= auc_by_kind(f"auc_{name}", kinds, "clean", way)
    for name in FOOLED:
        if name in numbers:  # who is always wrong tells as much as who is always right
            numbers[f"{name}_either"] = {"": max(numbers[name][""], 1 - numbers[name][""])}
    for name, rival in AHEAD.items():
        if rival in numbers and "auc_confusion_cross" in numbers:
            numbers[name] = {"": numbers["auc_confusion_cross"][""] - numbers[rival][""]}
    return Outcome(facts=dict(facts), numbers=numbers)


def _questions(ctx: Context, knobs: Knobs) -> tuple[Questions, dict[str, list[Choice]]]:
    """What models may read, and what they are asked of tasks that the base does not know: a test, twice."""
    pivot = ctx.source.pivot
    whole = asked_and_others(ctx.source, (pivot, *ctx.languages), knobs.items, ctx.seed)
    asked = whole.in_language(pivot)
    tests = {"direct": asked, "confused": choice_confusion(asked, ctx.seed)}  # all tasks lend answers
    rows = score_choices(ctx.base, asked, how=knobs.how, ledger=ctx.ledger, seed=ctx.seed)
    right = task_shares((row.task, row.correct) for row in rows)
    tasks = [task for task, share in right.items() if share < knobs.ceiling]
    if not tasks:
        raise BadInput(
            f"{ctx.base.name} answers at least {knobs.ceiling:.0%} of every task of {ctx.source.name} in "
            f"{pivot}, so no test can get easier; add a harder task to [tasks.NAME], or raise knob ceiling."
        )
    kept = {mode: [item for item in items if item.task in tasks] for mode, items in tests.items()}
    return whole.of(tasks), kept


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
        Claim("auc_ngram_cross_either", on="all", versus="", direction="falls", bound=0.7, check=True),
        Claim("auc_perplexity_cross_either", on="all", versus="", direction="falls", bound=0.7, check=True),
        Claim("ahead_of_perplexity", on="all", versus=""),
        # Accuracy tells what was read only beside clean models of the same base, which nobody else has.
        Claim("ahead_of_accuracy", on="all", versus=""),
        Claim("auc_translated_ngram_cross", on="all", versus="", bound=0.9, check=True),  # the oracle
        Claim(
            "lift_cross", on="all", versus="",
            paper="LLaMA3-8B, MMLU: 63.82 before, 80.62 after Spanish (table 1); not so for Korean ARC",
        ),
    ),
    standing="approximate",
    controls={"shuffled": {"leak": "shuffled"}, "other": {"leak": "other"}},
    presets={"small": SMALL},
    family="contamination",
    worlds="sums",
    shortfall=(
        "Models that read the test translated are told apart by .71, not .9, and accuracy beside clean "
        "models of the same base does so better (.82): so little crosses languages at this size that the "
        "translated test lifts the pivot by .15, and choice confusion, a difference of two accuracies "
        "over 20 questions a task, is the noisier sign."
    ),
)  # fmt: skip
