"""Related transfer: a task learned in one language is asked in its relative, then learned there too.

Paper    Thangaraj et al. 2024, "Cross-lingual transfer of multilingual models on low resource African
         Languages", arXiv:2409.10965 (Kinyarwanda to Kirundi; only its abstract was read, there is no code)
Method   1. learn a classification in the language with more data, the target
         2. ask it in a relative whose labels were never seen: zero-shot
         3. go on learning in the relative; forgetting is what the first language's accuracy lost by it
         4. the same with BiGRU, CNN and character CNN that begin with nothing, each with as many steps
Departs  the pretrained model is a causal language model with LoRA that answers with label words, no encoder
         with a head; sizes and rates of the networks are ours. They know tokens or characters of the training
         questions of all languages. Small bases of the lab have read the tasks in the pivot: `untuned` says
         how well they answer before any step. Cognates are words spelled nearly alike in a dictionary
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from interlingua.core.errors import MissingResource
from interlingua.core.seeds import derive
from interlingua.data.classes import classifications, classified, exchanged_labels
from interlingua.data.cognates import cognate_share
from interlingua.data.items import Choice, Example, right_answer
from interlingua.models.classic import Reader, fresh_reader, units_of
from interlingua.models.lm import LM
from interlingua.recipes.recipe import Claim, Context, Outcome, Recipe, check_knobs
from interlingua.scoring.choices import score_choices
from interlingua.scoring.classes import answers
from interlingua.training.adapt import Lora, adapt
from interlingua.training.budget import Budget
from interlingua.training.learn_classes import learn_classes


@dataclass(frozen=True)
class Knobs:
    """Hyper-parameters; the paper's were not checked, all are ours."""

    reader: Literal["pretrained", "bigru", "cnn", "char_cnn"] = "pretrained"
    labels: Literal["true", "exchanged"] = "true"  # the control changes this and nothing else
    tasks: tuple[str, ...] = ()  # none: those about topics, as the paper's, or else all with fixed labels
    limit: int = 10_000  # labelled questions of the first language and a task
    relative_limit: int = 1_000  # of each relative
    items: int = 300  # questions asked per task and language
    kin: float = 0.3  # share of cognates from which on a relative counts as kin
    targets: tuple[str, ...] = ("q_proj", "v_proj")
    rank: int = 8
    alpha: float = 16.0
    lr: float = 1e-4
    warmup: float = 0.1
    steps: int = 1_000  # in the first language, and again in each relative
    batch_size: int = 16
    width: int = 128  # of the networks that begin with nothing
    dropout: float = 0.5  # of the same, arXiv:1408.5882
    reader_lr: float = 1e-3  # of the same

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        counts = ("limit", "relative_limit", "items", "rank", "steps", "batch_size", "width")
        check_knobs(
            self,
            at_least_one=counts,
            above_zero=("alpha", "lr", "reader_lr"),
            shares=("warmup", "dropout", "kin"),
        )


SMALL = Knobs(
    targets=("all-linear",),
    lr=4e-3,  # a million parameters move at rates that would break a large model
    steps=200,
    width=64,
    relative_limit=400,
    kin=0.2,  # the share of .35 that newcomers are drawn with comes out as .25 to .40 of few words
)


@dataclass(frozen=True)
class _Stage:
    """What was learned so far, by a model or by a reader from nothing, and its cost."""

    by: LM | Reader
    cost: Mapping[str, float]


def run(ctx: Context, knobs: Knobs) -> Outcome:
    """Learn in the target, then in each language from there; model `tuned` is the first one's."""
    first, both = ctx.target, (ctx.target, *ctx.languages)
    tasks = knobs.tasks or classifications(ctx.source, first)
    limits = {lang: knobs.limit if lang == first else knobs.relative_limit for lang in both}
    taught = {lang: classified(ctx.source, tasks, lang, "train", limits[lang], ctx.seed) for lang in both}
    asked = {lang: classified(ctx.source, tasks, lang, "test", knobs.items, ctx.seed) for lang in both}
    if knobs.labels == "exchanged":
        taught = {lang: exchanged_labels(items, ctx.seed) for lang, items in taught.items()}
    begun = _begun(ctx, knobs, [item for items in taught.values() for item in items])
    stage = _learned(ctx, knobs, begun, taught[first], first)
    models, costs = dict[str, LM](), defaultdict[str, float](float, stage.cost)
    numbers: dict[str, dict[str, float]] = defaultdict(dict)
    high = numbers["first"][first] = _right(ctx, stage.by, asked[first])
    for lang in ctx.languages:
        if isinstance(begun, LM):
            numbers["untuned"][lang] = _right(ctx, begun, asked[lang])
        zero_shot = numbers["zero_shot"][lang] = _right(ctx, stage.by, asked[lang])
        later = _learned(ctx, knobs, stage.by, taught[lang], lang)
        numbers["after"][lang] = _right(ctx, later.by, asked[lang])
        numbers["forgetting"][lang] = high - _right(ctx, later.by, asked[first])
        if (share := _cognates(ctx, lang)) is not None:
            numbers["cognates"][lang] = share
            if share >= knobs.kin:
                numbers["zero_shot_kin"][lang] = zero_shot
        if isinstance(later.by, LM):
            models["tuned" if not models else f"tuned-{lang}"] = later.by
        for name, value in later.cost.items():
            costs[name] += value
    return Outcome(models, facts=dict(costs), numbers=dict(numbers))


