"""Language Ranker: languages ranked by how near they lie to the pivot, against their share of data.

Paper    Li et al. 2024, "Language Ranker: A Metric for Quantifying LLM Performance Across High and
         Low-Resource Languages", arXiv:2404.11553
Method   1. vectors of parallel sentences at the last token, layers above the embeddings
         2. cosine of a sentence with its version in the pivot, mean over sentences and layers
         3. rank languages by it; compare with their share of the pretraining text and with task scores
Departs  `unrelated`, the cosine of sentences that are no translations, shows how much of the cosine is the
         narrow cone in which all states lie, and how well that alone ranks languages; `above` is what is
         left, and MEXA's mu stands beside both. Released code keeps a mean for each layer; which of them the
         paper pools was not checked, here all. It asks MMLU and ARC with four shots. `steps` first tunes on
         tasks, for models so small that they answer in no other language; scores of the languages tuned on
         then do not count. The oracle ranks by accuracy on as many other questions of the same tasks, and
         shows the ceiling that noise leaves
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from interlingua.data.sentences import Beside, Text, beside_pivot, out_of_step
from interlingua.measures.accuracy import accuracy
from interlingua.measures.correlation import correlation_numbers
from interlingua.measures.language_ranker import language_ranker
from interlingua.measures.mexa import mexa
from interlingua.measures.task_shares import language_shares
from interlingua.models.lm import LM
from interlingua.recipes.recipe import Claim, Context, Outcome, Recipe, check_knobs
from interlingua.scoring.all_tasks import ask_all
from interlingua.scoring.beside import tokens_beside, vectors_beside
from interlingua.scoring.hidden import Position
from interlingua.scoring.other_questions import ask_others
from interlingua.training.adapt import Lora
from interlingua.training.budget import Budget
from interlingua.training.learn_tasks import learn_tasks


@dataclass(frozen=True)
class Knobs:
    """Hyper-parameters; those of measuring are the authors', those of tuning question translation's."""

    pairing: Literal["translations", "shuffled"] = "translations"  # the control changes this and nothing else
    told_by: Literal["alignment", "answers"] = "alignment"  # the oracle has answers to other questions
    text: Text = "pairs"  # OPUS-100 in the paper
    sentences: int = 100  # ours; released code: OPUS-100's whole test part, 2,000 pairs
    position: Position = "last"  # lizh9885/Language-Ranker
    items: int = 75  # questions per task and language; ours
    steps: int | None = None  # none: the model is asked as it is, as in the paper
    targets: tuple[str, ...] = ("q_proj", "v_proj")  # as in question translation
    rank: int = 8  # as in question translation
    alpha: float = 16.0  # as in question translation
    lr: float = 5e-5  # as in question translation
    warmup: float = 0.1  # as in question translation
    batch_size: int = 16  # as in question translation
    limit: int = 10_000  # questions per task and language to tune on

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        counts = ("sentences", "items", "steps", "rank", "batch_size", "limit")
        check_knobs(self, at_least_one=counts, above_zero=("alpha", "lr"), shares=("warmup",))


SMALL = Knobs(
    position="weighted",  # the last token of every lab sentence is its full stop; tuning world
    steps=800,  # without tuning a model of a million parameters is at chance outside the pivot
    targets=("all-linear",),
    lr=4e-3,  # a million parameters move at rates that would break a large model
)
RANKED = ("cosine", "unrelated", "above", "mu")


def run(ctx: Context, knobs: Knobs) -> Outcome:
    """Rank the languages, ask the tasks, compare; returns numbers and rows, no model."""
    sentences = beside_pivot(ctx.source, knobs.text, knobs.sentences, ctx.seed)
    if knobs.pairing == "shuffled":
        sentences = out_of_step(sentences, ctx.seed)
    before = _cosines(ctx.base, sentences, knobs)
    tuned = learn_tasks(
        ctx.base, ctx.source, ctx.languages, Lora(knobs.targets, knobs.rank, knobs.alpha),
        Budget(knobs.steps, knobs.lr, knobs.warmup) if knobs.steps else None, knobs.batch_size,
        limit=knobs.limit, seed=ctx.seed, checkpoint=ctx.checkpoint("tasks"),
    )  # fmt: skip
    lm, left_out = tuned.lm, ctx.languages if knobs.steps else ()
    found = _cosines(lm, sentences, knobs) if knobs.steps else before
    rows = ask_all(lm, ctx.source, knobs.items, seed=ctx.seed, ledger=ctx.ledger)
    others = (
        ask_others(lm, ctx.source, knobs.items, seed=ctx.seed, ledger=ctx.ledger)
        if knobs.told_by == "answers"
        else []
    )
    score = {lang: one.mean for lang, one in accuracy(rows, seed=ctx.seed).items()}
    unseen = {lang: value for lang, value in score.items() if lang not in (*left_out, ctx.source.pivot)}
    share = {lang: part for lang in found["cosine"] if (part := ctx.source.data_share(lang)) is not None}
    order = sorted(found["cosine"], key=lambda lang: -found["cosine"][lang])
    numbers = {**found, "score": score, "rank": {lang: float(at) for at, lang in enumerate(order, 1)}}
    numbers |= {"share": share} if share else {}
    answered = {lang: own for lang, own in language_shares(others).items() if lang in found["cosine"]}
    for name in RANKED:
        told = answered if others else found[name]
        numbers |= correlation_numbers(f"score_by_{name}", told, unseen, kind="spearman", seed=ctx.seed)
        if not others:  # answers tell nothing of shares
            # Shares belong to the base: what it has read, and not what it was tuned on.
            numbers |= correlation_numbers(
                f"share_by_{name}", before[name], share, kind="spearman", seed=ctx.seed
            )
    cost, times = tuned.cost(), 2 if knobs.steps else 1
    read = tokens_beside(lm, sentences) * times + sum(row.tokens for row in (*rows, *others))
    facts = {**cost, "tokens": cost["tokens"] + read}
    return Outcome(rows=rows, facts=facts, numbers=numbers, before=before if knobs.steps else {})


def _cosines(lm: LM, sentences: Mapping[str, Beside], knobs: Knobs) -> dict[str, dict[str, float]]:
    """By quantity and language: cosine with the pivot, that of unrelated ones, what is above it, MEXA."""
    found: dict[str, dict[str, float]] = {name: {} for name in ("cosine", "unrelated", "above", "mu")}
    for lang, pivot, own in vectors_beside(lm, sentences, knobs.position):
        ranked = language_ranker(pivot, own)
        values = (ranked.mean, ranked.mean_baseline, ranked.above, mexa(pivot, own).mean)
        for name, value in zip(found, values, strict=True):
            found[name][lang] = value
    return found


RECIPE = Recipe(
    run,
    Knobs,
    paper="arXiv:2404.11553",
    needs={"pairs", "tasks"},
    changes={"nothing"},
    expects=(
        Claim(
            "share_by_cosine", on="all", versus="", paper="strong correlation with corpus share (abstract)"
        ),
        Claim("share_by_cosine", on="all", versus="shuffled"),  # open or no: its blindness to what is said
        Claim("score_by_cosine", on="all", versus=""),
        # Our finding on the metric: sentences that are no translations rank languages too.
        Claim("share_by_unrelated", on="all", versus="", check=True),
        Claim("share_by_above", on="all", versus=""),
        Claim("score_by_above", on="all", versus=""),
        Claim("above", on="all", versus="shuffled", check=True),
    ),
    standing="faithful",
    controls={"shuffled": {"pairing": "shuffled"}},
    oracles={"other_questions": {"told_by": "answers"}},
    presets={"small": SMALL},
    family="measurement",
    worlds="judge",
)
