"""The result of `compare` as lines for a terminal: gains per language, jointly, and items that changed."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from interlingua.report.reading import Gain, interval, points
from interlingua.report.tables import Cell, Column, Table

COLUMNS = (
    Column("Language"), Column("Code", "code"), Column("Tuned on"),
    Column("before", "percent", "Accuracy"), Column("after", "percent", "Accuracy"),
    Column("points", "points", "Gain"), Column("from", "points", "95%"), Column("to", "points", "95%"),
    Column("p"), Column("better", "count", "Items"), Column("worse", "count", "Items"),
)  # fmt: skip
GROUPS = {
    "gain_unseen": "languages never tuned on",
    "gain_seen": "languages tuned on",
    "gain_joint": "all languages but the pivot",
}
TITLES = {"direct": "Direct answers", "restate": "Restated answers", "generate": "Free answers"}
WIDTH = 100


def text_of(result: Mapping[str, Any], changed: int) -> str:
    """Tables in percent and points; p-values after Holm's correction over the languages of a table."""
    parts = [f"{result['before']} -> {result['after']}"]
    for mode, told in result["modes"].items():
        rows = tuple(_rows(told["languages"], result["pivot"]))
        lines = [
            f"{TITLES.get(mode, mode)}: {', '.join(told['tasks'])}; accuracy in percent, p after Holm",
            Table("", COLUMNS, rows).text(),
            *_means(told, bool(result["tuned_languages"])),
        ]
        if told["near_ties"]:
            lines.append(f"{told['near_ties']} answers are so close that rounding may decide them.")
        if told["left_out"]:
            lines.append(f"Left out, as only one side has them: {_left_out(told['left_out'])}.")
        parts.append("\n".join(lines))
        if changed and told["changed"]:
            shown = told["changed"][:: max(1, len(told["changed"]) // changed)][:changed]
            parts.append(
                "\n".join(
                    [f"{len(shown)} of {len(told['changed'])} answers that changed", *map(_item, shown)]
                )
            )
    return "\n\n".join(parts)


def _means(told: Mapping[str, Any], tuned: bool) -> Iterator[str]:
    for key, group in GROUPS.items():
        found = told[key]
        if found and (tuned or key == "gain_joint"):
            gain = Gain(found["mean"], found["low"], found["high"])
            line = f"Mean gain in {group}: {points(gain.mean)} points (95% {interval(gain)}, these languages"
            if again := found.get("resampled"):
                line += (
                    f"; {interval(Gain(again['mean'], again['low'], again['high']))}, languages like these"
                )
            yield f"{line}), p {_p(found['p'])}"


def _rows(languages: Mapping[str, Any], pivot: str) -> Iterator[tuple[Cell, ...]]:
    """Languages never tuned on, those tuned on, the pivot; each group by gain."""

    def place(code: str) -> tuple[int, float]:
        group = 2 if code == pivot else int(languages[code]["seen"])
        return group, -languages[code]["gain"]["mean"]

    for code in sorted(languages, key=place):
        told, gain = languages[code], languages[code]["gain"]
        yield (
            told["name"], code, ("no", "yes", "pivot")[place(code)[0]], told["before"]["mean"],
            told["after"]["mean"], gain["mean"], gain["low"], gain["high"], _p(gain["p_holm"]),
            float(told["better"]), float(told["worse"]),
        )  # fmt: skip


def _p(value: float) -> str:
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def _left_out(cases: list[Mapping[str, Any]]) -> str:
    told = [f"{case['task']} in {case['lang']} ({case['only']})" for case in cases]
    return ", ".join(told[:6]) + (f" and {len(told) - 6} more" if len(told) > 6 else "")


def _item(change: Mapping[str, Any]) -> str:
    """One question: the end of its text, the right answer, and what both said."""
    text = " ".join(change["question"].split())
    shown = text if len(text) < WIDTH else f"... {text[-WIDTH:]}"
    verdict = "now right" if change["better"] else "now wrong"
    return textwrap.indent(
        f"[{change['lang']} {change['task']} {change['id']}, {verdict}] {shown}\n"
        f"  right: {change['gold']}   before: {change['before']}   after: {change['after']}",
        "  ",
    )
