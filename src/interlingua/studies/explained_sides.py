"""What `explain` reads: each model in turn, part by part, then both of them in one geometry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interlingua.core.errors import BadInput
from interlingua.core.lens_read import Words
from interlingua.core.runs import RunFolder
from interlingua.data.source import Source
from interlingua.measures.pca import Fit
from interlingua.scoring.states import States, read_states
from interlingua.scoring.tuned_lens import TunedLens, fit_tuned_lens
from interlingua.studies.explained_alignment import alignment_of
from interlingua.studies.explained_geometry import answer_probe, geometry
from interlingua.studies.explained_lens import Looked, grids_of, lens_of
from interlingua.studies.parallel import Parallel
from interlingua.studies.shards import Plan, model_of
from interlingua.studies.tokenizers import Texts, bits_of, cost_of

_FOR_LENS = 20
"""Sentences of each language that a tuned lens learns from."""


@dataclass(frozen=True)
class Look:
    """What is read, whichever model reads it: parallel sentences, questions of a task, texts for the cost.

    A part that is None is left out; `lens` serves the probe for answers even without `with_lens`. `budget` is
    bytes of states on disk, `fit` what planes are fitted on; with `tune_lens` the lens has translators,
    taught on the model before and used for both. `shown` are languages with a sentence token by token.
    """

    place: Source
    langs: tuple[str, ...]
    alignment: Parallel | None
    geometry: Parallel | None
    lens: Looked | None
    with_lens: bool
    texts: Mapping[str, Texts]
    fit: Fit | None
    budget: int
    tune_lens: bool
    shown: tuple[str, ...] = ()
    position: int = -1
    words: Words = "options"
    sentence: str | None = None


def check_states(look: Look, shapes: Sequence[tuple[int, int]]) -> None:
    """Before any work: whether the states of all models fit, given their layers and width.

    Raises `BadInput` for states above the budget, all that lie on disk at one time counted, and for models of
    other shapes where planes or translators have to serve both.
    """
    shared = [what for what, asked in (("plane", look.geometry), ("tuned lens", look.tune_lens)) if asked]
    if shared and len(set(shapes)) > 1:
        told = " and ".join(f"{layers - 1} layers of {width} numbers" for layers, width in shapes)
        raise BadInput(
            f"The two models have {told}: no {' or '.join(shared)} serves both; leave geometry out of --parts"
            " and --tuned-lens away."
        )
    sentences = look.geometry or look.alignment
    vectors = 2 * sum(map(len, sentences.texts.values())) if sentences else 0
    if look.geometry and look.lens and (asked := _answered(look.lens)):
        vectors += sum(map(len, asked[0].values()))
    needed = 4 * vectors * sum(layers * width for layers, width in shapes)
    if needed > look.budget:
        raise BadInput(
            f"Hidden states need {needed / 1e9:.2g} GB on disk, above the budget of"
            f" {look.budget / 1e9:.2g} GB; take fewer --sentences or --lens-items, or raise --budget."
        )


def states_of(look: Look, side: str, plan: Plan, run: RunFolder) -> dict[str, States]:
    """States of parallel `sentences` and of task `questions` of one model, where needed still."""
    texts: dict[str, Mapping[str, Sequence[str]]] = {}
    unfinished = look.geometry is not None and not run.keeps("geometry")
    sentences = look.geometry if unfinished else look.alignment
    if sentences and (unfinished or not run.keeps(f"{side}-alignment")):
        texts["sentences"] = sentences.texts
    if unfinished and look.lens and (asked := _answered(look.lens)):
        texts["questions"] = asked[0]
    return {
        what: read_states(
            model_of(plan), own, run.path / "states" / f"{side}-{what}",
            positions=("last", "weighted") if what == "sentences" else ("last",), budget_bytes=look.budget,
            title=f"States of {what}, {side}",
        )
        for what, own in texts.items()
    }  # fmt: skip


def side_of(
    look: Look, side: str, plan: Plan, states: Mapping[str, States], run: RunFolder
) -> dict[str, Any]:
    """Alignment, lens, sentences token by token and cost of one model; what is finished is not done again."""
    told: dict[str, Any] = {}
    if look.alignment is not None:
        told["alignment"] = run.kept(
            f"{side}-alignment", lambda: _aligned(states["sentences"], look.place.pivot)
        )
    if (looked := look.lens) is not None and look.with_lens:
        told["lens"] = run.kept(
            f"{side}-lens",
            lambda: lens_of(model_of(plan), looked, _lens(look, side, plan, run), look.position, look.words),
        )
        told["grid"] = run.kept(
            f"{side}-grid",
            lambda: grids_of(model_of(plan), looked, look.shown, _lens(look, side, plan, run), look.sentence),
        )
    if look.texts:
        told["tokenizer"] = run.kept(f"{side}-tokenizer", lambda: _cost(plan, look.texts))
    return told


def geometry_of(
    look: Look, states: Mapping[str, Mapping[str, States]], run: RunFolder
) -> dict[str, Any] | None:
    """Planes, distances, probes and variance of all models together; None where nothing is parallel."""
    if look.geometry is None:
        return None

    def made() -> dict[str, Any]:
        told = geometry({side: own["sentences"] for side, own in states.items()}, look.place.pivot, look.fit)
        if look.lens and (asked := _answered(look.lens)):
            questions = {side: own["questions"] for side, own in states.items()}
            told["probes"]["task"] = answer_probe(questions, *asked[1:])
        return told

    found: dict[str, Any] = run.kept("geometry", made)
    return found


def _aligned(states: States, pivot: str) -> dict[str, Any]:
    return {"languages": alignment_of(states, pivot), "layers": states.layers, "cut": dict(states.cut)}


def _answered(looked: Looked) -> tuple[dict[str, list[str]], list[int], list[str]] | None:
    """Questions that all languages have, by language, with their answers and clusters; None without any."""
    by_group = {lang: {item.group: item for item in own} for lang, own in looked.items.items()}
    groups = sorted(set.intersection(*(set(own) for own in by_group.values())))
    if len(by_group) < 2 or len(groups) < 2:
        return None
    texts = {
        lang: [own[group].shots + own[group].question for group in groups] for lang, own in by_group.items()
    }
    pivot = next(iter(by_group.values()))
    return texts, [pivot[group].answer for group in groups], [pivot[group].cluster for group in groups]


def _lens(look: Look, side: str, plan: Plan, run: RunFolder) -> TunedLens | None:
    """The translators, taught by the first model that asks, which is the one before; None for a raw lens."""
    if not look.tune_lens or look.lens is None:
        return None
    place = run.path / "tuned_lens.safetensors"
    if not place.is_file():
        texts = [item.question for own in look.lens.items.values() for item in own[:_FOR_LENS]]
        for own in (look.alignment.texts if look.alignment else {}).values():
            texts += own[:_FOR_LENS]
        fit_tuned_lens(model_of(plan), texts, title=f"Tuned lens, {side}").save(place)
    return TunedLens.load(place)


def _cost(plan: Plan, texts: Mapping[str, Texts]) -> dict[str, Any]:
    """Cost of the tokenizer and bits per byte; `too_long` counts texts that the model was too short for."""
    lm = model_of(plan)
    bits, too_long = bits_of(lm, texts)
    costs = cost_of(lm, texts)
    return {
        "costs": {
            code: {**own, **({"bits_per_byte": bits[code]} if code in bits else {})}
            for code, own in costs.items()
        },
        "too_long": too_long,
    }
