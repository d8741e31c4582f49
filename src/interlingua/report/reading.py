"""Read a result: its numbers, its words, and what it does not hold.

Page, terminal text and figures all ask here, so that they cannot tell different stories. A number that
is missing or not finite is `None` and stays missing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Result = Mapping[str, Any]


@dataclass(frozen=True)
class Mode:
    """One way of answering: its words, and where a language keeps its score before and after."""

    name: str
    title: str
    meaning: str
    before: tuple[str, str]
    after: tuple[str, str]


MODES: Mapping[str, Mode] = {
    mode.name: mode
    for mode in (
        Mode("restate", "Restated answers",
             "The model first writes the question in {pivot}, then answers it.",
             ("base", "restate"), ("tuned", "restate")),
        Mode("direct", "Direct answers", "The model answers the question in the language it was asked in.",
             ("base", "direct"), ("tuned", "direct")),
        Mode("own_answers", "Own answers",
             "After a second, label-free round of tuning on its own restated answers, it answers directly.",
             ("base", "direct"), ("tuned", "own_answers")),
    )
}  # fmt: skip

CONTROLS: Mapping[str, tuple[str, str]] = {
    "shuffled": (
        "shuffled pairs",
        "same questions and steps, each paired with another question's translation",
    ),
    "pivot_only": ("pivot only", "questions of the pivot alone, nothing to translate"),
    "reverse": ("reverse direction", "same pairs, translated out of the pivot"),
    "general_text": ("general text", "translating ordinary sentences, not questions"),
    "few_shot": ("few-shot base", "the untuned base, prompted with a few restated examples"),
    "own_answers_untranslated": (
        "own answers only",
        "own answers without question translation before them: pivot questions in its place",
    ),
}
ORACLES: Mapping[str, tuple[str, str]] = {
    "own_answers_gold": ("gold answers", "the second round on true answers instead of the model's own"),
}
"""Arms that are told the truth: a bound from above, never a control to be beaten."""
_EXPECTED = {
    "restate": ("shuffled", "pivot_only", "reverse", "general_text", "few_shot"),
    "direct": ("shuffled", "pivot_only", "reverse", "general_text"),
    "own_answers": ("own_answers_untranslated",),
}


@dataclass(frozen=True)
class Gain:
    """A difference of accuracies (fractions) with its 95% interval, where one was computed."""

    mean: float
    low: float | None
    high: float | None

    @property
    def clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def at(result: object, *keys: str) -> Any:
    """The value under nested keys, or `None` where any of them is missing."""
    for key in keys:
        if not isinstance(result, Mapping):
            return None
        result = result.get(key)
    return result


def number(result: object, *keys: str) -> float | None:
    """The finite number under nested keys, or `None`."""
    value = at(result, *keys)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def gain(result: Result, *keys: str) -> Gain | None:
    """The gain under nested keys, or `None` where no mean is given."""
    mean = number(result, *keys, "mean")
    return None if mean is None else Gain(mean, number(result, *keys, "low"), number(result, *keys, "high"))


def mean(values: Sequence[float | None]) -> float | None:
    """The mean; `None` when it is empty or any value is missing."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None


def codes(result: Result, seen: bool) -> list[str]:
    """Languages tuned on (`seen`) or never tuned on, in the result's order, the pivot left out."""
    rows = at(result, "languages") or {}
    return [code for code in rows if bool(rows[code].get("seen")) is seen and code != result.get("pivot")]


def reading_order(result: Result) -> list[str]:
    """Languages never tuned on, then those tuned on, then the pivot."""
    pivot = [code for code in at(result, "languages") or {} if code == result.get("pivot")]
    return codes(result, seen=False) + codes(result, seen=True) + pivot


def role(result: Result, code: str) -> str:
    """Whether a language was tuned on: `yes`, `no`, or that it is the `pivot`."""
    if code == result.get("pivot"):
        return "pivot"
    return "yes" if at(result, "languages", code, "seen") else "no"


def name_of(result: Result, code: str) -> str:
    """A language's name, or its code where the result gives no name; lab languages are called `qab`."""
    name, short = at(result, "languages", code, "name"), code.partition("_")[0]
    return short if name == f"Lab language {short}" else str(name or code)


