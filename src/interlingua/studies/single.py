"""Single: one recipe on one model and one source, lab or real, measured before and after."""

import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from interlingua.core.errors import BadInput, UnknownName
from interlingua.core.files import write_atomic
from interlingua.core.provenance import versions
from interlingua.core.runs import RunFolder
from interlingua.data.source import DataWarning
from interlingua.languages.language import look
from interlingua.measures.accuracy import accuracy
from interlingua.measures.gain import gain
from interlingua.measures.word_accuracy import word_accuracy
from interlingua.models.card import add_facts
from interlingua.studies.carded import card_numbers, card_rows
from interlingua.studies.measured import (
    MODES,
    Arm,
    Job,
    Measured,
    template_of,
    tune_and_measure,
)
from interlingua.studies.not_measured import not_measured
from interlingua.studies.prepared import prepare
from interlingua.studies.resolve import languages as named
from interlingua.studies.resolve import source as resolved_source


def run_recipe(
    recipe: str,
    model: str | None = None,
    source: str = "lab:standard",
    languages: Sequence[str] = (),
    target: str | None = None,
    eval_languages: Sequence[str] | None = None,
    tasks: Sequence[str] = (),
    changes: Mapping[str, Any] | None = None,
    preset: str | None = None,
    control: str | None = None,
    seed: int = 0,
    limit: int | None = None,
    modes: Sequence[str] = MODES,
    device: str = "auto",
    run: str | None = None,
    fresh: bool = False,
    merge: bool = False,
    root: Path = Path("runs"),
) -> dict[str, Any]:
    """Measure, tune, measure again; the tuned model lies in the run folder under `model`.

    `numbers` are what the recipe measures itself, by quantity and language (`""`: of none); a recipe that
    only measures leaves these alone, and no model. `not_measured` names languages tuned on that lack one of
    these, with the reason where it is known (else `""`), `after` tuning and `before`.

    `tasks` are those of the source to use (none: all); each is asked in the languages that it has, and
    `left_out` says which cannot be asked. Where none can, a recipe with numbers of its own leaves these.
    `limit` is items per task and language; `target` the language to translate into (default: the pivot).
    Without `languages`, a lab world is tuned on those its rule names. The preset `small` is taken for models
    under ten million parameters, the paper's values otherwise (`preset="paper"` forces them).
    Raises `UnknownName`, `BadInput`, `MissingResource`, `ModelError`, and what training raises.
    """
    asked = {
        "recipe": recipe, "model": model, "source": source, "languages": tuple(languages), "target": target,
        "eval_languages": eval_languages, "tasks": tuple(tasks), "changes": dict(changes or {}),
        "preset": preset, "control": control, "seed": seed, "limit": limit, "modes": tuple(modes),
        "device": device, "merge": merge,
    }  # fmt: skip
    started = monotonic()
    for mode in modes:
        if mode not in MODES:
            raise UnknownName("way of answering", mode, MODES)
    if limit is not None and limit < 1:
        raise BadInput(f"A limit of {limit} items leaves nothing to measure; give at least 1.")
    opened = tuple(tasks) or None
    place = resolved_source(source, opened)
    measured = named(eval_languages, place) if eval_languages else place.languages
    measured = tuple(dict.fromkeys([place.pivot, *measured]))
    ready = prepare(
        recipe, place, model, source, lang=languages, to=target, changes=changes, preset=preset,
        control=control, seed=seed, device=device, measured=measured, modes=modes, tasks=tasks,
    )  # fmt: skip
    base, chosen, into, knobs = ready.base, ready.languages, ready.target, ready.knobs
    settings = {
        "recipe": recipe, "model": base.fingerprint(), "source": place.fingerprint(), "languages": chosen,
        "target": into, "eval_languages": measured, "knobs": knobs, "seed": seed, "limit": limit,
        "tasks": ready.asked, "modes": tuple(modes), "merge": merge,
    }  # fmt: skip
    for task, why in ready.left_out.items():
        warnings.warn(f"{task} of {place.name} is left out: {why}.", DataWarning, stacklevel=2)
    with RunFolder.open(f"run-{recipe}", settings, root=root, name=run, fresh=fresh) as folder:
        folder.record(asked=asked, seeds={"tuning": seed, "items": seed}, base=base.fingerprint())

        def job(arm: Arm) -> Job:
            return Job(
                arm, source, model, chosen, into, ready.asked, measured, limit, seed, ready.preset,
                ready.changes, folder.path, device, template_of(knobs),
                keep=folder.path / "model" if arm.recipe else None, merge=merge, opened=opened,
            )  # fmt: skip

        tunes = ready.recipe.changes != {"nothing"}
        asks = tuple(modes) if tunes and ready.asked else ()
        after = tune_and_measure(job(Arm("tuned", recipe, modes=asks)))
        told: dict[str, Any] = {}
        facts: dict[str, Any] = {}
        if asks:
            before = tune_and_measure(job(Arm("base", modes=asks)))
            told = {mode: _mode(before, after, mode, chosen, place.pivot) for mode in asks}
            facts["results"] = card_rows(_accuracy(told, ready.asked), chosen)
        if after.numbers:
            facts["measured"] = card_numbers(after.numbers, after.before)
        if tunes and facts:
            add_facts(folder.path / "model", **facts)
        result = {
            "recipe": recipe, "source": place.name, "model": base.name, "pivot": place.pivot, "target": into,
            "control": control, "preset": ready.preset or "paper", "tuned_languages": list(chosen),
            "knobs": {name: str(value) for name, value in vars(knobs).items()},
            "modes": told, "numbers": dict(after.numbers), "numbers_before": dict(after.before),
            "not_measured": not_measured(ready.recipe, chosen, after),
            "tasks": list(ready.asked), "left_out": dict(ready.left_out),
            "cost": dict(after.facts), "versions": versions(), "seeds": {"tuning": seed, "items": seed},
            "saved": str(folder.path / "model") if tunes else None, "folder": str(folder.path),
            "seconds": round(monotonic() - started, 1),
        }  # fmt: skip
        write_atomic(folder.path / "result.json", json.dumps(result, ensure_ascii=False, indent=1) + "\n")
        folder.finish()
    return result


