"""Explaining: why a model answers as it does in every language, and what a tuning changed, on one page."""

import shutil
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any, get_args

from interlingua.core.errors import BadInput, MissingResource, UnknownName
from interlingua.core.files import write_atomic
from interlingua.core.lens_read import Words
from interlingua.core.plain import as_json, plain
from interlingua.core.provenance import commit, versions
from interlingua.core.runs import RunFolder
from interlingua.data.asking import Asking
from interlingua.data.source import DataWarning, Source
from interlingua.languages.language import pick
from interlingua.languages.select import select
from interlingua.measures.pca import Fit
from interlingua.models.anatomy import anatomy
from interlingua.report.explained import figure_tables, write_explained
from interlingua.report.figure_numbers import write_numbers
from interlingua.scoring.choices import How
from interlingua.scoring.hidden import shape_of
from interlingua.studies import resolve
from interlingua.studies.carded import add_results, card_folder
from interlingua.studies.comparing import compare
from interlingua.studies.explained_lens import looked_at
from interlingua.studies.explained_result import assembled
from interlingua.studies.explained_sides import Look, check_states, geometry_of, side_of, states_of
from interlingua.studies.measuring import measure, prompt_language
from interlingua.studies.parallel import parallel_texts
from interlingua.studies.shards import Identity, Plan, identify, model_of, source_of
from interlingua.studies.tokenizers import texts_of

PARTS = ("accuracy", "alignment", "lens", "geometry", "tokenizer")
"""What is looked at; each may be left out."""


