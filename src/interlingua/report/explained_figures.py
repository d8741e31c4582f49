"""Figures of a result, each an SVG that stands alone, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from interlingua.core.errors import BadInput, UnknownName
from interlingua.languages.language import pick
from interlingua.report import figures
from interlingua.report.charts import standalone
from interlingua.report.parts import accuracy, alignment, geometry, lens, numbers, tokenizer
from interlingua.report.parts.verdict import best_group
from interlingua.report.reading import MODES, Result, gain_words, modes, name_of, pivot_name

NAMES = ("accuracy", "gains", "alignment", "lens", "pca", "tokenizer")


@dataclass(frozen=True)
class Choice:
    """What of a figure is wanted, where there is a choice: way of answering, language, layer."""

    mode: str | None = None
    lang: str | None = None
    layer: str | None = None


def draw_figure(result: Result, name: str, choice: Choice = Choice()) -> str:
    """The figure called `name` of what `explain` (or, for the first three, `demo`) wrote.

    Raises `UnknownName` for a figure, way of answering, language or layer that is not there, `BadInput` for a
    part of the result that was not run.
    """
    if name not in NAMES:
        raise UnknownName("figure", name, NAMES)
    if not result.get("languages"):
        raise BadInput(
            "The result holds no languages. Give the run folder of a finished `interlingua explain`."
        )
    makers = _OF_A_DEMO if "gain_unseen" in result else _OF_A_MODEL
    drawn = makers[name](result, choice) if name in makers else None
    if drawn is None:
        raise BadInput(
            f"No figure {name!r}: that part is not in this result, see the head of its report.html."
        )
    return standalone(drawn)


def _accuracy(result: Result, choice: Choice) -> str | None:
    mode = _mode(result, choice)
    return mode and accuracy.draw(result, mode, title=_titled(result, mode, "accuracy"))


def _gains(result: Result, choice: Choice) -> str | None:
    mode = _mode(result, choice)
    if mode is None or not accuracy.comparisons(result, mode):
        return None
    return accuracy.draw_gains(result, mode, title=_titled(result, mode, "gains"))


def _alignment(result: Result, choice: Choice) -> str | None:
    if "alignment_accuracy" not in alignment.tables(result):
        return None
    return alignment.draw(result, title=f"Accuracy against alignment with {pivot_name(result)}")


def _lens(result: Result, choice: Choice) -> str | None:
    if "lens" not in lens.tables(result):
        return None
    lang = pick(choice.lang, result["languages"]) if choice.lang else None
    where = name_of(result, lang) if lang else "mean over languages"
    return lens.draw(result, lang=lang, title=f"Logit lens: {where}")


def _pca(result: Result, choice: Choice) -> str | None:
    if geometry.absent(result):
        return None
    return geometry.draw(
        result, layer=choice.layer, title="Languages in the plane of two principal components"
    )


def _tokenizer(result: Result, choice: Choice) -> str | None:
    if tokenizer.absent(result):
        return None
    return tokenizer.draw(result, title="What languages cost in tokens")


def _mode(result: Result, choice: Choice) -> str | None:
    """The way of answering asked for, or the one the verdict speaks of; None where none was scored."""
    found = numbers.found_modes(result)
    if choice.mode and found and choice.mode not in found:
        raise UnknownName("way of answering here", choice.mode, found)
    return (choice.mode if found else None) or numbers.lead_mode(result)


def _titled(result: Result, mode: str, what: str) -> str:
    words, found = numbers.mode_title(mode), best_group(result, mode) if numbers.paired(result) else None
    if found is None:
        return f"{words}: {what} per language"
    group = {
        "unseen": "on languages never tuned on",
        "seen": "on languages tuned on",
        "joint": "on all languages",
    }
    return f"{words} {group[found[0]]}: {gain_words(found[1])}"


def _of_demo(result: Result, choice: Choice) -> str | None:
    present = [mode.name for mode in modes(result)]
    if choice.mode and choice.mode not in present:
        raise UnknownName("way of answering here", choice.mode, present)
    mode = choice.mode or next(iter(present), None)
    return mode and figures.before_after(result, MODES[mode], title=f"{MODES[mode].title}: before and after")


_Maker = Callable[[Result, Choice], str | None]
_OF_A_MODEL: Mapping[str, _Maker] = {
    "accuracy": _accuracy, "gains": _gains, "alignment": _alignment, "lens": _lens, "pca": _pca,
    "tokenizer": _tokenizer,
}  # fmt: skip
_OF_A_DEMO: Mapping[str, _Maker] = {
    "accuracy": _of_demo,
    "gains": lambda result, _: figures.forest(result),
    "alignment": lambda result, _: figures.alignment(result) if result.get("alignment") else None,
}
