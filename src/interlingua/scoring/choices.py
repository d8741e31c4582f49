"""Multiple choice: which option does the model give most probability.

Three ways of choosing, on the log-probabilities of `readings`, where prompts that share tokens share work:

- `constrained` (arXiv:2405.13816): total probability of each label's possible first tokens at the next
  position; see `label_tokens`. A label set that first tokens cannot tell apart is scored with `loglik`
  instead: warned once per task, and written as `how` into the extra of these rows.
- `loglik`: summed log-likelihood of the option's tokens.
- `bytes`: `loglik` divided by the option's length in UTF-8 bytes.

An option ends with its last token, not with the word: what the model gives "in" includes what it gives
"inside" where that goes on with the same token. So where the tokens of one option begin another, `loglik`
can never choose the longer one; that is warned of, and `bytes` is free of it.
"""

import math
import warnings
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, permutations
from typing import Literal, get_args

from interlingua.core.errors import BadInput, ModelError
from interlingua.core.fingerprint import fingerprint
from interlingua.core.ledger import Ledger
from interlingua.core.progress import progress
from interlingua.core.rows import Row
from interlingua.data.items import Choice
from interlingua.models.lm import LM
from interlingua.scoring.batches import ScoringWarning
from interlingua.scoring.label_tokens import TAIL, label_tokens
from interlingua.scoring.readings import Reading, Request, Tally, Way, readings
from interlingua.scoring.tokens import cut_left, encode, join, start_token

How = Literal["constrained", "loglik", "bytes"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """An item as requests; `how` it is scored in the end, prompt tokens `cut`, `tokens` it takes alone."""

    requests: tuple[Request, ...]
    how: How
    cut: int
    tokens: int


def score_choices(
    lm: LM,
    items: Sequence[Choice],
    *,
    mode: str = "direct",
    how: How = "constrained",
    ledger: Ledger | None = None,
    seed: int = 0,
    batch_tokens: int | None = None,
    way: Way = "trie",
    tally: Tally | None = None,
    title: str = "Scoring",
) -> list[Row]:
    """Rows in item order; scores are log-probabilities (natural logarithm; per byte for `bytes`).

    Rows go into the ledger batch by batch and are not computed again when they are there. Batches are
    planned from all items, so an interrupted run gives the numbers of an uninterrupted one; they hold at
    most `batch_tokens` tokens. `way`, `tally` and None for `batch_tokens` are those of `readings`.
    Prompts longer than the model's positions lose their beginning: `cut` in the extra, and a warning.
    `mode` and `seed` are written into the rows, and as `tokens` the distinct prefixes of prompt and options:
    what the item takes alone, whatever it shares with others.
    Raises `BadInput` for an unknown `how`, an item without options, an answer outside them or an option
    longer than the model's positions; `ModelError` for scores that are no finite numbers.
    """
    model = lm.fingerprint()
    asked = (model, "choice", how, mode, seed) if way == "trie" else (model, "choice", how, mode, seed, way)
    keys = [fingerprint(*asked, repr(item)) for item in items]
    rows = dict(ledger.get_many(keys)) if ledger is not None else {}
    done = {index for index, key in enumerate(keys) if key in rows}
    with progress(title, total=len(items), done=len(done)) as tick:
        for batch in scored(
            lm, items, mode=mode, how=how, seed=seed,
            batch_tokens=batch_tokens, skip=done, way=way, tally=tally,
        ):  # fmt: skip
            fresh = {keys[index]: row for index, row in batch}
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
    way: Way = "trie",
    tally: Tally | None = None,
) -> Iterator[list[tuple[int, Row]]]:
    """Batches of (item index, row) as they are ready, planned from all items, without those in `skip`.

    Cut prompts and other ways of scoring are not warned of; see `warn_of`. Raises as `score_choices`.
    """
    _check(items, how)
    if all(index in skip for index in range(len(items))):
        return
    model = lm.fingerprint()
    asked = _requests(lm, items, how)
    _warn_of_beginnings(items, asked)
    owners = [index for index, one in enumerate(asked) for _ in one.requests]
    requests = [request for one in asked for request in one.requests]
    firsts = list(accumulate((len(one.requests) for one in asked), initial=0))
    done = {place for place, index in enumerate(owners) if index in skip}
    found: dict[int, Reading] = {}
    for batch in readings(lm, requests, batch_tokens=batch_tokens, skip=done, way=way, tally=tally):
        found.update(batch)
        ready = []
        for index in sorted({owners[place] for place, _ in batch}):
            places = range(firsts[index], firsts[index + 1])
            if all(place in found for place in places):
                scores = _scores([found.pop(place) for place in places], asked[index].how)
                ready.append((index, _row(model, items[index], asked[index], scores, mode, how, seed)))
        if ready:
            yield ready


def warn_of(lm: LM, rows: Sequence[Row]) -> None:
    """Warn, by language, of prompts that were cut; by task, of labels that were scored in another way."""
    asked, cut = Counter(row.lang for row in rows), Counter(row.lang for row in rows if "cut" in row.extra)
    if cut:
        told = ", ".join(f"{lang} {cut[lang]} of {asked[lang]}" for lang in asked if cut[lang])
        warnings.warn(
            f"Prompts longer than {lm.context} tokens lost their beginning: {told}.",
            ScoringWarning,
            stacklevel=3,
        )
    other = [(row.task, row.options) for row in rows if "how" in row.extra]
    for line in unclear_labels([row.task for row in rows], other):
        warnings.warn(f"{line}; scored by loglik instead.", ScoringWarning, stacklevel=3)


