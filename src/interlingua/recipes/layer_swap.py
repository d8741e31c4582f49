"""Layer swapping: the middle of a model that learned a task, between the ends of one that learned languages.

Paper    Bandarkar et al. 2024, "Layer Swapping for Zero-Shot Cross-Lingual Transfer in Large Language
         Models", arXiv:2410.01335
Method   1. from one base, tune a task expert on questions and answers in the pivot alone
         2. and a language expert on general text of the languages, without the task
         3. bottom and top layers from the language expert, the middle from the task expert, the layers next
            to the ends averaged; numbers `task_change_0`, `language_change_0` and so on say how far each
            expert moved the embeddings (0), each layer (1, 2, ...) and the rest, as a share of their norm
Departs  the paper's language data are instructions, here plain or parallel text; its answers are reasoned,
         here given at once; how many layers and whose embeddings are taken was not checked in the paper. In
         proportion to the authors' 32 layers four or eight leave none to average: the middle stands beside
         the ends
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.builders import general_text, plain_text, replay
from interlingua.data.chains import reasoning_tasks
from interlingua.data.items import Example
from interlingua.data.prompts import PAPER, Template
from interlingua.models.anatomy import anatomy
from interlingua.models.surgery.change import by_layer, heat_map
from interlingua.models.surgery.layers import Plan, even_plan, swap_layers, swap_plan
from interlingua.models.surgery.ties import ties
from interlingua.recipes.recipe import Claim, Context, Outcome, Recipe, check_knobs
from interlingua.training.adapt import Adapted, Lora, adapt, steps_for
from interlingua.training.budget import Budget

Expert = Literal["task", "language"]
Merge = Literal["swap", "anti_swap", "task", "language", "soup", "ties", "labelled"]
_OWNER = {"task": (1.0, 0.0), "language": (0.0, 1.0)}
_ALONE = (*_OWNER, "labelled")


@dataclass(frozen=True)
class Knobs:
    """Hyper-parameters; where the paper's value was not checked, it says so."""

    merge: Merge = "swap"  # the paper's
    bottom: int | None = None  # layers of the language expert; none: 5 of 32 in proportion (second-hand)
    top: int | None = None  # likewise; the paper: 2 of 32 (second-hand)
    transition: int | None = None  # averaged next to each end; none: 2 of 32; the paper: 1 (second-hand)
    embeddings: Expert = "language"  # whose they are goes with the bottom (not checked)
    head: Expert = "language"  # final norm and unembedding; a tied one goes with the embeddings
    tasks: tuple[str, ...] = ()  # none: those that need reasoning, as the paper's, or else all
    data: Literal["text", "pairs"] = "text"  # what the language expert reads
    template: str = PAPER  # frame of pairs
    tuning: Literal["full", "lora"] = "full"  # arXiv:2505.18356 swaps both kinds
    targets: tuple[str, ...] = ("all-linear",)  # of LoRA
    rank: int = 16  # of LoRA
    alpha: float = 32.0  # of LoRA
    lr: float = 1e-5  # usual for full tuning (not checked)
    warmup: float = 0.1  # usual (not checked)
    epochs: float = 1.0  # ours (not checked)
    steps: int | None = None  # of each expert; when set, instead of epochs
    batch_size: int = 32  # usual (not checked)
    limit: int = 30_000  # task questions, and texts per language; the paper: 30-40k rows
    density: float = 0.2  # share of changes that TIES keeps, arXiv:2306.01708

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        Template(self.template)
        check_knobs(
            self,
            at_least_one=("rank", "steps", "batch_size", "limit"),
            above_zero=("alpha", "lr", "epochs", "density"),
            shares=("warmup",),
        )
        if self.density > 1:
            raise BadInput(f"Knob density must be a share up to 1, not {self.density!r}.")


SMALL = Knobs(
    embeddings="task",  # what a task's words mean is in them, and small models have no other place for it
    lr=2e-3,  # a million parameters move at rates that would break a large model
    steps=800,
    template="{question} = ",  # what stands between translations in the small models' pretraining text
)


