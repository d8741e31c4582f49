"""Defects that the index of the public sets lists, and what a plain look at each row says; for `audit.py`."""

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from interlingua.data.audit.finding import Finding
from interlingua.data.tables import column_names, read_columns

Row = dict[str, Any]
TEXTS = (
    "text", "premise", "hypothesis", "question", "context", "prompt", "input", "choice1", "choice2",
    "choices", "answer",
)  # fmt: skip
"""Columns that a plain look reads."""


SPLITS = ("train", "dev", "test")


@dataclass(frozen=True)
class Defect:
    """What is listed: a file, a language (`all`: any), the kinds that tell it, and how many rows or which.

    `truth` decides row by row without the audit; where there is none, rows are counted only.
    """

    file: str
    lang: str
    kinds: tuple[str, ...]
    listed: int | tuple[str, ...]
    truth: Callable[[Row], bool] | None = None


def known(data: Path) -> list[Defect]:
    """The list."""
    cldr = read_columns(data / "cldr_emoji_names" / "all.parquet", ["id", "lang", "text"])
    english = {
        one: text
        for one, lang, text in zip(cldr["id"], cldr["lang"], cldr["text"], strict=True)
        if lang == "en"
    }

    def fallen_back(row: Row) -> bool:
        return row["text"] == english.get(row["id"]) and len(row["text"].split()) > 2

    snli = read_columns(data / "lml_snli" / "test.parquet", ["id", "lang", "answer", "label"])
    words = _words(snli)
    nfc = {
        "ntrex128/test": ("bn", "yo", "my"), "sib200/train": ("ks-Deva", "mni", "as"),
        "tatoeba/test": ("bn", "yi"),
    }  # fmt: skip
    listed = {("ntrex128/test", "bn"): 1185, ("tatoeba/test", "bn"): 302, ("tatoeba/test", "yi"): 258}
    script = ("off_script", "mixed_scripts")
    fallbacks = {"chr": 234, "zu": 160, "fil": 77, "ig": 26}
    return [
        Defect(
            "lml_emotion/test", "en", ("untranslated", "other_language"), ("0018", "0145", "0271", "0462")
        ),
        Defect("lml_emotion/test", "no", ("label_words",), 500, lambda row: bool(row["answer"])),
        Defect(
            "lml_snli/test", "no", ("swapped_labels",), 400, lambda row: words[row["label"]] != row["answer"]
        ),
        Defect("lml_snli/train_en", "en", ("unlabelled",), 15, lambda row: not row["answer"]),
        Defect("lml_snli/train_en", "en", ("duplicate",), 2),
        *(
            Defect(file, lang, ("not_nfc",), listed.get((file, lang), 0), _not_nfc)
            for file, langs in nfc.items()
            for lang in langs
        ),
        Defect("ntrex128/test", "bs", ("control_characters",), 69, _control),
        Defect("xnli/dev", "el", ("control_characters",), 1, _control),
        Defect("xnli/dev", "zh", ("control_characters",), 1, _control),
        Defect("ntrex128/test", "ky", ("html_entities",), 1, _entity),
        Defect("ntrex128/test", "ug", ("html_entities",), 1, _entity),
        Defect("afrisenti/dev", "all", ("html_entities",), 24, _entity),
        *(Defect(f"sib200/{split}", "all", ("html_entities",), 0, _entity) for split in SPLITS),
        *(Defect(f"sib200/{split}", "all", ("control_characters",), 0, _control) for split in SPLITS),
        Defect("sib200/train", "id", ("mojibake",), 1, _mojibake),
        Defect("xnli/dev", "en", ("html_entities", "mojibake"), 6),
        Defect("flores200_indic/devtest", "mr", ("replacement_characters",), ("0519",), _replaced),
        Defect("xquad/contexts", "ar", ("replacement_characters",), ("p180",), _replaced),
        Defect("bible_nt/all", "ppk", ("replacement_characters",), 2, _replaced),
        Defect("flores200_indic/devtest", "mr", ("edge_spaces",), 184, _edges),
        Defect("msvamp/test", "all", ("edge_spaces",), 0, _edges),
        Defect("msvamp/test", "all", ("length", "cut", "out_of_step"), 15),
        Defect("xquad/contexts", "all", ("byte_order_mark",), 0, lambda row: row["context"][0] == "\ufeff"),
        *(Defect("bmlama53/test", lang, ("zero_width",), 800, _unseen) for lang in ("es", "gl", "hy")),
        Defect("xcopa/test", "all", ("constant_labels", "label_differs"), 0),
        Defect("xwinograd/all", "ru", ("repeated_text", "duplicate", "opposite_labels"), 35),
        Defect("am2ico/dev", "all", ("repeated_text", "duplicate"), 1),
        Defect("americasnli/dev", "oto", ("missing",), 521),
        Defect(
            "bmlama53/test",
            "he",
            ("not_a_candidate",),
            16,
            lambda row: row["answer"] not in row["candidates"],
        ),
        Defect("xnli/dev", "hi", ("off_script",), 127, _off),
        Defect("xnli/dev", "ur", ("off_script",), 62, _off),
        Defect("afrisenti/dev", "ary", script, 213, lambda row: _latin(row["text"])),
        Defect("exams/dev", "sr", script, 17, lambda row: _latin(row["question"])),
        Defect("tatoeba/test", "tt", script, 0, lambda row: _latin(row["text"])),
        Defect("tatoeba/test", "ku", script, 0, lambda row: not _latin(row["text"])),
        *(
            Defect("tatoeba/test", lang, script, 0, lambda row: _cyrillic(row["text"]))
            for lang in ("sr-Latn", "uz", "lfn")
        ),
        Defect("bible_nt/all", "et", ("cut", "merged", "length", "out_of_step"), 883),
        *(Defect("bible_nt/all", lang, ("wrong_ids",), 0, _twice_numbered) for lang in ("din", "oj-Cans")),
        *(
            Defect("cldr_emoji_names/all", lang, ("untranslated", "off_script"), count, fallen_back)
            for lang, count in fallbacks.items()
        ),
    ]


