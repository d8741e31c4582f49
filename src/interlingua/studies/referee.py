"""Referee: lm-evaluation-harness and our scorer on the same requests of the same model, one by one.

Both get the same (context, continuation) pairs, tokenised by lm-eval's rules, so that what differs is
arithmetic: order of additions, padding, shared prefixes. A request agrees within |ΔLL| <= max(1e-4,
1e-6 |LL|); an answer may change only where its two best options lie within what both may move by. Requests
that do not agree are put to lm-eval once more without its cache of logits, which is known to be wrong.
"""

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from time import monotonic, perf_counter
from typing import Any

import numpy as np

from interlingua.core.errors import BadInput
from interlingua.core.progress import progress
from interlingua.core.provenance import versions
from interlingua.languages.language import look
from interlingua.measures.near_ties import near_tied, tolerance
from interlingua.models.lm import LM
from interlingua.scoring.harness_model import Answer, harness_model, plain_model
from interlingua.scoring.readings import Tally
from interlingua.studies.referee_memory import peaks
from interlingua.studies.referee_questions import Case, Question, answered, questions, torn
from interlingua.studies.resolve import model as model_of

Said = Sequence[Sequence[Answer]]
"""A scorer's answers, per question those to its requests."""
WORST = 5
"""Requests that differ most, which the report names."""


def referee(case: Case, *, batch_size: int = 8, memory: bool = False) -> dict[str, Any]:
    """Both scorers on the questions of a case: differences, accuracies, tokens, seconds; one report.

    `batch_size` is lm-eval's. With `memory` each scorer also runs in a process of its own, which says how far
    its memory (of the GPU, if the model is there) rises above the loaded model.
    Raises what finding model, source and tasks raises, `MissingResource` without lm-eval.
    """
    started = monotonic()
    lm = model_of(case.model, case.on, case.device, case.dtype)
    asked = questions(case)
    report = compared(lm, asked, batch_size=batch_size)
    if memory:
        report["memory"] = peaks(case, batch_size)
    return report | {
        "source": case.on or "lm-evaluation-harness", "tasks": list(case.tasks), "shots": case.shots,
        "prompt": case.prompt, "limit": case.limit, "seed": case.seed, "versions": versions(),
        "total_seconds": round(monotonic() - started, 1),
    }  # fmt: skip


def compared(lm: LM, asked: Sequence[Question], *, batch_size: int = 8) -> dict[str, Any]:
    """The report on questions at hand. Seconds include lm-eval's own tokenising on both sides.

    Questions with a continuation that lm-eval leaves without a token are left out and counted: it stops at
    them, or calls them certain. Raises `BadInput` where nothing is left, and what scoring raises.
    """
    plain, ours = plain_model(lm, batch_size), harness_model(lm, batch_size=batch_size)
    kept = [question for question in asked if not torn(plain, question)]
    if not kept:
        raise BadInput("No question to compare on; name a task with options, or another language.")
    with progress("Both scorers", total=2) as tick:
        for model in (plain, ours):  # the first pass of a process pays for things that later ones do not
            answered(model, kept[:1])
        counted = _counted(plain)
        theirs, theirs_took = _timed(plain, kept)
        tick(1)
        ours.tally = Tally()
        mine, mine_took = _timed(ours, kept)
        tick(1)
    body, tally = sum(counted), ours.tally
    return {
        "model": lm.name, "fingerprint": lm.fingerprint(), "dtype": str(lm.model.dtype).rpartition(".")[2],
        "device": str(lm.device), "parameters": sum(weight.numel() for weight in lm.model.parameters()),
        "lm_eval": version("lm_eval"), "batch_size": batch_size, "questions": len(kept),
        "requests": sum(len(question.pairs) for question in kept),
        "left_out": len(asked) - len(kept), "cut": len(ours.cut),
        **_differences(kept, theirs, _again(lm, kept, theirs, mine, batch_size), mine),
        "tokens": {
            "lm_eval": {"body": body, "head": body},
            "ours": {"body": tally.body_tokens, "head": tally.head_rows},
            "least": tally.least_tokens, "flat": tally.flat_tokens,
        },
        "way": tally.way, "reason": tally.reason, "checked": tally.checked,
        "seconds": {"lm_eval": round(theirs_took, 3), "ours": round(mine_took, 3)}, "memory": None,
    }  # fmt: skip


