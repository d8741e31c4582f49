"""Shards: one model on one task in one language, the unit in which measuring is spread, kept and resumed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from interlingua.core.ledger import Ledger
from interlingua.core.rows import Row
from interlingua.core.seeds import derive
from interlingua.data.asking import Asking
from interlingua.data.builders import draw
from interlingua.data.items import Choice, Open
from interlingua.data.prompts import PAPER, Template
from interlingua.data.source import Source
from interlingua.models.chat import as_chat
from interlingua.models.lm import LM
from interlingua.scoring.choices import How, score_choices
from interlingua.scoring.open import score_open
from interlingua.scoring.restate import Frame, restate
from interlingua.studies import resolve

Item = TypeVar("Item", Choice, Open)
Mode = Literal["direct", "restate"]


@dataclass(frozen=True)
class Plan:
    """Everything a measurement asks; plain values, so that it can be sent to another process.

    `on` is the source, `opened` the tasks its files are read for (None: all), `limit` items per task and
    language, drawn by `seed`, the same in every language. `chat` puts every prompt into the model's chat
    template. `template` is the frame in which a question is to be restated; None: the one that the model was
    tuned with by its card, else the paper's.
    """

    model: str | None
    on: str
    opened: tuple[str, ...] | None
    asking: Asking
    how: How
    limit: int | None
    seed: int
    chat: bool
    device: str
    dtype: str
    template: str | None


@dataclass(frozen=True)
class Identity:
    """What a driver has to know of a model that it may never load itself."""

    fingerprint: str
    name: str
    parameters: int
    context: int | None
    tuned_on: tuple[str, ...]


@dataclass(frozen=True)
class Shard:
    """One task in one language. Rows go into the file `ledger`, or come back where there is none.

    `known` are rows by key that need not be computed again.
    """

    plan: Plan
    task: str
    lang: str
    split: str
    mode: Mode
    ledger: Path | None
    known: tuple[tuple[str, Row], ...] = ()

    @property
    def name(self) -> str:
        """For messages."""
        return f"{self.task} in {self.lang}"


def model_of(plan: Plan) -> LM:
    """The plan's model, loaded once per process."""
    return _model(plan.model, plan.on, plan.device, plan.dtype)


def source_of(plan: Plan) -> Source:
    """The plan's source, opened once per process."""
    return _source(plan.on, plan.opened, plan.asking)


@lru_cache(maxsize=1)
def _model(name: str | None, on: str, device: str, dtype: str) -> LM:
    return resolve.model(name, on, device, dtype)


@lru_cache(maxsize=2)
def _source(on: str, opened: tuple[str, ...] | None, asking: Asking) -> Source:
    return resolve.source(on, opened, asking)


def identify(plan: Plan) -> Identity:
    """What the plan's model is."""
    lm = model_of(plan)
    tuned: Any = lm.card.get("tuned_on", ())
    return Identity(
        lm.fingerprint(), lm.name, sum(p.numel() for p in lm.model.parameters()), lm.context, tuple(tuned)
    )


def score_shard(shard: Shard) -> tuple[list[Row], tuple[tuple[str, Row], ...]]:
    """Rows in item order; without a ledger file also all rows by key, for whoever keeps them."""
    with Ledger(shard.ledger) as ledger:
        ledger.put_many(shard.known)
        rows = _rows(shard, ledger)
        return rows, () if shard.ledger else tuple(ledger.items())


def _rows(shard: Shard, ledger: Ledger) -> list[Row]:
    plan, lm, place = shard.plan, model_of(shard.plan), source_of(shard.plan)
    title = f"{shard.task} {shard.lang}"
    if shard.task in place.open_tasks:
        opened = _asked(lm, plan, place.open_task(shard.task, shard.lang, shard.split), shard.task)
        return score_open(lm, opened, ledger=ledger, seed=plan.seed, title=title)
    bank = place.task(shard.task, shard.lang, shard.split)
    if shard.mode == "direct":
        items = _asked(lm, plan, bank, shard.task)
        return score_choices(lm, items, how=plan.how, ledger=ledger, seed=plan.seed, title=title)
    pivot = drawn(place.task(shard.task, place.pivot, shard.split), shard.task, plan)
    return restate(
        lm, drawn(bank, shard.task, plan), pivot=place.pivot, how=plan.how,
        frames={shard.task: Frame(pivot[0].shots, pivot[0].options)},
        template=Template(plan.template or _tuned_with(lm)),
        references={(item.task, item.group): item.question for item in pivot}, ledger=ledger, seed=plan.seed,
        title=f"Restating {title}",
    )  # fmt: skip


def _tuned_with(lm: LM) -> str:
    knobs = lm.card.get("knobs")
    return str(knobs.get("template", PAPER)) if isinstance(knobs, dict) else PAPER


def _asked(lm: LM, plan: Plan, bank: Sequence[Item], task: str) -> list[Item]:
    """The items drawn, as they are put to the model."""
    items = drawn(bank, task, plan)
    if plan.chat:
        return [replace(item, question=as_chat(lm, item.shots + item.question), shots="") for item in items]
    return items


def drawn(bank: Sequence[Item], task: str, plan: Plan) -> list[Item]:
    """The items of a seed: the same groups in every language that has them."""
    if plan.limit is None:
        return list(bank)
    return draw(sorted(bank, key=lambda item: item.group), plan.limit, derive(plan.seed, "items", task))
