"""Our scorer beside lm-evaluation-harness on the same requests, into docs/results/scoring.{json,md}.

    python benchmarks/scoring.py                      half an hour on two cores
    python benchmarks/scoring.py --items 2 --rounds 1 --vocabulary 4096      a smoke test

Inference with three labels in six languages, six shots and none, on a random Llama of more than ten million
parameters, with vocabularies of 4,096 and 32,768. Each round times every scorer once, so that all of them
meet the same disturbances: lm-eval's HFLM in batches of 1, 8, 16 and 32; ours as lm-eval would run it (its
tokenising, all languages at once); ours as `interlingua measure` runs it (our tokenising, language by
language). Medians of the rounds. Memory is that of processes of their own, above the loaded model.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from side_by_side import DATA, OUT, SHAPE, SIX, made_by, model_folder, signed, texts

from interlingua.core.files import write_atomic
from interlingua.data.items import Choice
from interlingua.models.lm import LM, load
from interlingua.scoring.choices import score_choices
from interlingua.scoring.harness_model import harness_model, plain_model
from interlingua.studies.referee import compared
from interlingua.studies.referee_memory import peaks
from interlingua.studies.referee_questions import Case, Question, answered, questions

BATCHES = (1, 8, 16, 32)
GOALS = {"speed": {6: 6.0, 0: 1.2}, "body_to_least": 1.15, "memory": 0.5}


def main() -> None:
    """Measure every case and write the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--on", type=Path, default=DATA, help="folder of data [default: %(default)s]")
    parser.add_argument("--task", default="snli")
    parser.add_argument("--lang", default=",".join(SIX))
    parser.add_argument("--items", type=int, default=12, help="items per language")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--vocabulary", type=int, action="append", help="may be given several times")
    parser.add_argument("--shots", type=int, action="append", help="may be given several times")
    parser.add_argument("--kind", default="llama", help="model family")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=OUT / "scoring", help="results without their endings")
    asked = parser.parse_args()
    started = time.monotonic()
    cases = []
    with tempfile.TemporaryDirectory() as folder:
        lines = list(texts(asked.on, (asked.task,)))
        for vocabulary in asked.vocabulary or (4096, 32768):
            place = model_folder(asked.kind, vocabulary, lines, Path(folder), asked.seed, **SHAPE)
            for shots in asked.shots or (6, 0):
                case = Case(
                    str(place), str(asked.on), (asked.task,), tuple(asked.lang.split(",")),
                    limit=asked.items, shots=shots, seed=asked.seed, device="cpu",
                )  # fmt: skip
                cases.append(measured(case, vocabulary, asked.rounds))
                print(vocabulary, shots, json.dumps(cases[-1]["speed"]), flush=True)
    record = {
        "cases": cases, "task": asked.task, "languages": asked.lang.split(","), "items": asked.items,
        "rounds": asked.rounds, "kind": asked.kind, "goals": GOALS, **made_by(__file__, asked.seed),
        "total_seconds": round(time.monotonic() - started),
    }  # fmt: skip
    write_atomic(asked.out.with_suffix(".json"), json.dumps(record, indent=1) + "\n")
    write_atomic(asked.out.with_suffix(".md"), page(record))
    print(page(record))


def measured(case: Case, vocabulary: int, rounds: int) -> dict[str, Any]:
    """All figures of one vocabulary and number of shots."""
    lm = load(str(case.model), device="cpu")
    asked = questions(case)
    report = compared(lm, asked)  # also the warming-up
    took = timed(scorers(lm, asked), rounds)
    best = min(BATCHES, key=lambda size: statistics.median(took[f"lm_eval {size}"]))
    median = {name: statistics.median(seconds) for name, seconds in took.items()}
    memory = peaks(case, best)
    tokens = report["tokens"]
    return {
        "vocabulary": vocabulary, "shots": case.shots, "parameters": report["parameters"],
        "questions": len(asked), "requests": report["requests"], "left_out": report["left_out"],
        "option_tokens": sum(_length(lm, one) for one in asked) / report["requests"],
        "seconds": took, "median": median, "best_batch": best,
        "speed": {name: median[f"lm_eval {best}"] / median[name] for name in ("ours", "measure")},
        "tokens": tokens, "body_to_least": tokens["ours"]["body"] / tokens["least"],
        "memory": memory, "memory_ratio": memory["ours"] / memory["lm_eval"],
        "agree": report["agree"], "difference": report["difference"],
        "flags_changed": report["flags_changed"], "wrong_by_cache": report["wrong_by_cache"],
        "accuracy": report["accuracy"], "way": report["way"], "reason": report["reason"],
    }  # fmt: skip


