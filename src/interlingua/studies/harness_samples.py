"""Documents that lm-evaluation-harness asked about, as rows of ours, and the language that a task is in."""

import ast
import re
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interlingua.core.errors import InterlinguaError
from interlingua.core.fingerprint import fingerprint
from interlingua.core.rows import Row
from interlingua.languages.flores import CODES, DEFAULT_SCRIPT
from interlingua.languages.language import find

Sample = Mapping[str, Any]
"""One document as lm-eval logs it: `doc_id`, `arguments`, `filtered_resps`, `target`, its metrics, hashes."""
METRICS = ("acc", "exact_match")
"""Metrics that say right or wrong, the first that a sample has being taken; else any other of 0 and 1."""
_FIELDS = {
    *("doc_id", "doc", "target", "arguments", "question", "resps", "filtered_resps", "filter", "metrics"),
    *("doc_hash", "prompt_hash", "target_hash", "schema_version"),
}


class HarnessWarning(UserWarning):
    """Something of lm-evaluation-harness was taken in one of several ways, or left out."""


@dataclass(frozen=True)
class Origin:
    """What all rows of a task share. `name` is lm-eval's for the task, `task` the same without language."""

    model: str
    name: str
    task: str
    lang: str
    split: str
    seed: int = 0


def named(configs: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, str]]:
    """Per task of lm-eval its name without the language, and the language's code: xnli_sw is xnli in Swahili.

    Languages are an axis here, so xnli_sw and xnli_en become one task whose documents of one number are the
    same question. A task whose YAML says `metadata: {lang: sw}` is in that language; else the configuration
    of its data set (`dataset_name`) or its own name tells; else it is taken as English, with a
    `HarnessWarning`. Tasks that would become the same keep their names.
    """
    found, untold = {}, []
    for name, config in configs.items():
        code, part = _language(name, config)
        if not code:
            untold.append(name)
        found[name] = (_without(name, part), code or "eng_Latn")
    if untold:
        warnings.warn(
            f"No language told by {', '.join(untold)}; taken as English. "
            "`metadata: {lang: sw}` in a task's YAML says it.",
            HarnessWarning,
            stacklevel=3,
        )
    twice = {key for key, uses in Counter(found.values()).items() if uses > 1}
    return {name: (name if key in twice else key[0], key[1]) for name, key in found.items()}


def split_of(config: Mapping[str, Any]) -> str:
    """The split whose documents a task asks about, as lm-eval chooses it."""
    return str(config.get("test_split") or config.get("validation_split") or "test")


def rows_of(origin: Origin, samples: Sequence[Sample]) -> list[Row]:
    """One row per document, `id` and `group` being its number.

    Where every document has several options whose log-likelihoods and gold answer are there, and they agree
    with the accuracy that lm-eval tells, rows are of mode `direct` with these scores. Otherwise they say
    right or wrong by lm-eval's own metric, have no options, and keep what was `written` and the `answer`.
    `item` in the extra is a fingerprint of document and answer, `prompt` one of the whole prompt. Without any
    metric that says right or wrong there are no rows, and a `HarnessWarning`.
    """
    chosen = [_chosen(origin, sample) for sample in samples]
    if all(row is not None for row in chosen):
        return [row for row in chosen if row is not None]
    graded = [_graded(origin, sample) for sample in samples]
    if all(row is not None for row in graded):
        return [row for row in graded if row is not None]
    told = sorted({key for sample in samples for key in sample if key not in _FIELDS})
    warnings.warn(
        f"{origin.name} left out: none of its metrics ({', '.join(told) or 'none'}) says right or wrong.",
        HarnessWarning,
        stacklevel=3,
    )
    return []


def row_of(origin: Origin, sample: Sample) -> Row | None:
    """The row of one document alone, None where nothing says right or wrong; see `rows_of`."""
    return _chosen(origin, sample) or _graded(origin, sample)


def pairs_of(sample: Sample) -> list[tuple[str, ...]]:
    """The requests of a document as text, in either form that lm-eval has for them."""
    arguments = sample["arguments"]
    if isinstance(arguments, Mapping):  # in logs: {"gen_args_0": {"arg_0": context, "arg_1": option}, ...}
        arguments = [list(each.values()) for each in arguments.values()]
    return [tuple(str(part) for part in each) for each in arguments]


