"""Multiple choice: which option does the model give most probability.

Three ways, all read in one padded pass per prompt:

- `constrained` (arXiv:2405.13816): total probability of each label's possible first tokens at the next
  position; see `label_tokens`. A label set that first tokens cannot tell apart is scored with `loglik`
  instead: warned once per set, and written as `how` into the extra of these rows.
- `loglik`: summed log-likelihood of the option's tokens. Options of one token share a single pass.
- `bytes`: `loglik` divided by the option's length in UTF-8 bytes.
"""

import math
import warnings
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import torch

from interlingua.core.errors import BadInput, ModelError
from interlingua.core.fingerprint import fingerprint
from interlingua.core.ledger import Ledger
from interlingua.core.progress import progress
from interlingua.core.rows import Row
from interlingua.data.items import Choice
from interlingua.models.lm import LM
from interlingua.scoring.batches import (
    ScoringWarning,
    forward,
    halving,
    pad_left,
    plan,
    reading,
    reading_tokens,
    room,
)
from interlingua.scoring.label_tokens import TAIL, label_tokens
from interlingua.scoring.tokens import cut_left, encode, join, start_token

How = Literal["constrained", "loglik", "bytes"]


@dataclass(slots=True)
class _Pass:
    """One row through the model: `ids`, and for every option read from it what is read.

    A read is (position counted from the end, tokens): probabilities are summed over the tokens of one
    position and multiplied over positions.
    """

    ids: list[int]
    reads: list[tuple[int, list[tuple[int, tuple[int, ...]]]]]


@dataclass(slots=True)
class _Request:
    """One item as passes; `how` it is scored in the end, `cut` prompt tokens lost."""

    passes: list[_Pass]
    how: How
    cut: int


def score_choices(
    lm: LM,
    items: Sequence[Choice],
    *,
    mode: str = "direct",
    how: How = "constrained",
    ledger: Ledger | None = None,
    seed: int = 0,
    batch_tokens: int | None = None,
    title: str = "Scoring",
) -> list[Row]:
    """Rows in item order; scores are log-probabilities (natural logarithm; per byte for `bytes`).

    Rows go into the ledger batch by batch and are not computed again when they are there. Batches are
    planned from all items, so an interrupted run gives the numbers of an uninterrupted one; they hold
    at most `batch_tokens` tokens with padding (None: 2,048 on CPU, which its cache likes, else 16,384).
    Prompts longer than the model's positions lose their beginning: `cut` in the extra, and a warning.
    `mode` and `seed` are written into the rows.
    Raises `BadInput` for an unknown `how`, an item without options, an answer outside them or an option
    longer than the model's positions; `ModelError` for scores that are no finite numbers.
    """
    model = lm.fingerprint()
    keys = [fingerprint(model, "choice", how, mode, seed, repr(item)) for item in items]
    rows = dict(ledger.get_many(keys)) if ledger is not None else {}
    done = {index for index, key in enumerate(keys) if key in rows}
    with progress(title, total=len(items), done=len(done)) as tick:
        for batch in scored(lm, items, mode=mode, how=how, seed=seed, batch_tokens=batch_tokens, skip=done):
            fresh = {keys[index]: row for index, row in batch if index not in done}
            if ledger is not None:
                ledger.put_many(fresh.items())
            rows.update(fresh)
            tick(len(fresh))
    found = [rows[key] for key in keys]
    warn_of(lm, found)
    return found


def scored(
    lm: LM,
    items: Sequence[Choice],
    *,
    mode: str,
    how: How,
    seed: int = 0,
    batch_tokens: int | None = None,
    skip: Collection[int] = (),
) -> Iterator[list[tuple[int, Row]]]:
    """Batches of (item index, row) as they are ready, planned from all items, without any warning.

    A batch whose items are all in `skip` is not run; the others are run whole. Raises as `score_choices`.
    """
    _check(items, how)
    if len(items) == len(skip):
        return
    model = lm.fingerprint()
    requests = _requests(lm, items, how)
    widths = [max(len(one.ids) for one in request.passes) * len(request.passes) for request in requests]

    def run(batch: list[int]) -> list[list[float]]:
        with reading(lm):
            return _scores(lm, [requests[index] for index in batch])

    passes = [one.ids for request in requests for one in request.passes]
    for batch in plan(widths, room(lm, passes, batch_tokens or reading_tokens(lm))):
        if not all(index in skip for index in batch):
            yield [
                (index, _row(model, items[index], requests[index], scores, mode, how, seed))
                for index, scores in zip(batch, halving(run, batch), strict=True)
            ]


def warn_of(lm: LM, rows: Sequence[Row]) -> None:
    """Warn, by language, of prompts that were cut, and of labels that were scored in another way."""
    asked, cut = Counter(row.lang for row in rows), Counter(row.lang for row in rows if "cut" in row.extra)
    if cut:
        told = ", ".join(f"{lang} {cut[lang]} of {asked[lang]}" for lang in asked)
        warnings.warn(
            f"Prompts longer than {lm.context} tokens lost their beginning: {told}.",
            ScoringWarning,
            stacklevel=3,
        )
    for options in sorted({row.options for row in rows if "how" in row.extra}):
        labels = ", ".join(option.strip() for option in options)
        warnings.warn(
            f"Labels {labels} cannot be told apart by first tokens; scored by loglik instead.",
            ScoringWarning,
            stacklevel=3,
        )


