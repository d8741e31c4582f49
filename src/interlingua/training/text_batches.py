"""Text batches: plain documents as rows of tokens for language modelling, whole documents side by side."""

from collections import Counter
from collections.abc import Iterator, Sequence

from interlingua.core.errors import BadInput
from interlingua.data.items import Example
from interlingua.models.lm import LM
from interlingua.training.batches import SFTBatches


def text_batches(
    lm: LM, texts: Sequence[str], length: int, batch_size: int, steps: int, seed: int
) -> SFTBatches:
    """`steps` batches of `batch_size` rows of at most `length` tokens, each epoch in a new order.

    A row is the end token (or the start token, where the tokenizer puts one), then documents that each end
    with the end token, as many as fit; all of them are learned, their first token included. A document
    longer than a row goes on in the next. Raises `BadInput` for no text, sizes below 1, rows below 2.
    """
    if batch_size < 1 or steps < 1:
        raise BadInput(f"batch_size and steps must be at least 1, not {batch_size}, {steps}.")
    rows = _rows(lm, texts, length)
    shown = [Example("", lm.tokenizer.decode(row[:24]), "text") for row in rows]
    return SFTBatches(shown, [(row, 1) for row in rows], Counter(), batch_size, steps, seed, 4, lm.filler)


def text_rows(lm: LM, texts: Sequence[str], length: int) -> int:
    """How many rows `text_batches` makes of the texts; raises `BadInput` as it does."""
    return len(_rows(lm, texts, length))


def _rows(lm: LM, texts: Sequence[str], length: int) -> list[list[int]]:
    if not texts:
        raise BadInput("There is no text to learn from; give at least one document.")
    limit = min(length, lm.context or length)
    if limit < 2:
        raise BadInput(f"Rows of text need at least 2 tokens, not {limit}.")
    rows = list(_packed(lm, texts, limit))
    if not rows:
        raise BadInput(f"The {len(texts)} texts to learn have no tokens; give some text.")
    return rows


def _packed(lm: LM, texts: Sequence[str], limit: int) -> Iterator[list[int]]:
    tokenizer = lm.tokenizer
    own: list[list[int]] = tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]
    framed: list[int] = tokenizer("", verbose=False)["input_ids"]
    end = tokenizer.eos_token_id
    first = framed[0] if framed and framed[0] == tokenizer.bos_token_id else end
    start = [] if first is None else [first]
    close = [] if end is None else [end]
    row = list(start)
    for ids in own:
        if not ids:
            continue
        piece = [*ids, *close]
        if len(row) + len(piece) > limit and len(row) > len(start):
            yield row
            row = list(start)
        while len(row) + len(piece) > limit:
            room = limit - len(row)
            yield row + piece[:room]
            row, piece = list(start), piece[room:]
        row += piece
    if len(row) > max(1, len(start)):
        yield row