def explain(
    model: str | None = None,
    on: str | None = None,
    *,
    after: str | None = None,
    tasks: Sequence[str] = (),
    lang: Sequence[str] = ("all",),
    script: str | None = None,
    family: str | None = None,
    seen: Sequence[str] = (),
    parts: Sequence[str] = PARTS,
    limit: int | None = None,
    shots: int | None = None,
    prompt: str = "native",
    how: How = "loglik",
    modes: Sequence[str] = ("direct",),
    sentences: int = 100,
    lens_task: str | None = None,
    lens_items: int = 100,
    lens_position: int = -1,
    lens_words: Words = "options",
    sentence: str | None = None,
    tuned_lens: bool = False,
    fit: Fit | None = None,
    budget: float = 4.0,
    card: bool = False,
    seed: int = 0,
    device: str = "auto",
    dtype: str = "auto",
    run: str | None = None,
    fresh: bool = False,
    root: Path = Path("runs"),
) -> dict[str, Any]:
    """Accuracy, alignment, logit lens, geometry and cost in tokens of a model, or before and after a tuning.

    `after` is a tuned model that is compared with `model`; where `model` is missing, with the base that its
    adapter names. `on` is `lab:NAME`, a TOML file or a folder of data, `seen` the languages tuned on (None:
    what the card says). `sentences` parallel ones are compared, `lens_items` questions of `lens_task` are
    read layer by layer at the token `lens_position` from the prompt's end, the right one leading among
    `lens_words` (`options`, or those in `english` or `native` words), and a `sentence` of yours token by
    token. `budget` GB of states may lie on disk meanwhile. `fit` is what the planes of the PCA
    are fitted on. `card` adds the results to the card of the model, which must be a folder.
    The run folder holds `report.html`, `result.json` and `results.parquet`, the numbers of every figure; the
    same call goes on where it stopped. Raises `UnknownName`, `BadInput`, `MissingResource`, `ModelError`,
    `RunFolderError`, `OutOfRoom`.
    """
    started = monotonic()
    asked = {key: value for key, value in locals().items() if key not in ("started", "fresh", "root")}
    _check(parts, sentences, lens_items, fit, budget, paired=after is not None)
    _check_lens(lens_position, lens_words, sentence)
    if on is None:
        raise BadInput("What to explain it on? Name a source with --on: lab:NAME, a TOML file or a folder.")
    names = _models(model, after, on)
    asking = Asking(prompt_language(prompt), shots)
    plans = {
        side: Plan(name, on, tuple(tasks) or None, asking, how, limit, seed, False, device, dtype, None)
        for side, name in names.items()
    }
    carded = card_folder(list(names.values())[-1]) if card else None
    place = source_of(plans["before"])
    langs = tuple(dict.fromkeys([place.pivot, *select(place.languages, lang, script, family)]))
    look = _look(
        place, langs, parts, plans["before"], sentences, lens_task, lens_items, fit, budget, tuned_lens
    )
    asks = "accuracy" in parts and bool(place.tasks or place.open_tasks)
    if not (asks or look.alignment or look.geometry or look.lens or look.texts):
        raise MissingResource(
            f"{place.name} has neither task nor text for {', '.join(parts)}; ask for other --parts."
        )
    if carded is not None and not asks:
        raise BadInput("--card puts accuracies into the card, and none is measured here; leave it out.")
    known, shapes = dict[str, Identity](), list[tuple[int, int]]()
    for side, plan in reversed(plans.items()):
        known[side] = _identified(plan)
        shapes.insert(0, shape_of(model_of(plan)))
    check_states(look, shapes)
    tuned = _tuned_on(known, seen, langs)
    look = replace(
        look, shown=_shown(place.pivot, langs, tuned), position=lens_position, words=lens_words,
        sentence=sentence,
    )  # fmt: skip
    settings = {
        "models": {side: known[side].fingerprint for side in plans}, "source": place.fingerprint(),
        "tasks": tuple(tasks), "languages": langs, "parts": tuple(parts), "limit": limit, "shots": shots,
        "prompt": prompt, "how": how, "modes": tuple(modes), "sentences": sentences, "lens_task": lens_task,
        "lens_items": lens_items, "lens_position": lens_position, "lens_words": lens_words,
        "sentence": sentence, "tuned_lens": tuned_lens, "fit": fit, "dtype": dtype, "seed": seed,
        "seen": tuned,
    }  # fmt: skip
    with RunFolder.open("explain", settings, root=root, name=run, fresh=fresh) as folder:
        folder.record(asked=asked, seeds={"items": seed}, pivot=place.pivot, tuned_on=tuned)
        found, states = dict[str, dict[str, Any]](), {}
        for side, plan in plans.items():
            scored = {}
            if asks:
                with warnings.catch_warnings():
                    if tuple(lang) == ("all",):  # nobody named the languages that a task lacks
                        warnings.filterwarnings("ignore", ".* has no items in", DataWarning)
                    scored["accuracy"] = measure(
                        names[side], on, tasks=tasks, lang=langs, limit=limit, shots=shots, prompt=prompt,
                        how=how, modes=modes, sentences=0, seed=seed, device=device, dtype=dtype, run=side,
                        root=folder.path,
                    )  # fmt: skip
            states[side] = states_of(look, side, plan, folder)
            found[side] = scored | side_of(look, side, plan, states[side], folder)
        both = None
        if asks and after:
            both = compare(folder.path / "before", folder.path / "after", seen=tuned, pivot=place.pivot)
        result: dict[str, Any] = assembled(look, known, found, both, geometry_of(look, states, folder), tuned)
        result = plain(result | {
            "settings": {key: value for key, value in settings.items() if key != "languages"},
            "versions": versions(), "seeds": {"items": seed}, "commit": commit(), "folder": str(folder.path),
            "command": command_of(asked), "seconds": round(_before(folder) + monotonic() - started, 1),
        })  # fmt: skip
        write_atomic(folder.path / "result.json", as_json(result, indent=1))
        write_numbers(figure_tables(result), folder.path / "results.parquet")
        write_explained(result, folder.path / "report.html")
        if carded is not None:
            add_results(carded, result)
        shutil.rmtree(folder.path / "states", ignore_errors=True)
        folder.finish()
    return result


