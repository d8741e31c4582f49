"""Open questions: the model writes its answer, which is then compared with the accepted ones."""

from collections import defaultdict
from collections.abc import Sequence

from interlingua.core.errors import BadInput
from interlingua.core.fingerprint import fingerprint
from interlingua.core.ledger import Ledger
from interlingua.core.progress import progress
from interlingua.core.rows import Row
from interlingua.data.answers import exact, f1, number_in, same_number
from interlingua.data.items import Open
from interlingua.models.lm import LM
from interlingua.scoring.choices import warn_of
from interlingua.scoring.generate import Generation, generated

SEPARATOR = " | "  # between accepted answers in `extra["reference"]`


def score_open(
    lm: LM,
    items: Sequence[Open],
    *,
    mode: str = "generate",
    ledger: Ledger | None = None,
    seed: int = 0,
    batch_tokens: int = 16384,
    title: str = "Writing answers",
) -> list[Row]:
    """Rows in item order: greedy answers, right (prediction 0, as gold) where they match an accepted one.

    `match="number"` compares the last number written, `text` the words (SQuAD's exact match). The extra has
    what was `written`, the `answer` found in it, the accepted ones as `reference`, and `f1` for text. Rows go
    into the ledger batch by batch and are not computed again when they are there; batches are planned from
    all items, so an interrupted run gives what an uninterrupted one does. Prompts that do not fit beside the
    new tokens lose their beginning: `cut` in the extra, and a warning by language.
    Raises `BadInput` for an item without answers, or with one that holds no number where one is compared.
    """
    _check(items)
    model = lm.fingerprint()
    keys = [fingerprint(model, "open", mode, seed, repr(item)) for item in items]
    rows = dict(ledger.get_many(keys)) if ledger is not None else {}
    # A space at the end belongs to the first word the model writes, as tokenizers see it.
    prompts = [(item.shots + item.question).rstrip(" ") for item in items]
    by_stop: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, item in enumerate(items):
        by_stop[item.stop].append(index)
    with progress(title, total=len(items), done=len(rows)) as tick:
        for stop, own in by_stop.items():
            texts, limits = [prompts[i] for i in own], [items[i].max_new_tokens for i in own]
            done = {place for place, index in enumerate(own) if keys[index] in rows}
            if len(done) == len(own):
                continue
            for batch in generated(lm, texts, limits, stop, batch_tokens, skip=done):
                fresh = {
                    keys[own[place]]: _row(model, items[own[place]], written, mode, seed)
                    for place, written in batch
                    if place not in done
                }
                if ledger is not None:
                    ledger.put_many(fresh.items())
                rows.update(fresh)
                tick(len(fresh))
    found = [rows[key] for key in keys]
    warn_of(lm, found)
    return found


def _row(model: str, item: Open, written: Generation, mode: str, seed: int) -> Row:
    extra: dict[str, str | float] = {"written": written.text, "reference": SEPARATOR.join(item.answers)}
    if item.match == "number":
        number = number_in(written.text)
        extra["answer"] = "" if number is None else f"{number:f}"
        right = any(same_number(written.text, answer) for answer in item.answers)
    else:
        extra["answer"] = written.text.strip()
        extra["f1"] = f1(written.text, item.answers, item.lang)
        right = exact(written.text, item.answers, item.lang)
    if written.cut:
        extra["cut"] = float(written.cut)
    return Row(
        model=model,
        task=item.task,
        split=item.split,
        id=item.id,
        group=item.group,
        cluster=item.cluster,
        lang=item.lang,
        mode=mode,
        prediction=0 if right else 1,
        gold=0,
        scores=(),
        question=item.question,
        options=(),
        tokens=written.tokens,
        seed=seed,
        extra=extra,
    )


def _check(items: Sequence[Open]) -> None:
    for item in items:
        if not item.answers or not all(answer.strip() for answer in item.answers):
            raise BadInput(
                f"Item {item.id!r} of {item.task} ({item.lang}) has the answers {item.answers!r}; "
                "every open question needs an answer with text."
            )
        if item.match == "number" and (bad := [a for a in item.answers if number_in(a) is None]):
            raise BadInput(
                f"Item {item.id!r} of {item.task} ({item.lang}) is compared by number, but its answer "
                f'{bad[0]!r} holds none; give digits, or match = "text".'
            )