def unclear_labels(tasks: Sequence[str], unclear: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """A line per task for items whose labels share their first tokens: how many they are, and one set.

    `tasks` are those of all items asked, `unclear` (task, labels) of each such item.
    """
    asked, first = Counter(tasks), dict(reversed(unclear))
    many = Counter(task for task, _ in unclear)
    return [
        f"Labels of {task} cannot be told apart by first tokens in {many[task]:,} of {asked[task]:,} items "
        f"(e.g. {', '.join(label.strip() for label in first[task])})"
        for task in many
    ]


def _warn_of_beginnings(items: Sequence[Choice], asked: Sequence[_Asked]) -> None:
    """Warn of options that can never be chosen, because their tokens begin with another option's."""
    pairs: dict[tuple[str, str], None] = {}
    summed = [
        (item.options, one.requests) for item, one in zip(items, asked, strict=True) if one.how == "loglik"
    ]
    for options, requests in dict(summed).items():
        ids = [[token for _, (token,) in request.reads] for request in requests]
        for short, long in permutations(range(len(ids)), 2):
            if len(ids[short]) < len(ids[long]) and ids[long][: len(ids[short])] == ids[short]:
                pairs[options[short], options[long]] = None
    if pairs:
        told = ", ".join(f"{short.strip()!r} begins {long.strip()!r}" for short, long in list(pairs)[:3])
        more = f" and {len(pairs) - 3} more" if len(pairs) > 3 else ""
        warnings.warn(
            "Where the tokens of an option begin another's, loglik never chooses the longer one "
            f"({told}{more}); use bytes.",
            ScoringWarning,
            stacklevel=2,
        )


def _requests(lm: LM, items: Sequence[Choice], how: How) -> list[_Asked]:
    if how != "constrained":
        return _whole(lm, items, range(len(items)), how)
    ends = [((item.shots + item.question)[-TAIL:], item.options) for item in items]
    beginnings = label_tokens(lm, ends)
    asked: dict[int, _Asked] = {}
    for index, ids in enumerate(encode(lm, [item.shots + item.question for item in items])):
        labels = beginnings[ends[index]]
        if labels is not None:
            whole = ids[: len(ids) - labels.back] or [start_token(lm)]
            kept = tuple(cut_left(lm, whole, lm.context))
            request = Request(kept, tuple((len(kept) - 1, tokens) for tokens in labels.first))
            asked[index] = _Asked((request,), how, len(whole) - len(kept), len(kept))
    left = [index for index in range(len(items)) if index not in asked]
    asked.update(zip(left, _whole(lm, items, left, "loglik"), strict=True))
    return [asked[index] for index in range(len(items))]


def _whole(lm: LM, items: Sequence[Choice], wanted: Sequence[int], how: How) -> list[_Asked]:
    """Requests that read every token of every option; all options of an item see the same context."""
    chosen = [items[index] for index in wanted]
    joined = join(lm, [item.shots + item.question for item in chosen], [item.options for item in chosen])
    asked = []
    for item, joint in zip(chosen, joined, strict=True):
        longest = max(map(len, joint.options))
        if lm.context is not None and longest > lm.context:
            raise BadInput(
                f"An option of item {item.id!r} of {item.task} ({item.lang}) has {longest} tokens, "
                f"{lm.name} reads {lm.context}; shorten it."
            )
        kept = cut_left(lm, joint.context, lm.context and lm.context - longest + 1)
        requests = tuple(
            Request((*kept, *ids[:-1]), tuple((len(kept) - 1 + n, (token,)) for n, token in enumerate(ids)))
            for ids in joint.options
        )
        prefixes = {tuple(ids[:end]) for ids in joint.options for end in range(1, len(ids))}
        cut = len(joint.context) - len(kept)
        asked.append(_Asked(requests, how, cut, len(kept) + len(prefixes)))
    return asked


def _scores(found: Sequence[Reading], how: How) -> list[float]:
    """The log-probability of each option: a read of its own each, or a request of its own each."""
    if how == "constrained":
        return list(found[0].values)
    return [sum(reading.values) for reading in found]


def _row(model: str, item: Choice, asked: _Asked, scores: list[float], mode: str, how: How, seed: int) -> Row:
    if not all(map(math.isfinite, scores)):
        raise ModelError(
            f"{model} gives item {item.id!r} of {item.task} ({item.lang}) the scores {scores}; "
            "its weights are damaged or overflow, load it in float32 or bfloat16."
        )
    if asked.how == "bytes":
        sizes = [len(option.encode()) for option in item.options]
        scores = [score / size for score, size in zip(scores, sizes, strict=True)]
    extra: dict[str, str | float] = {}
    if asked.how != how:
        extra["how"] = asked.how
    if asked.cut:
        extra["cut"] = float(asked.cut)
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
        tokens=asked.tokens,
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
