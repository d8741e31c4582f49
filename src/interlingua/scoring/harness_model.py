"""lm-evaluation-harness with our scorer inside: its tokenisation, prompts and rules, our arithmetic.

Of its Hugging Face model only `_loglikelihood_tokens` is replaced: token boundaries, start tokens, chat
templates, cutting on the left and rolling windows stay its own, so that two runs over the same requests can
differ by rounding alone. One case is ours: where its split leaves a continuation without any token (a token
spans the joint), lm-eval stops with an assertion, or calls that continuation certain (log-likelihood 0) if
another of one token shares its context. Here all continuations of such a context are split at the longest
prefix they share, and the context is noted in `torn`. Models are handed over as they are, adapters and
padded vocabularies included, so no embedding is ever resized.
"""

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from copy import deepcopy
from functools import cache
from typing import Any

from interlingua.core.errors import BadInput, MissingResource
from interlingua.models.lm import LM
from interlingua.scoring.readings import Request, Tally, readings

Answer = tuple[float, bool]
"""Summed log-probability (natural logarithm) of a continuation, and whether it is the greedy one."""
Encoded = tuple[tuple[str, str] | None, list[int], list[int]]
"""Context and continuation as text (None in rolling windows), then their ids."""


def harness_model(lm: LM, *, batch_size: int = 8, batch_tokens: int | None = None) -> Any:
    """`lm_eval.api.model.LM` on our scorer, for `lm_eval.evaluate` and everything else that takes one.

    `batch_size` is only for what lm-eval does itself (writing texts, rolling windows); scoring goes by
    `batch_tokens` (None: what the device likes). On the object returned, `tally` counts tokens, `cut` holds
    the ids lost on the left by (context, continuation), `torn` the contexts split by us, and answers put
    into `known` are not computed again.
    Raises `MissingResource` where lm-eval is not installed; scoring raises `BadInput` for a continuation
    that adds no token or is longer than the model's positions.
    """
    need_lm_eval()
    with hushed():
        model = _class()(**_settings(lm, batch_size))
    model.ours, model.batch_tokens, model.tally = lm, batch_tokens, Tally()
    model.known, model.cut, model.torn = {}, {}, set()
    return model


def plain_model(lm: LM, batch_size: int = 8, *, logits_cache: bool = True) -> Any:
    """lm-eval's own `HFLM` on the same weights.

    Its `logits_cache` reads requests once whose ids differ in the last one only. In version 0.4.13 it reads
    them at the places of the longest continuation: one that is split elsewhere gets the wrong numbers.
    Raises `MissingResource` where lm-eval is not installed.
    """
    need_lm_eval()
    from lm_eval.models.huggingface import HFLM

    with hushed():
        return HFLM(**_settings(lm, batch_size), logits_cache=logits_cache)


@contextmanager
def hushed() -> Iterator[None]:
    """No log of lm-eval below errors, no bars of its own inside; what it prints goes to stderr."""
    from lm_eval.api.model import tqdm

    logger, start = logging.getLogger("lm_eval"), tqdm.__init__
    level = logger.level

    def without_bar(self: Any, *arguments: Any, **settings: Any) -> None:
        start(self, *arguments, **(settings | {"disable": True}))

    logger.setLevel(logging.ERROR)
    tqdm.__init__ = without_bar
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        tqdm.__init__ = start
        logger.setLevel(level)


def _settings(lm: LM, batch_size: int) -> dict[str, Any]:
    """What HFLM is made of; the tokenizer is a copy, since HFLM gives one without a padding token a token."""
    return {"pretrained": lm.model, "tokenizer": deepcopy(lm.tokenizer), "batch_size": batch_size}


@cache
def _class() -> Any:
    from lm_eval.models.huggingface import HFLM

    class Harness(HFLM):  # type: ignore[misc]
        """HFLM whose log-likelihoods are read by `scoring.readings`."""

        def _loglikelihood_tokens(
            self, requests: Sequence[Encoded], disable_tqdm: bool = False, override_bs: int | None = None
        ) -> list[Answer]:
            encoded = _whole(self, requests)
            answers: dict[int, Answer] = {
                place: self.known[pair]
                for place, (pair, _, _) in enumerate(encoded)
                if pair is not None and pair in self.known
            }
            asked = [_request(self, *one) for one in encoded]
            for batch in readings(
                self.ours, asked, batch_tokens=self.batch_tokens, skip=frozenset(answers), tally=self.tally
            ):
                for place, reading in batch:
                    if place not in answers:
                        answers[place] = sum(reading.values), reading.greedy
                        if (pair := encoded[place][0]) is not None:
                            self.cache_hook.add_partial("loglikelihood", pair, answers[place])
            return [answers[place] for place in range(len(requests))]

    return Harness


def need_lm_eval() -> None:
    """Raise `MissingResource`, naming the extra, where lm-evaluation-harness is not installed."""
    try:
        import lm_eval  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingResource(
            "lm-evaluation-harness is not installed: pip install '.[eval]' in the checkout."
        ) from error


def _request(
    model: Any, pair: tuple[str, str] | None, context: list[int], continuation: list[int]
) -> Request:
    """What is read for one continuation; too long a context loses its beginning, as lm-eval does it."""
    if len(continuation) > model.max_length:
        raise BadInput(
            f"A continuation has {len(continuation)} tokens, {model.ours.name} reads {model.max_length}; "
            "shorten it."
        )
    whole = (context + continuation)[-(model.max_length + 1) :]
    if pair is not None and (lost := len(context) + len(continuation) - len(whole)):
        model.cut[pair] = lost
    first = len(whole) - 1 - len(continuation)
    reads = tuple((first + place, (token,)) for place, token in enumerate(continuation))
    return Request(tuple(whole[:-1]), reads)


def _whole(model: Any, requests: Sequence[Encoded]) -> list[Encoded]:
    """The requests, those of a context that lm-eval leaves with an empty continuation split anew."""
    torn = {pair[0] for pair, _, continuation in requests if pair is not None and not continuation}
    model.torn |= torn
    rows = {
        pair: model.tok_encode("".join(pair))
        for pair, _, _ in requests
        if pair is not None and pair[0] in torn
    }
    alone = {context: model.tok_encode(context.rstrip()) for context in torn}
    cuts = {context: len(ids) for context, ids in alone.items()}
    for (context, _), row in rows.items():
        cuts[context] = min(cuts[context], _shared(alone[context], row))
    found: list[Encoded] = []
    for pair, ids, continuation in requests:
        if pair is not None and pair in rows:
            cut, row = cuts[pair[0]], rows[pair]
            if len(row) <= cut:
                raise BadInput(
                    f"Option {pair[1]!r} adds no token after {pair[0][-20:]!r}; "
                    "give it a word that the tokenizer knows."
                )
            ids, continuation = row[:cut] or [model.prefix_token_id], row[cut:]
        found.append((pair, ids, continuation))
    return found


def _shared(a: Sequence[int], b: Sequence[int]) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
