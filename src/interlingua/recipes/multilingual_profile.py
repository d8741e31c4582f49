"""Multilingual profile: where a model joins languages, what probes read there, what tuning carries over.

Paper    Kakarla et al. 2025, "How does a Multilingual LM Handle Multiple Languages?", arXiv:2502.04269;
         BLOOM-1.7B and Qwen2
Method   1. cosine of sentences with their versions in the pivot, and retrieval of these, layer by layer
         2. linear probes on the states of task questions: for the answer, and for the language
         3. tune on tasks in languages with much data, ask in those with little
Departs  known to us by its abstract: cosines there are of words; probes are for the answers of the source's
         tasks, not for named entities; each stands beside the same reader on random labels, and beside one
         trained on the pivot alone; the pivot is tuned on as well, so that the frame is known. A later
         version (OpenReview LhT2KEMTaB) learns inference in English and asks it in Arabic and Swahili
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from interlingua.data.sentences import Beside, Text, beside_pivot, out_of_step
from interlingua.data.task_rows import task_rows
from interlingua.measures.accuracy import accuracy
from interlingua.measures.correlation import correlation_numbers
from interlingua.measures.language_ranker import language_ranker
from interlingua.measures.probe import language_probe, task_probe
from interlingua.measures.retrieval import retrieval
from interlingua.recipes.recipe import Claim, Context, Numbers, Outcome, Recipe, check_knobs
from interlingua.scoring.all_tasks import ask_all
from interlingua.scoring.beside import tokens_beside, vectors_beside
from interlingua.scoring.hidden import Position
from interlingua.scoring.probed import probed_states
from interlingua.training.adapt import Lora, adapt, steps_for
from interlingua.training.budget import Budget


@dataclass(frozen=True)
class Knobs:
    """Hyper-parameters; the paper's are not known to us, those of tuning are question translation's."""

    signal: Literal["true", "shuffled"] = "true"  # the control: sentences out of step, answers exchanged
    tuned_on: Literal["given", "all"] = "given"  # the oracle has labelled questions of all languages
    text: Text = "pairs"  # ours
    sentences: int = 100  # as in MEXA, arXiv:2410.05873
    position: Position = "mean"  # of sentences and of probed questions
    items: int = 75  # questions per task and language, probed and asked
    targets: tuple[str, ...] = ("q_proj", "v_proj")  # as in question translation
    rank: int = 8  # as in question translation
    alpha: float = 16.0  # as in question translation
    lr: float = 5e-5  # as in question translation
    warmup: float = 0.1  # as in question translation
    epochs: float = 3.0  # as in question translation
    steps: int | None = None  # when set, this many steps instead of epochs
    batch_size: int = 16  # as in question translation
    limit: int = 10_000  # questions per task and language to tune on

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        counts = ("sentences", "items", "steps", "rank", "batch_size", "limit")
        check_knobs(self, at_least_one=counts, above_zero=("alpha", "lr", "epochs"), shares=("warmup",))


SMALL = Knobs(
    steps=800,  # the languages tuned on are learned then, in the tuning world
    targets=("all-linear",),
    lr=4e-3,  # a million parameters move at rates that would break a large model
)


def run(ctx: Context, knobs: Knobs) -> Outcome:
    """Profile and probes of the base, transfer of a tuned copy; returns numbers and rows, no model."""
    shuffled = knobs.signal == "shuffled"
    sentences = beside_pivot(ctx.source, knobs.text, knobs.sentences, ctx.seed)
    sentences = out_of_step(sentences, ctx.seed) if shuffled else sentences
    learned = task_rows(ctx.source, ctx.languages, knobs.limit, ctx.seed, exchanged=shuffled)
    steps = knobs.steps or steps_for(len(learned), knobs.epochs, knobs.batch_size)
    stage = "exchanged" if shuffled else "tasks"
    if knobs.tuned_on == "all":  # as many steps
        learned = task_rows(ctx.source, ctx.source.languages, knobs.limit, ctx.seed, exchanged=shuffled)
        stage += "-all"
    numbers = {**_profile(ctx, sentences, knobs), **_probes(ctx, knobs)}
    tuned = adapt(
        ctx.base, learned, Lora(knobs.targets, knobs.rank, knobs.alpha),
        Budget(steps, knobs.lr, knobs.warmup), knobs.batch_size, seed=ctx.seed,
        checkpoint=ctx.checkpoint(stage), title="Tuning on tasks",
    )  # fmt: skip
    asked = [
        ask_all(lm, ctx.source, knobs.items, seed=ctx.seed, ledger=ctx.ledger) for lm in (ctx.base, tuned.lm)
    ]
    early, late = ({lang: one.mean for lang, one in accuracy(rows).items()} for rows in asked)
    unseen = [lang for lang in late if lang not in (*ctx.languages, ctx.source.pivot)]
    numbers["score"] = late
    if unseen:
        seen = [late[lang] for lang in ctx.languages if lang in late]
        numbers["transfer_gap"] = {"": float(np.mean(seen) - np.mean([late[lang] for lang in unseen]))}
    cost = tuned.cost()
    read = tokens_beside(ctx.base, sentences) + sum(row.tokens for rows in asked for row in rows)
    facts = {**cost, "tokens": cost["tokens"] + read}
    return Outcome(rows=asked[1], facts=facts, numbers=numbers, before={"score": early})


def _profile(ctx: Context, sentences: Mapping[str, Beside], knobs: Knobs) -> Numbers:
    """Cosine, what of it is above that of unrelated sentences, and retrieval, by layer and language.

    `retrieval_middle` is how much the best layer within beats the better one of both ends.
    """
    layers: dict[str, dict[str, Sequence[float]]] = {"cosine": {}, "above": {}, "retrieval": {}}
    for lang, pivot, own in vectors_beside(ctx.base, sentences, knobs.position):
        ranked, found = language_ranker(pivot, own), retrieval(pivot, own)
        layers["cosine"][lang] = ranked.layers
        layers["above"][lang] = np.subtract(ranked.layers, ranked.baseline).tolist()
        layers["retrieval"][lang] = np.mean([found.found, found.back], axis=0).tolist()
    numbers: dict[str, dict[str, float]] = {}
    for name, by_lang in layers.items():
        for layer, values in enumerate(zip(*by_lang.values(), strict=True)):
            numbers[f"{name}_{layer}"] = dict(zip(by_lang, values, strict=True))
        line = np.mean(list(by_lang.values()), axis=0)
        numbers[f"{name}_peak"] = {"": float(line.argmax() / (len(line) - 1))}
        if len(line) > 2:
            numbers[f"{name}_middle"] = {"": float(line[1:-1].max() - max(line[0], line[-1]))}
    # All text in a language, as the paper's "little data"; what aligns languages in the lab is its bilingual
    # part, but that grows with the whole, and languages that have any rank the same by both.
    share = {lang: part for lang in sentences if (part := ctx.source.data_share(lang)) is not None}
    mean = {lang: float(np.mean(values)) for lang, values in layers["retrieval"].items()}
    return numbers | correlation_numbers("share_by_retrieval", mean, share, kind="spearman", seed=ctx.seed)


def _probes(ctx: Context, knobs: Knobs) -> Numbers:
    """What linear readers find: the answer, trained on all languages or on the pivot, and the language.

    By layer, and as a mean over the layers above the embeddings; means over the tasks that can be probed.
    """
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for held in probed_states(ctx.base, ctx.source, knobs.items, knobs.position, seed=ctx.seed):
        settings: dict[str, Any] = {"groups": held.groups, "seed": ctx.seed}
        probes = {
            "probe": task_probe(held.vectors, held.answers, draws=2, **settings),
            "probe_from_pivot": task_probe(
                held.vectors, held.answers, train_on=(ctx.source.pivot,), draws=2, **settings
            ),
            "language_probe": language_probe(held.vectors, **settings),
        }
        for name, probe in probes.items():
            for layer, (right, more) in enumerate(zip(probe.accuracy, probe.selectivity, strict=True)):
                found[f"{name}_{layer}"][""].append(right)
                found[f"{name}_selectivity_{layer}"][""].append(more)
            found[f"{name}_selectivity"][""].append(float(np.mean(probe.selectivity[1:])))
            for lang, values in probe.parts.items():
                found[name][lang].append(float(np.mean(values[1:])))
    return {name: {lang: float(np.mean(each)) for lang, each in own.items()} for name, own in found.items()}


RECIPE = Recipe(
    run,
    Knobs,
    paper="arXiv:2502.04269",
    needs={"pairs", "tasks"},
    changes={"nothing"},
    expects=(
        Claim("retrieval_middle", on="all", versus=""),
        Claim("share_by_retrieval", on="all", versus="", paper="weaker with little data (abstract)"),
        Claim("probe_selectivity", on="all", versus="", untouched=("shuffled",)),
        Claim("score", on="unseen", versus="base"),
        Claim("score", on="unseen", versus="shuffled"),
        Claim("transfer_gap", on="all", versus="", check=True),  # tuning alone makes a gap
    ),
    standing="approximate",
    controls={"shuffled": {"signal": "shuffled"}},
    oracles={"all_languages": {"tuned_on": "all"}},
    presets={"small": SMALL},
    family="measurement",
    worlds="judge",
)
