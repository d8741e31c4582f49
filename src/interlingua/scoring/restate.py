"""Restate, then answer: the model first writes the question in the pivot, then answers that question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from interlingua.core.errors import BadInput
from interlingua.core.fingerprint import fingerprint
from interlingua.core.ledger import Ledger
from interlingua.core.progress import progress
from interlingua.core.rows import Row
from interlingua.data.items import Choice, Pair
from interlingua.data.prompts import Template
from interlingua.models.lm import LM
from interlingua.scoring.choices import How, scored, warn_of
from interlingua.scoring.generate import Generation, generated
from interlingua.scoring.tokens import encode

BETWEEN = "\n\n"  # between restated examples; also ends the text when examples are shown


@dataclass(frozen=True, slots=True)
class Frame:
    """How a task is answered in the pivot: its few-shot text and its option words (none: each item's own)."""

    shots: str
    options: tuple[str, ...]


def restate(
    lm: LM,
    items: Sequence[Choice],
    *,
    pivot: str,
    frames: Mapping[str, Frame],
    template: Template,
    how: How = "constrained",
    ledger: Ledger | None = None,
    seed: int = 0,
    max_new_tokens: int = 512,
    length_factor: float = 2.0,
    shots: Sequence[Pair] = (),
    references: Mapping[tuple[str, str], str] | None = None,
    batch_tokens: int = 16384,
    title: str = "Restating",
) -> list[Row]:
    """Rows of mode `restate` in item order; `extra["restated"]` is what the model wrote.

    The prompt is the template around the question; the text written until the end token, at most
    `length_factor` times the question's tokens (and 8 more) and at most `max_new_tokens`, takes the
    question's place in its task's frame. `question` in the row stays the original one. Items in the
    pivot are answered as they are, in the same frame, and have no `restated`. `shots` are restated
    examples put in front (those in the item's language where there are any, else all of them).
    `references` maps (task, group) to the question in the pivot, kept as `extra["reference"]`.
    Rows go into the ledger batch by batch, generation and answer together.
    Raises `BadInput` for a task without a frame.
    """
    for task in {item.task for item in items} - set(frames):
        raise BadInput(f"No pivot frame for task {task!r}; frames are given for {', '.join(sorted(frames))}.")
    references = references or {}
    prompts = [_prompt(item, pivot, template, shots) for item in items]
    model = lm.fingerprint()
    knobs = (model, "restate", how, seed, max_new_tokens, length_factor, bool(shots))
    wanted = [references.get((item.task, item.group)) for item in items]
    keys = [
        fingerprint(*knobs, repr(item), prompt, frames[item.task], reference)
        for item, prompt, reference in zip(items, prompts, wanted, strict=True)
    ]
    rows = dict(ledger.get_many(keys)) if ledger is not None else {}

    def answer(batch: Sequence[tuple[int, Generation | None]]) -> int:
        """Answer restated (or own) questions into the ledger; how many rows are new."""
        asked = [_in_pivot(items[index], frames[items[index].task], written) for index, written in batch]
        fresh = {}
        for part in scored(lm, asked, mode="restate", how=how, seed=seed):
            for place, row in part:
                index, written = batch[place]
                if keys[index] not in rows:
                    fresh[keys[index]] = _row(row, items[index], written, references)
        if ledger is not None:
            ledger.put_many(fresh.items())
        rows.update(fresh)
        return len(fresh)

    own = [index for index, item in enumerate(items) if item.lang == pivot]
    foreign = [index for index, item in enumerate(items) if item.lang != pivot]
    lengths = map(len, encode(lm, [items[index].question for index in foreign]))
    limits = [min(max_new_tokens, int(length_factor * length) + 8) for length in lengths]
    done = {place for place, index in enumerate(foreign) if keys[index] in rows}
    texts = [prompts[index] for index in foreign]
    stop = (BETWEEN,) if shots else ()
    with progress(title, total=len(items), done=len(rows)) as tick:
        if any(keys[index] not in rows for index in own):
            tick(answer([(index, None) for index in own]))
        for batch in generated(lm, texts, limits, stop, batch_tokens, skip=done):
            tick(answer([(foreign[place], written) for place, written in batch]))
    found = [rows[key] for key in keys]
    warn_of(lm, found)
    return found


def _prompt(item: Choice, pivot: str, template: Template, shots: Sequence[Pair]) -> str:
    shown = [pair for pair in shots if pair.source_lang == item.lang] or shots
    before = [template.render(p.source, p.source_lang, p.target_lang) + p.target + BETWEEN for p in shown]
    # A space at the end belongs to the first word the model writes, as tokenizers see it.
    return "".join([*before, template.render(item.question, item.lang, pivot)]).rstrip(" ")


def _in_pivot(item: Choice, frame: Frame, written: Generation | None) -> Choice:
    question = item.question if written is None else written.text.lstrip()
    return replace(item, question=question, shots=frame.shots, options=frame.options or item.options)


def _row(
    row: Row, item: Choice, written: Generation | None, references: Mapping[tuple[str, str], str]
) -> Row:
    if written is None:
        return row
    extra = {**row.extra, "restated": row.question}
    if written.cut:
        extra["cut"] = float(row.extra.get("cut", 0)) + written.cut
    if (item.task, item.group) in references:
        extra["reference"] = references[item.task, item.group]
    return replace(row, question=item.question, tokens=row.tokens + written.tokens, extra=extra)
