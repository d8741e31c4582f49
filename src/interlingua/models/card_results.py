"""What a model card says of how well the model answers, and of what it does not know."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from interlingua.models.card_words import KIND, language_of, names, said

Row = Mapping[str, Any]


def results(facts: Mapping[str, Any]) -> str:
    """A table for the languages never tuned on, one for those tuned on, one for the language tuned into."""
    rows = [row for row in facts.get("results") or () if fraction(row.get("after")) is not None]
    if not rows:
        return ""
    into = facts.get("into")
    groups = {
        "Languages never tuned on": [row for row in rows if not row.get("seen") and row.get("lang") != into],
        "Languages tuned on": [row for row in rows if row.get("seen") and row.get("lang") != into],
        "The language tuned into": [row for row in rows if row.get("lang") == into],
    }
    compared = any(fraction(row.get("before")) is not None for row in rows)
    parts = ["## Results", "Accuracy in percent" + (_COMPARED if compared else ".")]
    for heading, group in groups.items():
        if group:
            parts += [f"### {heading}", _table(group, compared)]
    return "\n\n".join(parts)


_COMPARED = ", before and after tuning; gains in points with their 95% interval over items."


def limits(name: str, facts: Mapping[str, Any]) -> str:
    """What the numbers do not show, in plain words."""
    rows = [row for row in facts.get("results") or () if fraction(row.get("after")) is not None]
    lines = []
    if name.startswith("lab:"):
        lines.append("The base is a tiny model of generated languages: it knows nothing of the real world.")
    if not rows and not facts.get(KIND):
        lines.append(
            "No results are stored here. Measure it before you rely on it: "
            "`interlingua measure --model FOLDER --on SOURCE`."
        )
    if tuned := facts.get("tuned_on"):
        lines.append(
            f"Only {names(tuned)} took part in the tuning. In any other language it can but bring out "
            "what the base had learned: one that the base hardly read stays weak."
        )
    if rows:
        tasks = ", ".join(dict.fromkeys(said(str(row.get("task"))) for row in rows))
        lines.append(
            f"The numbers hold for these tasks ({tasks}), languages and this one model. Another seed, task "
            "or wording may give others."
        )
        lines += _unsure(rows)
    if facts.get("standing") not in (None, "faithful"):
        lines.append(
            f"The method is {said(str(facts['standing']))}: it departs from its paper, as its recipe says."
        )
    lines.append(
        "Nothing else was tested: not safety, not facts, not free text. The faults of the base remain."
    )
    return "\n".join(f"- {line}" for line in lines)


def fraction(value: Any) -> float | None:
    """An accuracy as a number, from itself or from an interval's mean; None for anything else."""
    if isinstance(value, Mapping):
        value = value.get("mean")
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value)


def _unsure(rows: Sequence[Row]) -> list[str]:
    """Where it became worse, and how often the interval leaves the direction open."""
    known = [(row, fraction(row.get("low")), fraction(row.get("high"))) for row in rows]
    worse = [row for row, _, high in known if high is not None and high < 0]
    unclear = [row for row, low, high in known if low is not None and high is not None and low <= 0 <= high]
    told = [f"{said(str(row.get('task')))} in {names(str(row.get('lang')))}" for row in worse]
    lines = [f"It is worse than the base in: {'; '.join(told)}."] if told else []
    if unclear:
        lines.append(
            f"In {len(unclear)} of {len(rows)} rows the interval of the gain holds zero: none is shown there."
        )
    return lines


def _table(rows: Sequence[Row], compared: bool) -> str:
    heads = ["Task", "Answers", "Language", "Items", *(["Before"] if compared else []), "After"]
    heads += ["Gain (95%)"] if compared else []
    lines = [_line(heads), _line(["---"] * 3 + ["---:"] * (len(heads) - 3))]
    ways = list(dict.fromkeys((row.get("task"), row.get("mode")) for row in rows))
    for task, mode in ways:
        same = [row for row in rows if (row.get("task"), row.get("mode")) == (task, mode)]
        for row in same:
            size = fraction(row.get("n"))
            cells = [said(str(task), cell=True), said(str(mode or "direct"), cell=True), _language(row)]
            cells += ["–" if size is None else f"{size:,.0f}", *_scores(row, compared)]
            lines.append(_line(cells))
        if len(same) > 1:
            mean = {key: _mean(same, key) for key in ("before", "after", "gain")}
            cells = [said(str(task), cell=True), said(str(mode or "direct"), cell=True)]
            cells += [f"*mean of {len(same)}*", "", *_scores(mean, compared)]
            lines.append(_line(cells))
    return "\n".join(lines)


def _scores(row: Row, compared: bool) -> list[str]:
    before, after, gain = (fraction(row.get(key)) for key in ("before", "after", "gain"))
    if not compared:
        return [_percent(after)]
    low, high = fraction(row.get("low")), fraction(row.get("high"))
    told = "–" if gain is None else _points(gain)
    if gain is not None and low is not None and high is not None:
        told += f" ({_points(low)} to {_points(high)})"
    return [_percent(before), _percent(after), told]


def _mean(rows: Sequence[Row], key: str) -> float | None:
    found = [value for row in rows if (value := fraction(row.get(key))) is not None]
    return sum(found) / len(found) if len(found) == len(rows) else None


def _language(row: Row) -> str:
    code = str(row.get("lang") or "")
    spoken = language_of(code)
    return f"{spoken.label} ({code})" if spoken else said(code, cell=True)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"


def _points(value: float) -> str:
    return f"{100 * value + 0:+.1f}".replace("-0.0", "+0.0")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
