"""The referee on several architectures and tasks, into docs/results/referee.{json,md}.

    python benchmarks/referee.py                     a quarter of an hour on two cores
    python benchmarks/referee.py --items 1 --kind llama --lang en,th      a smoke test

Random two-layer models of each family read real questions of five tasks in every language of `--lang` that
the task has, with the shots that the task says. Both scorers get the same requests.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from side_by_side import DATA, OUT, made_by, model_folder, signed, texts

from interlingua.core.files import write_atomic
from interlingua.models.lm import load
from interlingua.studies.referee import compared
from interlingua.studies.referee_questions import Case, questions

KINDS = ("llama", "qwen3", "gemma2", "gpt_neox", "mixtral", "bloom")
TASKS = ("xnli", "xcopa", "sib200", "snli", "belebele_ende")
LANGUAGES = ("en", "de", "zh", "th", "sw", "hi", "ru", "tr")


def main() -> None:
    """Compare on every architecture and write the report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--on", type=Path, default=DATA, help="folder of data [default: %(default)s]")
    parser.add_argument("--task", default=",".join(TASKS))
    parser.add_argument("--lang", default=",".join(LANGUAGES))
    parser.add_argument("--kind", action="append", help="model family; may be given several times")
    parser.add_argument("--items", type=int, default=8, help="items per task and language")
    parser.add_argument("--batch-size", type=int, default=8, help="requests per batch of lm-eval")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=OUT / "referee", help="results without their endings")
    asked = parser.parse_args()
    started = time.monotonic()
    tasks, reports = tuple(asked.task.split(",")), []
    lines = list(texts(asked.on, tasks, each=200))
    with tempfile.TemporaryDirectory() as folder:
        for kind in asked.kind or KINDS:
            place = model_folder(
                kind, 8192, lines, Path(folder), asked.seed,
                hidden_size=64, max_position_embeddings=8192, initializer_range=0.3,
            )  # fmt: skip
            case = Case(
                str(place), str(asked.on), tasks, tuple(asked.lang.split(",")),
                limit=asked.items, seed=asked.seed, device="cpu",
            )  # fmt: skip
            lm, bank = load(str(place), device="cpu"), questions(case)
            for task in tasks:
                some = [question for question in bank if question.task == task]
                report = compared(lm, some, batch_size=asked.batch_size)
                reports.append({"kind": kind, "task": task} | report | {"model": kind})
                print(kind, task, "agree" if report["agree"] else "DIFFER", report["difference"], flush=True)
    record = {
        "reports": reports, "languages": asked.lang.split(","), "items": asked.items,
        "batch_size": asked.batch_size, **made_by(__file__, asked.seed),
        "total_seconds": round(time.monotonic() - started),
    }  # fmt: skip
    write_atomic(asked.out.with_suffix(".json"), json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    write_atomic(asked.out.with_suffix(".md"), page(record))
    print(page(record))


def page(record: dict[str, Any]) -> str:
    """The reports as one table, one line per architecture and task."""
    reports = record["reports"]
    requests = sum(one["requests"] for one in reports)
    agree = sum(one["agree"] for one in reports)
    lines = [
        "# Referee: the same requests by lm-evaluation-harness and by us",
        "",
        f"{requests:,} requests of {len({one['task'] for one in reports})} tasks in up to "
        f"{len(record['languages'])} languages ({', '.join(record['languages'])}), {record['items']} items "
        f"each, on random models of {len({one['kind'] for one in reports})} architectures. The scorers agree "
        f"in {agree} of {len(reports)} cells: every request within max(1e-4, 1e-6 |LL|), every greedy flag "
        "the same, and no answer changed but near-ties.",
        "",
        "| architecture | task | languages | requests | max abs(ΔLL) | median | 99% | over | flags changed | "
        "answers changed | near-ties | accuracies | way | body tokens HFLM | ours | minimum |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|---|---:|---:|---:|",
    ]
    for one in reports:
        gap, table, tokens = one["difference"], one["accuracy"], one["tokens"]
        same = sum(row["lm_eval"] == row["ours"] for row in table)
        lines.append(
            f"| {one['kind']} | {one['task']} | {len(table)} | {one['requests']:,} | {gap['max']:.1e} | "
            f"{gap['median']:.1e} | {gap['p99']:.1e} | {gap['over']} | {one['flags_changed']} | "
            f"{sum(row['changed'] for row in table)} | {sum(row['near_ties'] for row in table)} | "
            f"{'equal' if same == len(table) else f'equal in {same} of {len(table)}'} | {one['way']} | "
            f"{tokens['lm_eval']['body']:,} | {tokens['ours']['body']:,} | {tokens['least']:,} |"
        )
    told: dict[str, list[str]] = {}
    for one in reports:
        for count, words in (
            (one["reason"], f"read request by request: {one['reason']}"),
            (one["left_out"], f"{one['left_out']} questions left out, a token spans prompt and option"),
            (one["wrong_by_cache"], f"{one['wrong_by_cache']} requests wrong by lm-eval's cache of logits"),
            (one["cut"], f"{one['cut']} requests longer than the positions, cut by both"),
        ):
            if count:
                told.setdefault(f"{one['kind']}, {words}", []).append(one["task"])
    notes = [f"- {words} ({', '.join(names)})." for words, names in told.items()]
    return "\n".join(
        [*lines, "", *notes, *([""] if notes else []), signed(record, "python benchmarks/referee.py"), ""]
    )


if __name__ == "__main__":
    main()