def run(ctx: Context, knobs: Knobs) -> Outcome:
    """Train the experts that are asked for and merge them; returns `tuned` and the experts."""
    plan = _plan(len(anatomy(ctx.base).layers), knobs)
    alone = knobs.merge in _ALONE
    experts = {which: _expert(ctx, knobs, which) for which in ((knobs.merge,) if alone else _OWNER)}
    models = {which: expert.lm for which, expert in experts.items()}
    first, *rest = experts.values()
    changes = {
        f"{which}_change_{part.layer}": {"": part.relative}
        for which, lm in models.items()
        for part in by_layer(heat_map(ctx.base, lm))
        if part.start
    }
    if alone:
        tuned = models[knobs.merge]
    elif knobs.merge == "ties":
        tuned = ties(ctx.base, [models["task"], models["language"]], density=knobs.density)
    else:
        tuned = swap_layers(models["task"], models["language"], plan=plan)
    return Outcome({**models, "tuned": tuned}, facts=first.cost(*rest), numbers=changes)


def _plan(layers: int, knobs: Knobs) -> Plan:
    """Which layers come from which expert; made before any training, so that a bad one costs nothing."""
    plan = swap_plan(
        layers, knobs.bottom, knobs.top, knobs.transition,
        embeddings=_OWNER[knobs.embeddings], head=_OWNER[knobs.head],
    )  # fmt: skip
    return {"soup": even_plan(layers, (0.5, 0.5)), "anti_swap": plan.opposite()}.get(knobs.merge, plan)


def _expert(ctx: Context, knobs: Knobs, which: str) -> Adapted:
    """An expert; `labelled` is a task expert that knows answers in the languages too, in no more steps."""
    langs = dict.fromkeys((ctx.source.pivot, *(ctx.languages if which == "labelled" else ())))
    rows = _language_rows(ctx, knobs) if which == "language" else _task_rows(ctx, knobs, langs)
    steps = knobs.steps or steps_for(len(rows), knobs.epochs / len(langs), knobs.batch_size)
    return adapt(
        ctx.base,
        rows,
        Lora(knobs.targets, knobs.rank, knobs.alpha) if knobs.tuning == "lora" else None,
        Budget(steps, knobs.lr, knobs.warmup),
        knobs.batch_size,
        seed=ctx.seed,
        checkpoint=ctx.checkpoint(f"{which}-expert"),
        title=f"Tuning the {which} expert",
    )


def _task_rows(ctx: Context, knobs: Knobs, langs: Iterable[str]) -> list[Example]:
    tasks = knobs.tasks or reasoning_tasks(ctx.source) or ctx.source.tasks
    if not tasks:
        raise MissingResource(
            f"{ctx.source.name} has no task to learn in {ctx.source.pivot}; add a [tasks.NAME] table to it."
        )
    found = {lang: replay(ctx.source, tasks, lang, knobs.limit, ctx.seed) for lang in langs}
    if lacking := [lang for lang, rows in found.items() if not rows]:
        raise MissingResource(
            f"{ctx.source.name} has no training questions of {', '.join(tasks)} in {lacking[0]}; add some."
        )
    return [row for rows in found.values() for row in rows]


def _language_rows(ctx: Context, knobs: Knobs) -> list[Example]:
    if knobs.data == "text":
        return plain_text(ctx.source, ctx.languages, knobs.limit, ctx.seed)
    return general_text(
        ctx.source, ctx.languages, Template(knobs.template), knobs.limit, ctx.seed, ctx.target
    )


_GAIN = "10% on MGSM over experts and other merges, four languages (abstract)"
RECIPE = Recipe(
    run,
    Knobs,
    paper="arXiv:2410.01335",
    needs={"tasks", "text"},
    changes={"layers"},
    expects=(
        Claim("direct", on="seen", versus="task_expert", paper=_GAIN),
        Claim("direct", on="seen", versus="language_expert", paper=_GAIN),
        Claim("direct", on="seen", versus="soup", paper=_GAIN),
        Claim("direct", on="seen", versus="ties", paper=_GAIN),
        Claim("direct", on="seen", versus="anti_swap"),
    ),
    standing="approximate",
    controls={"anti_swap": {"merge": "anti_swap"}},
    baselines={
        "task_expert": {"merge": "task"},
        "language_expert": {"merge": "language"},
        "soup": {"merge": "soup"},
        "ties": {"merge": "ties"},
    },
    oracles={"labelled_languages": {"merge": "labelled"}},
    presets={"small": SMALL},
    family="merging",
    worlds="sums",
    shortfall=(
        "The sums that the task expert learns stay in the pivot and every other language stays at chance, so "
        "the ends of the language expert have nothing to open. A base of eight layers, one that answers its "
        "own tasks in every language (MEXA up to .28) and longer tuning changed nothing (docs/log.md)."
    ),
)
