"""The wind tunnel: many recipes, each with its controls and baselines, on the same lab worlds and bases."""

import json
import math
import platform
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from interlingua.core.engine import map_jobs, session
from interlingua.core.errors import BadInput, InterlinguaError, OutOfRoom
from interlingua.core.files import write_atomic
from interlingua.core.progress import progress
from interlingua.core.provenance import commit, versions
from interlingua.core.runs import RunFolder
from interlingua.lab.bases import MANIFEST, SHIPPED, base_folder
from interlingua.lab.named import spec
from interlingua.recipes.recipe import RECIPES, Recipe
from interlingua.report.study import rounded
from interlingua.report.tunnel import write_tunnel_page
from interlingua.report.tunnel_markdown import markdown
from interlingua.studies.measured import template_of
from interlingua.studies.tunnel_arms import arms_of, modes_of
from interlingua.studies.tunnel_jobs import (
    Asked,
    BaseJob,
    RecipeJob,
    keep_result,
    known_result,
    run_base,
    run_recipe_job,
)
from interlingua.studies.tunnel_kept import kept
from interlingua.studies.tunnel_plan import Plan, check, plan
from interlingua.studies.tunnel_results import summarise_tunnel

Job = TypeVar("Job", BaseJob, RecipeJob)
Say = Callable[[str], None]


def tunnel(
    recipes: Sequence[str] = (),
    worlds: Sequence[str] = (),
    seeds: int | None = None,
    *,
    items: int | None = None,
    seed: int = 0,
    changes: Mapping[str, Any] | None = None,
    oracles: bool = False,
    engine: str = "local",
    workers: int = 2,
    device: str = "auto",
    run: str | None = None,
    fresh: bool = False,
    out: Path | None = None,
    root: Path = Path("runs"),
    say: Say = lambda line: None,
) -> dict[str, Any]:
    """Run recipes side by side and write record and page; the same call again goes on, or reads it back.

    `seeds` are the first judging worlds of each kind (None: all), `items` per task and language (None: 300
    per language over all tasks asked), `changes` knobs changed in every recipe that has them; `oracles` adds
    arms that know what nobody knows outside the lab. A job is one recipe on one world; arms that are finished
    are found again whatever else is asked for. A recipe that fails on a world, or a base that cannot be made
    or asked, is told under `failed`, and the others go on; where all do, nothing is kept. `out` is a path
    without ending, under which the record is kept as .json, .md and .html. Languages are tuned on by each
    world's rule. In the record `seconds` are those of this call; `seconds_all` are those of all jobs, by
    whichever call, one after the other: tuning and asking, without the training of bases.

    Raises what `plan` and `check` raise, `RunFolderError`, and `OutOfRoom`.
    """
    chosen = plan(recipes, worlds, seeds)
    altered = dict(changes or {})
    check(chosen, items, altered, out)
    _make_place(out)
    started = monotonic()
    settings = {"seed": seed, "items": items, "changes": altered}
    with RunFolder.open("tunnel", settings, root=root, name=run, fresh=fresh) as folder:
        folder.record(recipes=sorted(chosen.worlds), worlds=sorted({w for _, w in chosen.pairs}))
        jobs = folder.path.resolve() / "jobs"

        def asked(world: str, kind: str) -> Asked:
            return Asked(world, kind, seed, items, device, jobs)

        def finished(todo: Sequence[Job], function: Callable[[Job], dict[str, Any]]) -> list[dict[str, Any]]:
            return _finished(todo, function, workers, engine, say)

        with session(engine, workers):
            unmade = _make_bases([world for _, world in chosen.pairs], workers, engine, say)
            wanted = _bases(chosen, altered)
            bases = finished(
                [BaseJob(asked(w, k), *ways) for (k, w), ways in wanted if w not in unmade], run_base
            )
            bases += [{"world": w, "kind": k, "failed": unmade[w]} for (k, w), _ in wanted if w in unmade]
            known = {(base["kind"], base["world"]): base for base in bases}
            todo, broken = list[RecipeJob](), list[dict[str, Any]]()
            for name, world in chosen.pairs:
                kind = RECIPES.get(name).worlds
                base = known[kind, world]
                if "failed" in base:
                    broken.append({"recipe": name, **base})
                    continue
                tasks, watched = tuple(base["asked"]), tuple(base["watched"])
                todo.append(RecipeJob(asked(world, kind), name, tasks, watched, altered, oracles))
            done = _in_order(chosen, [*finished(_longest_first(todo), run_recipe_job), *broken])
        result = {
            "study": "tunnel",
            **summarise_tunnel([base for base in bases if "failed" not in base], done),
            "left_out": dict(chosen.left_out),
            "seed": seed,
            "items_per_task": items,
            "changes": {name: str(value) for name, value in altered.items()},
            "command": _command(recipes, worlds, seeds, items, seed, altered, oracles),
            "commit": commit(),
            "commits": _commits(done),
            "machine": f"{platform.machine()}, {platform.system()}, {workers} at a time ({engine})",
            "versions": versions(),
            "seconds": round(monotonic() - started, 1),
            "seconds_all": round(sum(map(_seconds, [*bases, *done])), 1),
            "report": str(folder.path / "report.html"),
            "folder": str(folder.path),
        }
        told: dict[str, Any] = rounded(result)  # once, so that record and pages have the same last digits
        _write(told, folder.path / "result", folder.path / "report.html")
        if out is not None and told["recipes"]:
            _keep(told, out)
        folder.finish()
    return told


def _make_place(out: Path | None) -> None:
    """Make the folder of `out` before the work whose record it is for."""
    if out is not None:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(
                f"--out {out} cannot be written: no folder {out.parent} ({error.strerror}); give another."
            ) from error