def scorers(lm: LM, asked: list[Question]) -> dict[str, Callable[[], object]]:
    """Everything that is timed, by name; each call starts from texts."""
    plain = {size: plain_model(lm, size) for size in BATCHES}
    ours = harness_model(lm)
    return {
        **{f"lm_eval {size}": (lambda model=model: answered(model, asked)) for size, model in plain.items()},
        "ours": lambda: answered(ours, asked),
        "measure": lambda: [score_choices(lm, items, how="loglik") for items in by_language(asked)],
    }


def timed(runs: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of every run in every round, in turn; the order is turned around each time."""
    took: dict[str, list[float]] = defaultdict(list)
    for number in range(rounds):
        for name in list(runs)[:: 1 if number % 2 == 0 else -1]:
            began = time.perf_counter()
            runs[name]()
            took[name].append(round(time.perf_counter() - began, 3))
    return dict(took)


def by_language(asked: list[Question]) -> list[list[Choice]]:
    """The same questions as the items that `measure` scores, one list per language."""
    found: dict[str, list[Choice]] = defaultdict(list)
    for one in asked:
        words = tuple(option for _, option in one.pairs)
        found[one.lang].append(
            Choice(one.id, one.task, "test", one.lang, one.pairs[0][0], words, one.answer, one.id, one.id)
        )
    return list(found.values())


def _length(lm: LM, question: Question) -> int:
    """Tokens of all options of a question, as lm-eval splits them."""
    whole = [len(lm.tokenizer("".join(pair))["input_ids"]) for pair in question.pairs]
    return sum(whole) - len(whole) * len(lm.tokenizer(question.pairs[0][0])["input_ids"])


def page(record: dict[str, Any]) -> str:
    """The figures as a page of Markdown."""
    lines = [
        "# Scoring beside lm-evaluation-harness",
        "",
        f"Task {record['task']} (three labels of several tokens) in {', '.join(record['languages'])}, "
        f"{record['items']} items each, on random {record['kind']} models. Medians of {record['rounds']} "
        "rounds in seconds, all scorers in turn in one process. `ours`: our scorer inside lm-eval, with its "
        "tokenising; `measure`: as `interlingua measure` runs, language by language.",
        "",
        "| vocabulary | shots | parameters | HFLM 1 | HFLM 8 | HFLM 16 | HFLM 32 | ours | measure | "
        "ours over best HFLM | goal |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in record["cases"]:
        median, goal = one["median"], record["goals"]["speed"].get(one["shots"], "")
        cells = [f"{median[name]:.2f}" for name in (*(f"lm_eval {b}" for b in BATCHES), "ours", "measure")]
        lines.append(
            f"| {one['vocabulary']:,} | {one['shots']} | {one['parameters'] / 1e6:.1f} M | "
            f"{' | '.join(cells)} | {one['speed']['ours']:.1f}x (measure {one['speed']['measure']:.1f}x) | "
            f"{goal}x |"
        )
    lines += [
        "",
        "| vocabulary | shots | requests | body tokens HFLM | ours | trie minimum | ours/minimum | "
        "head rows HFLM | ours | MB above model HFLM | ours | ratio |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in record["cases"]:
        tokens, memory = one["tokens"], one["memory"]
        lines.append(
            f"| {one['vocabulary']:,} | {one['shots']} | {one['requests']:,} | "
            f"{tokens['lm_eval']['body']:,} | {tokens['ours']['body']:,} | {tokens['least']:,} | "
            f"{one['body_to_least']:.2f} | {tokens['lm_eval']['head']:,} | {tokens['ours']['head']:,} | "
            f"{memory['lm_eval'] / 1e6:,.0f} | {memory['ours'] / 1e6:,.0f} | {one['memory_ratio']:.2f} |"
        )
    lines += [
        "",
        f"Goals: body tokens at most {record['goals']['body_to_least']} of the minimum, memory at most "
        f"{record['goals']['memory']} at 32,768. HFLM's tokens are those in batches of 8, padding included; "
        "its memory is that in its fastest batches. Our tokens include those of the self-check.",
        "",
        "| vocabulary | shots | max abs(ΔLL) | greedy flags changed | answers that differ | accuracies |",
        "|---:|---:|---:|---:|---:|---|",
    ]
    for one in record["cases"]:
        changed = sum(row["changed"] for row in one["accuracy"])
        same = all(row["lm_eval"] == row["ours"] for row in one["accuracy"])
        lines.append(
            f"| {one['vocabulary']:,} | {one['shots']} | {one['difference']['max']:.1e} | "
            f"{one['flags_changed']} | {changed} | {'equal in all languages' if same else 'differ'} |"
        )
    return "\n".join([*lines, "", signed(record, "python benchmarks/scoring.py"), ""])


if __name__ == "__main__":
    main()
