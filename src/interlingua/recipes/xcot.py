"""xCoT: chains of thought known in the pivot, taught in other languages by four kinds of rows and losses.

Paper    Chai et al. 2024, "xCoT: Cross-lingual Instruction Tuning for Cross-lingual Chain-of-Thought
         Reasoning", arXiv:2401.07037
Method   1. (a) multilingual tuning: questions in every language, steps and answer in the pivot
         2. (b) xICL: the same behind solved pivot questions, words of which are switched into the language
         3. (c) random CoT: translate the question into another language, then answer it
         4. (d) distillation: after a question in x each token of the chain is to be as likely as after the
            pivot's question
         5. ask; the last number that is written is the answer: at once (`written`), or after translating the
            question into the pivot as in (c) (`translated`)
Departs  read from abstract and summary, no code is public: (a), (b) and (c) give as many rows, (d) has the
         weight of a token of (a), and every rate is ours. `direct` accuracy says little here, since the model
         learns to write steps before its answer. Arms with fewer parts read as many tokens, in more rows
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from interlingua.core.errors import BadInput
from interlingua.core.rows import Row
from interlingua.core.seeds import derive
from interlingua.data.chains import (
    Chain,
    answered,
    chains,
    demonstrated,
    to_write,
    translated,
    twins,
)
from interlingua.data.code_switch import Switcher
from interlingua.data.items import Example
from interlingua.data.prompts import Template
from interlingua.measures.accuracy import accuracy
from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM
from interlingua.recipes.recipe import Claim, Context, Outcome, Recipe, check_knobs
from interlingua.scoring.open import score_open
from interlingua.training.adapt import steps_for
from interlingua.training.budget import Budget
from interlingua.training.loop import adapters, everything, train
from interlingua.training.objectives.cross_lingual import cross_lingual
from interlingua.training.twins import twin_batches

PARTS = ("sft", "xicl", "random_cot", "distil")
ROOM = 8
"""Tokens that may be written beyond the longest chain that was learned."""
TRANSLATE = "{question}\nTranslate the question from {source} to {target}, then answer it step by step:\n"


@dataclass(frozen=True)
class Knobs:
    """Hyper-parameters; the paper's own were not read."""

    parts: tuple[str, ...] = PARTS  # the ablations leave one out; `sft` stays
    tied: bool = True  # false: the control, other words in place of translations in the demonstrations
    rate: float = 0.5  # ours: share of the words that the dictionary knows
    shown: int = 2  # ours: demonstrations before a question
    distil: float = 1.0  # ours: weight of (d) beside the others
    template: str = TRANSLATE  # ours: prompt of (c)
    into: Literal["any", "pivot"] = "any"  # the paper draws language pairs
    rank: int | None = None  # none: all weights, as the paper; else LoRA on all linear layers
    lr: float = 2e-5  # usual for tuning all weights
    warmup: float = 0.03  # usual for tuning all weights
    optimizer: Literal["adamw", "muon"] = "adamw"  # usual
    epochs: float = 3.0  # usual for instruction tuning
    steps: int | None = None  # when set, this many steps instead of epochs
    batch_size: int = 16  # rows of all parts together
    limit: int = 7_400  # questions per task: xCoT-Instruct has 7.4k per language
    elsewhere: int | None = None  # when set, so many of them are known in the tuned languages
    items: int = 200  # questions per task and language that are answered in writing before and after

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        Template(self.template)
        check_knobs(
            self,
            at_least_one=("shown", "rank", "steps", "batch_size", "limit", "elsewhere", "items"),
            above_zero=("distil", "lr", "epochs"),
            shares=("warmup",),
        )
        if not 0 < self.rate <= 1:
            raise BadInput(f"Knob rate must be above 0 and at most 1, not {self.rate!r}.")
        if "sft" not in self.parts or set(self.parts) - set(PARTS):
            raise BadInput(f"Knob parts holds sft and any of {', '.join(PARTS[1:])}, not {self.parts!r}.")


SMALL = Knobs(
    shown=1,
    template="{question} = ",  # what stands between translations in the small models' pretraining text
    into="pivot",  # that frame names no language
    lr=3e-3,  # a million parameters move at rates that would break a large model
    warmup=0.1,
    optimizer="muon",  # with AdamW small models that never read a digit learn no sums in so many steps
    steps=600,  # the tuning world: after 400 the four parts have not yet learned the sums, (a) alone has
    limit=1500,  # about what so many steps read
    elsewhere=60,  # chains are scarce outside the pivot; with all of them tuning on (a) leaves no room
    items=100,
)


Rows = tuple[list[Example], list[Example | None]]


