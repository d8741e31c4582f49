"""Finding: rows of a file that are not what they claim to be, with the evidence."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlingua.data.audit.sheet import Sheet

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SPREAD = 0.2
"""Share of a language's rows from which on a habit of writing is told once for all of them."""
_SHOWN = 60  # characters of a text in the evidence


@dataclass(frozen=True, slots=True)
class Finding:
    """Rows of one language in one file, from `first_id` to `last_id` in the order of the file.

    `score` runs from 0 to 1: how sure it is that these rows are as `kind` says; 0.5 is where a kind begins to
    be worth a look. `lang` is spelled as in the file. `ids` are the rows meant, all of them; missing rows are
    named by the ids that other languages have.
    """

    file: str
    lang: str
    kind: str
    first_id: str
    last_id: str
    score: float
    evidence: str
    ids: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values; `ids` only where they are not all rows from the first to the last."""
        told = {name: getattr(self, name) for name in self.__slots__ if name != "ids"}
        return {**told, "score": round(self.score, 3), "rows": len(self.ids), "ids": list(self.ids)}


@dataclass(frozen=True)
class Hits:
    """Rows of a sheet that a detector points at; each is a finding of its own unless it touches the next.

    `rows` are numbers of rows in the sheet, in order; `score` is one for all or one per row; `evidence` says
    what is wrong, or tells it for a row. Where `habit` is set and the rows are a good part of the language's,
    they are one finding; where `whole` is set they always are.
    """

    kind: str
    lang: str
    rows: Sequence[int] | Ints
    score: float | Floats
    evidence: str | Callable[[int], str]
    habit: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Gap:
    """Rows that are not there."""

    kind: str
    lang: str
    ids: Sequence[str]
    score: float
    evidence: str


def findings(sheet: Sheet, found: Iterable[Hits | Gap]) -> Iterator[Finding]:
    """What detectors point at, as findings."""
    for one in found:
        if isinstance(one, Gap):
            ids = tuple(one.ids)
            yield Finding(
                sheet.file_of(one.lang), one.lang, one.kind, ids[0], ids[-1], one.score, one.evidence, ids
            )
        elif len(one.rows):
            yield from _spans(sheet, one)


def shown(text: object, limit: int = _SHOWN) -> str:
    """A text as evidence shows it: one line, not too long, what cannot be seen written as an escape."""
    plain = " ".join(str(text).split(" "))
    cut = plain if len(plain) <= limit else plain[: limit - 1] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in cut)


def surprise(nats: float | Floats, half: float) -> Any:
    """Evidence in nats as a score: 0 for none, 0.5 at `half`, towards 1 beyond."""
    found = np.maximum(np.asarray(nats, dtype=float), 0.0)
    score = found / (found + half)
    return float(score) if score.ndim == 0 else score


def _spans(sheet: Sheet, hits: Hits) -> Iterator[Finding]:
    rows = np.asarray(hits.rows, dtype=np.int64)
    scores = np.broadcast_to(np.asarray(hits.score, dtype=float), rows.shape)
    block = sheet.blocks[hits.lang]
    total = block.stop - block.start
    if hits.whole or (hits.habit and len(rows) >= max(10, SPREAD * total)):
        many = "" if hits.whole else f"{len(rows):,} of {total:,} rows, the first: "
        yield _finding(sheet, hits, rows, float(scores.mean()), many + _evidence(hits, rows[0]))
        return
    breaks = np.flatnonzero(np.diff(rows) != 1) + 1
    for places in np.split(np.arange(len(rows)), breaks):
        more = f" (the first of {len(places)} rows)" if len(places) > 1 else ""
        text = _evidence(hits, rows[places[0]]) + more
        yield _finding(sheet, hits, rows[places], float(scores[places].mean()), text)


def _evidence(hits: Hits, row: int) -> str:
    return hits.evidence if isinstance(hits.evidence, str) else hits.evidence(int(row))


def _finding(sheet: Sheet, hits: Hits, rows: Ints, score: float, evidence: str) -> Finding:
    ids = tuple(sheet.ids[row] for row in rows)
    file = sheet.file_of(hits.lang)
    return Finding(file, hits.lang, hits.kind, ids[0], ids[-1], score, evidence, ids)