def _timed(model: Any, asked: Sequence[Question]) -> tuple[list[list[Answer]], float]:
    began = perf_counter()
    found = answered(model, asked)
    return found, perf_counter() - began


def _counted(plain: Any) -> list[int]:
    """Tokens of every pass of HFLM from now on; each of them also goes through its language-model head."""
    passes: list[int] = []
    call = plain._model_call

    def noted(inputs: Any, *rest: Any, **more: Any) -> Any:
        passes.append(inputs.numel())
        return call(inputs, *rest, **more)

    plain._model_call = noted
    return passes


def _again(lm: LM, asked: Sequence[Question], theirs: Said, mine: Said, batch_size: int) -> Said:
    """lm-eval's answers, those that do not agree with ours replaced by what it says without its cache."""
    apart = [
        (number, place)
        for number, both in enumerate(zip(theirs, mine, strict=True))
        for place, (old, new) in enumerate(zip(*both, strict=True))
        if not _agree(old, new)
    ]
    if not apart:
        return theirs
    single = [replace(asked[number], pairs=(asked[number].pairs[place],)) for number, place in apart]
    found = answered(plain_model(lm, batch_size, logits_cache=False), single)
    fixed = [list(answers) for answers in theirs]
    for (number, place), (answer,) in zip(apart, found, strict=True):
        fixed[number][place] = answer
    return fixed


def _agree(old: Answer, new: Answer) -> bool:
    return abs(old[0] - new[0]) <= tolerance(old[0]) and old[1] == new[1]


def _differences(asked: Sequence[Question], theirs: Said, fixed: Said, mine: Said) -> dict[str, Any]:
    """Requests and answers of both sides against each other, and whether they agree.

    `theirs` is what lm-eval says, `fixed` the same without what its cache gets wrong.
    """
    pairs = [
        (question, place, *three)
        for question, *all_three in zip(asked, theirs, fixed, mine, strict=True)
        for place, three in enumerate(zip(*all_three, strict=True))
    ]
    apart = np.array([abs(old[0] - new[0]) for _, _, _, old, new in pairs])
    over = sum(abs(old[0] - new[0]) > tolerance(old[0]) for _, _, _, old, new in pairs)
    flags = sum(old[1] != new[1] for _, _, _, old, new in pairs)
    table = _accuracies(asked, theirs, fixed, mine)
    unexplained = sum(row["unexplained"] for row in table)
    worst = [pairs[place] for place in np.argsort(-apart)[:WORST]]
    return {
        "agree": not over and not flags and not unexplained,
        "difference": {
            "max": float(apart.max()), "median": float(np.median(apart)),
            "p99": float(np.quantile(apart, 0.99)), "over": over,
        },
        "flags_changed": flags, "unexplained": unexplained, "accuracy": table,
        "wrong_by_cache": sum(not _agree(said, old) for _, _, said, old, _ in pairs),
        "worst": [
            {
                "task": question.task, "lang": question.lang, "id": question.id,
                "option": question.pairs[place][1][:60], "lm_eval": old[0], "ours": new[0],
            }
            for question, place, _, old, new in worst
        ],
    }  # fmt: skip


def _accuracies(asked: Sequence[Question], theirs: Said, fixed: Said, mine: Said) -> list[dict[str, Any]]:
    """Per task and language: accuracy by both scorers, answers that changed, near-ties."""
    table: dict[tuple[str, str], dict[str, Any]] = {}
    for question, said, old, new in zip(asked, theirs, fixed, mine, strict=True):
        row = table.setdefault(
            (question.task, question.lang),
            {
                "task": question.task, "lang": question.lang, "name": look(question.lang).label, "items": 0,
                "lm_eval": 0, "ours": 0, "changed": 0, "unexplained": 0, "near_ties": 0,
            },
        )  # fmt: skip
        tie = near_tied([score for score, _ in old[: question.options]])
        row["items"] += 1
        row["lm_eval"] += question.chosen(said) == question.answer
        row["ours"] += question.chosen(new) == question.answer
        row["changed"] += question.chosen(said) != question.chosen(new)
        row["unexplained"] += question.chosen(old) != question.chosen(new) and not tie
        row["near_ties"] += tie
    return [
        row | {"lm_eval": row["lm_eval"] / row["items"], "ours": row["ours"] / row["items"]}
        for row in table.values()
    ]
