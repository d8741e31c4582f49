"""Alignment: how close a model's states and its tokenizer's pieces bring each language to the pivot."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlingua.core.engine import map_jobs
from interlingua.core.errors import MissingResource
from interlingua.core.files import write_atomic
from interlingua.core.fingerprint import fingerprint
from interlingua.data.source import Source
from interlingua.measures.language_ranker import language_ranker
from interlingua.measures.mexa import mexa
from interlingua.measures.text_cost import text_cost
from interlingua.models.lm import LM
from interlingua.scoring.hidden import Position, sentence_vectors
from interlingua.scoring.text_cost import token_counts
from interlingua.studies.shards import Plan, model_of, source_of

BATCH = 8
"""Languages that one job compares with the pivot, whose sentences are then read once for them."""


@dataclass(frozen=True)
class Align:
    """Some languages of the plan's source, to be compared with its pivot on parallel sentences."""

    plan: Plan
    langs: tuple[str, ...]
    sentences: int

    @property
    def name(self) -> str:
        """For messages."""
        return f"alignment of {', '.join(self.langs)}"


def aligned(
    plan: Plan, place: Source, langs: Sequence[str], sentences: int, record: Path, engine: str = "local"
) -> dict[str, dict[str, Any]]:
    """Per language MEXA, cosine to the pivot, cost in tokens; from parallel text, else parallel questions.

    What is known goes into the file `record` language group by language group and is not computed again.
    Languages without parallel text are left out. A source without any gives nothing.
    """
    found: dict[str, dict[str, Any]] = json.loads(record.read_text("utf-8")) if record.is_file() else {}
    wanted = [lang for lang in langs if lang not in found and _has_parallel(place, lang)]
    jobs = [
        Align(plan, tuple(wanted[first : first + BATCH]), sentences) for first in range(0, len(wanted), BATCH)
    ]

    def keep(_: int, done: Mapping[str, dict[str, Any]]) -> None:
        found.update(done)
        write_atomic(record, json.dumps(found, ensure_ascii=False))

    map_jobs(align, jobs, engine=engine, on_result=keep)
    return {lang: found[lang] for lang in langs if lang in found}


def align(job: Align) -> dict[str, dict[str, Any]]:
    """One job: the numbers of its languages."""
    lm, place = model_of(job.plan), source_of(job.plan)
    told, read = {}, dict[str, Any]()
    for lang in job.langs:
        what, own, pivots = parallel(place, lang, job.sentences)
        key = fingerprint(pivots)
        if key not in read:
            read = {key: _vectors(lm, pivots, place.pivot)}
        cost = text_cost(token_counts(lm, own), token_counts(lm, pivots))
        told[lang] = {"parallel": what, "sentences": len(own), "cost": cost.as_dict()}
        if lang != place.pivot:
            vectors = _vectors(lm, own, lang)
            told[lang] |= {
                "mexa": mexa(read[key]["weighted"], vectors["weighted"]).as_dict(),
                "ranker": language_ranker(read[key]["last"], vectors["last"]).as_dict(),
            }
    return told


def _vectors(lm: LM, texts: Sequence[str], lang: str) -> dict[Position, NDArray[np.float32]]:
    """States pooled as MEXA and as Language Ranker do it."""
    pools: tuple[Position, ...] = ("weighted", "last")
    return {pool: sentence_vectors(lm, texts, pool, title=f"States {lang}") for pool in pools}


def parallel(place: Source, lang: str, count: int) -> tuple[str, list[str], list[str]]:
    """What the text is, at most `count` sentences of a language, and the same in the pivot.

    Raises `MissingResource` where the source has neither parallel text nor a task in both languages.
    """
    if lang == place.pivot:
        other = next((one for one in place.languages if one != lang and _has_parallel(place, one)), None)
        if other is None:
            raise MissingResource(f"{place.name} has no text that is parallel to {lang}.")
        what, _, pivots = parallel(place, other, count)
        return what, pivots, pivots
    try:
        pairs = sorted(place.pairs(lang, place.pivot), key=lambda pair: pair.id)[:count]
        return "pairs", [pair.source for pair in pairs], [pair.target for pair in pairs]
    except MissingResource as lacking:
        own, pivots = list[str](), list[str]()
        for task in place.tasks:
            for split in place.splits(task):
                if {lang, place.pivot} <= set(place.languages_of(task, split)) and len(own) < count:
                    here = {item.group: item.question for item in place.task(task, place.pivot, split)}
                    both = [item for item in place.task(task, lang, split) if item.group in here]
                    own += [item.question for item in both]
                    pivots += [here[item.group] for item in both]
        if len(own) < 2:
            raise MissingResource(f"{place.name} has no text that is parallel in {lang}.") from lacking
        return "questions", own[:count], pivots[:count]


def _has_parallel(place: Source, lang: str) -> bool:
    try:
        return len(parallel(place, lang, 2)[1]) > 1
    except MissingResource:
        return False