def _requests(lm: LM, items: Sequence[Choice], how: How) -> list[_Request]:
    if how != "constrained":
        return _whole(lm, items, range(len(items)), how)
    ends = [((item.shots + item.question)[-TAIL:], item.options) for item in items]
    beginnings = label_tokens(lm, ends)
    requests: dict[int, _Request] = {}
    for index, ids in enumerate(encode(lm, [item.shots + item.question for item in items])):
        labels = beginnings[ends[index]]
        if labels is not None:
            whole = ids[: len(ids) - labels.back] or [start_token(lm)]
            kept = cut_left(lm, whole, lm.context)
            reads = [(option, [(1, tokens)]) for option, tokens in enumerate(labels.first)]
            requests[index] = _Request([_Pass(kept, reads)], how, len(whole) - len(kept))
    left = [index for index in range(len(items)) if index not in requests]
    requests.update(zip(left, _whole(lm, items, left, "loglik"), strict=True))
    return [requests[index] for index in range(len(items))]


def _whole(lm: LM, items: Sequence[Choice], wanted: Sequence[int], how: How) -> list[_Request]:
    """Requests that read every token of every option; all options of an item see the same context."""
    chosen = [items[index] for index in wanted]
    joined = join(lm, [item.shots + item.question for item in chosen], [item.options for item in chosen])
    requests = []
    for item, joint in zip(chosen, joined, strict=True):
        longest = max(map(len, joint.options))
        if lm.context is not None and longest > lm.context:
            raise BadInput(
                f"An option of item {item.id!r} of {item.task} ({item.lang}) has {longest} tokens, "
                f"{lm.name} reads {lm.context}; shorten it."
            )
        kept = cut_left(lm, joint.context, lm.context and lm.context - longest + 1)
        passes: dict[tuple[int, ...], _Pass] = {}
        for option, ids in enumerate(joint.options):
            one = passes.setdefault(tuple(ids[:-1]), _Pass([*kept, *ids[:-1]], []))
            one.reads.append((option, [(len(ids) - place, (token,)) for place, token in enumerate(ids)]))
        requests.append(_Request(list(passes.values()), how, len(joint.context) - len(kept)))
    return requests


def _scores(lm: LM, requests: Sequence[_Request]) -> list[list[float]]:
    """Per request the log-probability of each option, all from one batch."""
    passes = [(place, one) for place, request in enumerate(requests) for one in request.passes]
    keep = max(back for _, one in passes for _, reads in one.reads for back, _ in reads)
    logits = forward(lm, pad_left(lm, [one.ids for _, one in passes]), keep=keep).logits
    asked = [
        (row, keep - back, token)
        for row, (_, one) in enumerate(passes)
        for _, reads in one.reads
        for back, tokens in reads
        for token in tokens
    ]
    where = torch.tensor(asked, device=logits.device).T
    total = logits.float().logsumexp(-1)
    values = iter((logits[where[0], where[1], where[2]].float() - total[where[0], where[1]]).tolist())
    scores: list[dict[int, float]] = [{} for _ in requests]
    for place, one in passes:
        for option, reads in one.reads:
            scores[place][option] = sum(_log_sum([next(values) for _ in tokens]) for _, tokens in reads)
    return [[found[option] for option in range(len(found))] for found in scores]


def _log_sum(values: list[float]) -> float:
    highest = max(values)
    if not math.isfinite(highest):
        return highest
    return highest + math.log(sum(math.exp(value - highest) for value in values))


def _row(
    model: str, item: Choice, request: _Request, scores: list[float], mode: str, how: How, seed: int
) -> Row:
    if not all(map(math.isfinite, scores)):
        raise ModelError(
            f"{model} gives item {item.id!r} of {item.task} ({item.lang}) the scores {scores}; "
            "its weights are damaged or overflow, load it in float32 or bfloat16."
        )
    if request.how == "bytes":
        sizes = [len(option.encode()) for option in item.options]
        scores = [score / size for score, size in zip(scores, sizes, strict=True)]
    extra: dict[str, str | float] = {}
    if request.how != how:
        extra["how"] = request.how
    if request.cut:
        extra["cut"] = float(request.cut)
    return Row(
        model=model,
        task=item.task,
        split=item.split,
        id=item.id,
        group=item.group,
        cluster=item.cluster,
        lang=item.lang,
        mode=mode,
        prediction=scores.index(max(scores)),
        gold=item.answer,
        scores=tuple(scores),
        question=item.question,
        options=item.options,
        tokens=sum(len(one.ids) for one in request.passes),
        seed=seed,
        extra=extra,
    )


def _check(items: Sequence[Choice], how: str) -> None:
    if how not in get_args(How):
        raise BadInput(f"No way of scoring called {how!r}; use one of {', '.join(get_args(How))}.")
    for item in items:
        if not all(option.strip() for option in item.options) or not 0 <= item.answer < len(item.options):
            raise BadInput(
                f"Item {item.id!r} of {item.task} ({item.lang}) has options {item.options!r} "
                f"and answer {item.answer}; every option needs text and the answer must index them."
            )