def _begun(ctx: Context, knobs: Knobs, items: Sequence[Choice]) -> LM | Reader:
    """The base, or a network whose units are those of the questions."""
    if knobs.reader == "pretrained":
        return ctx.base
    texts = [item.question for item in items]
    units = units_of(texts, None if knobs.reader == "char_cnn" else ctx.base.tokenizer)
    labels = {item.task: len(item.options) for item in items}
    return fresh_reader(
        knobs.reader, units, labels, width=knobs.width, dropout=knobs.dropout, seed=ctx.seed,
        device=ctx.base.device,
    )  # fmt: skip


def _learned(ctx: Context, knobs: Knobs, by: LM | Reader, items: Sequence[Choice], lang: str) -> _Stage:
    """The same after learning labelled questions of one language."""
    seed, title = derive(ctx.seed, "learning", lang), f"Learning {lang} ({knobs.reader})"
    if isinstance(by, Reader):
        budget = Budget(knobs.steps, knobs.reader_lr, knobs.warmup)
        taught = learn_classes(by, items, budget, knobs.batch_size, seed=seed, title=title)
        cost = {"steps": taught.steps, "label_tokens": taught.labels, "tokens": taught.units}
        return _Stage(taught.reader, {name: float(value) for name, value in cost.items()})
    rows = [Example(item.question, right_answer(item), "labelled", lang, item.task) for item in items]
    adapted = adapt(
        by, rows, Lora(knobs.targets, knobs.rank, knobs.alpha), Budget(knobs.steps, knobs.lr, knobs.warmup),
        knobs.batch_size, seed=seed, checkpoint=ctx.checkpoint(f"{knobs.labels}-{lang}"), title=title,
    )  # fmt: skip
    return _Stage(adapted.lm, adapted.cost())


def _right(ctx: Context, by: LM | Reader, items: Sequence[Choice]) -> float:
    """Share of right answers, the mean over tasks."""
    if isinstance(by, Reader):
        given = answers(by, items)
    else:
        given = [row.prediction for row in score_choices(by, items, ledger=ctx.ledger, seed=ctx.seed)]
    right: dict[str, list[bool]] = defaultdict(list)
    for item, answer in zip(items, given, strict=True):
        right[item.task].append(answer == item.answer)
    return float(np.mean([np.mean(found) for found in right.values()]))


def _cognates(ctx: Context, lang: str) -> float | None:
    """Share of cognates with the first language; none where no dictionary tells."""
    try:
        return cognate_share(ctx.source.dictionary(ctx.target, lang))
    except MissingResource:
        return None


_TUNED = "88.3% with AfriBERT, 83.3% with BiGRU after tuning (abstract)"
RECIPE = Recipe(
    run,
    Knobs,
    paper="arXiv:2409.10965",
    needs={"tasks"},
    changes={"attention"},
    expects=(
        Claim("zero_shot_kin", on="seen", versus="bigru"),
        Claim("zero_shot_kin", on="seen", versus="cnn"),
        Claim("zero_shot_kin", on="seen", versus="char_cnn"),
        Claim("zero_shot_kin", on="seen", versus="exchanged_labels"),
        Claim("after", on="seen", versus="bigru", paper=_TUNED),
        Claim("after", on="seen", versus="exchanged_labels"),
    ),
    standing="approximate",
    controls={"exchanged_labels": {"labels": "exchanged"}},
    baselines={
        "bigru": {"reader": "bigru"},
        "cnn": {"reader": "cnn"},
        "char_cnn": {"reader": "char_cnn"},
    },
    presets={"small": SMALL},
    family="classification",
    worlds="newcomer",
)