def note_of(result: Result, code: str) -> str:
    """What stands small beside a language's name: its code, or its script where the name is the code."""
    short, _, script = code.partition("_")
    return script if name_of(result, code) == short else code


def pivot_name(result: Result) -> str:
    """The pivot's name: from its language entry or `pivot_name`, else its code."""
    code = str(result.get("pivot") or "the pivot")
    known = at(result, "languages", code, "name")
    return name_of(result, code) if known else str(result.get("pivot_name") or code)


def before(result: Result, code: str, mode: Mode) -> float | None:
    """Accuracy of the untuned base in a language."""
    return number(result, "languages", code, *mode.before)


def after(result: Result, code: str, mode: Mode) -> float | None:
    """Accuracy of the tuned model in a language."""
    return number(result, "languages", code, *mode.after)


def modes(result: Result) -> list[Mode]:
    """The ways of answering that were measured after tuning, in reading order."""
    everyone = codes(result, seen=False) + codes(result, seen=True)
    return [
        mode
        for mode in MODES.values()
        if gain(result, "gain_unseen", mode.name) or any(after(result, c, mode) is not None for c in everyone)
    ]


def controls(result: Result, mode: Mode) -> list[str]:
    """Controls with a comparison or a score in this mode: the usual ones first, then any other."""
    found = set(at(result, "over_controls", mode.name) or {}) | _scored(result, mode)
    return [c for c in CONTROLS if c in found] + sorted(found - set(CONTROLS) - set(ORACLES))


def oracles(result: Result, mode: Mode) -> list[str]:
    """Oracles with a score in this mode; they are shown, and compared with nothing."""
    found = _scored(result, mode)
    return [name for name in ORACLES if name in found]


def control_title(name: str) -> str:
    """A control's readable name."""
    return CONTROLS[name][0] if name in CONTROLS else name.replace("_", " ")


def arm_title(name: str) -> str:
    """Any arm's readable name; oracles are marked, because they must not be read as controls."""
    return f"oracle: {ORACLES[name][0]}" if name in ORACLES else control_title(name)


def pivot_accuracy(result: Result) -> float | None:
    """Accuracy of the base in the pivot: the mean over the tasks that were kept, else its language entry."""
    kept = [number(task, "pivot_accuracy") for task in result.get("tasks") or () if task.get("kept", True)]
    return mean(kept) if kept else number(result, "languages", str(result.get("pivot")), "base", "direct")


def percent(value: float | None) -> str:
    """A fraction as a percentage without its sign: `0.382` is `38.2`; missing is an en dash."""
    return "–" if value is None else _minus(f"{_tenths(value):.1f}")


def points(value: float | None) -> str:
    """A difference of fractions in percentage points, signed: `0.406` is `+40.6`."""
    return "–" if value is None else _minus(f"{_tenths(value):+.1f}")


def whole(value: float | None) -> str:
    """A count in full: `124479.0` is `124,479`."""
    return "–" if value is None else f"{value:,.0f}"


def ratio(value: float | None) -> str:
    """A ratio with two decimals: `1.499` is `1.50`."""
    return "–" if value is None else f"{value:.2f}"


def tenth(value: float | None) -> str:
    """A number with one decimal: `19.67` is `19.7`."""
    return "–" if value is None else f"{value:.1f}"


def chance_of(value: float | None) -> str:
    """A p-value with three decimals: `0.0004` is `<0.001`."""
    return "–" if value is None else "<0.001" if value < 0.001 else f"{value:.3f}"


def share(value: float | None) -> str:
    """A share of text in percent, two digits that count: `0.00042` is `0.042%`."""
    if value is None:
        return "–"
    if value == 0:
        return "none"
    decimals = max(0, 1 - math.floor(math.log10(abs(100 * value))))
    return f"{100 * value:.{min(decimals, 6)}f}%"


def interval(value: Gain, *, signed: bool = True) -> str:
    """`+35.0 to +46.1`, or that there is none."""
    if value.low is None or value.high is None:
        return "no interval"
    show = points if signed else percent
    return f"{show(value.low)} to {show(value.high)}"


def gain_words(found: Gain) -> str:
    """`+40.6 points (95% +35.0 to +46.1)`."""
    return f"{points(found.mean)} points (95% {interval(found)})"


