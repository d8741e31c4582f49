"""Own answers: question translation, then tuning on the model's own restated answers; no label of any kind.

Paper    ours; it closes the loop that question translation (arXiv:2405.13816) opens
Method   1. question translation: the model learns to write a question in the pivot
         2. it restates unlabelled questions of the tuned languages and answers them in the pivot
         3. tune further on question in the language -> that answer, mixed with replayed pivot questions and
            with question pairs, so that neither the pivot nor the restating is lost
Departs  nothing to depart from; `signal` replaces step 1's pairs in the control, `answers` the answers by
         gold ones in the oracle. Arms take as many steps and labelled tokens; what the model writes by itself
         is not made equal, and the control, which writes less, reads a third fewer tokens in all
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from interlingua.core.errors import BadInput
from interlingua.core.seeds import derive
from interlingua.data.arms import Signal, arm
from interlingua.data.builders import blend, replay
from interlingua.data.items import Choice, Example
from interlingua.data.prompts import PAPER, Template
from interlingua.data.unlabelled import share_right, unlabelled, with_answers
from interlingua.models.lm import LM
from interlingua.recipes.recipe import Claim, Context, Outcome, Recipe, check_knobs
from interlingua.scoring.frames import pivot_frames
from interlingua.scoring.restate import restate
from interlingua.training.adapt import Lora, adapt, steps_for
from interlingua.training.budget import Budget


@dataclass(frozen=True)
class Knobs:
    """Hyper-parameters; the first stage has those of question translation, the second ours."""

    signal: Signal = "questions"  # first stage: true pairs, or a control
    answers: Literal["own", "gold"] = "own"  # gold: the oracle
    template: str = PAPER  # arXiv:2405.13816, released training file
    targets: tuple[str, ...] = ("q_proj", "v_proj")  # arXiv:2405.13816, released configuration
    rank: int = 8  # LLaMA-Factory's default
    alpha: float = 16.0  # LLaMA-Factory's default
    lr: float = 5e-5  # arXiv:2405.13816
    warmup: float = 0.1  # arXiv:2405.13816
    epochs: float = 3.0  # arXiv:2405.13816
    steps: int | None = None  # when set, this many steps of the first stage instead of epochs
    batch_size: int = 16  # arXiv:2405.13816
    limit: int = 10_000  # arXiv:2405.13816: questions per language
    replay: float = 0.25  # share of labelled pivot questions in both stages
    end: Literal["eos", "none"] = "eos"  # LLaMA-Factory
    unlabelled: int = 2_000  # questions per language and task that the model answers itself
    own_share: float = 0.5  # share of own answers in the second stage; findings in docs/log.md
    own_epochs: float = 3.0  # passes over own answers
    own_steps: int | None = None  # when set, this many steps of the second stage
    own_lr: float = 5e-5  # as the first stage

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        Template(self.template)
        check_knobs(
            self,
            at_least_one=("rank", "steps", "batch_size", "limit", "unlabelled", "own_steps"),
            above_zero=("alpha", "lr", "epochs", "own_lr", "own_epochs"),
            shares=("warmup", "replay"),
        )
        if not 0 < self.own_share <= 1 - self.replay:
            raise BadInput(
                f"Knob own_share must be above 0 and leave room for replay, not {self.own_share!r}."
            )


SMALL = Knobs(
    template="{question} = ",  # as question_translation's preset, for the same reasons
    targets=("all-linear",),
    lr=4e-3,
    steps=600,
    replay=0.3,
    unlabelled=500,
    own_steps=1000,
    own_lr=6e-3,
)


def run(ctx: Context, knobs: Knobs) -> Outcome:
    """Both stages; returns `tuned`, and `translated` as it was after the first."""
    lora, true = Lora(knobs.targets, knobs.rank, knobs.alpha), knobs.signal == "questions"
    asked = unlabelled(ctx.source, ctx.languages, knobs.unlabelled, ctx.seed)
    questions = _rows(ctx, knobs, "questions", knobs.replay)
    steps = knobs.steps or steps_for(len(questions), knobs.epochs, knobs.batch_size)
    first = adapt(
        ctx.base, questions if true else _rows(ctx, knobs, knobs.signal, knobs.replay), lora,
        Budget(steps, knobs.lr, knobs.warmup), knobs.batch_size, like=() if true else questions,
        end=knobs.end, seed=ctx.seed, checkpoint=ctx.checkpoint(knobs.signal),
        title=f"Tuning on {knobs.signal}",
    )  # fmt: skip
    own, spent = _answers(ctx, knobs, first.lm, asked)
    rows = _second_rows(ctx, knobs, own)
    own_steps = knobs.own_steps or steps_for(len(rows), knobs.own_epochs, knobs.batch_size)
    second = adapt(
        first.lm, rows, lora, Budget(own_steps, knobs.own_lr, knobs.warmup), knobs.batch_size,
        end=knobs.end, seed=derive(ctx.seed, "second"),
        checkpoint=ctx.checkpoint(f"{knobs.answers}-answers-after-{knobs.signal}"),
        title="Tuning on own answers",
    )  # fmt: skip
    told = {"generated_tokens": float(spent), "own_answers_right": share_right(asked, own)}
    return Outcome({"tuned": second.lm, "translated": first.lm}, facts=first.cost(second) | told)


def _rows(ctx: Context, knobs: Knobs, signal: Signal, share: float) -> list[Example]:
    return arm(
        ctx.source, ctx.languages, signal, template=Template(knobs.template), target=ctx.target,
        limit=knobs.limit, replay_share=share, seed=ctx.seed,
    )  # fmt: skip


def _second_rows(ctx: Context, knobs: Knobs, own: Sequence[Example]) -> list[Example]:
    """Own answers with replayed pivot questions and, for what is left, the pairs of the first stage."""
    pivot = replay(ctx.source, ctx.source.tasks, ctx.source.pivot, len(own), ctx.seed)
    pairs = _rows(ctx, knobs, knobs.signal, 0.0)
    left = max(0.0, 1 - knobs.own_share - knobs.replay)
    parts = [(own, knobs.own_share), (pivot, knobs.replay), (pairs, left)]
    return blend(parts, round(len(own) / knobs.own_share), ctx.seed)


def _answers(ctx: Context, knobs: Knobs, lm: LM, asked: Sequence[Choice]) -> tuple[list[Example], int]:
    """What the model answers after restating, as rows to learn from, and the tokens it took; or the truth."""
    if knobs.answers == "gold":
        return with_answers(asked, [item.answer for item in asked], "gold_answers"), 0
    answered = restate(
        lm, asked, pivot=ctx.source.pivot, frames=pivot_frames(ctx.source), template=Template(knobs.template),
        ledger=ctx.ledger, title="Answering unlabelled questions",
    )  # fmt: skip
    rows = with_answers(asked, [row.prediction for row in answered], "own_answers")
    return rows, sum(row.tokens for row in answered)


RECIPE = Recipe(
    run,
    Knobs,
    paper="ours, on arXiv:2405.13816",
    needs={"questions", "tasks"},
    changes={"attention"},
    expects=(
        Claim("direct", on="unseen", versus="base"),
        Claim("direct", on="unseen", versus="untranslated"),
        Claim("direct", on="pivot", versus="base", direction="stays"),
    ),
    standing="lab-only",
    controls={"untranslated": {"signal": "pivot_only"}},
    oracles={"gold": {"answers": "gold"}},
    presets={"small": SMALL},
    family="question alignment",
    worlds="judge",
)