def judged(data: Path, found: Sequence[Finding], worth: float) -> list[dict[str, Any]]:
    """For each defect: rows that a plain look finds, those the audit finds, and both."""
    told = []
    for one in known(data):
        least = 0.3 if "repeated_text" in one.kinds else worth
        mine = {
            (finding.lang, row)
            for finding in found
            if finding.file == f"{one.file}.parquet" and finding.kind in one.kinds and finding.score >= least
            for row in finding.ids
            if one.lang in (finding.lang, "all")
        }
        right = _right(data, one)
        told.append(
            {
                "file": one.file, "lang": one.lang, "kinds": list(one.kinds),
                "listed": len(one.listed) if isinstance(one.listed, tuple) else one.listed or None,
                "by_row": None if right is None else len(right), "found": len(mine),
                "both": None if right is None else len(mine & right),
            }
        )  # fmt: skip
    return told


def _right(data: Path, one: Defect) -> set[tuple[str, str]] | None:
    if isinstance(one.listed, tuple):
        return {(one.lang, row) for row in one.listed}
    if one.truth is None:
        return None
    path = data / f"{one.file}.parquet"
    columns = read_columns(path, column_names(path))
    rows = (dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True))
    return {
        (row["lang"], str(row["id"])) for row in rows if one.lang in (row["lang"], "all") and one.truth(row)
    }


def _words(snli: dict[str, list[Any]]) -> dict[Any, str]:
    """What Norwegian labels should be called: each the word most like one of the same label elsewhere."""
    pairs = set(zip(snli["lang"], snli["label"], snli["answer"], strict=True))
    mine = sorted({answer for lang, _, answer in pairs if lang == "no"})
    return {
        label: max(
            mine,
            key=lambda word: max(
                SequenceMatcher(None, word.lower(), other.lower()).ratio()
                for lang, one, other in pairs
                if one == label and lang != "no"
            ),
        )
        for _, label, _ in pairs
    }


def _texts(row: Row) -> list[str]:
    there = [row[name] for name in TEXTS if name in row and row[name] is not None]
    return [
        text for one in there for text in (one if isinstance(one, list) else [one]) if isinstance(text, str)
    ]


def _control(row: Row) -> bool:
    return any(re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]", text) for text in _texts(row))


def _entity(row: Row) -> bool:
    return any(
        re.search(r"&(#\d+|#x[0-9a-f]+|\w+);", text) and html.unescape(text) != text for text in _texts(row)
    )


def _not_nfc(row: Row) -> bool:
    return any(unicodedata.normalize("NFC", text) != text for text in _texts(row))


def _replaced(row: Row) -> bool:
    return any("\ufffd" in text for text in _texts(row))


def _edges(row: Row) -> bool:
    return any(text != text.strip() for text in _texts(row))


def _unseen(row: Row) -> bool:
    return any(re.search("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]", text) for text in _texts(row))


def _mojibake(row: Row) -> bool:
    return any(re.search("[ÃÂ][\x80-¿]|â€", text) for text in _texts(row))


def _twice_numbered(row: Row) -> bool:
    """1CO.13 where chapter 3 is meant: the book's number again."""
    return re.match(r"b\.([123])\w\w\.\1\d", row["id"]) is not None


def _share(text: str, script: str) -> float:
    letters = [char for char in text if char.isalpha()]
    return sum(unicodedata.name(char, "").startswith(script) for char in letters) / max(1, len(letters))


def _latin(text: str) -> bool:
    return _share(text, "LATIN") > 0.5


def _off(row: Row) -> bool:
    return any(_latin(text) for text in _texts(row))


def _cyrillic(text: str) -> bool:
    return _share(text, "CYRILLIC") > 0.5
