"""The result of `run` as lines for a terminal: per way of answering a table of languages, then the means."""

from collections.abc import Iterator, Mapping
from typing import Any

from interlingua.report.reading import Gain, interval, percent, points
from interlingua.report.tables import Cell, Column, Table

COLUMNS = (
    Column("Language"),
    Column("Code", "code"),
    Column("Tuned on"),
    Column("base", "percent", "Accuracy"),
    Column("tuned", "percent", "Accuracy"),
    Column("points", "points", "Gain"),
    Column("from", "points", "95%"),
    Column("to", "points", "95%"),
)
TITLES = {"direct": "Direct answers", "restate": "Restated answers"}
GROUPS = {"gain_unseen": "languages never tuned on", "gain_seen": "languages tuned on"}


def text_of(result: Mapping[str, Any]) -> str:
    """Tables in percent and percentage points, every gain with its interval, and where the model lies."""
    parts = [text for text in (_asked(result),) if text]
    for mode, told in result["modes"].items():
        table = Table("", COLUMNS, tuple(_rows(told["languages"], result["pivot"])))
        lines = [f"{TITLES.get(mode, mode)}, in percent; chance {percent(told['chance'])}", table.text()]
        for key, group in GROUPS.items():
            if told[key]:
                found = Gain(told[key]["mean"], told[key].get("low"), told[key].get("high"))
                lines.append(f"Mean gain in {group}: {points(found.mean)} points (95% {interval(found)})")
        parts.append("\n".join(lines))
    if result.get("numbers"):
        parts.append(_numbers(result))
    if lacks := _lacks(result):
        parts.append(lacks)
    return "\n\n".join([*parts, f"Model: {result['saved']}" if result["saved"] else result["folder"]])


def _numbers(result: Mapping[str, Any]) -> str:
    """What the recipe measured itself, a row per quantity and language, beside the base's."""
    paired = bool(result["numbers_before"])
    rows: list[tuple[Cell, ...]] = []
    for quantity, told in result["numbers"].items():
        old = result["numbers_before"].get(quantity, {})
        for code, value in told.items():
            rows.append((quantity, code or "all", *([old.get(code)] if paired else []), value))
    ends = [Column(title, "ratio") for title in (("before", "after") if paired else ("value",))]
    return Table("", (Column("Quantity"), Column("Language", "code"), *ends), tuple(rows)).text()


def _asked(result: Mapping[str, Any]) -> str:
    """Which tasks were left out, and that no accuracies follow where none could be asked."""
    lines = [f"{task} is left out: {why}." for task, why in result.get("left_out", {}).items()]
    if result["saved"] and not result["modes"]:
        lines.append("No task to measure accuracy on: these are the numbers that the recipe measures itself.")
    return "\n".join(lines)


def _lacks(result: Mapping[str, Any]) -> str:
    """The languages that have no number, a line per quantity, with the reason where it is known."""
    lines = []
    for side, lacking in result.get("not_measured", {}).items():
        for quantity, told in lacking.items():
            named = [f"{code} ({why})" if why else code for code, why in told.items()]
            when = " before" if side == "before" else ""
            lines.append(f"{quantity}{when}: no number for {', '.join(named)}")
    return "\n".join(lines)


def _rows(languages: Mapping[str, Any], pivot: str) -> Iterator[tuple[Cell, ...]]:
    """Languages never tuned on, those tuned on, the pivot; in the order of the result."""
    place = {code: 2 if code == pivot else int(told["seen"]) for code, told in languages.items()}
    for code in sorted(languages, key=place.__getitem__):
        told, gain = languages[code], languages[code]["gain"]
        role = ("no", "yes", "pivot")[place[code]]
        yield (
            told["name"], code, role, told["base"]["mean"], told["tuned"]["mean"],
            gain["mean"], gain.get("low"), gain.get("high"),
        )  # fmt: skip
