"""Roles: which columns of a table hold texts, labels or candidates, told from their names and values."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KEYS = ("id", "lang", "script", "flores", "(context)")
LABELS = (
    "label", "labels", "gold", "gold_label", "answer", "answers", "target", "class", "sentiment",
    "correct_answer", "correct", "cat", "category", "topic", "emotion", "stance",
)  # fmt: skip
LISTS = ("choices", "options", "candidates", "endings", "choice_labels")
_SHOWN_LISTS = ("choices", "options", "endings")
_NOTES = {
    "src_code", "src_id", "variant", "doc", "url", "uid", "lang_name", "origin", "date", "pair", "source_id",
    "context_id", "parallel_ids", "script", "flores", "iso", "split", "license",
}  # fmt: skip
_CODE = re.compile(r"https?://\S+|[\w.:/#+-]*\d[\w.:/#+-]*|[\[{].*[\]}]", re.DOTALL)
_OF_LANGUAGE = re.compile(r".+[_-](en|eng|english)$")
_SAMPLE, _MOST, _WORDS = 3000, 30, 4  # values looked at; distinct values of a category, words of one
_ALWAYS = ("label", "labels", "gold", "gold_label")


@dataclass(frozen=True)
class Roles:
    """Columns by what they hold.

    `texts` are in the row's language; `english` maps columns whose name says English to those that they may
    be translations of; `labels` are answers that are one of few, `categories` other columns of few values;
    `lists` are lists of texts of which one is the answer; `shared` are other columns that hold the same in
    every language, such as an equation or the number that answers a question.
    """

    texts: tuple[str, ...]
    english: Mapping[str, str]
    labels: tuple[str, ...]
    categories: tuple[str, ...]
    lists: tuple[str, ...]
    shared: tuple[str, ...]


def roles_of(columns: Mapping[str, list[Any]], blocks: Mapping[str, range], ids: Sequence[str]) -> Roles:
    """The roles of a table's columns."""
    english: dict[str, str] = {}
    texts: list[str] = []
    labels: list[str] = []
    categories: list[str] = []
    lists: list[str] = []
    shared: list[str] = []
    counterparts = _counterparts(blocks, ids)
    for name, values in columns.items():
        if name in KEYS:
            continue
        sample = [value for value in _sample(values) if value is not None and value != ""]
        if not sample:
            continue
        if isinstance(sample[0], list | tuple):
            if name in LISTS and all(isinstance(value, list | tuple) for value in sample):
                lists.append(name)
                if name in _SHOWN_LISTS:
                    texts.append(name)
            elif name == "words":
                texts.append(name)
        elif name in _NOTES:
            continue
        elif _few(values, blocks) or name.lower() in _ALWAYS:
            (labels if name.lower() in LABELS else categories).append(name)
        elif _is_shared(values, counterparts):
            shared.append(name)
        elif isinstance(sample[0], str) and _is_text(sample):
            texts.append(name)
            if _OF_LANGUAGE.fullmatch(name):
                english[name] = name.rpartition("_")[0]
    return Roles(tuple(texts), english, tuple(labels), tuple(categories), tuple(lists), tuple(shared))


def _sample(values: list[Any]) -> list[Any]:
    return values[:: max(1, len(values) // _SAMPLE)]


def _few(values: list[Any], blocks: Mapping[str, range]) -> bool:
    """Whether the languages write few different values, each often."""
    if isinstance(values[0], float) or any(isinstance(value, list) for value in values[:3]):
        return False
    if any(len(str(value).split()) > _WORDS for value in _sample(values)):
        return False
    largest = sorted(blocks.values(), key=len)[-8:]
    told = [{str(values[row]) for row in block if values[row] is not None} for block in largest]
    rows = sum(map(len, largest))
    return all(len(one) <= _MOST for one in told) and 4 * sum(map(len, told)) <= rows


def _counterparts(blocks: Mapping[str, range], ids: Sequence[str]) -> list[list[int]]:
    """Rows of one id each in up to eight languages, for some ids."""
    rows: dict[str, list[int]] = defaultdict(list)
    for block in list(blocks.values())[:8]:
        for row in block:
            rows[ids[row]].append(row)
    several = [one for one in rows.values() if len(one) > 2]
    return _sample(several) if len(several) >= 0.5 * len(rows) else []


def _is_shared(values: list[Any], counterparts: list[list[int]]) -> bool:
    """Whether nearly all rows hold the same as their counterparts in three or more languages."""
    same = sum(len({str(values[row]) for row in rows}) == 1 for rows in counterparts)
    return bool(counterparts) and same >= 0.8 * len(counterparts)


def _is_text(sample: list[Any]) -> bool:
    """Whether values are words of a language: few are codes, addresses or numbers."""
    codes = sum(_CODE.fullmatch(value) is not None for value in sample)
    return codes <= 0.3 * len(sample)
