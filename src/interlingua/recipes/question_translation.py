"""Question translation: tune only on putting task questions into the pivot; other languages gain as well.

Paper    Zhang et al. 2024, "Getting More from Less: Large Language Models are Good Spontaneous Multilingual
         Learners", arXiv:2405.13816
Method   1. take task questions in one to three languages and their version in the pivot, no answers
         2. LoRA on q and v: prompt "<question>\\nTranslate the input from X to English:\\n", loss on the
            pivot question only
         3. ask in every language, those never tuned on included
Departs  `replay` mixes in labelled pivot questions (off by default; QAlign's second stage does the like,
         arXiv:2401.07817); `target` may be another language than the pivot; the last step is kept, by the
         released configuration the best one on a twentieth of the rows; presets for small models change
         learning rate, layers and steps, each with its reason below
"""

from dataclasses import dataclass
from typing import Literal

from interlingua.data.arms import Signal, arm
from interlingua.data.items import Example
from interlingua.data.prompts import PAPER, Template
from interlingua.recipes.recipe import Claim, Context, Outcome, Recipe, check_knobs
from interlingua.training.adapt import Lora, adapt, steps_for
from interlingua.training.budget import Budget


@dataclass(frozen=True)
class Knobs:
    """Hyper-parameters; defaults are those of the paper's released configuration."""

    signal: Signal = "questions"  # the controls change this and nothing else
    template: str = PAPER  # prompt of the released training file
    targets: tuple[str, ...] = ("q_proj", "v_proj")  # released LLaMA-Factory configuration
    rank: int = 8  # LLaMA-Factory's default
    alpha: float = 16.0  # twice the rank, LLaMA-Factory's default
    lr: float = 5e-5  # released configuration, cosine
    warmup: float = 0.1  # released configuration
    epochs: float = 3.0  # released configuration
    steps: int | None = None  # when set, this many steps instead of epochs
    batch_size: int = 16  # 4 rows x 4 accumulated in the released configuration
    limit: int = 10_000  # questions per language and task in the released data
    replay: float = 0.0  # share of rows that are labelled pivot questions; not in the paper
    end: Literal["eos", "none"] = "eos"  # LLaMA-Factory ends every answer with the end token

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        Template(self.template)
        check_knobs(
            self,
            at_least_one=("rank", "steps", "batch_size", "limit"),
            above_zero=("alpha", "lr", "epochs"),
            shares=("warmup", "replay"),
        )


SMALL = Knobs(
    template="{question} = ",  # what stands between translations in the small models' pretraining text
    targets=("all-linear",),  # +43 points against +40 with q and v alone (docs/results/region.md)
    lr=4e-3,  # a million parameters move at rates that would break a large model
    steps=600,
    replay=0.3,  # without it small models forget tasks of the pivot
)


def run(ctx: Context, knobs: Knobs) -> Outcome:
    """Tune the base on the chosen signal; returns model `tuned`."""

    def rows(signal: Signal) -> list[Example]:
        return arm(
            ctx.source, ctx.languages, signal, template=Template(knobs.template), target=ctx.target,
            limit=knobs.limit, replay_share=knobs.replay, seed=ctx.seed,
        )  # fmt: skip

    questions = rows("questions")
    steps = knobs.steps or steps_for(len(questions), knobs.epochs, knobs.batch_size)
    adapted = adapt(
        ctx.base,
        questions if knobs.signal == "questions" else rows(knobs.signal),
        Lora(knobs.targets, knobs.rank, knobs.alpha),
        Budget(steps, knobs.lr, knobs.warmup),
        knobs.batch_size,
        like=() if knobs.signal == "questions" else questions,
        end=knobs.end,
        seed=ctx.seed,
        checkpoint=ctx.checkpoint(knobs.signal),
        title=f"Tuning on {knobs.signal}",
    )
    return Outcome({"tuned": adapted.lm}, facts=adapted.cost())


RECIPE = Recipe(
    run,
    Knobs,
    paper="arXiv:2405.13816",
    needs={"questions"},
    changes={"attention"},
    expects=(
        Claim(
            "direct",
            on="unseen",
            versus="base",
            paper="languages unseen in tuning are aligned with English too (abstract)",
        ),
        Claim("direct", on="unseen", versus="shuffled"),
        Claim("restate", on="unseen", versus="base"),
        Claim("restate", on="unseen", versus="shuffled"),
        Claim("direct", on="pivot", versus="base", direction="stays"),
    ),
    standing="faithful",
    controls={
        "shuffled": {"signal": "shuffled"},
        "pivot_only": {"signal": "pivot_only"},
        "reverse": {"signal": "reverse"},
        "general_text": {"signal": "general_text"},
    },
    presets={"small": SMALL},
    family="question alignment",
    worlds="judge",
    shortfall=(
        "Direct answers in languages never tuned on do not move in the lab (+.7 points): its small models "
        "restate a question in the pivot, but answer from it only where they have written it down."
    ),
)