def _bases(
    chosen: Plan, changes: Mapping[str, Any]
) -> list[tuple[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]]]:
    """For each (kind, world) the ways in which its base is asked, and the frames it restates in."""
    wanted: dict[tuple[str, str], tuple[dict[str, None], dict[str, None]]] = {}
    for name, world in chosen.pairs:
        recipe: Recipe = RECIPES.get(name)
        modes, frames = wanted.setdefault((recipe.worlds, world), ({}, {}))
        modes.update(dict.fromkeys(modes_of(recipe)))
        if "restate" in modes_of(recipe):
            frames[template_of(arms_of(recipe, changes)[0].knobs)] = None
    return [(key, (tuple(sorted(modes)), tuple(sorted(frames)))) for key, (modes, frames) in wanted.items()]


def _make_bases(worlds: Sequence[str], workers: int, engine: str, say: Say) -> dict[str, str]:
    """Train each base that neither ships nor lies in the cache, once, whoever shares it.

    What comes back says why, for every world whose base could not be made.
    """
    bases = {name: spec(name).base or name for name in worlds}
    missing = [
        base
        for base in dict.fromkeys(bases.values())
        if not (SHIPPED / base.removeprefix("lab:") / MANIFEST).is_file()
    ]
    if not missing:
        return {}
    say(f"making sure of the bases of {', '.join(missing)}")
    faults = dict(zip(missing, map_jobs(_make_base, missing, workers=workers, engine=engine), strict=True))
    for base, fault in faults.items():
        if fault:
            say(f"the base of {base}: failed: {fault}")
    return {name: fault for name, base in bases.items() if (fault := faults.get(base, ""))}


def _make_base(name: str) -> str:
    """Make sure of a base; a failure of ours is told, the machine's (`OutOfRoom`) is raised, as is a bug."""
    try:
        base_folder(name)
    except OutOfRoom:
        raise
    except InterlinguaError as error:
        return str(error)
    return ""


def _longest_first(jobs: Sequence[RecipeJob]) -> list[RecipeJob]:
    """World after world, and in each first what took longest when last kept, or was never timed.

    So a first world is complete early, and no long job is left to run alone at the end.
    """
    seconds = {name: float(found["seconds_all"]) for name, found in kept().items()}
    places, times = dict[str, tuple[int, float]](), Counter[str]()
    for job in jobs:
        places[job.name] = times[job.recipe], -seconds.get(job.recipe, math.inf)
        times[job.recipe] += 1
    return sorted(jobs, key=lambda job: places[job.name])


def _in_order(chosen: Plan, results: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Results in the order of the plan, whatever order they were run in."""
    found = {(result["recipe"], result["world"]): result for result in results}
    return [found[pair] for pair in chosen.pairs]


def _finished(
    todo: Sequence[Job], function: Callable[[Job], dict[str, Any]], workers: int, engine: str, say: Say
) -> list[dict[str, Any]]:
    """The results of all jobs, those known from before first; each is kept as soon as it exists."""
    results = {place: found for place, job in enumerate(todo) if (found := known_result(job))}
    left = [place for place in range(len(todo)) if place not in results]
    if results:
        say(f"{len(results)} of {len(todo)} jobs were finished before")
    with progress("Jobs", len(todo), len(results)) as tick:

        def running() -> str:
            return ", ".join([todo[place].name for place in left if place not in results][:workers])

        def told(index: int, result: dict[str, Any]) -> None:
            place = left[index]
            results[place] = result
            keep_result(todo[place], result)
            failed = f"failed: {result['failed']}" if "failed" in result else f"{_seconds(result):.0f} s"
            say(f"[{len(results)}/{len(todo)}] {todo[place].name}: {failed}")
            tick(note=running())

        tick(0, note=running())
        map_jobs(function, [todo[place] for place in left], workers=workers, engine=engine, on_result=told)
    return [results[place] for place in range(len(todo))]


def _seconds(told: Mapping[str, Any]) -> float:
    """The seconds of a job's finished arms, or of asking a base; none of what failed."""
    arms = told.get("arms", {}).values()
    return float(told.get("seconds", 0.0) + sum(arm["seconds"] + arm["seconds_asking"] for arm in arms))


def _commits(jobs: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many arms were run at each commit; an arm that was found again keeps its own."""
    arms = [arm for job in jobs for arm in job.get("arms", {}).values()]
    return dict(Counter(arm.get("commit") or "not known" for arm in arms).most_common())


def _command(
    recipes: Sequence[str],
    worlds: Sequence[str],
    seeds: int | None,
    items: int | None,
    seed: int,
    changes: Mapping[str, Any],
    oracles: bool,
) -> str:
    """The command that does this again."""
    words = ["interlingua tunnel"]
    words += [f"--recipes {','.join(recipes)}"] if recipes else []
    words += [f"--worlds {','.join(worlds)}"] if worlds else []
    words += [f"--seeds {seeds}"] if seeds else []
    words += [f"--items {items}"] if items else []
    words += [f"--seed {seed}"] if seed else []
    words += [f"--set {name}={value}" for name, value in changes.items()]
    words += ["--oracles"] if oracles else []
    return " ".join(words)


def _write(result: Mapping[str, Any], record: Path, page: Path) -> None:
    text = json.dumps(result, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    write_atomic(record.with_name(f"{record.name}.json"), text)
    write_tunnel_page(result, page)


def _keep(result: Mapping[str, Any], out: Path) -> None:
    """The record where results are kept, without the places it was made in."""
    kept = {key: value for key, value in result.items() if key not in ("report", "folder")}
    _write(kept, out, out.with_name(f"{out.name}.html"))
    write_atomic(out.with_name(f"{out.name}.md"), markdown(kept))