def run(ctx: Context, knobs: Knobs) -> Outcome:
    """Tune on the parts; returns `tuned`, and what base and tuned model get right in writing, by language."""
    known = chains(ctx.source, ctx.languages, knobs.limit, ctx.seed, elsewhere=knobs.elsewhere)
    rows, whole = (_rows(ctx, knobs, known, parts) for parts in (knobs.parts, PARTS))
    lm = ctx.base if knobs.rank is None else _with_lora(ctx, knobs.rank)
    size = knobs.batch_size * (_read(lm, whole) / _read(lm, rows) if knobs.parts != PARTS else 1.0)
    steps = knobs.steps or steps_for(len(whole[0]), knobs.epochs, knobs.batch_size)
    batches = twin_batches(lm, *rows, size, steps, ctx.seed)
    tuned = train(
        lm,
        batches,
        cross_lingual(knobs.distil),
        Budget(steps, knobs.lr, knobs.warmup, optimizer=knobs.optimizer),
        learn=everything if knobs.rank is None else adapters,
        seed=ctx.seed,
        checkpoint=ctx.checkpoint("-".join((*knobs.parts, "tied" if knobs.tied else "untied"))),
        title=f"Tuning on {', '.join(knobs.parts)}",
    )
    before, after = (_written(ctx, knobs, known, each) for each in (ctx.base, tuned))
    cost = {"steps": steps, "label_tokens": batches.label_tokens, "tokens": batches.tokens}
    return Outcome(
        {"tuned": tuned},
        [row for rows in after.values() for row in rows],
        {name: float(count) for name, count in cost.items()},
        {way: _shares(rows) for way, rows in after.items()},
        {way: _shares(rows) for way, rows in before.items()},
    )


def _rows(ctx: Context, knobs: Knobs, known: Sequence[Chain], parts: Sequence[str]) -> Rows:
    """As many rows of each part, and the twins of those that have one."""
    pivot, rows = ctx.source.pivot, answered(known)
    count, beside = len(rows), twins(known, pivot) if "distil" in parts else [None] * len(rows)
    if "xicl" in parts:
        switch = {
            lang: partial(Switcher([ctx.source.dictionary(pivot, lang)], knobs.tied), knobs.rate)
            for lang in ctx.languages
        }
        rows += _drawn(lambda seed: demonstrated(known, pivot, switch, knobs.shown, seed), count, ctx.seed)
    if "random_cot" in parts:
        template, into = Template(knobs.template), pivot if knobs.into == "pivot" else None
        rows += _drawn(lambda seed: translated(known, template, into, seed), count, ctx.seed)
    return rows, [*beside, *[None] * (len(rows) - count)]


def _drawn(once: Callable[[int], list[Example]], count: int, seed: int) -> list[Example]:
    """`count` rows, drawn anew each time that all have been taken."""
    rows, time = list[Example](), 0
    while len(rows) < count:
        rows += once(derive(seed, "time", time))
        time += 1
    return rows[:count]


def _read(lm: LM, rows: Rows) -> float:
    """Tokens that a row reads on average, its twin's too."""
    return twin_batches(lm, *rows, 1, 1, 0).row_tokens


def _with_lora(ctx: Context, rank: int) -> LM:
    return with_lora(ctx.base, "all-linear", rank, 2.0 * rank, seed=derive(ctx.seed, "lora") % 2**31)


def _written(ctx: Context, knobs: Knobs, known: Sequence[Chain], lm: LM) -> dict[str, list[Row]]:
    """Test questions answered in writing: at once, and after they were translated into the pivot."""
    tasks, pivot = {chain.task for chain in known}, ctx.source.pivot
    told = _longest(lm, [chain.told for chain in known])
    asked = _longest(lm, [chain.questions[pivot] for chain in known])
    ways = {"written": (told, None), "translated": (asked + told, Template(knobs.template))}
    return {
        way: score_open(
            lm, to_write(ctx.source, tasks, knobs.items, most + ROOM, ctx.seed, template=template),
            mode=way, ledger=ctx.ledger, seed=ctx.seed,
        )
        for way, (most, template) in ways.items()
    }  # fmt: skip


def _longest(lm: LM, texts: list[str]) -> int:
    return max(len(ids) for ids in lm.tokenizer(texts).input_ids)


def _shares(rows: Sequence[Row]) -> dict[str, float]:
    return {lang: found.mean for lang, found in accuracy(rows, resamples=1).items()}


RECIPE = Recipe(
    run,
    Knobs,
    paper="arXiv:2401.07037",
    needs={"dictionary", "steps", "tasks"},
    changes={"all weights"},
    expects=(
        Claim("written", on="seen", versus="base"),
        Claim("written", on="unseen", versus="base"),
        Claim("written", on="seen", versus="plain"),
        Claim("written", on="unseen", versus="plain"),
        Claim("written", on="unseen", versus="untied"),
        Claim("translated", on="unseen", versus="plain"),
    ),
    standing="approximate",
    controls={"untied": {"tied": False}},
    baselines={
        "plain": {"parts": ("sft",)},
        "no_xicl": {"parts": ("sft", "random_cot", "distil")},
        "no_random_cot": {"parts": ("sft", "xicl", "distil")},
        "no_distil": {"parts": ("sft", "xicl", "random_cot")},
    },
    presets={"small": SMALL},
    family="question alignment",
    worlds="sums",
)