def listing(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def count(number_of: int, thing: str) -> str:
    """`1 language`, `2 languages`."""
    return f"{number_of} {thing}" if number_of == 1 else f"{number_of} {thing}s"


def verdict(result: Result) -> str:
    """The finding in one sentence, its interval included: about restated answers where they were measured."""
    lead = next((mode for mode in modes(result) if gain(result, "gain_unseen", mode.name)), None)
    found = gain(result, "gain_unseen", lead.name) if lead else None
    if lead is None or found is None:
        return "No gain on languages never tuned on is given in this result, so there is no verdict."
    where = f"{lead.title.lower()} in {count(len(codes(result, seen=False)), 'language')} never tuned on"
    opening, word = _opening(result), at(result, "verdicts", lead.name)
    if word == "works":
        size = f"{percent(found.mean)} points (95% interval {interval(found, signed=False)})"
        beaten = "more than any control" if controls(result, lead) else "with no control run beside it"
        return f"{opening} raises the accuracy of {where} by {size}, {beaten}."
    size = f"{points(found.mean)} points (95% interval {interval(found)})"
    if word == "hurts":
        return f"{opening} lowers the accuracy of {where}: {size}."
    if word == "negligible":
        return f"{opening} leaves the accuracy of {where} about where it was: {size}."
    if word == "undecided":
        return f"{opening} moves the accuracy of {where} by {size}: undecided{_doubt(result, lead, found)}."
    return f"{opening} moves the accuracy of {where} by {size}; no verdict was computed."


def absent(result: Result) -> list[str]:
    """What a full result would hold and this one does not, one sentence per thing."""
    present = modes(result)
    missing = [f"{mode.title}: not measured." for mode in MODES.values() if mode not in present]
    not_run = {c for mode in present for c in _EXPECTED[mode.name] if c not in controls(result, mode)}
    if not_run:
        missing.append(f"Controls not run: {listing([control_title(c) for c in CONTROLS if c in not_run])}.")
    for mode in present:
        if gain(result, "gain_unseen", mode.name) is None:
            missing.append(f"{mode.title}: no gain with an interval over languages never tuned on.")
    everyone = codes(result, seen=False) + codes(result, seen=True)
    for key, title in (
        ("share", "share of pretraining text"),
        ("bilingual_share", "share of bilingual text"),
    ):
        if all(number(result, "languages", code, key) is None for code in everyone):
            missing.append(f"The {title} is not known.")
    parts = {
        "pivot_change": "Change in the pivot",
        "alignment": "Alignment",
        "samples": "Sample restatements",
        "tasks": "Tasks",
        "cost": "Compute of each arm",
        "knobs": "Settings",
        "versions": "Versions",
        "command": "Command",
    }
    return missing + [f"{title}: not in this result." for key, title in parts.items() if not result.get(key)]


def _scored(result: Result, mode: Mode) -> set[str]:
    """Arms beside the tuned one with a score in this mode in any language."""
    beside = [at(entry, "controls") or {} for entry in (at(result, "languages") or {}).values()]
    return {arm for arms in beside for arm in arms if number(arms, arm, mode.name) is not None}


def _opening(result: Result) -> str:
    tuned = [name_of(result, str(code)) for code in result.get("tuned_languages") or ()]
    if not tuned:
        return "Tuning on question translations"
    source = listing(tuned) if len(tuned) <= 3 else f"{len(tuned)} languages"
    return f"Tuning on question translations from {source}"


def _doubt(result: Result, mode: Mode, found: Gain) -> str:
    if not found.clear:
        return ", as the interval includes zero"
    over = {name: gain(result, "over_controls", mode.name, name) for name in controls(result, mode)}
    unclear = [control_title(name) for name, value in over.items() if value is not None and not value.clear]
    return f", as it is not clear of the control {listing(unclear)}" if unclear else ""


def _tenths(value: float) -> float:
    """In percent, without the last bits in which sums of the same numbers differ."""
    return round(100 * value, 6)


def _minus(text: str) -> str:
    return text.replace("-0.0", "0.0").replace("+0.0", "0.0").replace("-", "\N{MINUS SIGN}")
