"""What an explained result holds: its models, ways of answering, and numbers by language and side."""

from collections.abc import Sequence

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
    role,
)
from interlingua.report.tables import Cell, Column

SIDES = ("before", "after")
_MORE_MODES = {"generate": "Free answers"}
_CURVES = 60  # languages with curves on a page, where not all of them fit
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
    return str(at(result, side, "name") or (result.get("model") if side == SIDES[0] else side) or "the model")


def legend(result: Result) -> tuple[str, str]:
    """Words for the two sides in a legend; a single model is called by the end of its name."""
    return SIDES if paired(result) else (model_name(result, "before").rpartition("/")[2][:32], "")


def words(result: Result) -> dict[str, str]:
    """The same by side."""
    return dict(zip(SIDES, legend(result), strict=True))


def style(result: Result, side: str) -> str:
    """The ending of a curve's class: a single model is drawn as what comes after."""
    return side if paired(result) else SIDES[1]


def heads(result: Result) -> list[Column]:
    """Columns that say which language a row is about."""
    tuned = [Column("Tuned on")] if result.get("tuned_languages") else []
    return [Column("Language"), Column("Code", "code"), *tuned]


def named(result: Result, code: str) -> list[Cell]:
    """Their cells."""
    return [name_of(result, code), code, *([role(result, code)] if result.get("tuned_languages") else [])]


def found_modes(result: Result) -> list[str]:
    """Ways of answering with a score, in the usual order; a single model is asked directly first."""
    there = [mode for mode, told in (at(result, "accuracy") or {}).items() if at(told, "languages")]
    usual = MODES if paired(result) else ["direct", *MODES]
    return list(dict.fromkeys([mode for mode in [*usual, *there] if mode in there]))


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


def cost(result: Result, tokenizer: str, code: str, measure: str = "ratio") -> float | None:
    """What a language costs in a tokenizer; where it comes with an interval, its mean."""
    where = ("tokenizer", tokenizer, code, measure)
    found = number(result, *where)
    return number(result, *where, "mean") if found is None else found


def values(found: object) -> list[float | None]:
    """A list of numbers; what is not finite is `None`."""
    return [number({"value": value}, "value") for value in found] if isinstance(found, Sequence) else []


def others(result: Result) -> list[str]:
    """Every language but the pivot."""
    return [code for code in reading_order(result) if code != result.get("pivot")]


def average(found: Sequence[float | None]) -> float | None:
    """The mean of what is known; `None` where nothing is."""
    return mean([value for value in found if value is not None])


def tuned_on(result: Result) -> str:
    """`German and Chinese`, or `7 languages`."""
    names = [name_of(result, str(code)) for code in result.get("tuned_languages") or ()]
    return listing(names) if len(names) <= 3 else f"{len(names)} languages"


def group_words(result: Result, mode: str, group: str) -> str:
    """Whom a mean gain of a way of answering is over: `17 languages never tuned on`.

    A page may hold languages that no task was scored in; they are not counted.
    """
    scored = at(result, "accuracy", mode, "languages") or {}
    whole = others(result) if group == "joint" else codes(result, seen=group == "seen")
    words = count(sum(code in scored for code in whole), "language")
    if group == "joint":
        return f"{words} other than {pivot_name(result)}"
    return f"{words} {'' if group == 'seen' else 'never '}tuned on"


def fitting(langs: Sequence[str], room: float) -> list[str]:
    """The languages whose curves a page has room for: all of them where `room` is 1."""
    return list(langs) if room >= 1 else list(langs)[: max(4, int(_CURVES * room))]


def left_out(langs: Sequence[str], room: float) -> str:
    """A sentence about those that it has no room for; empty where there are none."""
    shown = len(fitting(langs, room))
    return (
        f" Here are {shown} of {len(langs)} languages; all are in result.json." if shown < len(langs) else ""
    )


def whole_percent(value: float) -> str:
    """A tick: `0.2` is `20%`."""
    return f"{100 * value:g}%"
