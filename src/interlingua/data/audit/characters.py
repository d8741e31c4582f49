"""Characters that do not belong in a text: control bytes, U+FFFD, marks nobody sees, text that is not NFC."""

import unicodedata
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from interlingua.data.audit.codes import (
    BREAK,
    CONTROL,
    DIRECTION,
    INVISIBLE,
    JOINER,
    REPLACEMENT,
    UNSTABLE,
    Codes,
)
from interlingua.data.audit.detector import Detector
from interlingua.data.audit.finding import Hits, shown
from interlingua.data.audit.sheet import Sheet
from interlingua.languages.scripts import direction, spaces_between_words

_JOINING = {
    "Arab", "Beng", "Deva", "Gujr", "Guru", "Khmr", "Knda", "Mlym", "Mong", "Mymr", "Nkoo", "Orya", "Sinh",
    "Syrc", "Taml", "Telu", "Tibt", "Thaa",
}  # fmt: skip
"""Scripts in which joiners shape letters."""
_ABOUT = 12  # characters shown on each side


def _find(sheet: Sheet) -> Iterator[Hits]:
    for column in sheet.roles.texts:
        codes = sheet.codes(column)
        for kind, at, habit in (
            ("control_characters", (codes.kinds & CONTROL) != 0, False),
            ("replacement_characters", (codes.kinds & REPLACEMENT) != 0, False),
            ("byte_order_mark", _marks(codes), False),
        ):
            yield from _by_language(sheet, column, kind, codes.total(at) > 0, _shows(codes, at), habit)
        yield from _unseen(sheet, column, codes)
        yield from _unstable(sheet, column, codes)
        yield from _edges(sheet, column)


def _by_language(
    sheet: Sheet,
    column: str,
    kind: str,
    bad: NDArray[np.bool_],
    tell: Callable[[int], str],
    habit: bool,
    score: float = 1.0,
) -> Iterator[Hits]:
    if not bad.any():
        return
    for lang, block in sheet.blocks.items():
        rows = np.flatnonzero(bad[block.start : block.stop]) + block.start
        if len(rows):
            yield Hits(kind, lang, rows, score, _of(column, tell), habit)


def _of(column: str, tell: Callable[[int], str], start: int = 0) -> Callable[[int], str]:
    return lambda row: f"{column}: {tell(row - start)}"


def _shows(codes: Codes, at: NDArray[np.bool_]) -> Callable[[int], str]:
    """What stands around the first marked character of a row."""

    def tell(row: int) -> str:
        start, stop = int(codes.starts[row]), int(codes.starts[row + 1]) - 1
        places = np.flatnonzero(at[start:stop]) + start
        first = int(places[0])
        around = codes.codes[max(start, first - _ABOUT) : min(stop, first + _ABOUT)]
        text = "".join(map(chr, around.tolist()))
        kinds = sorted({f"U+{code:04X}" for code in codes.codes[places].tolist()})
        return f"{len(places)} x {', '.join(kinds[:4])} in …{shown(text)}…"

    return tell


def _marks(codes: Codes) -> NDArray[np.bool_]:
    """A byte order mark at the start of a text."""
    first = np.zeros(len(codes.codes), bool)
    first[codes.starts[:-1]] = True
    found: NDArray[np.bool_] = first & (codes.codes == 0xFEFF)
    return found


def _unseen(sheet: Sheet, column: str, codes: Codes) -> Iterator[Hits]:
    """Marks without width, but for joiners, word breaks and directions where the script needs them."""
    suspect = (codes.kinds & (INVISIBLE | JOINER | BREAK | DIRECTION)) != 0
    if not suspect.any():
        return
    for lang, block in sheet.blocks.items():
        here = codes[block.start : block.stop]
        script, wanted = sheet.scripts[lang], INVISIBLE
        wanted |= 0 if script in _JOINING else JOINER
        wanted |= BREAK if spaces_between_words(script) else 0
        wanted |= 0 if direction(script) == "rtl" else DIRECTION
        at = ((here.kinds & wanted) != 0) & ~_marks(here)
        if wanted & JOINER:
            at &= ~_in_emoji(here)
        rows = np.flatnonzero(here.total(at))
        if len(rows):
            tell = _shows(here, at)
            yield Hits(
                "zero_width", lang, rows + block.start, 1.0, _of(column, tell, block.start), habit=True
            )


def _in_emoji(codes: Codes) -> NDArray[np.bool_]:
    """Joiners between pictures, which make one picture of several."""
    joined = codes.codes == 0x200D
    picture = (codes.codes >= 0x2190) & (codes.codes != 0xFEFF) | (codes.codes == 0xFE0F)
    before = np.concatenate(([False], picture[:-1]))
    found: NDArray[np.bool_] = joined & before
    return found


def _unstable(sheet: Sheet, column: str, codes: Codes) -> Iterator[Hits]:
    texts, bad = sheet.text(column), np.zeros(len(sheet), bool)
    for row in np.flatnonzero(codes.count(UNSTABLE)).tolist():
        bad[row] = not unicodedata.is_normalized("NFC", texts[row])

    def tell(row: int) -> str:
        text = texts[row]
        other = unicodedata.normalize("NFC", text)
        at = next(
            (at for at, (one, two) in enumerate(zip(text, other, strict=False)) if one != two),
            min(len(text), len(other)),
        )
        start = max(0, at - 6)
        written = " ".join(f"U+{ord(char):04X}" for char in text[max(0, at - 1) : at + 2])
        return f"not NFC at character {at}: …{shown(text[start : at + 8])}… ({written})"

    yield from _by_language(sheet, column, "not_nfc", bad, tell, True)


def _edges(sheet: Sheet, column: str) -> Iterator[Hits]:
    texts = sheet.text(column)
    bad = np.fromiter(
        (bool(text) and (text[0].isspace() or text[-1].isspace()) and bool(text.strip()) for text in texts),
        bool,
        len(texts),
    )

    def tell(row: int) -> str:
        text = texts[row]
        sides = [
            side for side, there in (("before", text[0].isspace()), ("behind", text[-1].isspace())) if there
        ]
        return f"space {' and '.join(sides)} the text {shown(repr(text), 40)}"

    yield from _by_language(sheet, column, "edge_spaces", bad, tell, True)


DETECTOR = Detector(
    _find,
    {
        "control_characters": "C0 and C1 control bytes, line and paragraph separators, lone surrogates",
        "replacement_characters": "U+FFFD, where a byte could not be read",
        "byte_order_mark": "U+FEFF at the start of a text",
        "zero_width": "soft hyphens, joiners, breaks and direction marks that the script does not need",
        "not_nfc": "text that is not in Unicode's composed form NFC",
        "edge_spaces": "space before or behind a text",
    },
)
"""Every one of these is a fact about the row, so its score is 1."""
