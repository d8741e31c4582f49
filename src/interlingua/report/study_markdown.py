"""A study as a page of Markdown: verdicts, gains, the law, every world, compute, settings, provenance."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from interlingua.measures.verdict import MARGIN
from interlingua.report.reading import (
    Mode,
    arm_title,
    at,
    codes,
    control_title,
    count,
    gain,
    interval,
    listing,
    mean,
    number,
    percent,
    points,
    share,
)
from interlingua.report.study_numbers import (
    Compared,
    Group,
    Record,
    accuracy,
    arms_of,
    compared,
    law_groups,
    law_rows,
    modes_of,
    overall,
)


def markdown(record: Record, name: str) -> str:
    """The study as a page of Markdown whose figures are `name`.svg and `name`-law.svg beside it."""
    parts = [
        _opening(record),
        _verdicts(record),
        f"![Gains with intervals]({name}.svg)",
        _gains(record),
        _law(record, name),
        _per_world(record),
        _tasks(record),
        _compute(record),
        _knobs(record),
        _provenance(record),
        _every_language(record),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _opening(record: Record) -> str:
    worlds = record["worlds"]
    title = str(record.get("study") or "study").replace("_", " ")
    unseen = sum(len(codes(world, seen=False)) for world in worlds)
    lines = [
        f"# {title[:1].upper()}{title[1:]}",
        f"{count(len(worlds), 'world')}, {count(unseen, 'language')} never tuned on in all. "
        + (
            "Each world is one observation: gains are means over worlds with Student's 95% interval."
            if len(worlds) > 1
            else "One world only: intervals are bootstrapped within it and say nothing about others."
        )
        + " Accuracies are in percent, gains in percentage points.",
    ]
    return "\n\n".join(lines)


def _verdicts(record: Record) -> str:
    every = compared(record)
    lines = ["## Verdicts", "", *(f"- {_verdict(record, mode, every)}" for mode in modes_of(record))]
    for each in every:
        if each.title == "Change in the pivot":
            size = f"{points(each.gain.mean)} points ({_interval(record, each)})"
            lines.append(f"- Pivot, {each.words}: {size}.")
    aligned = gain(overall(record), "alignment", "mexa_change_unseen")
    if aligned:
        lines.append(
            f"- Alignment with the pivot (MEXA, mean over layers) on languages never tuned on: "
            f"{points(aligned.mean)} points ({interval(aligned)})."
        )
    meaning = (
        "*Works*: above zero against the base and every control, by interval and by corrected p-value; "
        "*hurts*: the same below zero; *negligible*: the interval against the base lies within "
        f"{100 * MARGIN:.0f} points of zero; else *undecided*."
    )
    return "\n".join([*lines, "", meaning])


def _verdict(record: Record, mode: Mode, every: Sequence[Compared]) -> str:
    """One way of answering in two sentences: gain over the base, and the least lead over a control."""
    own = [each for each in every if each.mode == mode.name]
    base = next(each for each in own if each.kind == "over-base")
    controls = [each for each in own if each.kind == "over-control"]
    word = at(overall(record), "verdicts", mode.name) or "no verdict"
    before, after = (_over_worlds(record, mode, arm, "unseen") for arm in ("base", "tuned"))
    gained = (
        f"**{mode.title}: {word}.** On languages never tuned on {points(base.gain.mean)} points over the "
        f"base ({_interval(record, base)}), from {percent(before)} to {percent(after)}."
    )
    if not controls:
        return f"{gained} No control was run beside it."
    least = min(controls, key=lambda each: each.gain.mean)
    lead = f"{points(least.gain.mean)} ({interval(least.gain)}), {least.words}"
    return f"{gained} Least lead over a control: {lead}."


def _interval(record: Record, each: Compared) -> str:
    worlds = len(record["worlds"])
    kind = f"95% t-interval over {worlds} worlds" if worlds > 1 else "95% bootstrap interval"
    p = "" if each.p is None else f", {_p(each.p)}"
    return f"{kind} {interval(each.gain)}{p}"


def _gains(record: Record) -> str:
    rows = []
    for each in compared(record):
        known = [value for value in each.worlds if value is not None]
        extremes = [points(min(known)), points(max(known))] if known else ["–", "–"]
        p = "–" if each.p is None else _p(each.p).removeprefix("p ").removeprefix("= ")
        rows.append([each.title, each.words, points(each.gain.mean), interval(each.gain), *extremes, p])
    heads = ["", "gain", ">points", ">95% interval", ">lowest world", ">highest world", ">p"]
    note = "Intervals and p-values stand for each comparison alone; verdicts correct for all of them (Holm)."
    return f"## Gains\n\n{_table(heads, rows)}\n\n{note}"


def _law(record: Record, name: str) -> str:
    groups = law_groups(record)
    if not groups:
        return "## Which languages gain\n\nNo share of bilingual text is known, so no law can be shown."
    rows = []
    for group in groups:
        own = [number(row, "own_answers") for row in group.rows]
        rows.append(
            [
                "yes" if group.bilingual else "none", "yes" if group.related else "no", str(len(group.rows)),
                _spread([row["base"] for row in group.rows]), _spread([row["tuned"] for row in group.rows]),
                _spread([row["tuned"] - row["base"] for row in group.rows], signed=True), _spread(own),
            ]
        )  # fmt: skip
    heads = [
        "bilingual pretraining text", "related to a tuned language", ">languages", ">restate, base",
        ">restate, tuned", ">gain", ">own answers",
    ]  # fmt: skip
    note = (
        "Languages never tuned on, all worlds together: mean (lowest to highest language). "
        "A language is related when it shares a family with a tuned one."
    )
    figure = f"![Bilingual text and accuracy]({name}-law.svg)"
    return f"## Which languages gain\n\n{figure}\n\n{_table(heads, rows)}\n\n{note}"


def _per_world(record: Record) -> str:
    worlds = record["worlds"]
    rows = [
        [
            world["world"], listing([str(code) for code in world["tuned_languages"]]),
            str(len(codes(world, seen=False))), _without(world), percent(number(world, "chance")),
            listing([task["name"] for task in world.get("tasks") or () if task["kept"]]),
            str(world.get("items_per_task") or "–"),
        ]
        for world in worlds
    ]  # fmt: skip
    heads = [
        "world", "tuned on", ">never tuned on", ">of these without bilingual text", ">chance", "tasks",
        ">items per task",
    ]  # fmt: skip
    parts = ["## Worlds", _table(heads, rows)]
    for mode in modes_of(record):
        controls, others = arms_of(record, mode)
        base = "base" if mode.before[1] == mode.name else f"base, {mode.before[1]}"
        plan: list[tuple[str, str, Group]] = [("base", base, "unseen"), ("tuned", "**tuned**", "unseen")]
        plan += [(arm, control_title(arm), "unseen") for arm in controls]
        plan += [(arm, f"{arm_title(arm)} (reference)", "unseen") for arm in others]
        plan += [("base", f"seen: {base}", "seen"), ("tuned", "seen: tuned", "seen")]
        plan += [("base", f"pivot: {base}", "pivot"), ("tuned", "pivot: tuned", "pivot")]
        body = [
            [world["world"], *(percent(accuracy(world, mode, arm, group)) for arm, _, group in plan)]
            for world in worlds
        ]
        if len(worlds) > 1:
            means = [percent(_over_worlds(record, mode, arm, group)) for arm, _, group in plan]
            body.append(["**mean**", *(f"**{value}**" for value in means)])
        meaning = mode.meaning.format(pivot="the pivot")
        note = f"{meaning} Languages never tuned on, unless a column says otherwise."
        table = _table(["world", *(f">{title}" for _, title, _ in plan)], body)
        parts.append(f"### {mode.title}\n\n{note}\n\n{table}")
    return "\n\n".join(parts)


def _tasks(record: Record) -> str:
    every = [task for world in record["worlds"] for task in world.get("tasks") or ()]
    names = list(dict.fromkeys(task["name"] for task in every))
    if not names:
        return ""
    rows, left_out = [], []
    for world in record["worlds"]:
        known = {task["name"]: task for task in world.get("tasks") or ()}
        cells = []
        for name in names:
            task = known.get(name)
            shown = percent(number(task, "pivot_accuracy")) if task else "–"
            cells.append(shown if task is None or task["kept"] else f"~~{shown}~~")
            if task and not task["kept"]:
                left_out.append(f"- {world['world']}, {name}: {task.get('reason') or 'left out'}.")
        rows.append([world["world"], *cells])
    told = "Left out by rule:\n\n" + "\n".join(left_out) if left_out else "No task was left out."
    table = _table(["world", *(f">{name}" for name in names)], rows)
    return f"## Tasks\n\nAccuracy of the base in the pivot; struck out: left out.\n\n{table}\n\n{told}"


def _compute(record: Record) -> str:
    costs = [world.get("cost") or {} for world in record["worlds"]]
    arms = list(dict.fromkeys(arm for cost in costs for arm in cost))
    if not arms:
        return ""
    keys = ["steps", "label_tokens", "generated_tokens", "tokens", "seconds"]
    rows = []
    for arm in arms:
        own = [cost[arm] for cost in costs if arm in cost]
        rows.append([_code(arm), *(_whole(mean([number(cost, key) for cost in own])) for key in keys)])
    heads = ["arm", ">steps", ">labelled tokens", ">generated tokens", ">tokens read", ">seconds"]
    note = (
        "Means over worlds. Steps and tokens count every stage of an arm; seconds are those of tuning and "
        "measuring in the attempt that finished."
    )
    return f"## Compute per arm\n\n{_table(heads, rows)}\n\n{note}"


def _knobs(record: Record) -> str:
    parts = []
    for recipe, knobs in (record.get("knobs") or {}).items():
        rows = [
            [*(_code(knob[key]) for key in ("name", "value", "paper")), knob.get("reason") or "–"]
            for knob in knobs
        ]
        table = _table(["knob", "here", "recipe's default", "reason"], rows)
        told = table if rows else "As the recipe has them."
        parts.append(f"### `{recipe}`\n\n{told}")
    return "\n\n".join(["## Settings", *parts]) if parts else ""


def _provenance(record: Record) -> str:
    worlds = record["worlds"]
    lines = ["## Provenance", ""]
    known = {key: record.get(key) for key in ("commit", "machine", "seconds")}
    known["versions"] = ", ".join(f"{name} {of}" for name, of in (record.get("versions") or {}).items())
    lines += [f"- {name}: {value}" for name, value in known.items() if value]
    seeded = [world for world in worlds if world.get("seeds")]
    kinds = list(dict.fromkeys(kind for world in seeded for kind in world["seeds"]))
    rows = [
        [w["world"], _code(w.get("model", "–")), *(str(w["seeds"].get(kind, "–")) for kind in kinds)]
        for w in seeded
    ]
    heads = ["world", "base (fingerprint)", *(f">{kind} seed" for kind in kinds)]
    seeds = _table(heads, rows) if rows else ""
    bases: dict[str, list[str]] = {}
    for world, spec in (record.get("bases") or {}).items():
        bases.setdefault(", ".join(f"{key} {value}" for key, value in spec.items()), []).append(world)
    made = "\n".join(f"- Base of {listing(own)}: {spec}." for spec, own in bases.items())
    told = [record] if record.get("command") else worlds
    commands = [place["command"] for place in told if place.get("command")]
    again = "To reproduce:\n\n```\n" + "\n".join(commands) + "\n```" if commands else ""
    return "\n\n".join(part for part in ("\n".join(lines), seeds, made, again) if part)


def _every_language(record: Record) -> str:
    rows = [
        [
            row["world"], _code(row["lang"]), str(row.get("family") or "isolate"),
            str(row.get("order") or "–"), "yes" if row["related"] else "no",
            share(number(row, "share")), share(number(row, "bilingual_share")),
            *(percent(number(row, key)) for key in ("base", "tuned")), points(number(row, "gain")),
            *(percent(number(row, key)) for key in ("words", "direct", "own_answers")),
        ]
        for row in law_rows(record)
    ]  # fmt: skip
    if not rows:
        return ""
    heads = [
        "world", "language", "family", "order", "related", ">text", ">bilingual", ">restate, base",
        ">restate, tuned", ">gain", ">words right, tuned", ">direct, base", ">own answers",
    ]  # fmt: skip
    return f"<details><summary>Every language never tuned on</summary>\n\n{_table(heads, rows)}\n\n</details>"


def _over_worlds(record: Record, mode: Mode, arm: str, group: Group) -> float | None:
    return mean([accuracy(world, mode, arm, group) for world in record["worlds"]])


def _without(world: Mapping[str, Any]) -> str:
    shares = [number(world, "languages", code, "bilingual_share") for code in codes(world, seen=False)]
    return "–" if None in shares else str(sum(value == 0 for value in shares))


def _spread(values: Sequence[float | None], *, signed: bool = False) -> str:
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return "–"
    show = points if signed else percent
    return f"{show(mean(known))} ({show(min(known))} to {show(max(known))})"


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


def _whole(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _code(value: object) -> str:
    shown = str(value).replace("\n", "\\n").replace("`", "'")
    return f"`{shown}`"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a heading that starts with `>` sets its column to the right."""
    lines = [[head.removeprefix(">") for head in heads]]
    lines.append(["---:" if head.startswith(">") else "---" for head in heads])
    lines += [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
