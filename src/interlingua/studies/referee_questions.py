"""What the referee asks, and asking it: questions of a source or of lm-eval's tasks, as pairs of texts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from interlingua.core.errors import BadInput, UnknownName
from interlingua.core.seeds import derive
from interlingua.data.asking import Asking
from interlingua.data.builders import draw
from interlingua.languages.select import select
from interlingua.scoring.harness_model import Answer, hushed
from interlingua.studies.harness_samples import golds
from interlingua.studies.harness_tasks import PREFIX, HarnessTask, harness_tasks
from interlingua.studies.resolve import source


@dataclass(frozen=True)
class Case:
    """Which model on which questions; plain values, so that another process can take it.

    `on` is `lab:NAME`, a TOML file or a folder, `tasks` are its own or `lm_eval:NAME`, `lang` the languages
    of the source. `limit` is questions per task and language, drawn by `seed`; of lm-eval's tasks the first.
    """

    model: str | None
    on: str
    tasks: tuple[str, ...]
    lang: tuple[str, ...] = ("all",)
    limit: int | None = None
    shots: int | None = None
    prompt: Literal["native", "english"] = "native"
    include_path: str | None = None
    seed: int = 0
    device: str = "auto"
    dtype: str = "auto"


@dataclass(frozen=True, slots=True)
class Question:
    """One question as both scorers get it: a (context, continuation) per request.

    The first `options` of them are its options, of which `answer` is right; with a single one it is right to
    be greedy (1) and wrong not to be (0).
    """

    task: str
    lang: str
    id: str
    pairs: tuple[tuple[str, str], ...]
    options: int
    answer: int

    def chosen(self, answers: Sequence[Answer]) -> int:
        """The option that a scorer's (log-likelihood, greedy) answers choose; of equal ones the first."""
        scores = [score for score, _ in answers[: self.options]]
        return scores.index(max(scores)) if self.options > 1 else int(answers[0][1])


def questions(case: Case) -> list[Question]:
    """The questions of a case, task by task and language by language.

    Raises `UnknownName` for a task or language, `BadInput` for tasks that are written rather than chosen.
    """
    own = [name for name in case.tasks if not name.startswith(PREFIX)]
    foreign = [name for name in case.tasks if name.startswith(PREFIX)]
    found = list(_of_source(case, own)) if own or not foreign else []
    if foreign:
        for task in harness_tasks(
            foreign, include_path=case.include_path, shots=case.shots, limit=case.limit, seed=case.seed
        ):
            found += _of_harness(task)
    return found


def answered(model: Any, asked: Sequence[Question]) -> list[list[Answer]]:
    """What a scorer says to every request of every question."""
    from lm_eval.api.instance import Instance

    instances = [
        Instance("loglikelihood", {}, pair, place, (question.task, number, 1))
        for number, question in enumerate(asked)
        for place, pair in enumerate(question.pairs)
    ]
    with hushed():
        found = iter(model.loglikelihood(instances))
    return [[next(found) for _ in question.pairs] for question in asked]


def torn(model: Any, question: Question) -> bool:
    """Whether lm-eval's split leaves a continuation of the question without any token."""
    return any(context and not model._encode_pair(context, option)[1] for context, option in question.pairs)


def _of_source(case: Case, names: Sequence[str]) -> Iterator[Question]:
    if not case.on:
        raise BadInput("What to ask? Name a source with --on, or tasks of lm-eval with --task lm_eval:NAME.")
    place = source(case.on, names or None, Asking(case.prompt, case.shots))
    langs = select(place.languages, case.lang)
    for name in names or place.tasks:
        if name in place.open_tasks:
            raise BadInput(
                f"Task {name} is answered in writing; the referee compares options: choose others."
            )
        if name not in place.tasks:
            raise UnknownName(f"task of {place.name}", name, place.tasks)
        split = place.splits(name)[0]
        there = place.languages_of(name, split)
        for lang in (lang for lang in langs if lang in there):
            bank = sorted(place.task(name, lang, split), key=lambda item: item.group)
            if case.limit is not None:
                bank = draw(bank, case.limit, derive(case.seed, "items", name))
            for item in bank:
                pairs = tuple((item.shots + item.question, option) for option in item.options)
                yield Question(name, lang, item.id, pairs, len(pairs), item.answer)


def _of_harness(task: HarnessTask) -> Iterator[Question]:
    for number, document in task.documents().items():
        if any(one.request_type != "loglikelihood" for one in document):
            raise BadInput(
                f"Task {task.origin.name} of lm-eval is answered in writing or by perplexity, the referee "
                "compares options; leave it out."
            )
        pairs = tuple((str(one.args[0]), str(one.args[1])) for one in document)
        options, answer = 1, 1
        if task.config.get("output_type") == "multiple_choice":
            doc = document[0].doc
            options = len(task.object.doc_to_choice(doc))
            # Where the options are in the context, the right one is told where otherwise the question is.
            told = (
                task.object.doc_to_text(doc) if task.object.multiple_input else task.object.doc_to_target(doc)
            )
            right = golds(str(told), [option for _, option in pairs[:options]])
            answer = right[0] if right else -1
        yield Question(task.origin.task, task.origin.lang, str(number), pairs, options, answer)
