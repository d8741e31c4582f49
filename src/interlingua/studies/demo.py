"""Demo: the main job on one lab world, from a shipped base to a page, in minutes."""

import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from time import monotonic
from typing import Any

from interlingua.core.errors import BadInput, UnknownName
from interlingua.core.files import write_atomic
from interlingua.core.provenance import versions
from interlingua.core.runs import RunFolder
from interlingua.lab.bases import base_spec, load_base
from interlingua.lab.named import tuned_by_rule, world
from interlingua.recipes.recipe import RECIPES
from interlingua.report.page import write_page
from interlingua.studies.main_job import ARMS as ALL_ARMS
from interlingua.studies.main_job import DEFAULT_ARMS, run_arms
from interlingua.studies.resolve import languages as named
from interlingua.studies.summary import summarise

ARMS = tuple(name for name in ALL_ARMS if name != "base")
MOST_ITEMS = 150
RESULT = "result.json"

REASONS = {
    "template": "the lab's models know no English; this stands between translations in their pretraining",
    "targets": "a little better than two matrices in each of four thin layers (docs/results/region.md)",
    "lr": "a model of a million parameters learns at rates that would break a large one",
    "steps": "a fixed budget instead of epochs, so that every arm costs the same",
    "batch_size": "short questions; more of them per step cost the same",
    "replay": "small models forget tasks of the pivot without it",
}


def demo(
    world_name: str = "lab:standard",
    seed: int = 0,
    items: int = 40,
    tuned: Sequence[str] | None = None,
    arms: Sequence[str] = DEFAULT_ARMS,
    workers: int = 2,
    device: str = "auto",
    run: str | None = None,
    fresh: bool = False,
    root: Path = Path("runs"),
) -> dict[str, Any]:
    """Run the main job on a lab world and write its page; the same call again resumes or reads it back.

    `items` per task and language, at most 150. Raises `UnknownName` for a world, language or arm, `BadInput`
    for items out of range or a pivot to be tuned on, `RunFolderError` for a run folder of other settings.
    """
    for arm in arms:
        if arm not in ARMS:
            raise UnknownName("arm", arm, ARMS)
    if not 2 <= items <= MOST_ITEMS:
        raise BadInput(f"--items is {items}; the demo asks 2 to {MOST_ITEMS} items per task and language.")
    place = world(world_name)
    chosen = named(tuned, place) if tuned else tuned_by_rule(place)
    if place.pivot in chosen:
        raise BadInput(f"{place.pivot} is the pivot of {place.name}; it cannot be tuned on.")
    seeds = {"world": place.spec.seed, "tuning": seed, "items": seed}
    settings = {
        "world": place.name, "world_fingerprint": place.fingerprint(), "base": base_spec(place.name),
        "seed": seed, "items": items, "tuned": chosen, "arms": tuple(arms), "preset": "small",
    }  # fmt: skip
    started = monotonic()
    with RunFolder.open("demo", settings, root=root, name=run, fresh=fresh) as folder:
        base = load_base(place.name, device)
        folder.record(seeds=seeds, base=base.fingerprint())
        measured = run_arms(
            place.name, arms, languages=chosen, eval_languages=place.languages, tasks=place.tasks,
            target=place.pivot, items=items, seed=seed, folder=folder.path, workers=workers, device=device,
        )  # fmt: skip
        result = summarise(measured, place, chosen)
        result |= {
            "model": f"{place.name} ({base.fingerprint()})",
            "seeds": seeds,
            "items_per_task": items,
            "knobs": departures("question_translation", "small"),
            "versions": versions(),
            "command": f"interlingua demo --world {place.name} --seed {seed} --items {items}"
            + (f" --tuned {','.join(chosen)}" if tuned else "")
            + (f" --arms {','.join(arms)}" if tuple(arms) != DEFAULT_ARMS else ""),
            "seconds": round(monotonic() - started, 1),
            "report": str(folder.path / "report.html"),
        }
        write_page(result, folder.path / "report.html")
        write_atomic(folder.path / RESULT, json.dumps(result, ensure_ascii=False, indent=1) + "\n")
        folder.finish()
    return result


def departures(recipe: str, preset: str) -> list[dict[str, str]]:
    """The knobs in which a preset departs from the paper's values, with the reason for each."""
    found = RECIPES.get(recipe)
    paper, ours = found.Knobs(), found.presets[preset]
    return [
        {
            "name": f.name, "value": str(getattr(ours, f.name)), "paper": str(getattr(paper, f.name)),
            "reason": REASONS.get(f.name, ""),
        }
        for f in fields(paper)
        if getattr(ours, f.name) != getattr(paper, f.name)
    ]  # fmt: skip
