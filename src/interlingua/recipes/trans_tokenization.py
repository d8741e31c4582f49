"""Trans-tokenization: a new tokenizer whose rows are mixed from the rows of aligned words; and Hydra.

Paper    Remy et al. 2024, "Trans-Tokenization and Cross-lingual Vocabulary Transfers: Language Adaptation of
         LLMs for Low-Resource NLP", arXiv:2408.04303
Method   1. train a tokenizer on text of the new language; align words of parallel text with the pivot
         2. new row = old rows of the aligned words' tokens, by counts: half evenly, half in order; identical
            tokens and numbers one more; tokens left over from those that go on from them or lie in them
         3. learn text of the new language: tables, and the outermost layers
         4. Hydra: read a third language through the old table and write the new one through the new table:
            translation into a language, learned from no translated example
Departs  words are aligned by IBM model 1 and an HMM in both directions, not by fast_align; tokens are grouped
         into words by their places, not by marks; a token that nothing leads to gets a random row, not that
         of the unknown token; filled tokens fill no others; counts are not rounded. Each language gets a
         model of its own
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from interlingua.core.seeds import derive
from interlingua.data.dictionaries import known_precision, twice_in_a_row, twice_links
from interlingua.data.holdout import pairs_held_out, text_held_out
from interlingua.data.items import Pair
from interlingua.data.prompts import PAPER, Template
from interlingua.data.third_language import from_third_language
from interlingua.data.word_alignment import align_words
from interlingua.measures.word_accuracy import mean_word_share
from interlingua.models.layer_choice import outer_layers
from interlingua.models.surgery.beginnings import BEGINNINGS
from interlingua.models.surgery.hydra import with_tables_of
from interlingua.models.surgery.tokens import tokenizer_like
from interlingua.models.surgery.translated import word_rows
from interlingua.models.surgery.vocabulary import Weights, with_vocabulary
from interlingua.recipes.recipe import Claim, Context, Outcome, Recipe, Values, check_knobs
from interlingua.scoring.across import translate_across
from interlingua.scoring.held_out import bits_per_byte, held_out
from interlingua.training.budget import Budget
from interlingua.training.cost import cost_of
from interlingua.training.learn_text import Learned, learn_text


@dataclass(frozen=True)
class Knobs:
    """Hyper-parameters of the mapping from the released code; those of training are ours."""

    rows: Literal["aligned", "shuffled", "dictionary", "mean", "overlap", "random"] = "aligned"  # the paper's
    reads: Literal["old", "new"] = "old"  # table that the text to be translated is read through
    vocabulary: int = 32_000  # released tokenizer script; the Dutch model has 50,000
    least: int = 10  # released code: word pairs aligned less often are noise
    layers: int = 2  # first and last layers that learn with the tables; 0: tables alone
    template: str = PAPER  # how a translation is asked for
    limit: int = 100_000  # documents, and sentence pairs, per language
    held_out: int = 200  # of each, to measure on
    steps: int = 2_000  # ours
    batch_size: int = 16  # ours
    length: int = 512  # ours
    lr: float = 1e-4  # ours
    warmup: float = 0.05  # ours

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        Template(self.template)
        counts = ("vocabulary", "least", "limit", "held_out", "steps", "batch_size", "length")
        check_knobs(self, at_least_one=counts, above_zero=("lr",), shares=("warmup",))


SMALL = Knobs(
    vocabulary=500,  # whole words for most of a language of a hundred concepts
    layers=1,  # of four
    template="{question} = ",  # what stands between translations in the small models' pretraining text
    steps=100,
    batch_size=8,
    length=64,
    lr=2e-3,
)


def run(ctx: Context, knobs: Knobs) -> Outcome:
    """A model per language, `tuned` for the first; numbers of each are on texts that were put aside.

    Where the old tokenizer does not know a script, there are no bits per byte of the base to compare with.
    """
    source, learned, frame = ctx.source, dict[str, Learned](), Template(knobs.template)
    numbers, before = dict[str, Values](), dict[str, Values]()
    drawn = (knobs.limit, knobs.held_out, ctx.seed)
    _, pivot = text_held_out(source, source.pivot, *drawn)
    for lang in ctx.languages:
        texts, test = text_held_out(source, lang, *drawn)
        pairs, _ = pairs_held_out(source, lang, source.pivot, *drawn)
        seen = {*texts, *(pair.source for pair in pairs)}
        asked = from_third_language(source, lang, without=ctx.languages, seen=seen, count=knobs.held_out)
        tokenizer = tokenizer_like(ctx.base.tokenizer, texts, knobs.vocabulary)
        weights, precision = _weights(ctx, knobs, lang, tokenizer, pairs)
        fresh = with_vocabulary(ctx.base, tokenizer, weights, seed=derive(ctx.seed, "rows", lang))
        start = bits_per_byte(fresh, test)
        learned[lang] = learn_text(
            fresh, texts, Budget(knobs.steps, knobs.lr, knobs.warmup), length=knobs.length,
            batch_size=knobs.batch_size, learn=outer_layers(fresh, knobs.layers),
            seed=derive(ctx.seed, "text", lang), checkpoint=ctx.checkpoint(f"{knobs.rows}-{lang}"),
            title=f"Learning {lang} ({knobs.rows} rows)",
        )  # fmt: skip
        lm, area = learned[lang].lm, learned[lang].area()
        old = with_tables_of(lm, ctx.base)
        told = translate_across(old if knobs.reads == "old" else lm, lm, asked, frame)
        numbers[lang] = {
            "precision_at_1": precision, "bits_per_byte_start": start, **held_out(lm, test), "area": area,
            "pivot_bits_per_byte": bits_per_byte(old, pivot),
            "translation": mean_word_share(told, [pair.target for pair in asked]) if asked else None,
        }  # fmt: skip
        before[lang] = {**held_out(ctx.base, test), "pivot_bits_per_byte": bits_per_byte(ctx.base, pivot)}
    models = {lang: stage.lm for lang, stage in learned.items()}
    return Outcome.by_language(models, cost_of(*learned.values()), numbers, before)


def _weights(
    ctx: Context, knobs: Knobs, lang: str, tokenizer: Any, pairs: Sequence[Pair]
) -> tuple[Weights, float | None]:
    """Weights of the new rows, and how much of the mapping is right where a dictionary tells."""
    old, pivot = ctx.base.tokenizer, ctx.source.pivot
    if knobs.rows in BEGINNINGS:
        return BEGINNINGS[knobs.rows](old, tokenizer), None
    if knobs.rows == "dictionary":
        entries = twice_in_a_row(ctx.source.dictionary(lang, pivot))
        return word_rows(old, tokenizer, entries, twice_links, 1).weights, None
    sources, targets = [pair.source for pair in pairs], [pair.target for pair in pairs]
    if knobs.rows == "shuffled":  # the control: sentences out of step
        random.Random(derive(ctx.seed, "shuffled", lang)).shuffle(targets)
    found = word_rows(old, tokenizer, list(zip(sources, targets, strict=True)), align_words, knobs.least)
    return found.weights, known_precision(ctx.source, lang, pivot, found.texts, found.links)


RECIPE = Recipe(
    run,
    Knobs,
    paper="arXiv:2408.04303",
    needs={"text", "pairs"},
    changes={"tokenizer", "embeddings"},
    expects=(
        Claim("precision_at_1", on="seen", versus="", bound=0.9),
        Claim("area", on="seen", versus="random", direction="falls"),
        Claim("area", on="seen", versus="mean", direction="falls"),
        Claim("area", on="seen", versus="dictionary", direction="falls"),
        Claim("area", on="seen", versus="shuffled", direction="falls"),
        Claim("bits_per_byte", on="seen", versus="random", direction="falls"),
        Claim(
            "translation",
            on="seen",
            versus="single_table",
            paper="state of the art for Tatar, zero-shot (abstract)",
        ),
        Claim("translation", on="seen", versus="shuffled"),
    ),
    standing="approximate",
    controls={"shuffled": {"rows": "shuffled"}},
    baselines={
        "random": {"rows": "random"},
        "mean": {"rows": "mean"},
        "overlap": {"rows": "overlap"},
        "dictionary": {"rows": "dictionary"},  # on the lab every word is in it: baseline and oracle in one
        "single_table": {"reads": "new"},
    },
    presets={"small": SMALL},
    family="vocabulary",
    worlds="newcomer",
    anew=0,
    shortfall=(
        "Hydra translates more words than one table in each of five worlds (+.08 to +.72), but one is so "
        "far ahead that the interval includes zero; the area lies no lower than that of mean rows or of "
        "the gold dictionary. The pivot is lost (-59 points): it has no text in the new tokens."
    ),
)