def _accuracy(modes: Mapping[str, Any], tasks: Sequence[str]) -> dict[str, Any]:
    """What `card_rows` takes of the modes of a result."""
    return {
        mode: {
            "tasks": list(tasks),
            "languages": {
                lang: {"before": one["base"], "after": one["tuned"], "gain": one["gain"]}
                for lang, one in told["languages"].items()
            },
        }
        for mode, told in modes.items()
    }


def _mode(before: Measured, after: Measured, mode: str, seen: Sequence[str], pivot: str) -> dict[str, Any]:
    """Accuracy before and after per language, gains with intervals; word accuracy of restating."""
    old, new = before.rows[mode], after.rows[mode]
    gains = gain(old, new, seen=seen, pivot=pivot)
    was, now = accuracy(old), accuracy(new)
    told: dict[str, Any] = {
        "chance": sum(one.chance for one in now.values()) / len(now),
        "languages": {
            lang: {
                "name": look(lang).name, "seen": lang in seen, "base": was[lang].as_dict(),
                "tuned": now[lang].as_dict(), "gain": gains.languages[lang].as_dict(),
            }
            for lang in now
        },
        "gain_seen": gains.seen and gains.seen.as_dict(),
        "gain_unseen": gains.unseen and gains.unseen.as_dict(),
    }  # fmt: skip
    if mode == "restate":
        for side, rows in (("base", old), ("tuned", new)):
            for lang, one in word_accuracy(rows).items():
                told["languages"][lang][f"{side}_word_accuracy"] = one.mean
    return told
