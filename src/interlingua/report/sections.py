"""The sections of the page below its headline: charts with their numbers, samples, and how it was run."""

import difflib
import shlex
from collections.abc import Mapping
from html import escape
from typing import Any

from interlingua.report import figures, tables
from interlingua.report.pieces import charted, duration, facts, folded, tabs
from interlingua.report.reading import (
    CONTROLS,
    ORACLES,
    Mode,
    Result,
    arm_title,
    at,
    control_title,
    controls,
    gain,
    gain_words,
    modes,
    name_of,
    note_of,
    number,
    oracles,
    pivot_name,
)


def every(result: Result) -> list[tuple[str, str, str]]:
    """(title, anchor, HTML) in reading order; the HTML is empty where the result holds nothing to show."""
    return [
        ("Before and after", "languages", _languages(result)),
        ("Against the controls", "controls", _controls(result)),
        ("Alignment", "alignment", _alignment(result)),
        ("Every language", "numbers", _numbers(result)),
        ("Restated questions", "samples", _samples(result)),
        ("How it was run", "run", _run(result)),
        ("Do it again", "again", _again(result)),
    ]


def agreeing(text: str, reference: str) -> str:
    """The text escaped, with the words it shares with the reference, in order, inside `<mark>`."""
    words, parts, place = text.split(), [], 0
    match = difflib.SequenceMatcher(None, words, reference.split(), autojunk=False)
    for start, _, size in match.get_matching_blocks():
        parts += [escape(word) for word in words[place:start]]
        if size:
            parts.append(f"<mark>{escape(' '.join(words[start : start + size]))}</mark>")
        place = start + size
    return " ".join(parts)


def _languages(result: Result) -> str:
    return tabs("Way of answering", [_panel(result, mode) for mode in modes(result)])


def _panel(result: Result, mode: Mode) -> tuple[str, str, str]:
    found = gain(result, "gain_unseen", mode.name)
    caption = ["Best first in each group."]
    if controls(result, mode):
        caption.append("The tick is the control that does best in that language.")
    if found:
        caption.append(f"Mean gain on languages never tuned on: {gain_words(found)}.")
    chart = charted(
        lambda wide: figures.before_after(result, mode, wide=wide),
        " ".join(caption),
        tables.before_after(result, mode),
    )
    about = f'<p class="about">{escape(mode.meaning.format(pivot=pivot_name(result)))}</p>'
    return f"mode-{mode.name}", mode.title, about + chart


def _controls(result: Result) -> str:
    table = tables.gains(result)
    if not table.rows:
        return ""
    intro = (
        "Trained controls take the same steps and as many labelled tokens, with the signal taken away. "
        "A method works when its gain over the base and over every control lies beyond zero."
    )
    caption = (
        "Mean gains on languages never tuned on, unless the row says otherwise, with 95% intervals. "
        "Inside the grey band of ±3 points a gain counts as negligible."
    )
    named = dict.fromkeys(arm for mode in modes(result) for arm in controls(result, mode))
    above = dict.fromkeys(arm for mode in modes(result) for arm in oracles(result, mode))
    told = facts(
        [(control_title(arm), CONTROLS[arm][1]) for arm in named if arm in CONTROLS]
        + [(arm_title(arm), f"{ORACLES[arm][1]}; not a control") for arm in above]
    )
    by_language, compute = tables.controls_by_language(result), tables.compute(result)
    return (
        f'<p class="about">{intro}</p>'
        + charted(lambda wide: figures.forest(result, wide=wide), caption, table)
        + (f"<h3>What each control is</h3>{told}" if told else "")
        + (f"<h3>{compute.caption}</h3>{compute.html()}" if compute.rows else "")
        + (folded("Every control, per language", by_language.html(sortable=True)) if by_language else "")
    )


