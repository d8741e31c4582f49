"""The finding of an explained result: a sentence with its interval, its basis, its main numbers."""

from collections.abc import Mapping
from html import escape

from interlingua.report.parts import numbers
from interlingua.report.pieces import around, tile, tiles
from interlingua.report.reading import (
    Gain,
    Result,
    at,
    codes,
    count,
    gain,
    interval,
    name_of,
    percent,
    pivot_name,
    points,
    ratio,
)

_MARGIN = 0.03  # a gain whose interval stays inside this counts as none
_GROUPS = ("unseen", "joint", "seen")


def verdict(result: Result) -> str:
    """What was found in one sentence: the gain of a pair of models, or how one does beside its pivot."""
    mode = numbers.lead_mode(result)
    if mode is None:
        return _without_accuracy(result)
    if numbers.paired(result):
        return _change(result, mode)
    return _state(result, mode)


def scale(result: Result) -> str:
    """What the sentence rests on."""
    source = f"Measured on {result['source']}" if result.get("source") else "Measured"
    unseen, seen = len(codes(result, seen=False)), len(codes(result, seen=True))
    groups = (
        f"{count(unseen, 'language')} never tuned on and {seen} tuned on"
        if seen
        else count(unseen, "language")
    )
    told = [f"{source} in {groups}, and {pivot_name(result)}"]
    mode = numbers.lead_mode(result)
    if (chance := numbers.chance(result, mode)) is not None:
        told.append(f"chance {percent(chance)}%")
    if (top := numbers.pivot_accuracy(result, mode)) is not None:
        told.append(f"{pivot_name(result)}, the pivot, {percent(top)}%")
    return "; ".join(told) + "."


def headline(result: Result) -> str:
    """The main numbers as tiles: gains of a pair of models, levels of a single one."""
    if numbers.paired(result):
        return tiles("Change from before to after, mean over languages", [*_gains(result), *_moved(result)])
    return tiles("Mean over all languages but the pivot", _levels(result))


def best_group(result: Result, mode: str) -> tuple[str, Gain] | None:
    """The group of languages that the verdict is about, with its mean gain: never tuned on, if any."""
    found = ((group, gain(result, "accuracy", mode, f"gain_{group}")) for group in _GROUPS)
    return next(((group, size) for group, size in found if size), None)


def _change(result: Result, mode: str) -> str:
    found, words = best_group(result, mode), numbers.mode_title(mode).lower()
    if found is None:
        return f"No mean gain of {words} is given in this result, so there is no verdict."
    group, size = found
    where = f"the accuracy of {words} in {numbers.group_words(result, mode, group)}"
    tuned = numbers.tuned_on(result)
    opening = f"Tuning on {tuned}" if tuned else "The change from before to after"
    if size.low is None or size.high is None:
        return (
            f"{opening} moves {where} by {points(size.mean)} points: undecided, as no interval was computed."
        )
    if not size.clear:
        what = f"{points(size.mean)} points (95% interval {interval(size)})"
        if size.low > -_MARGIN and size.high < _MARGIN:
            return f"{opening} leaves {where} about where it was: {what}."
        return f"{opening} moves {where} by {what}: undecided, as the interval includes zero."
    up = size.mean > 0
    shown = size if up else Gain(-size.mean, -size.high, -size.low)
    lost = f"{percent(shown.mean)} points (95% interval {interval(shown, signed=False)})"
    return f"{opening} {'raises' if up else 'lowers'} {where} by {lost}."