def command_of(asked: Mapping[str, Any]) -> list[str]:
    """The command that asks the same again; what has its usual value is left out."""
    words, usual = ["interlingua", "explain"], explain.__kwdefaults__ or {}
    flags = {"tasks": "task", "modes": "mode"}
    for name, value in asked.items():
        if value is None or value is False or value == () or value == usual.get(name):
            continue
        words.append(f"--{flags.get(name, name).replace('_', '-')}")
        if value is not True:
            words.append(",".join(value) if isinstance(value, list | tuple) else str(value))
    return words


def _check(
    parts: Sequence[str], sentences: int, lens_items: int, fit: str | None, budget: float, paired: bool
) -> None:
    for part in parts:
        if part not in PARTS:
            raise UnknownName("part to explain", part, PARTS)
    if not parts:
        raise BadInput(f"Nothing to explain: name some of {', '.join(PARTS)}.")
    if fit is not None and fit not in get_args(Fit):
        raise UnknownName("way to fit PCA", fit, get_args(Fit))
    if fit == "joint" and not paired:
        raise BadInput("A joint PCA is of two models; name the second with --after, or leave --fit out.")
    for name, value in (("sentences", sentences), ("questions for the lens", lens_items)):
        if value < 2:
            raise BadInput(f"{value} {name} leave nothing to compare; give at least 2.")
    if not budget > 0:
        raise BadInput(f"A budget of {budget} GB holds no states; give some.")


def _check_lens(position: int, words: str, sentence: str | None) -> None:
    if words not in get_args(Words):
        raise UnknownName("words of the lens", words, get_args(Words))
    if position >= 0:
        raise BadInput(f"The lens counts tokens from the end, -1 being the last; got {position}.")
    if sentence is not None and not sentence.strip():
        raise BadInput("The sentence to read token by token is empty; give some text.")


def _models(model: str | None, after: str | None, on: str) -> dict[str, str | None]:
    """What is asked for on each side; the model before may be the base of an adapter, or that of the lab."""
    if after is None:
        return {"before": model}
    if model is None and not on.startswith("lab:"):
        model = resolve.base_of(Path(after)) or None
        if model is None:
            raise BadInput(f"What was {after} tuned from? It names no base; give one with --model.")
    return {"before": model, "after": after}


def _look(
    place: Source,
    langs: tuple[str, ...],
    parts: Sequence[str],
    plan: Plan,
    sentences: int,
    task: str | None,
    items: int,
    fit: Fit | None,
    budget: float,
    tune_lens: bool,
) -> Look:
    """What is read, whichever model reads it."""
    both = looked = None
    if {"alignment", "geometry"} & set(parts):
        both = parallel_texts(place, langs, sentences)
    if {"lens", "geometry"} & set(parts):
        looked = looked_at(place, plan.opened or place.tasks, task, langs, plan, items)
    texts = {}
    if "tokenizer" in parts:
        texts = {code: one for code in langs if (one := texts_of(place, code, sentences)) is not None}
    return Look(
        place, langs, both if "alignment" in parts else None, both if "geometry" in parts else None, looked,
        "lens" in parts, texts, fit, int(budget * 1e9), tune_lens,
    )  # fmt: skip


def _identified(plan: Plan) -> Identity:
    """What a model is; one whose layers cannot be read is refused before any work is done."""
    anatomy(model_of(plan))
    return identify(plan)


def _tuned_on(known: Mapping[str, Identity], seen: Sequence[str], langs: Sequence[str]) -> tuple[str, ...]:
    if seen:
        return tuple(dict.fromkeys(pick(one, langs) for one in seen))
    told = known["after" if "after" in known else "before"].tuned_on
    return tuple(code for code in told if code in langs)


def _shown(pivot: str, langs: Sequence[str], tuned: Sequence[str]) -> tuple[str, ...]:
    """Languages whose sentences are shown token by token: the pivot, one tuned on, and one or two others."""
    others = [lang for lang in langs if lang != pivot and lang not in tuned]
    return (pivot, *tuned[:1], *others[: 1 if tuned else 2])


def _before(folder: RunFolder) -> float:
    """Seconds of earlier attempts."""
    return float(sum(one["seconds"] for one in folder.facts["attempts"][:-1]))
