"""Trans-tokenization: a new tokenizer whose rows are mixed from the rows of aligned words; and Hydra.

Paper    Remy et al. 2024, "Trans-Tokenization and Cross-lingual Vocabulary Transfers", arXiv:2408.04303
Method   1. train a tokenizer on text of the new language; align words of parallel text with the pivot
         2. new row = old rows of the aligned words' tokens, by counts: half evenly, half in order; identical
            tokens and numbers one more; tokens left over from those that go on from them or lie in them
         3. learn text of the new language: tables, and the outermost layers
         4. Hydra: read a third language through the old table and write the new one through the new table:
            translation into a language, learned from no translated example
Departs  words are aligned by IBM model 1 and an HMM in both directions, not by fast_align; tokens are grouped
         into words by their places, not by marks; a token that nothing leads to gets a random row, not that
         of the unknown token; counts are not rounded. Each language gets a model of its own
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from interlingua.core.errors import MissingResource
from interlingua.core.seeds import derive
from interlingua.data.builders import draw
from interlingua.data.holdout import hold_out
from interlingua.data.items import Pair
from interlingua.data.prompts import PAPER, Template
from interlingua.data.word_alignment import align_words, mapping_precision, word_counts
from interlingua.measures.word_accuracy import word_share
from interlingua.models.layer_choice import outer_layers
from interlingua.models.lm import LM
from interlingua.models.surgery.hydra import with_tables_of
from interlingua.models.surgery.rows import copied_rows, mean_rows
from interlingua.models.surgery.tokens import tokenizer_like
from interlingua.models.surgery.translated import linked_words, special_rows, translated_rows
from interlingua.models.surgery.vocabulary import Weights, or_average, over, with_vocabulary
from interlingua.models.surgery.words import words_of
from interlingua.recipes.recipe import Claim, Context, Outcome, Recipe, check_knobs
from interlingua.scoring.across import generate_across
from interlingua.scoring.held_out import held_out
from interlingua.training.budget import Budget
from interlingua.training.learn_text import learn_text


@dataclass(frozen=True)
class Knobs:
    """Hyper-parameters of the mapping from the released code; those of training are ours."""

    rows: Literal["aligned", "shuffled", "dictionary", "mean", "overlap", "random"] = "aligned"
    reads: Literal["old", "new"] = "old"  # table that the text to be translated is read through
    vocabulary: int = 32_000  # that of the models the paper starts from
    least: int = 10  # released code: word pairs aligned less often are noise
    layers: int = 2  # first and last layers that learn with the tables; 0: tables alone
    template: str = PAPER  # how a translation is asked for
    limit: int = 100_000  # documents, and sentence pairs, per language
    held_out: int = 200  # of each, to measure on
    steps: int = 2_000
    batch_size: int = 16
    length: int = 512
    lr: float = 1e-4
    warmup: float = 0.05

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
    models, costs = dict[str, LM](), defaultdict[str, float](float)
    numbers: dict[str, dict[str, float]] = defaultdict(dict)
    before: dict[str, dict[str, float]] = defaultdict(dict)
    _, pivot = _texts(ctx, knobs, ctx.source.pivot)
    for lang in ctx.languages:
        texts, test = _texts(ctx, knobs, lang)
        pairs, asked = _pairs(ctx, knobs, lang, set(texts))
        tokenizer = tokenizer_like(ctx.base.tokenizer, texts, knobs.vocabulary)
        weights, found = _weights(ctx, knobs, lang, tokenizer, pairs)
        fresh = with_vocabulary(ctx.base, tokenizer, weights, seed=derive(ctx.seed, "rows", lang))
        found |= {f"{name}_start": value for name, value in _bits(fresh, test).items()}
        learned = learn_text(
            fresh, texts, Budget(knobs.steps, knobs.lr, knobs.warmup), length=knobs.length,
            batch_size=knobs.batch_size, learn=outer_layers(fresh, knobs.layers),
            seed=derive(ctx.seed, "text", lang), checkpoint=ctx.checkpoint(f"{knobs.rows}-{lang}"),
            title=f"Learning {lang} ({knobs.rows} rows)",
        )  # fmt: skip
        lm = learned.lm
        models["tuned" if not models else f"tuned-{lang}"] = lm
        found |= held_out(lm, test) | {"area": learned.area()}
        old = with_tables_of(lm, ctx.base)
        found |= {f"pivot_{name}": value for name, value in _bits(old, pivot).items()}
        if asked:
            found["translation"] = _translation(old if knobs.reads == "old" else lm, lm, asked, knobs)
        was = held_out(ctx.base, test)
        was |= {f"pivot_{name}": value for name, value in _bits(ctx.base, pivot).items()}
        for table, figures in ((numbers, found), (before, was)):
            for name, value in figures.items():
                table[name][lang] = value
        for name, value in learned.cost().items():
            costs[name] += value
    return Outcome(models, facts=dict(costs), numbers=dict(numbers), before=dict(before))


def _texts(ctx: Context, knobs: Knobs, lang: str) -> tuple[list[str], list[str]]:
    """Documents of a language to learn, and others to measure on."""
    return hold_out(draw(ctx.source.text(lang), knobs.limit, ctx.seed), knobs.held_out, ctx.seed)


def _bits(lm: LM, texts: Sequence[str]) -> dict[str, float]:
    """Bits per byte, if they mean anything."""
    return {name: value for name, value in held_out(lm, texts).items() if name == "bits_per_byte"}


def _pairs(ctx: Context, knobs: Knobs, lang: str, learned: set[str]) -> tuple[list[Pair], list[Pair]]:
    """Sentence pairs with the pivot to align, and pairs with a third language whose side of `lang` is new."""
    drawn = draw(ctx.source.pairs(lang, ctx.source.pivot), knobs.limit, ctx.seed)
    if not drawn:
        raise MissingResource(
            f"{ctx.source.name} has no parallel sentences of {lang} and the pivot; give some."
        )
    kept, aside = hold_out([pair.source for pair in drawn], knobs.held_out, ctx.seed)
    pairs = [pair for pair in drawn if pair.source not in set(aside)]
    for other in ctx.source.languages:
        if other in (ctx.source.pivot, *ctx.languages):
            continue
        try:
            there = ctx.source.pairs(other, lang)
        except MissingResource:  # this one has none; the next may
            continue
        seen = {*kept, *learned}
        return pairs, [pair for pair in there if pair.target not in seen][: knobs.held_out]
    return pairs, []


def _weights(
    ctx: Context, knobs: Knobs, lang: str, tokenizer: Any, pairs: Sequence[Pair]
) -> tuple[Weights, dict[str, float]]:
    """Weights of the new rows, and what there is to say about the mapping."""
    old, special = ctx.base.tokenizer, special_rows(ctx.base.tokenizer, tokenizer)
    if knobs.rows == "random":
        return special, {}
    if knobs.rows == "overlap":
        return over(special, copied_rows(old, tokenizer)), {}
    if knobs.rows == "mean":
        return or_average(over(special, mean_rows(old, tokenizer))), {}
    sides = _sides(ctx, knobs, lang, pairs)
    ours, theirs = (words_of(one, [side[at] for side in sides]) for at, one in enumerate((tokenizer, old)))
    said = [([w.text for w in a], [w.text for w in b]) for a, b in zip(ours, theirs, strict=True)]
    if knobs.rows == "dictionary":
        links = [[(0, 0), (1, 1)] if len(a) == len(b) == 2 else [] for a, b in said]
        return translated_rows(old, tokenizer, linked_words(ours, theirs, links, 1)), {}
    links = align_words(said)
    weights = translated_rows(old, tokenizer, linked_words(ours, theirs, links, knobs.least))
    return weights, _precision(ctx, lang, word_counts(said, links))


def _sides(ctx: Context, knobs: Knobs, lang: str, pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    """What is aligned: sentences, out of step in the control; or each dictionary word twice in a row."""
    if knobs.rows == "dictionary":
        entries = ctx.source.dictionary(lang, ctx.source.pivot).items()
        return [(f"{word} {word}", f"{other} {other}") for word, others in entries for other in others]
    sources, targets = [pair.source for pair in pairs], [pair.target for pair in pairs]
    if knobs.rows == "shuffled":
        random.Random(derive(ctx.seed, "shuffled", lang)).shuffle(targets)
    return list(zip(sources, targets, strict=True))


def _precision(ctx: Context, lang: str, counts: dict[tuple[str, str], int]) -> dict[str, float]:
    """Precision of the mapping where a dictionary says what is right of some aligned word."""
    try:
        gold = ctx.source.dictionary(lang, ctx.source.pivot)
    except MissingResource:  # then nobody can say
        return {}
    if not {word for word, _ in counts} & gold.keys():
        return {}
    return {"precision_at_1": mapping_precision(counts, gold)[0]}


def _translation(reads: LM, writes: LM, asked: Sequence[Pair], knobs: Knobs) -> float:
    """Word accuracy of translations into the new language."""
    frame = Template(knobs.template)
    prompts = [frame.render(pair.source, pair.source_lang, pair.target_lang) for pair in asked]
    longest = max(len(ids) for ids in writes.tokenizer([pair.target for pair in asked])["input_ids"])
    told = generate_across(reads, writes, prompts, 2 * longest)
    return float(np.mean([word_share(text, pair.target) for text, pair in zip(told, asked, strict=True)]))


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
        Claim("translation", on="seen", versus="single_table"),
        Claim("translation", on="seen", versus="shuffled"),
    ),
    standing="approximate",
    controls={"shuffled": {"rows": "shuffled"}},
    baselines={
        "random": {"rows": "random"},
        "mean": {"rows": "mean"},
        "overlap": {"rows": "overlap"},
        "dictionary": {"rows": "dictionary"},
        "single_table": {"reads": "new"},
    },
    presets={"small": SMALL},
    family="vocabulary",
    worlds="newcomer",
)
