"""Cloned languages: a language and its twin in one model, and what the rare one gains from the common one.

Paper    Schäfer, Ravfogel, Hofmann, Pimentel and Schlag 2024, "The Role of Language Imbalance in
         Cross-lingual Generalisation: Insights from Cloned Language Experiments", arXiv:2404.07982
Method   1. a clone of a language has its text, token v of V being v + V
         2. a model from nothing reads both, nine tenths of the texts in one and a tenth in the other
         3. loss of each clone on texts put aside; cosine of hidden states of the same text in both, also
            above that of different texts; cosine of the gradients that a text gives in both at the end
         4. beside it equal shares, and the rare clone alone: as many of its tokens, at the same pace
Departs  each language given is cloned once; no schedule of shares, no clones of part of a vocabulary, and the
         authors' zero-shot tasks are left out. Texts are read more than once where steps ask for it.
         Gradients are clipped here, and have one cosine over all weights, in released code one for each.
         Whether unequal shares help both clones is told by `minority_loss` and `majority_loss` beside those
         of `even`
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from interlingua.core.errors import BadInput
from interlingua.core.seeds import derive
from interlingua.data.builders import draw
from interlingua.data.holdout import hold_out
from interlingua.models.fresh import fresh_like
from interlingua.models.lm import LM
from interlingua.recipes.recipe import Claim, Context, Outcome, Recipe, check_knobs
from interlingua.scoring.clones import clone_loss, gradient_cosine, state_cosines
from interlingua.training.batches import SFTBatches
from interlingua.training.budget import Budget
from interlingua.training.cloned_text import clone_rows, row_batches, scrambled
from interlingua.training.loop import train
from interlingua.training.objectives.next_token import next_token


@dataclass(frozen=True)
class Knobs:
    """Hyper-parameters; what is not of the released code (its GPT small: 12 layers, width 768) is ours."""

    majority: Literal["clone", "scrambled", "none", "same"] = "clone"  # beside the rare clone; same: itself
    share: float = 0.9  # of the texts that are in the common clone; released code: p_clone 0.1
    layers: int | None = None  # of the model; none: as many as the base has
    narrower: int = 1  # the model is so many times less wide than the base
    limit: int = 1_000_000  # texts per language
    held_out: int = 200  # of them, to measure on; ours, 500 sequences for cosines in released code
    steps: int = 18_265  # released code
    batch_size: int = 128  # released code
    length: int = 512  # released code
    lr: float = 6e-4  # released code, cosine
    warmup: float = 0.05  # ours; released code: 200 steps

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        counts = ("layers", "narrower", "limit", "held_out", "steps", "batch_size", "length")
        check_knobs(self, at_least_one=counts, above_zero=("lr",), shares=("warmup",))
        if not 0.5 <= self.share < 1:
            raise BadInput(f"Knob share must be from 0.5 to below 1, not {self.share!r}.")


SMALL = Knobs(
    layers=2,
    narrower=2,
    steps=900,  # 2.25 nats against 2.61 alone, in one language of the tuning world; fewer gained nothing
    batch_size=10,  # a row of the rare clone at a time
    length=48,
    lr=1e-2,  # so small a model moves at rates that would break a large one
    held_out=100,
)


def run(ctx: Context, knobs: Knobs) -> Outcome:
    """A model from nothing for each language; returns numbers, no model."""
    costs, numbers = defaultdict[str, float](float), defaultdict[str, dict[str, float]](dict)
    for lang in ctx.languages:
        texts, test = hold_out(draw(ctx.source.text(lang), knobs.limit, ctx.seed), knobs.held_out, ctx.seed)
        seed = derive(ctx.seed, "clones", lang)
        lm = fresh_like(
            ctx.base, ctx.base.tokenizer, layers=knobs.layers, narrower=knobs.narrower, copies=2, seed=seed
        )
        batches = _batches(lm, texts, knobs, seed)
        lm = train(
            lm, batches, next_token, Budget(len(batches), knobs.lr, knobs.warmup), seed=seed,
            checkpoint=ctx.checkpoint(f"{knobs.majority}-{knobs.share}-{lang}"),
            title=f"Learning clones of {lang} ({knobs.majority})",
        )  # fmt: skip
        numbers["minority_loss"][lang] = clone_loss(lm, test, 1)
        if knobs.majority not in ("none", "same"):  # else the other clone was never read
            numbers["majority_loss"][lang] = clone_loss(lm, test, 0)
            cosine, others = state_cosines(lm, test)
            numbers["cosine"][lang], numbers["cosine_of_others"][lang] = cosine, others
            numbers["cosine_above"][lang] = cosine - others  # without the cone in which all states lie
            numbers["gradient_cosine"][lang] = gradient_cosine(lm, test)
        cost = {"steps": len(batches), "label_tokens": batches.label_tokens, "tokens": batches.tokens}
        for name, value in cost.items():
            costs[name] += value
    return Outcome(facts=dict(costs), numbers=dict(numbers))


def _batches(lm: LM, texts: Sequence[str], knobs: Knobs, seed: int) -> SFTBatches:
    """What the model reads: both clones, or the rare one alone, as much of it as beside the other, or all."""
    rare = draw(texts, max(1, round((1 - knobs.share) * len(texts))), derive(seed, "rare"))
    apart = set(rare)
    common = [text for text in texts if text not in apart]
    if not common:
        raise BadInput(f"{len(texts)} texts cannot be divided between two clones; give more different ones.")
    other = 1 if knobs.majority == "same" else 0
    own, others = clone_rows(lm, rare, 1, knobs.length), clone_rows(lm, common, other, knobs.length)
    if knobs.majority == "none":
        wanted = knobs.batch_size * len(own) / (len(own) + len(others))
        size = max(1.0, wanted)
        return row_batches(lm, own, size, max(1, round(knobs.steps * wanted / size)), seed)
    if knobs.majority == "scrambled":
        others = scrambled(others, seed)
    return row_batches(lm, [*own, *others], knobs.batch_size, knobs.steps, seed)


_BOOST = "perplexity of the rare clone 32.8 beside the common one, 48.4 alone (Table 1, authors' notebook)"
_ALIGNED = "mean of 12 layers .85 at 90/10, .60 at 50/50 (from Table 2, authors' notebook)"
RECIPE = Recipe(
    run,
    Knobs,
    paper="arXiv:2404.07982",
    needs={"text"},
    changes={"nothing"},
    expects=(
        Claim("minority_loss", on="seen", versus="alone", direction="falls", paper=_BOOST),
        Claim("minority_loss", on="seen", versus="scrambled", direction="falls"),
        Claim("cosine_above", on="seen", versus="even", paper=_ALIGNED),
        Claim("cosine_above", on="seen", versus="scrambled"),
        Claim("gradient_cosine", on="seen", versus="scrambled"),
    ),
    standing="approximate",
    controls={"scrambled": {"majority": "scrambled"}},
    baselines={"alone": {"majority": "none"}, "even": {"share": 0.5}},
    oracles={"one_language": {"majority": "same"}},
    presets={"small": SMALL},
    family="measurement",
    worlds="judge",
    anew=0,
    shortfall=(
        "Over its own tokens alone the rare clone gains .02 nats (-.04 to .09), and hidden states of a "
        "text in both clones lie no nearer than those of different texts (.02, -.03 to .07). A tenth of "
        "the texts already teaches most of so simple a language: with all of them in its own tokens the "
        "rare clone would gain .18."
    ),
)