def _alignment(result: Result) -> str:
    by_language, by_layer = tables.alignment(result), tables.layers(result)
    parts = []
    if by_layer.rows:
        caption = "Mean over languages at every layer; layer 0 is the embedding."
        parts.append(charted(lambda wide: figures.per_layer(result, wide=wide), caption, by_layer))
    if by_language.rows:
        parts.append(
            charted(
                lambda wide: figures.alignment(result, wide=wide),
                "Per language, best first in each group.",
                by_language,
            )
        )
    if not parts:
        return ""
    return (
        '<p class="about">MEXA: the share of sentences that lie nearer to their own translation in '
        f"{escape(pivot_name(result))} than to any other, in the hidden states.</p>{''.join(parts)}"
    )


def _numbers(result: Result) -> str:
    return (
        '<p class="about">Accuracy in percent; choose a heading to sort. Share of pretraining: how much of '
        "the base model's training text was in this language, and how much was bilingual text of it with "
        "the pivot. Words right: how much of a restated question agrees with its reference.</p>"
        f"{tables.by_language(result).html(sortable=True)}"
    )


def _samples(result: Result) -> str:
    cards = "".join(_sample(result, sample) for sample in result.get("samples") or ())
    if not cards:
        return ""
    return (
        '<p class="about">What the model writes in the pivot before it answers. Words that agree with the '
        f'reference, in order, are <mark>underlined</mark>.</p><div class="samples">{cards}</div>'
    )


def _sample(result: Result, sample: Mapping[str, Any]) -> str:
    lang, pivot = str(sample.get("lang") or ""), str(result.get("pivot") or "")
    reference = str(sample.get("reference") or "")
    rows = [("Question", "question", lang, escape(str(sample.get("question") or "")))]
    for title, key in (("Base writes", "base"), ("Tuned writes", "tuned")):
        if sample.get(key) is not None:
            rows.append((title, key, pivot, agreeing(str(sample[key]), reference)))
    if reference:
        rows.append(("Reference", "reference", pivot, escape(reference)))
    body = "".join(
        f'<dt>{title}</dt><dd class="{kind}" dir="auto" lang="{escape(code.replace("_", "-"))}">'
        f"{text or '<em>nothing</em>'}</dd>"
        for title, kind, code, text in rows
    )
    seen = "tuned on" if at(result, "languages", lang, "seen") else "never tuned on"
    notes = " · ".join(str(note) for note in (note_of(result, lang), seen, sample.get("task")) if note)
    head = f"{escape(name_of(result, lang))} <span>{escape(notes)}</span>"
    return f'<article class="sample"><h3>{head}</h3><dl>{body}</dl></article>'


def _run(result: Result) -> str:
    seconds, items = number(result, "seconds"), result.get("items_per_task")
    told = [
        ("World", result.get("world")),
        ("Base model", result.get("model")),
        ("Pivot", f"{pivot_name(result)} ({result['pivot']})" if result.get("pivot") else None),
        ("Tuned on", ", ".join(name_of(result, str(code)) for code in result.get("tuned_languages") or ())),
        ("Items", f"{items} per task and language" if items else None),
        ("Seeds", ", ".join(f"{key} {value}" for key, value in (result.get("seeds") or {}).items())),
        ("Intervals for", result.get("unit")),
        ("Took", None if seconds is None else duration(seconds)),
        ("Versions", ", ".join(f"{key} {value}" for key, value in (result.get("versions") or {}).items())),
    ]
    parts = [facts([(title, str(value)) for title, value in told if value])]
    titled = {"Tasks": tables.tasks(result), "Settings, and where they leave the paper": tables.knobs(result)}
    for title, table in titled.items():
        if table.rows:
            parts.append(f'<h3>{title}</h3><div class="prose">{table.html()}</div>')
    return "".join(parts)


def _again(result: Result) -> str:
    command = result.get("command")
    if not command:
        return ""
    line = command if isinstance(command, str) else shlex.join(map(str, command))
    return f"<pre>{escape(line)}</pre>"
