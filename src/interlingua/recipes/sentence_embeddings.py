"""Sentence embeddings (IndicSBERT): monolingual sentence pairs of several languages, shuffled, align them.

Paper    Deode et al. 2023, "L3Cube-IndicSBERT: A simple approach for learning cross-lingual sentence
         representations using multilingual BERT", arXiv:2304.11434
Method   1. pairs and hard negatives of inference data in every language, each pair in one language, all
            shuffled together: find the right sentence among those of the batch (softmax of 20 times the
            cosine of mean-pooled vectors)
         2. pairs graded for likeness: squared error of the cosine
Departs  vectors are means over the last layer of any causal model or encoder; the paper has an encoder. Pairs
         are taken out of questions of tasks, grades of step 2 from their labels (1, 1/2, 0); step 2 is off
         unless `graded`. Without such tasks, questions and their right answers, or texts of one label, are
         pairs. Parallel text is read to measure, and to learn by the oracle alone. With a folder for
         checkpoints, `sentence-encoder-...` in it loads in sentence-transformers, if the tokenizer can fill
         rows
"""

from dataclasses import dataclass
from typing import Literal

from interlingua.data.sentence_pairs import Labels, graded_pairs
from interlingua.data.sentence_tests import sentence_tests
from interlingua.data.sentences import Text, translations
from interlingua.measures.sentence_encoders import encoder_numbers
from interlingua.models.lm import LM
from interlingua.models.sentence_folder import save_sentence_encoder
from interlingua.recipes.recipe import Claim, Context, Outcome, Recipe, check_knobs
from interlingua.scoring.sentence_tests import encoded_tests
from interlingua.training.adapt import Adapted, steps_for
from interlingua.training.budget import Budget
from interlingua.training.cost import cost_of
from interlingua.training.learn_sentences import learn_sentences
from interlingua.training.objectives.contrastive import likeness, ranking
from interlingua.training.sentence_batches import Row
from interlingua.training.sentence_rows import likeness_rows, ranking_rows, translation_rows


@dataclass(frozen=True)
class Knobs:
    """Hyper-parameters; the paper's as far as they are known (from memory, not checked: rates and epochs)."""

    signal: Literal["mixed", "pivot_only", "shuffled", "pooled", "translations"] = "mixed"  # the paper's
    graded: bool = False  # whether step 2 follows
    tasks: tuple[str, ...] = ()  # none: all that have pairs of sentences
    labels: Labels = "words"  # ours: told by what they are called
    scale: float = 20.0  # sentence-transformers' default
    max_tokens: int = 128  # usual for NLI in sentence-transformers
    lr: float = 2e-5  # not checked
    warmup: float = 0.1  # sentence-transformers' examples
    epochs: float = 1.0  # not checked
    graded_epochs: float = 4.0  # not checked
    steps: int | None = None  # of step 1; when set, instead of epochs
    graded_steps: int | None = None  # of step 2, likewise; none: as `graded_epochs` says
    batch_size: int = 64  # sentence-transformers' examples
    limit: int = 100_000  # questions per task and language
    text: Text = "pairs"  # to measure on
    sentences: int = 200  # to measure on, per language; ours

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        counts = ("max_tokens", "steps", "graded_steps", "batch_size", "limit", "sentences")
        check_knobs(
            self,
            at_least_one=counts,
            above_zero=("scale", "lr", "epochs", "graded_epochs"),
            shares=("warmup",),
        )


SMALL = Knobs(
    labels="order",  # nobody knows the words of a lab world
    lr=1e-3,  # a million parameters move at rates that would break a large model
    steps=200,
    graded_steps=100,
)


def run(ctx: Context, knobs: Knobs) -> Outcome:
    """Tune on the pairs of the signal, measure before and after; returns `tuned`, an encoder of sentences."""
    tests = sentence_tests(
        ctx.source, text=knobs.text, count=knobs.sentences, tasks=knobs.tasks, labels=knobs.labels,
        seed=ctx.seed,
    )  # fmt: skip
    lm, stages = ctx.base, list[Adapted]()
    if knobs.signal != "pooled":
        langs = (ctx.source.pivot, *(ctx.languages if knobs.signal != "pivot_only" else ()))
        pairs = graded_pairs(
            ctx.source, langs, tasks=knobs.tasks, labels=knobs.labels, limit=knobs.limit, seed=ctx.seed,
            apart=tests.texts,
        )  # fmt: skip
        shuffle = ctx.seed if knobs.signal == "shuffled" else None
        rows = ranking_rows(pairs, shuffle)
        read = len(rows)
        if knobs.signal == "translations":
            rows = translation_rows(
                translations(ctx.source, ctx.languages, knobs.limit, ctx.seed, apart=tests.texts)
            )
        stages.append(_tuned(ctx, knobs, lm, rows, "ranking", read))
        if knobs.graded:
            rows = likeness_rows(pairs, shuffle)
            stages.append(_tuned(ctx, knobs, stages[0].lm, rows, "likeness", len(rows)))
        lm = stages[-1].lm
    if ctx.folder is not None and lm.tokenizer.pad_token_id is not None:
        arm = f"{knobs.signal}-graded" if knobs.graded else knobs.signal
        save_sentence_encoder(lm, ctx.folder / f"sentence-encoder-{arm}")
    after, before = (encoder_numbers(*encoded_tests(one, tests, knobs.max_tokens)) for one in (lm, ctx.base))
    return Outcome({"tuned": lm}, facts=cost_of(*stages), numbers=after, before=before)


def _tuned(ctx: Context, knobs: Knobs, lm: LM, rows: list[Row], stage: str, read: int) -> Adapted:
    """One step of the method: `ranking` is the first, `likeness` the second; an epoch reads `read` rows."""
    steps, epochs, objective = {
        "ranking": (knobs.steps, knobs.epochs, ranking(knobs.scale)),
        "likeness": (knobs.graded_steps, knobs.graded_epochs, likeness),
    }[stage]
    steps = steps or steps_for(read, epochs, knobs.batch_size)
    return learn_sentences(
        lm, rows, objective, Budget(steps, knobs.lr, knobs.warmup), knobs.batch_size,
        max_tokens=knobs.max_tokens, stage=stage, seed=ctx.seed,
        checkpoint=ctx.checkpoint(f"{stage}-{knobs.signal}"), title=f"Sentence pairs, {stage}",
    )  # fmt: skip


_BETTER = "better than LaBSE, LASER and paraphrase-mpnet across languages (abstract); cells not checked"
RECIPE = Recipe(
    run,
    Knobs,
    paper="arXiv:2304.11434",
    needs={"tasks", "pairs"},
    changes={"all weights but the head"},
    expects=(
        Claim("retrieval_between", on="seen", versus="pivot_only", paper=_BETTER),
        Claim("retrieval_between", on="seen", versus="pooled", paper=_BETTER),
        Claim("retrieval_between", on="seen", versus="shuffled"),
        Claim("retrieval", on="seen", versus="pooled"),
        Claim("similarity", on="seen", versus="pivot_only"),
        Claim("similarity_across", on="seen", versus="pooled"),
    ),
    standing="approximate",
    controls={"shuffled": {"signal": "shuffled"}},
    baselines={
        "pooled": {"signal": "pooled"},
        "pivot_only": {"signal": "pivot_only"},
        "then_graded": {"graded": True},
    },
    oracles={"translations": {"signal": "translations"}},
    bounds={"translations": ("retrieval", "retrieval_between")},  # they say nothing of degrees of likeness
    presets={"small": SMALL},
    family="embeddings",
    worlds="judge",
    encoders=True,
)
