"""Hidden states of many texts on disk: one forward pass gives all layers and positions, language by language.

A folder holds one float32 array per language and position and a record of what made them. What a run
finished is found again by that record, so the same call goes on where it stopped.
"""

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlingua.core.errors import BadInput, OutOfRoom, UnknownName
from interlingua.core.faults import translate
from interlingua.core.fingerprint import file_fingerprint, fingerprint
from interlingua.core.progress import Tick, progress
from interlingua.models.lm import LM
from interlingua.scoring.hidden import POSITIONS, Position, pooled, room_for_states, shape_of
from interlingua.scoring.state_record import Record, array_file
from interlingua.scoring.tokens import cut_left, encode


@dataclass(frozen=True)
class States:
    """Vectors of texts in several languages, on disk in `folder`.

    `layers` counts the embeddings, layer 0; the last layer is taken after the final norm, as transformers
    does it. `cut` says how many texts of a language were longer than the model's context and lost their
    beginning.
    """

    folder: Path
    langs: tuple[str, ...]
    positions: tuple[Position, ...]
    layers: int
    width: int
    cut: Mapping[str, int]

    def vectors(self, lang: str, position: Position) -> np.memmap[Any, np.dtype[np.float32]]:
        """Vectors float32 [layer, item, d_model] of a language, items in the order they were given.

        Nothing is read before it is used. Raises `UnknownName` for a language or position that is not here.
        """
        for kind, name, known in (("language", lang, self.langs), ("position", position, self.positions)):
            if name not in known:
                raise UnknownName(kind, name, known, "Read its states first.")
        found: np.memmap[Any, np.dtype[np.float32]] = np.load(
            array_file(self.folder, lang, position), mmap_mode="r"
        )
        return found


def read_states(
    lm: LM,
    texts: Mapping[str, Sequence[str]],
    folder: Path | str,
    *,
    positions: Sequence[Position] = ("last", "weighted"),
    budget_bytes: int = 2_000_000_000,
    batch_tokens: int | None = None,
    title: str = "Hidden states",
) -> States:
    """States of all `texts` (language -> sentences), every layer and position from one forward pass each.

    `last` is the last token, `weighted` Σ t·h_t / Σ t over tokens t = 1, 2, ... as MEXA pools, `mean` the
    plain mean; special tokens count. At most `budget_bytes` are written, one process at a time in a folder.
    A language that is there already, of the same model and texts, is not read again; one whose file is
    damaged is. Raises `BadInput` for a language of fewer than two texts, an empty text, states above the
    budget or that are no numbers, `UnknownName` for a position, `RunFolderError` for a folder of another
    model or other texts, `ModelError` for a model whose layers cannot be read, `OutOfRoom`.
    """
    folder = Path(folder)
    _check(texts, positions)
    layers, width = shape_of(lm)
    count = sum(map(len, texts.values()))
    _afford(4 * layers * width * len(positions) * count, count, layers, width, positions, budget_bytes)
    record = Record(folder, lm.fingerprint(), positions)
    prints = {lang: fingerprint(list(own)) for lang, own in texts.items()}
    missing = [lang for lang in texts if not record.holds(lang, prints[lang])]
    if missing:
        rows = {lang: encode(lm, own) for lang, own in texts.items()}
        cut = {lang: [cut_left(lm, ids, lm.context) for ids in own] for lang, own in rows.items()}
        everything = [ids for own in cut.values() for ids in own]
        limit = room_for_states(lm, everything, batch_tokens)
        with progress(title, total=count, done=count - sum(len(texts[lang]) for lang in missing)) as tick:
            for lang in missing:
                files = _write(lm, cut[lang], lang, record, limit, tick)
                lost = sum(len(whole) > len(kept) for whole, kept in zip(rows[lang], cut[lang], strict=True))
                record.add(lang, {"texts": prints[lang], "cut": lost, "files": files})
    lost_of = {lang: int(record.languages[lang]["cut"]) for lang in texts}
    return States(folder, tuple(texts), tuple(positions), layers, width, lost_of)


def _write(
    lm: LM, rows: Sequence[Sequence[int]], lang: str, record: Record, batch_tokens: int, tick: Tick
) -> dict[Position, str]:
    """Read one language into its arrays; fingerprints of their files, which appear when all is there."""
    layers, width = shape_of(lm)
    drafts = {position: record.folder / f".{lang}.{position}.tmp" for position in record.positions}
    try:
        arrays = {position: _blank(draft, (layers, len(rows), width)) for position, draft in drafts.items()}
        for batch, found in pooled(lm, rows, record.positions, batch_tokens):
            for position, vectors in found.items():
                _finite(vectors, batch, lang)
                arrays[position][:, batch] = vectors
            tick(len(batch), note=lang)
        for array in arrays.values():
            array.flush()
        for position, draft in drafts.items():
            os.replace(draft, array_file(record.folder, lang, position))
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    return {position: file_fingerprint(array_file(record.folder, lang, position)) for position in drafts}


def _blank(path: Path, shape: tuple[int, int, int]) -> np.memmap[Any, np.dtype[np.float32]]:
    """A new array whose place on disk is taken at once: a full disk shows here, not while it is filled."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if (free := shutil.disk_usage(path.parent).free) < (needed := 4 * int(np.prod(shape))):
            raise OutOfRoom(f"{path.parent} has {_size(free)} left and needs {_size(needed)}; free some.")
        array = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
        if hasattr(os, "posix_fallocate"):
            with open(path, "r+b") as file:
                os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
    except OSError as error:
        told = translate(error, path.parent)
        if told is None:
            raise
        raise told from error
    return array


def _check(texts: Mapping[str, Sequence[str]], positions: Sequence[Position]) -> None:
    if not positions or len(set(positions)) < len(positions):
        raise BadInput(f"States need positions, each once; give some of {', '.join(POSITIONS)}.")
    for position in positions:
        if position not in POSITIONS:
            raise UnknownName("position", position, POSITIONS)
    if not texts:
        raise BadInput("There are no texts to read hidden states of; give at least one language.")
    for lang, own in texts.items():
        if not re.fullmatch(r"\w[\w.@+-]*", lang):
            raise BadInput(f"{lang!r} cannot name a file; use letters, digits and . @ + - _.")
        if len(own) < 2:
            raise BadInput(f"{lang} needs 2 texts or more, so that they can be compared; got {len(own)}.")
        for item, text in enumerate(own):
            if not text.strip():
                raise BadInput(f"Text {item} in {lang} is empty; leave it out in all languages alike.")


def _afford(
    needed: int, count: int, layers: int, width: int, positions: Sequence[Position], budget: int
) -> None:
    if needed > budget:
        raise BadInput(
            f"States of {count} texts need {_size(needed)} ({layers} layers of {width} numbers at"
            f" {len(positions)} positions), above the budget of {_size(budget)};"
            " read fewer texts or `positions`, or raise `budget_bytes`."
        )


def _finite(vectors: NDArray[np.float32], batch: Sequence[int], lang: str) -> None:
    bad = np.argwhere(~np.isfinite(vectors))
    if len(bad):
        layer, row, at = (int(place) for place in bad[0])
        raise BadInput(
            f"Text {batch[row]} in {lang} has {vectors[layer, row, at]} in layer {layer}; check the weights,"
            " or load the model as float32 or bfloat16."
        )


def _size(count: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count / 1e3:.1f} kB"
