"""Tasks of lm-evaluation-harness on our scorer: its definitions, prompts and metrics; our rows and ledger."""

import json
import warnings
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from interlingua.core.fingerprint import fingerprint
from interlingua.core.ledger import Ledger
from interlingua.core.progress import Tick, progress
from interlingua.core.rows import Row
from interlingua.models.lm import LM
from interlingua.scoring.batches import ScoringWarning
from interlingua.scoring.harness_model import harness_model, hushed
from interlingua.studies.harness_samples import Sample, row_of, rows_of
from interlingua.studies.harness_tasks import PREFIX, HarnessTask, harness_tasks

__all__ = ["PREFIX", "harness_rows"]


def harness_rows(
    lm: LM,
    names: Sequence[str],
    *,
    include_path: Path | str | None = None,
    shots: int | None = None,
    limit: int | None = None,
    seed: int = 0,
    ledger: Ledger | None = None,
) -> tuple[list[Row], dict[str, Any]]:
    """Rows of lm-eval's tasks scored by us, and what lm-eval makes of the same answers.

    Arguments are those of `harness_tasks`. Every row is in the ledger as soon as its document is answered;
    documents that are there are not asked again. The facts hold lm-eval's version, per task its language,
    documents, shots, version and metrics as lm-eval computes them, and what scoring cost.
    Raises as `harness_tasks`, and what scoring raises.
    """
    print_of = lm.fingerprint()
    tasks = harness_tasks(
        names, model=print_of, include_path=include_path, shots=shots, limit=limit, seed=seed
    )
    model = harness_model(lm)
    rows: list[Row] = []
    told: dict[str, Any] = {}
    with progress("Tasks of lm-eval", total=sum(len(task.documents()) for task in tasks)) as tick:
        for task in tasks:
            answered, told[task.origin.name] = _Asking(model, task, ledger, tick).answers()
            rows += answered
    _warn_of_cuts(lm, rows)
    facts = {"lm_eval": version("lm_eval"), "tasks": told, "torn": len(model.torn), **vars(model.tally)}
    return rows, facts


