"""The result of `measure` as lines for a terminal: a table of languages, averages, what to beware of."""

from collections.abc import Iterator, Mapping
from typing import Any

from interlingua.report.reading import count, percent
from interlingua.report.tables import Cell, Column, Table

MODES = {"direct": "Direct answers", "restate": "Restated answers", "generate": "Free answers"}
SHOWN_TASKS = 6
"""With more tasks than this, only their mean has a column."""


def text_of(result: Mapping[str, Any]) -> str:
    """Languages by accuracy, the pivot first; accuracies in percent with 95% intervals."""
    parts = [f"{result['model']} on {result['source']}"]
    parts += [_mode(result, mode) for mode in result["modes"]]
    if not result["modes"]:
        parts.append(_table("Alignment with the pivot", result, {}, result["languages"]))
    for task, told in result["harness"].get("tasks", {}).items():
        metrics = ", ".join(f"{name} {value:.4g}" for name, value in told["metrics"].items())
        parts.append(f"{task} as lm-evaluation-harness counts it: {metrics}")
    warnings = list(_warnings(result))
    if warnings:
        parts.append("\n".join(warnings))
    parts.append(
        f"Every item is in {result['folder']}/results.parquet" if result["modes"] else result["folder"]
    )
    return "\n\n".join(parts)


def _mode(result: Mapping[str, Any], mode: str) -> str:
    told = result["modes"][mode]
    ranked = sorted(
        told["languages"], key=lambda lang: (lang != result["pivot"], -told["languages"][lang]["mean"])
    )
    title = f"{MODES.get(mode, mode)}: {', '.join(told['tasks'])}"
    lines = [_table(title, result, told, ranked)]
    if average := told["average"]:
        group = count(average["n"], "language") + (" besides the pivot" if result["pivot"] in ranked else "")
        lines.append(
            f"Mean over {group}: {percent(average['mean'])}% "
            f"(95% {percent(average['low'])} to {percent(average['high'])}, these languages)"
        )
    return "\n".join(lines)


def _table(title: str, result: Mapping[str, Any], told: Mapping[str, Any], langs: Any) -> str:
    tasks = [task for task in told.get("tasks", ()) if 1 < len(told["tasks"]) <= SHOWN_TASKS]
    columns = [
        Column("Language"), Column("Code", "code"), Column("items", "count"),
        Column("all" if tasks else "right", "percent", "Accuracy"),
        Column("from", "percent", "95%"), Column("to", "percent", "95%"), Column("chance", "percent"),
        *(Column(task, "percent", "Accuracy by task") for task in tasks),
        Column("mean", "percent", "MEXA"), Column("best", "percent", "MEXA"), Column("tokens", "ratio"),
    ]  # fmt: skip
    rows = [
        _row(result["languages"][lang], lang, told.get("languages", {}).get(lang), tasks) for lang in langs
    ]
    filled = [
        place for place in range(len(columns)) if place < 2 or any(row[place] is not None for row in rows)
    ]
    kept = tuple(tuple(row[place] for place in filled) for row in rows)
    return f"{title}\n{Table('', tuple(columns[place] for place in filled), kept).text()}"


def _row(
    about: Mapping[str, Any], lang: str, own: Mapping[str, Any] | None, tasks: list[str]
) -> tuple[Cell, ...]:
    mexa, cost = about.get("mexa"), about.get("cost")
    numbers = [own[key] for key in ("n", "mean", "low", "high", "chance")] if own else [None] * 5
    return (
        about["name"], lang, *numbers, *(own["tasks"].get(task) if own else None for task in tasks),
        mexa and mexa["mean"], mexa and mexa["max"], cost and cost.get("to_pivot", {}).get("mean"),
    )  # fmt: skip


def _warnings(result: Mapping[str, Any]) -> Iterator[str]:
    """What a reader must know to trust the numbers."""
    for told in result["modes"].values():
        if told["near_ties"]:
            yield f"{count(len(told['near_ties']), 'answer')} so close that rounding may decide them."
        if told["cut"]:
            lost = ", ".join(f"{lang} {number}" for lang, number in told["cut"].items())
            yield f"Prompts longer than the model reads, cut at their beginning: {lost}."
