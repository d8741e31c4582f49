"""Tokens as people read them: bytes put together to characters, and what is only part of one marked."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from interlingua.models.lm import LM
from interlingua.scoring.label_tokens import byte_alphabet, is_byte_level

_MARK = "…"


def token_bytes(lm: LM, ids: Sequence[int]) -> list[bytes | str]:
    """The bytes that each token writes; the name of a token that writes none (special, or without entry)."""
    special = set(lm.tokenizer.all_special_ids)
    table = {sign: byte for byte, sign in byte_alphabet().items()} if is_byte_level(lm) else None
    found: list[bytes | str] = []
    for token, name in zip(ids, lm.tokenizer.convert_ids_to_tokens(list(ids)), strict=True):
        if name is None:
            found.append(f"⟨{token}⟩")
        elif token in special:
            found.append(name)
        elif table is not None and set(name) <= table.keys():
            found.append(bytes(table[sign] for sign in name))
        elif len(name) == 6 and name.startswith("<0x") and name.endswith(">"):
            found.append(bytes([int(name[3:5], 16)]))
        else:
            found.append(name.replace("▁", " ").encode())
    return found


def alone(lm: LM, ids: Sequence[int]) -> list[str]:
    """Each token for itself; bytes that make no character are shown as numbers: `⟨E0 B8⟩`."""
    return [own if isinstance(own, str) else _spelled(own) for own in token_bytes(lm, ids)]


def in_text(lm: LM, ids: Sequence[int]) -> list[str]:
    """Tokens that follow each other; one that holds part of a character shows it whole, `…` at that side."""
    own = token_bytes(lm, ids)
    written = [b"" if isinstance(one, str) else one for one in own]
    text = b"".join(written)
    starts = [at for at in range(len(text)) if text[at] & 0xC0 != 0x80] + [len(text)]
    bounds = set(starts)
    shown = []
    for one, (begin, end) in zip(own, pairwise(accumulate(map(len, written), initial=0)), strict=True):
        if isinstance(one, str):
            shown.append(one)
            continue
        first = max((at for at in starts if at <= begin), default=0)
        last = min(at for at in starts if at >= end)
        part = text[first:last].decode(errors="replace")
        shown.append(_MARK * (begin not in bounds) + part + _MARK * (end not in bounds))
    return shown


def _spelled(own: bytes) -> str:
    """Characters as they are, runs of other bytes by number."""
    parts, run = [], []
    for sign in own.decode(errors="surrogateescape"):
        if "\udc80" <= sign <= "\udcff":
            run.append(f"{ord(sign) - 0xDC00:02X}")
            continue
        parts += [f"⟨{' '.join(run)}⟩"] * bool(run) + [sign]
        run = []
    return "".join(parts + [f"⟨{' '.join(run)}⟩"] * bool(run))