def _state(result: Result, mode: str) -> str:
    found = {code: numbers.score(result, mode, code, "before") for code in numbers.others(result)}
    known = {code: score for code, score in found.items() if score}
    words, name = numbers.mode_title(mode).lower(), numbers.model_name(result, "before")
    pivot = numbers.score(result, mode, str(result.get("pivot")), "before")
    top = ""
    if pivot:
        top = (
            f"; in {pivot_name(result)} {percent(pivot.mean)}% (95% interval {interval(pivot, signed=False)})"
        )
    if not known:
        return f"{name}: {words} were scored in no language but the pivot{top}."
    whole = gain(result, "accuracy", mode, "average")
    mean = whole.mean if whole else numbers.average([score.mean for score in known.values()])
    size = f" (95% interval {interval(whole, signed=False)})" if whole and whole.low is not None else ""
    spread = _spread(result, {code: score.mean for code, score in known.items()})
    return f"{name} is right in {percent(mean)}% of {words}{size}, {spread}{top}."


def _without_accuracy(result: Result) -> str:
    side = numbers.sides(result)[-1]
    name, every = numbers.model_name(result, side), numbers.others(result)
    mexa = {code: numbers.aligned(result, code, side) for code in every}
    known = {code: value for code, value in mexa.items() if value is not None}
    if not known:
        return f"{name}: no task was scored and no alignment measured, so there is no verdict."
    mean = percent(numbers.average(list(known.values())))
    told = f"finds the translation of {mean}% of sentences (MEXA), {_spread(result, known)}"
    return f"{name} {told}; no task was scored."


def _spread(result: Result, known: Mapping[str, float]) -> str:
    """How many languages a mean is over, and its ends."""
    worst, best = (pick(known, key=lambda code: known[code]) for pick in (min, max))
    if len(known) == 1:
        return f"in {name_of(result, worst)}"
    if known[worst] == known[best]:
        return f"the same in {count(len(known), 'language')}"
    ends = " to ".join(f"{percent(known[code])}% in {name_of(result, code)}" for code in (worst, best))
    return f"mean over {count(len(known), 'language')}, from {ends}"


def _gains(result: Result) -> list[str]:
    shown = []
    for mode in numbers.found_modes(result):
        for group, words in (("unseen", "never tuned on"), ("seen", "tuned on"), ("joint", "all languages")):
            size = gain(result, "accuracy", mode, f"gain_{group}")
            told = group != "joint" or not result.get("tuned_languages")
            if size and told and (group != "seen" or mode == numbers.lead_mode(result)):
                title = f"{numbers.mode_title(mode)}, {words}"
                shown.append(tile(title, points(size.mean), "points", [around(size)]))
    return shown


def _moved(result: Result) -> list[str]:
    old, new = (
        numbers.average([numbers.aligned(result, code, side) for code in numbers.others(result)])
        for side in numbers.SIDES
    )
    if old is None or new is None:
        return []
    lines = [f"MEXA {percent(old)}% → {percent(new)}%", "mean over layers and languages"]
    return [tile("Alignment with the pivot", points(new - old), "points", lines)]


def _levels(result: Result) -> list[str]:
    shown, langs = [], numbers.others(result)
    for mode in numbers.found_modes(result):
        scores = [numbers.score(result, mode, code, "before") for code in langs]
        known, chance = [score for score in scores if score], numbers.chance(result, mode)
        if known and chance is not None:
            clear = sum(score.low is not None and score.low > chance for score in known)
            lines = [f"{clear} of {len(known)} languages clearly above chance ({percent(chance)}%)"]
        else:
            lines = []
        mean = numbers.average([score.mean for score in known])
        shown += [tile(numbers.mode_title(mode), percent(mean), "%", lines)] if known else []
    mexa = numbers.average([numbers.aligned(result, code, "before") for code in langs])
    if mexa is not None:
        shown.append(tile("Alignment with the pivot", percent(mexa), "%", ["MEXA, mean over layers"]))
    for name in list(at(result, "tokenizer") or {})[:1]:
        cost = numbers.average([numbers.cost(result, name, code) for code in langs])
        if cost is not None:
            lines = [
                f"tokens for the same sentences, against {escape(pivot_name(result))}",
                escape(str(name)),
            ]
            shown.append(tile("Tokenizer", ratio(cost), "times", lines))
    return shown
