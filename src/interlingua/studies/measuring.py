"""Measuring: how well a model answers in every language, and where a language is lost."""

import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any, get_args

from interlingua.core.engine import map_jobs, session
from interlingua.core.errors import BadInput, MissingResource, UnknownName
from interlingua.core.files import write_atomic
from interlingua.core.provenance import versions
from interlingua.core.rows import Row
from interlingua.core.runs import RunFolder
from interlingua.data.asking import Asking
from interlingua.data.prompts import Template
from interlingua.data.source import DataWarning, Source
from interlingua.lab.worlds import World
from interlingua.languages.language import look
from interlingua.languages.select import select
from interlingua.measures.accuracy import accuracy
from interlingua.measures.average import average
from interlingua.measures.near_ties import near_ties
from interlingua.scoring.batches import ScoringWarning
from interlingua.scoring.choices import How
from interlingua.studies.alignment import aligned
from interlingua.studies.harness import PREFIX, harness_rows
from interlingua.studies.samples import write_samples
from interlingua.studies.shards import (
    Identity,
    Mode,
    Plan,
    Shard,
    identify,
    model_of,
    score_shard,
    source_of,
)


def measure(
    model: str | None = None,
    on: str | None = None,
    *,
    tasks: Sequence[str] = (),
    lang: Sequence[str] = ("all",),
    script: str | None = None,
    family: str | None = None,
    split: str | None = None,
    limit: int | None = None,
    shots: int | None = None,
    prompt: str = "native",
    how: How = "loglik",
    modes: Sequence[str] = ("direct",),
    template: str | None = None,
    chat: bool = False,
    sentences: int = 100,
    include_path: str | None = None,
    seed: int = 0,
    device: str = "auto",
    dtype: str = "auto",
    engine: str = "local",
    workers: int = 1,
    samples: Path | None = None,
    run: str | None = None,
    fresh: bool = False,
    root: Path = Path("runs"),
) -> dict[str, Any]:
    """Ask a model in every language of a source; accuracies with intervals, alignment, cost in tokens.

    `on` is `lab:NAME`, a TOML file or a folder of data; parallel text alone gives alignment and cost. `tasks`
    are the source's (none: all of them), or `lm_eval:NAME`. `limit` is items per task and language, `shots`
    examples before each question (None: what the task says), `sentences` the parallel sentences that are
    compared (0: none). `template` is the frame in which mode `restate` asks for the question in
    the pivot (None: that of the model's tuning, by its card, else the paper's).
    Accuracies are fractions. Finished rows are never computed twice: the same call goes on.
    Raises `UnknownName`, `BadInput`, `MissingResource`, `ModelError`, `RunFolderError`, `OutOfRoom`.
    """
    started = monotonic()
    asked = {key: value for key, value in locals().items() if key not in ("started", "run", "fresh", "root")}
    foreign = [name for name in tasks if name.startswith(PREFIX)]
    own = tuple(name for name in tasks if not name.startswith(PREFIX))
    asking = Asking(prompt_language(prompt), shots)
    plan = _plan(
        model, on, own, bool(tasks), asking, how, limit, seed, chat, device, dtype, template
    )  # fmt: skip
    _check(modes, how, limit, sentences)
    place = source_of(plan) if on or not foreign else None
    chosen = select(place.languages, lang, script, family) if place else ()
    work = _work(place, own, chosen, tuple(lang), modes, split) if place and (own or not foreign) else []
    with session(engine, workers):
        known = map_jobs(identify, [plan], engine=engine)[0]
        settings = {
            "model": known.fingerprint, "source": place.fingerprint() if place else None, "tasks": own,
            "foreign": foreign, "include_path": include_path, "languages": chosen, "split": split,
            "limit": limit, "shots": shots, "prompt": prompt, "how": how, "modes": tuple(modes),
            "chat": chat, "seed": seed, "sentences": sentences, "dtype": dtype,
            "template": template if "restate" in modes else None,
        }  # fmt: skip
        with RunFolder.open("measure", settings, root=root, name=run, fresh=fresh) as folder:
            folder.record(
                asked=asked, model=known.name, fingerprint=known.fingerprint, tuned_on=known.tuned_on,
                pivot=place.pivot if place else "", seeds={"items": seed},
            )  # fmt: skip
            with warnings.catch_warnings():  # the result tells of all languages at once
                warnings.filterwarnings("ignore", message="Prompts longer than", category=ScoringWarning)
                rows = _score(plan, work, folder, engine, workers)
            told: dict[str, Any] = {}
            if foreign:
                more, told = harness_rows(
                    model_of(plan), [name.removeprefix(PREFIX) for name in foreign],
                    include_path=Path(include_path) if include_path else None, shots=shots, limit=limit,
                    seed=seed, ledger=folder.ledger,
                )  # fmt: skip
                rows += more
            alignment = {}
            if place and sentences:
                alignment = aligned(plan, place, chosen, sentences, folder.path / "alignment.json", engine)
            if not rows and not alignment:
                raise MissingResource(
                    f"{on} has neither a task nor parallel text to measure on; add [tasks.NAME] or [pairs]."
                )
            result = _told(place, known, rows, alignment, chosen, told)
            result |= {
                "settings": {key: value for key, value in settings.items() if key not in ("languages",)},
                "versions": versions(), "seeds": {"items": seed}, "folder": str(folder.path),
                "seconds": round(monotonic() - started, 1),
            }  # fmt: skip
            if rows:
                write_samples(rows, folder.path / "results.parquet")
                if samples:
                    write_samples(rows, samples)
            write_atomic(folder.path / "result.json", json.dumps(result, ensure_ascii=False, indent=1) + "\n")
            folder.finish()
    return result


