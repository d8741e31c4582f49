"""How scoring time grows with items and with shots, into docs/results/growth.{json,md,svg}.

    python benchmarks/growth.py        about a quarter of an hour on two cores
    python benchmarks/growth.py --items 1 --rounds 1 --lang en,th      a smoke test

The same inference task and random Llama as in benchmarks/scoring.py, vocabulary 4,096: once, twice and four
times as many items with six shots, and 0, 2, 6 and 12 shots with one number of items. Ours as `interlingua
measure` runs it; beside it lm-evaluation-harness's HFLM in batches of 8 on the same requests.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from side_by_side import DATA, OUT, SHAPE, SIX, made_by, model_folder, signed, texts

from interlingua.core.files import write_atomic
from interlingua.models.lm import load
from interlingua.report.charts import standalone
from interlingua.report.svg import Canvas, axis, dot, figure, stroke, text
from interlingua.scoring.choices import score_choices
from interlingua.scoring.harness_model import plain_model
from interlingua.scoring.readings import Tally
from interlingua.studies.referee_questions import Case, answered, questions
from scoring import by_language, timed

TIMES, SHOTS = (1, 2, 4), (0, 2, 6, 12)
BATCH = 8


def main() -> None:
    """Time every point and write table and plot."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--on", type=Path, default=DATA, help="folder of data [default: %(default)s]")
    parser.add_argument("--task", default="snli")
    parser.add_argument("--lang", default=",".join(SIX[:3]))
    parser.add_argument("--items", type=int, default=10, help="items per language at 1x")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=OUT / "growth", help="results without their endings")
    asked = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        lines = list(texts(asked.on, (asked.task,)))
        place = model_folder("llama", 4096, lines, Path(folder), asked.seed, **SHAPE)

        def point(times: int, shots: int) -> dict[str, Any]:
            case = Case(
                str(place), str(asked.on), (asked.task,), tuple(asked.lang.split(",")), times * asked.items,
                shots, seed=asked.seed, device="cpu",
            )  # fmt: skip
            return {"times": times, "shots": shots, **measured(case, asked.rounds)}

        items = [point(times, 6) for times in TIMES]
        shots = [items[0] if count == 6 else point(1, count) for count in SHOTS]
    record = {
        "items": items, "shots": shots, "task": asked.task, "languages": asked.lang.split(","),
        "items_at_once": asked.items, "rounds": asked.rounds, "batch": BATCH,
        **made_by(__file__, asked.seed), "total_seconds": round(time.monotonic() - started),
    }  # fmt: skip
    write_atomic(asked.out.with_suffix(".json"), json.dumps(record, indent=1) + "\n")
    write_atomic(asked.out.with_suffix(".md"), page(record, asked.out.name))
    write_atomic(asked.out.with_suffix(".svg"), plot(record))
    print(page(record, asked.out.name))


def measured(case: Case, rounds: int) -> dict[str, Any]:
    """Median seconds and body tokens of both at one point."""
    lm = load(str(case.model), device="cpu")
    asked = questions(case)
    banks, plain = by_language(asked), plain_model(lm, BATCH)
    score_choices(lm, banks[0][:1], how="loglik")
    answered(plain, asked[:1])
    took = timed(
        {
            "ours": lambda: [score_choices(lm, bank, how="loglik") for bank in banks],
            "lm_eval": lambda: answered(plain, asked),
        },
        rounds,
    )
    tally = Tally()
    for bank in banks:
        score_choices(lm, bank, how="loglik", tally=tally)
    return {
        "requests": sum(len(one.pairs) for one in asked), "body": tally.body_tokens,
        "least": tally.least_tokens, "flat": tally.flat_tokens, "seconds": took,
        "median": {name: statistics.median(seconds) for name, seconds in took.items()},
    }  # fmt: skip


def page(record: dict[str, Any], name: str) -> str:
    """Both tables as a page of Markdown."""
    lines = [
        "# How scoring time grows",
        "",
        f"Task {record['task']} in {', '.join(record['languages'])}, {record['items_at_once']} items per "
        f"language at 1x, median of {record['rounds']} rounds. `growth` is against the first row. Linear in "
        "items and nearly flat in shots is the aim; beside it lm-eval's HFLM in batches of "
        f"{record['batch']}.",
        "",
        f"![Seconds against items and shots]({name}.svg)",
    ]
    for title, key, axis_of in (("Items", "items", "times"), ("Shots", "shots", "shots")):
        first = record[key][0]["median"]
        lines += [
            "",
            f"| {title.lower()} | requests | ours, s | growth | lm-eval, s | growth | body tokens ours | "
            "trie minimum | not shared |",
            "|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        ]
        for one in record[key]:
            mine, theirs = one["median"]["ours"], one["median"]["lm_eval"]
            lines.append(
                f"| {one[axis_of]}{'x' if key == 'items' else ''} | {one['requests']:,} | {mine:.2f} | "
                f"{mine / first['ours']:.2f} | {theirs:.2f} | {theirs / first['lm_eval']:.2f} | "
                f"{one['body']:,} | {one['least']:,} | {one['flat']:,} |"
            )
    return "\n".join([*lines, "", signed(record, "python benchmarks/growth.py"), ""])


def plot(record: dict[str, Any]) -> str:
    """Two panels, seconds upwards: items with six shots, and shots with one number of items."""
    left = _panel(record["items"], "times", "items, six shots", 0, [f"{n}x" for n in TIMES])
    right = _panel(record["shots"], "shots", "shots", 450, [str(n) for n in SHOTS])
    words = "Seconds to score against the number of items and of shots, ours and lm-evaluation-harness"
    style = (
        ".figure .lm { fill: none; stroke: var(--control); stroke-width: 2.2; stroke-dasharray: 6 4; }"
        ".figure .own { fill: none; stroke: var(--tuned); stroke-width: 2.6; }"
        ".figure .lm-dot { fill: var(--control); } .figure .own-dot { fill: var(--tuned); }"
    )
    return standalone(figure(Canvas(True), 320, words, [*left, *right]), style)


def _panel(
    points: Sequence[dict[str, Any]], key: str, words: str, shift: int, names: Sequence[str]
) -> list[str]:
    """One panel: a line per scorer over evenly drawn numbers, both axes from zero."""
    top, bottom, most = 50.0, 280.0, max(max(one["median"].values()) for one in points)
    canvas = Canvas(True, 0.0, float(points[-1][key]), inner=(shift + 50, 900 - shift - 410))
    parts = [
        text(shift, 14, f"Seconds by {words}", "strong"),
        stroke(shift + 50, bottom, shift + 410, bottom, "rule"),
    ]
    shown = {float(one[key]): name for one, name in zip(points, names, strict=True)}
    parts += axis(canvas, top, bottom, list(shown), lambda value: shown[value])
    parts += [
        text(shift + 42, top + 4, f"{most:.1f}", "small dim", "end"),
        text(shift + 42, bottom, "0", "small dim", "end"),
    ]
    for scorer, kind, label in (("lm_eval", "lm", "lm-eval, batches of 8"), ("ours", "own", "interlingua")):
        places = [
            (canvas.x(one[key]), round(bottom - one["median"][scorer] / most * (bottom - top), 1))
            for one in points
        ]
        parts.append(f'<polyline class="{kind}" points="{" ".join(f"{x},{y}" for x, y in places)}"/>')
        parts += [dot(x, y, f"{kind}-dot", 4) for x, y in places]
        parts.append(text(places[-1][0] - 6, places[-1][1] - 9, label, "small dim", "end"))
    return parts


if __name__ == "__main__":
    main()