@dataclass
class _Asking:
    """One task being asked. lm-eval tells it every answer; a document with all of them is a row at once."""

    model: Any
    task: HarnessTask
    ledger: Ledger | None
    tick: Tick
    waiting: dict[Any, list[tuple[int, Any]]] = field(default_factory=lambda: defaultdict(list))
    samples: dict[int, list[Sample]] = field(default_factory=dict)
    cut: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.documents = self.task.documents()
        self.keys = {
            number: fingerprint(
                self.task.origin.model, "lm_eval", version("lm_eval"), self.task.origin.name, number,
                repr([one.args for one in document]), repr(self.task.object.doc_to_target(document[0].doc)),
            )
            for number, document in self.documents.items()
        }  # fmt: skip

    def answers(self) -> tuple[list[Row], dict[str, Any]]:
        """Rows and facts of the task: what the ledger has is taken from there, the rest is asked now."""
        self.model.known, self.model.cache_hook = {}, self
        self._remember()
        asked: dict[str, list[Any]] = defaultdict(list)
        for instance in self.task.object.instances:
            # Log-likelihoods are planned from all requests, known or not: a resumed run has the same batches.
            if instance.request_type == "loglikelihood" or not instance.resps:
                asked[instance.request_type] += [instance] * (instance.repeats or 1)
        with hushed():
            for kind, instances in asked.items():
                if any(not instance.resps for instance in instances):
                    found = getattr(self.model, kind)(instances)
                    for instance, answer in zip(instances, found, strict=True):
                        if not instance.resps:  # the same words as in a document that the ledger had
                            self.add_partial(kind, instance.args, answer)
        whole = rows_of(self.task.origin, [self.samples[number][0] for number in self.documents])
        rows = [self._with_answers(row) for row in whole]
        if self.ledger is not None:
            self.ledger.put_many((self.keys[int(row.id)], row) for row in rows)
        return rows, self._facts()

    def add_partial(self, kind: str, request: tuple[Any, ...], answer: Any) -> None:
        """What lm-eval calls with each answer; equal requests of several documents are answered in order."""
        number, instance = self.waiting[_slot(kind, request)].pop(0)
        instance.resps.append(answer)
        if all(len(one.resps) == (one.repeats or 1) for one in self.documents[number]):
            self._finish(number)
            row = row_of(self.task.origin, self.samples[number][0])
            if row is not None and self.ledger is not None:
                self.ledger.put(self.keys[number], self._with_answers(row))

    def _remember(self) -> None:
        """Documents of the ledger are answered from there, the others are waited for."""
        there = self.ledger.get_many(self.keys.values()) if self.ledger is not None else {}
        for number, document in self.documents.items():
            kept = there.get(self.keys[number])
            answers = json.loads(str(kept.extra["answers"])) if kept else [[]] * len(document)
            for instance, given in zip(document, answers, strict=True):
                instance.resps.extend(tuple(one) if isinstance(one, list) else one for one in given)
                if kept and instance.request_type == "loglikelihood":
                    self.model.known[instance.args] = instance.resps[0]
                for _ in range(len(given), instance.repeats or 1):
                    self.waiting[_slot(instance.request_type, instance.args)].append((number, instance))
            if kept:
                self.cut[number] = float(kept.extra.get("cut", 0))
                self._finish(number)

    def _finish(self, number: int) -> None:
        """One document as lm-eval would log it: once per filter, with the metrics it computes."""
        from lm_eval.utils import handle_non_serializable, hash_string

        task, document = self.task.object, self.documents[number]
        for each in task._filters:
            each.apply(document)
        doc = document[0].doc
        target, text = task.doc_to_target(doc), task.doc_to_text(doc)
        whole = json.dumps(doc, indent=2, default=handle_non_serializable, ensure_ascii=False)
        shared = {
            "doc_id": number, "doc": doc, "target": target, "arguments": [one.args for one in document],
            "question": text if isinstance(text, str) else "", "doc_hash": hash_string(whole),
            "prompt_hash": hash_string(str(document[0].args[0])), "target_hash": hash_string(str(target)),
        }  # fmt: skip
        self.samples[number] = []
        for name in document[0].filtered_resps:
            answers = [one.filtered_resps[name] for one in document]
            metrics = task.process_results(doc, answers)
            self.samples[number].append(
                {**metrics, **shared, "filter": name, "filtered_resps": answers, "metrics": list(metrics)}
            )
        self.cut.setdefault(number, float(max(map(self._lost, document))))
        self.tick(1)

    def _lost(self, instance: Any) -> int:
        """Ids that a request lost on the left."""
        if instance.request_type == "generate_until":
            context, settings = instance.args
            room = self.model.max_length - settings.get("max_gen_toks", self.model.max_gen_toks)
            return max(0, len(self.model.tok_encode(context)) - int(room))
        return int(self.model.cut.get(instance.args, 0))

    def _with_answers(self, row: Row) -> Row:
        """The row with lm-eval's raw answers, from which a later run goes on, and the ids cut off."""
        number = int(row.id)
        kept = {"answers": json.dumps([one.resps for one in self.documents[number]], ensure_ascii=False)}
        cut = {"cut": self.cut[number]} if self.cut[number] else {}
        return replace(row, extra={**row.extra, **kept, **cut})

    def _facts(self) -> dict[str, Any]:
        """What lm-eval reports of a task, in its own way: every metric aggregated over all documents."""
        from lm_eval.api.metrics import mean

        task, origin, config = self.task.object, self.task.origin, self.task.config
        values: dict[str, list[Any]] = defaultdict(list)
        for number in self.documents:
            for sample in self.samples[number]:
                for metric in sample["metrics"]:
                    values[f"{metric},{sample['filter']}"].append(sample[metric])
        ways = task.aggregation()
        metrics = {name: ways.get(name.partition(",")[0], mean)(found) for name, found in values.items()}
        return {
            "task": origin.task, "lang": origin.lang, "split": origin.split, "documents": len(self.documents),
            "shots": task.get_config("num_fewshot"), "version": (config.get("metadata") or {}).get("version"),
            "metrics": metrics,
        }  # fmt: skip


def _slot(kind: str, request: tuple[Any, ...]) -> tuple[Any, ...]:
    """What tells requests apart; those that write texts by their context, settings being the task's."""
    return (kind, request[0]) if kind == "generate_until" else (kind, *request)


def _warn_of_cuts(lm: LM, rows: Sequence[Row]) -> None:
    asked = Counter(row.lang for row in rows)
    cut = Counter(row.lang for row in rows if "cut" in row.extra)
    if cut:
        told = ", ".join(f"{lang} {cut[lang]} of {asked[lang]}" for lang in cut)
        warnings.warn(f"Prompts lost their beginning in {lm.name}: {told}.", ScoringWarning, stacklevel=3)