def _plan(
    model: str | None,
    on: str | None,
    own: tuple[str, ...],
    named: bool,
    asking: Asking,
    how: How,
    limit: int | None,
    seed: int,
    chat: bool,
    device: str,
    dtype: str,
    template: str | None,
) -> Plan:
    if on is None and (own or not named):
        raise BadInput("What to measure on? Name a source with --on: lab:NAME, a TOML file or a folder.")
    if template is not None:
        Template(template)
    return Plan(
        model, on or "", own if named else None, asking, how, limit, seed, chat, device, dtype, template
    )


def prompt_language(prompt: str) -> Any:
    """`native` or `english`, checked. Raises `UnknownName`."""
    if prompt not in ("native", "english"):
        raise UnknownName("language of prompts", prompt, ("native", "english"))
    return prompt


def _check(modes: Sequence[str], how: str, limit: int | None, sentences: int) -> None:
    for mode in modes:
        if mode not in get_args(Mode):
            raise UnknownName("way of answering", mode, get_args(Mode))
    if how not in get_args(How):
        raise UnknownName("way of scoring", how, get_args(How))
    if limit is not None and limit < 2:
        raise BadInput(f"A limit of {limit} items leaves no interval; give at least 2 per task and language.")
    if sentences and sentences < 2:
        raise BadInput(f"Alignment compares at least 2 sentences, not {sentences}; 0 leaves it out.")


def _work(
    place: Source,
    names: Sequence[str],
    langs: Sequence[str],
    lang: tuple[str, ...],
    modes: Sequence[str],
    split: str | None,
) -> list[tuple[str, str, str, Mode]]:
    """(task, language, split, mode) of every shard; a language named that a task lacks is told."""
    work: list[tuple[str, str, str, Mode]] = []
    for task in names or (*place.tasks, *place.open_tasks):
        if task not in place.tasks and task not in place.open_tasks:
            if isinstance(place, World):
                raise UnknownName(f"task of {place.name}", task, place.tasks)
            continue  # parallel text, which a source of files is opened for by name
        part = split or place.splits(task)[0]
        held = place.languages_of(task, part)
        own = [one for one in langs if one in held]
        if not own:
            raise MissingResource(
                f"{task} ({part}) of {place.name} has none of {', '.join(langs[:8])}; "
                f"it has {', '.join(sorted(held)[:20])}."
            )
        named = [one for one in langs if one not in held]
        if named and lang != ("all",):
            warnings.warn(
                f"{task} ({part}) of {place.name} has no items in {', '.join(named)}; left out there.",
                DataWarning,
                stacklevel=2,
            )
        ways = modes if task in place.tasks else ["direct"]
        work += [(task, one, part, mode) for one in own for mode in ways]  # type: ignore[misc]
    return work


def _score(
    plan: Plan, work: Sequence[tuple[str, str, str, Mode]], folder: RunFolder, engine: str, workers: int
) -> list[Row]:
    """The rows of all shards, in order; every one is in the folder's ledger as soon as it exists."""
    alone = engine == "local"
    ledger = folder.ledger
    shards = [
        Shard(
            plan, task, lang, split, mode, folder.path / "ledger.sqlite" if alone else None,
            () if alone else tuple(ledger.items(task=task, lang=lang)),
        )
        for task, lang, split, mode in work
    ]  # fmt: skip

    def keep(_: int, done: tuple[list[Row], tuple[tuple[str, Row], ...]]) -> None:
        ledger.merge(done[1])

    found = map_jobs(score_shard, shards, workers=workers, engine=engine, on_result=None if alone else keep)
    return [row for rows, _ in found for row in rows]


def _told(
    place: Source | None,
    known: Identity,
    rows: Sequence[Row],
    alignment: Mapping[str, Mapping[str, Any]],
    chosen: Sequence[str],
    harness: Mapping[str, Any],
) -> dict[str, Any]:
    """The result as plain values: per way of answering and language, averages, what was lost on the way."""
    pivot = place.pivot if place else ""
    langs = list(dict.fromkeys([*chosen, *sorted({row.lang for row in rows})]))
    modes = {}
    for mode in dict.fromkeys(row.mode for row in rows):
        own = [row for row in rows if row.mode == mode]
        found = accuracy(own)
        others = [lang for lang in found if lang != pivot]
        modes[mode] = {
            "languages": {lang: found[lang].as_dict() for lang in langs if lang in found},
            "average": average(own, others).as_dict() if others else None,
            "tasks": {
                task: {
                    "items": sum(row.task == task for row in own),
                    "languages": len({row.lang for row in own if row.task == task}),
                    "chance": accuracy([row for row in own if row.task == task])[
                        next(row.lang for row in own if row.task == task)
                    ].chance,
                }
                for task in dict.fromkeys(row.task for row in own)
            },
            "near_ties": [
                {"task": row.task, "id": row.id, "lang": row.lang, "scores": list(row.scores)}
                for row in near_ties(own)
            ],
            "cut": {
                lang: count
                for lang in found
                if (count := sum("cut" in row.extra for row in own if row.lang == lang))
            },
        }
    return {
        "model": known.name, "fingerprint": known.fingerprint, "parameters": known.parameters,
        "tuned_languages": list(known.tuned_on), "source": place.name if place else "lm-evaluation-harness",
        "pivot": pivot,
        "languages": {
            lang: {
                "name": look(lang).label, "script": look(lang).script, "family": look(lang).family,
                "speakers": look(lang).speakers, "seen": lang in known.tuned_on,
                "bilingual_share": place.bilingual_share(lang) if place and lang in place.languages else None,
                **alignment.get(lang, {}),
            }
            for lang in langs
        },
        "modes": modes, "tokens": sum(row.tokens for row in rows), "harness": dict(harness),
        "unit": "these languages, this model",
    }  # fmt: skip