def _chosen(origin: Origin, sample: Sample) -> Row | None:
    pairs, answers = pairs_of(sample), sample["filtered_resps"]
    if not all(map(_is_likelihood, answers)) or any(len(pair) != 2 for pair in pairs):
        return None
    if "acc_mutual_info" in sample:  # followed by the same options without their context
        pairs, answers = pairs[: len(pairs) // 2], answers[: len(answers) // 2]
    if len(pairs) < 2 or len(pairs) != len(answers):
        return None
    scores = tuple(float(one[0]) for one in answers)
    contexts, options = zip(*pairs, strict=True)
    question = contexts[0]
    if len(set(options)) == 1:  # the options are in the context: winogrande
        question, options = options[0], contexts
    prediction = scores.index(max(scores))
    right = golds(str(sample["target"]), options)
    told = sample.get("acc")
    if right is None and told is not None and len(options) == 2:
        right = [prediction if told else 1 - prediction]
    if right is None or (told is not None and bool(told) != (prediction in right)):
        return None
    gold = prediction if prediction in right else right[0]
    return _row(origin, sample, "direct", prediction, gold, scores, options, question, {})


def _graded(origin: Origin, sample: Sample) -> Row | None:
    told = {key: value for key, value in sample.items() if key not in _FIELDS}
    verdicts = {key: float(value) for key, value in told.items() if _is_verdict(value)}
    metric = next((name for name in (*METRICS, *verdicts) if name in verdicts), None)
    if metric is None:
        return None
    first, extra = sample["filtered_resps"][0], {"answer": str(sample["target"]), "metric": metric}
    mode = "direct" if _is_likelihood(first) else "generate"
    if mode == "generate":
        extra["written"] = first if isinstance(first, str) else "; ".join(map(str, first))
    context = pairs_of(sample)[0][0]
    return _row(origin, sample, mode, 0 if verdicts[metric] else 1, 0, (), (), context, extra)


def _row(
    origin: Origin,
    sample: Sample,
    mode: str,
    prediction: int,
    gold: int,
    scores: tuple[float, ...],
    options: tuple[str, ...],
    question: str,
    extra: Mapping[str, str],
) -> Row:
    number = str(sample["doc_id"])
    item = (sample.get("doc_hash") or fingerprint(repr(sample["doc"]))), sample.get("target_hash", "")
    more = {"item": fingerprint(*item), "prompt": str(sample.get("prompt_hash", ""))[:16]}
    return Row(
        model=origin.model, task=origin.task, split=origin.split, id=number, group=number, cluster=number,
        lang=origin.lang, mode=mode, prediction=prediction, gold=gold, scores=scores,
        question=str(sample.get("question") or question), options=options, seed=origin.seed,
        extra={**extra, **more, "harness_task": origin.name},
    )  # fmt: skip


def golds(target: str, options: Sequence[str]) -> list[int] | None:
    """Which options a target means: an index, several, or the text of one; None where it is none of them."""
    words = [option.strip() for option in options]
    if re.fullmatch(r"\[\s*\d+(\s*,\s*\d+)*\s*\]", target):
        found = [int(one) for one in ast.literal_eval(target)]
    elif target.isdigit():
        found = [int(target)]
    else:
        found = [words.index(target.strip())] if target.strip() in words else []
    return found if found and max(found) < len(options) else None


def _is_likelihood(answer: Any) -> bool:
    """Whether an answer is (log-likelihood, greedy) rather than text; logs hold both parts as text."""
    return isinstance(answer, list | tuple) and len(answer) == 2 and str(answer[1]) in ("True", "False")


def _is_verdict(value: Any) -> bool:
    return isinstance(value, int | float) and value in (0, 1)


def _language(name: str, config: Mapping[str, Any]) -> tuple[str, str]:
    """Code of a task's language and the text that told it; empty where nothing does."""
    metadata = config.get("metadata") or {}
    if told := str(metadata.get("lang") or metadata.get("language") or ""):
        return find(told).code, told
    parts = re.split(r"[_\s]", name)
    wanted = [str(config.get("dataset_name") or ""), *re.findall(r"(?<![a-z])[a-z]{3}_[A-Z][a-z]{3}", name)]
    for part in (*wanted, parts[-1], *parts[-1].split("-")[::-1]):
        if code := _code(part):
            return code, part
    return "", ""


def _code(part: str) -> str:
    """Code of a language by a part of a task's name: a usual tag, or the name of a well-known language."""
    tag = re.fullmatch(r"([a-z]{2,3})([-_][A-Za-z]{2,4})*", part)
    if tag and len(tag[1]) == 3 and tag[1] not in DEFAULT_SCRIPT and not re.fullmatch("q[a-t][a-z]", tag[1]):
        return ""  # arc is a test before it is Aramaic
    if not tag and not part.isalpha():
        return ""
    try:
        code = find(part).code
    except InterlinguaError:  # no language: another part may be one
        return ""
    return code if tag or code in CODES else ""


def _without(name: str, part: str) -> str:
    """A task's name without the part that is its language, told by a part that means the same."""
    code = _code(part) if part else ""
    for each in dict.fromkeys([part, *re.findall(r"[a-z]{3}_[A-Z][a-z]{3}", name), *name.split("_")]):
        if each and (each == part or _code(each) == code != ""):
            kept = re.sub(rf"(?:^|[_-]){re.escape(each)}(?=$|[_-])", "", name, count=1).strip("_-")
            if kept and kept != name:
                return kept
    return name
