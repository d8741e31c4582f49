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
         pairs. Parallel text is read to measure, never to learn. With a folder for checkpoints,
         `sentence-encoder-...` in it loads in sentence-transformers, if the tokenizer can fill rows
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from interlingua.core.seeds import derive
from interlingua.data.sentence_pairs import (
    Graded,
    Labels,
    graded_pairs,
    shuffled_pairs,
    shuffled_triplets,
    triplets,
)
from interlingua.data.sentences import Text, beside_pivot
from interlingua.measures.correlation import LEAST, correlation
from interlingua.measures.retrieval import retrieval
from interlingua.models.lm import LM
from interlingua.models.pooling import body_names
from interlingua.models.sentence_folder import save_sentence_encoder
from interlingua.recipes.recipe import Claim, Context, Outcome, Recipe, check_knobs
from interlingua.scoring.sentence_vectors import Vectors, encoded
from interlingua.training.adapt import steps_for
from interlingua.training.budget import Budget
from interlingua.training.loop import train
from interlingua.training.objectives.contrastive import likeness, ranking
from interlingua.training.sentence_batches import Row, sentence_batches


@dataclass(frozen=True)
class Knobs:
    """Hyper-parameters; the paper's as far as they are known (from memory, not checked: rates and epochs)."""

    signal: Literal["mixed", "pivot_only", "shuffled", "pooled"] = "mixed"
    graded: bool = False  # whether step 2 follows
    tasks: tuple[str, ...] = ()  # none: all that have pairs of sentences
    labels: Labels = "words"
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
    measured = _Measured(ctx, knobs)
    lm, facts = ctx.base, {"steps": 0.0, "label_tokens": 0.0, "tokens": 0.0}
    if knobs.signal != "pooled":
        langs = (ctx.source.pivot, *(ctx.languages if knobs.signal != "pivot_only" else ()))
        pairs = graded_pairs(
            ctx.source, langs, tasks=knobs.tasks, labels=knobs.labels, limit=knobs.limit, seed=ctx.seed
        )
        lm = _tuned(ctx, knobs, lm, _ranked(pairs, knobs, ctx.seed), False, facts)
        if knobs.graded:
            lm = _tuned(ctx, knobs, lm, _likened(pairs, knobs, ctx.seed), True, facts)
    if ctx.folder is not None and lm.tokenizer.pad_token_id is not None:
        arm = f"{knobs.signal}-graded" if knobs.graded else knobs.signal
        save_sentence_encoder(lm, ctx.folder / f"sentence-encoder-{arm}")
    return Outcome({"tuned": lm}, facts=facts, numbers=measured.of(lm), before=measured.of(ctx.base))


def _ranked(pairs: list[Graded], knobs: Knobs, seed: int) -> list[Row]:
    rows = triplets(pairs)
    if knobs.signal == "shuffled":
        rows = shuffled_triplets(rows, seed)
    return [(row.anchor, row.positive, row.negative, 1.0) for row in rows]


def _likened(pairs: list[Graded], knobs: Knobs, seed: int) -> list[Row]:
    rows = shuffled_pairs(pairs, seed) if knobs.signal == "shuffled" else pairs
    return [(row.first, row.second, "", row.grade) for row in rows]


def _tuned(ctx: Context, knobs: Knobs, lm: LM, rows: list[Row], graded: bool, facts: dict[str, float]) -> LM:
    """One step of the method; what it costs is added to `facts`."""
    name = "likeness" if graded else "ranking"
    steps = (knobs.graded_steps if graded else knobs.steps) or steps_for(
        len(rows), knobs.graded_epochs if graded else knobs.epochs, knobs.batch_size
    )
    batches = sentence_batches(lm, rows, knobs.batch_size, steps, derive(ctx.seed, name), knobs.max_tokens)
    facts["steps"] += steps
    for cost in ("label_tokens", "tokens"):
        facts[cost] += batches.tokens
    return train(
        lm, batches, likeness if graded else ranking(knobs.scale), Budget(steps, knobs.lr, knobs.warmup),
        learn=None if lm.adapted else body_names(lm).__contains__, seed=ctx.seed,
        checkpoint=ctx.checkpoint(f"{name}-{knobs.signal}"), title=f"Sentence pairs, {name}",
    )  # fmt: skip


class _Measured:
    """Sentences to measure on: parallel ones, and graded pairs of tasks kept for testing."""

    def __init__(self, ctx: Context, knobs: Knobs) -> None:
        self._pivot, self._max = ctx.source.pivot, knobs.max_tokens
        self._beside = beside_pivot(ctx.source, knobs.text, knobs.sentences, ctx.seed)
        self._graded: dict[str, list[Graded]] = defaultdict(list)
        asked = [set(ctx.source.languages_of(task)) for task in knobs.tasks or ctx.source.tasks]
        langs = [lang for lang in (self._pivot, *self._beside) if all(lang in held for held in asked)]
        for pair in graded_pairs(
            ctx.source, langs, "test", tasks=knobs.tasks, labels=knobs.labels,
            limit=knobs.sentences, seed=ctx.seed,
        ):  # fmt: skip
            self._graded[pair.lang].append(pair)

    def of(self, lm: LM) -> dict[str, dict[str, float]]:
        """Retrieval with the pivot and among the others; Spearman in a language and across with the pivot."""
        found: dict[str, dict[str, float]] = defaultdict(dict)
        texts = {lang: self._units(lm, beside.own) for lang, beside in self._beside.items()}
        pivots = {beside.pivot: self._units(lm, beside.pivot) for beside in self._beside.values()}
        between: dict[str, list[float]] = defaultdict(list)
        for lang, beside in self._beside.items():
            found["retrieval"][lang] = retrieval(pivots[beside.pivot][None], texts[lang][None]).mean
        for one, other in combinations(self._beside, 2):
            if self._beside[one].pivot == self._beside[other].pivot:
                value = retrieval(texts[one][None], texts[other][None]).mean
                between[one].append(value)
                between[other].append(value)
        found["retrieval_between"] = {lang: float(np.mean(values)) for lang, values in between.items()}
        seconds = {lang: self._units(lm, [pair.second for pair in own]) for lang, own in self._graded.items()}
        for lang, own in self._graded.items():
            firsts = self._units(lm, [pair.first for pair in own])
            _rank(found["similarity"], lang, own, firsts, seconds[lang])
            if lang != self._pivot and _ids(own) == _ids(self._graded[self._pivot]):
                _rank(found["similarity_across"], lang, own, firsts, seconds[self._pivot])
        return {name: values for name, values in found.items() if values}

    def _units(self, lm: LM, texts: Sequence[str]) -> Vectors:
        """Vectors (item, d_model) of length one."""
        vectors = encoded(lm, texts, max_tokens=self._max)
        units: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return units


def _ids(pairs: Sequence[Graded]) -> list[tuple[str, str]]:
    return [(pair.task, pair.id) for pair in pairs]


def _rank(found: dict[str, float], lang: str, pairs: Sequence[Graded], a: Vectors, b: Vectors) -> None:
    """Spearman of cosine and grade, where both vary over enough pairs."""
    cosines = [round(float(value), 6) for value in np.sum(a * b, 1)]  # what is beyond is rounding
    grades = [pair.grade for pair in pairs]
    if len(pairs) >= LEAST and min(np.ptp(cosines), np.ptp(grades)) > 0:
        found[lang] = correlation(cosines, grades, kind="spearman", resamples=20, permutations=1).mean


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
    presets={"small": SMALL},
    family="embeddings",
    worlds="judge",
)
