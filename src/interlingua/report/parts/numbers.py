"""What an explained result holds: its models, ways of answering, and numbers by language and side."""

from collections.abc import Iterator, Sequence

from interlingua.report.reading import (
    MODES,
    Gain,
    Result,
    at,
    codes,
    count,
    gain,
    listing,
    mean,
    name_of,
    number,
    pivot_name,
    reading_order,
)

SIDES = ("before", "after")
_MORE_MODES = {"generate": "Free answers"}
POSITIONS = {
    "weighted": "weighted mean of the sentence",
    "last": "last token",
    "mean": "mean of the sentence",
}


def sides(result: Result) -> tuple[str, ...]:
    """`before` and, where two models are compared, `after`."""
    return SIDES if result.get("after") else SIDES[:1]


def paired(result: Result) -> bool:
    """Whether two models are compared."""
    return len(sides(result)) == 2


def model_name(result: Result, side: str) -> str:
    """The name of the model on one side."""
    return str(at(result, side, "name") or (result.get("model") if side == "before" else None) or side)


def legend(result: Result) -> tuple[str, str]:
    """Words for the two sides in a legend."""
    return SIDES if paired(result) else (model_name(result, "before"), "")


def found_modes(result: Result) -> list[str]:
    """Ways of answering with a score, in the usual order."""
    there = [mode for mode, told in (at(result, "accuracy") or {}).items() if at(told, "languages")]
    return [mode for mode in MODES if mode in there] + [mode for mode in there if mode not in MODES]


def mode_title(mode: str) -> str:
    """`Restated answers`; a way we do not know keeps its name."""
    return MODES[mode].title if mode in MODES else _MORE_MODES.get(mode, mode.replace("_", " ").capitalize())


def lead_mode(result: Result) -> str | None:
    """The way of answering that headline and comparisons with accuracy speak of: the first with a gain."""
    modes = found_modes(result)
    gained = [m for m in modes if any(gain(result, "accuracy", m, f"gain_{g}") for g in ("unseen", "joint"))]
    return next(iter([*gained, *modes]), None)


def score(result: Result, mode: str | None, code: str, side: str) -> Gain | None:
    """Accuracy of one language on one side with its interval."""
    return gain(result, "accuracy", mode, "languages", code, side) if mode else None


def accuracy(result: Result, mode: str | None, code: str, side: str) -> float | None:
    """Accuracy of one language on one side."""
    found = score(result, mode, code, side)
    return found.mean if found else None


def chance(result: Result, mode: str | None) -> float | None:
    """What guessing scores in a way of answering."""
    return number(result, "accuracy", mode, "chance") if mode else None


def pivot_accuracy(result: Result, mode: str | None, side: str = "before") -> float | None:
    """Accuracy in the pivot."""
    return accuracy(result, mode, str(result.get("pivot")), side)


def position(result: Result) -> str:
    """Which vectors alignment is read from: the first of the known positions that the result has."""
    held = {
        key
        for told in (at(result, "alignment", "languages") or {}).values()
        for side in SIDES
        for key in at(told, side) or {}
    }
    return next((name for name in POSITIONS if name in held), "weighted")


def aligned(result: Result, code: str, side: str, measure: str = "mexa_mean") -> float | None:
    """A number of alignment of one language on one side."""
    return number(result, "alignment", "languages", code, side, position(result), measure)


def values(found: object) -> list[float | None]:
    """A list of numbers; what is not finite is `None`."""
    return [number({"value": value}, "value") for value in found] if isinstance(found, Sequence) else []


def others(result: Result) -> list[str]:
    """Every language but the pivot."""
    return [code for code in reading_order(result) if code != result.get("pivot")]


def everyone(result: Result) -> Iterator[tuple[str, str, bool]]:
    """(code, name, tuned on) of every language in reading order."""
    for code in reading_order(result):
        yield code, name_of(result, code), bool(at(result, "languages", code, "seen"))


def average(found: Sequence[float | None]) -> float | None:
    """The mean of what is known; `None` where nothing is."""
    return mean([value for value in found if value is not None])


def tuned_on(result: Result) -> str:
    """`German and Chinese`, or `7 languages`."""
    names = [name_of(result, str(code)) for code in result.get("tuned_languages") or ()]
    return listing(names) if len(names) <= 3 else f"{len(names)} languages"


def group_words(result: Result, group: str) -> str:
    """Whom a mean gain is over: `17 languages never tuned on`."""
    if group == "joint":
        return count(len(others(result)), "language") + f" other than {pivot_name(result)}"
    seen = group == "seen"
    return f"{count(len(codes(result, seen)), 'language')} {'' if seen else 'never '}tuned on"
