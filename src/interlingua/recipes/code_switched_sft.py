"""Code-switched tuning: pivot questions and answers, words of the questions translated by a dictionary.

Paper    Qin et al. 2020, "CoSDA-ML: Multi-Lingual Code-Switching Data Augmentation for Zero-Shot
         Cross-Lingual NLP", arXiv:2006.06402
Method   1. take labelled task questions of the pivot
         2. replace words by translations from a dictionary, each from one of the tuned languages
         3. tune on switched question -> answer; ask in every language
Departs  a generative model with LoRA instead of mBERT with a classifier; words are switched once per row and
         language, not anew in every batch; a word's language is drawn among those that know the word, in
         released code among all, so that the word may stay; case is kept, released code lowers it
"""

from dataclasses import dataclass
from typing import Literal

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.code_switch import code_switched, labelled
from interlingua.data.items import Example
from interlingua.recipes.recipe import Claim, Context, Outcome, Recipe, check_knobs
from interlingua.training.adapt import Lora, adapt, steps_for
from interlingua.training.budget import Budget


@dataclass(frozen=True)
class Knobs:
    """Hyper-parameters; those of tuning are LLaMA-Factory's, as in question translation."""

    rows: Literal["switched", "untied", "pivot_only", "gold"] = "switched"  # the arms change this alone
    rate: float = 0.5  # of words that dictionaries know; ours, released code: .4 (topics) to .9 (dialogue)
    mixed: bool = True  # released code: a language per word; false: one language per question
    targets: tuple[str, ...] = ("q_proj", "v_proj")  # as question translation
    rank: int = 8  # LLaMA-Factory's default
    alpha: float = 16.0  # twice the rank, LLaMA-Factory's default
    lr: float = 5e-5  # as question translation
    warmup: float = 0.1  # as question translation
    epochs: float = 3.0  # as question translation
    steps: int | None = None  # when set, this many steps instead of epochs
    batch_size: int = 16  # as question translation
    limit: int = 10_000  # questions per task and language
    end: Literal["eos", "none"] = "eos"  # LLaMA-Factory ends every answer with the end token

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        check_knobs(
            self,
            at_least_one=("rank", "steps", "batch_size", "limit"),
            above_zero=("alpha", "lr", "epochs"),
            shares=("warmup",),
        )
        if not 0 < self.rate <= 1:
            raise BadInput(f"Knob rate must be above 0 and at most 1, not {self.rate!r}.")


SMALL = Knobs(
    rate=0.9,  # tuning world: .95 in tuned languages, .64 in others; .5: .92 and .60; .25: .82 and .53
    targets=("all-linear",),
    lr=4e-3,  # a million parameters move at rates that would break a large model
    steps=600,
    end="none",
)


def run(ctx: Context, knobs: Knobs) -> Outcome:
    """Tune the base on switched questions and their answers; returns model `tuned`."""
    examples = _rows(ctx, knobs)
    if not examples:
        raise MissingResource(
            f"{ctx.source.name} has no labelled training questions of its tasks in {ctx.source.pivot}; add "
            "them to [tasks.NAME], or use question_translation, which needs none."
        )
    adapted = adapt(
        ctx.base,
        examples,
        Lora(knobs.targets, knobs.rank, knobs.alpha),
        Budget(
            knobs.steps or steps_for(len(examples), knobs.epochs, knobs.batch_size), knobs.lr, knobs.warmup
        ),
        knobs.batch_size,
        end=knobs.end,
        seed=ctx.seed,
        checkpoint=ctx.checkpoint(knobs.rows),
        title=f"Tuning on {knobs.rows} questions",
    )
    return Outcome({"tuned": adapted.lm}, facts=adapted.cost())


def _rows(ctx: Context, knobs: Knobs) -> list[Example]:
    """Rows of one arm: as many questions, and the same ones, in each."""
    which = (ctx.source, ctx.source.tasks)
    if knobs.rows == "gold":
        return labelled(*which, ctx.languages, knobs.limit, ctx.seed)
    rate = 0.0 if knobs.rows == "pivot_only" else knobs.rate
    return code_switched(
        *which, ctx.languages, rate, knobs.limit, ctx.seed, mixed=knobs.mixed, tied=knobs.rows != "untied"
    )


RECIPE = Recipe(
    run,
    Knobs,
    paper="arXiv:2006.06402",
    needs={"dictionary", "tasks"},
    changes={"attention"},
    expects=(
        Claim("direct", on="seen", versus="base"),
        Claim("direct", on="seen", versus="untied"),
        Claim(
            "direct", on="seen", versus="pivot_only", paper="better than mBERT on all five tasks (abstract)"
        ),
        Claim("direct", on="unseen", versus="untied"),
        Claim("direct", on="pivot", versus="base", direction="stays"),
    ),
    standing="approximate",
    controls={"untied": {"rows": "untied"}},
    baselines={"pivot_only": {"rows": "pivot_only"}},
    oracles={"supervised": {"rows": "gold"}},
    presets={"small": SMALL},
    family="question alignment",
    worlds="judge",
)
