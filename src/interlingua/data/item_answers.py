"""Answers of a row: its options, which of them is right, and the texts that are accepted."""

from collections.abc import Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from interlingua.core.errors import BadInput


def options_of(
    row: Mapping[str, Any], columns: Sequence[str], letters: str, where: str
) -> tuple[tuple[str, ...], str]:
    """The options of a row, and their list with `letters` (empty without).

    Raises:
        BadInput: an empty list, an empty option, a single one, or more than there are letters.
    """
    values: list[Any] = []
    for column in columns:
        found = row[column]
        if isinstance(found, list | tuple):
            values += found
        elif len(columns) == 1:
            what = "empty" if found in (None, "") else f"{found!r}, no list"
            raise BadInput(f"{where}: column {column!r} of options is {what}.")
        else:
            values.append(found)
    for at, value in enumerate(values):
        if value is None or not str(value).strip():
            column = columns[at] if len(columns) > 1 else f"{columns[0]} ({at + 1})"
            raise BadInput(f"{where}: option {column!r} is empty.")
    if len(values) < 2:
        raise BadInput(f"{where}: a list of {len(values)} options leaves no choice; two are needed.")
    if letters and len(values) > len(letters):
        raise BadInput(f"{where}: {len(values)} options for the letters {letters}; give more letters.")
    listing = "\n".join(f"{letter}. {value}" for letter, value in zip(letters, values, strict=False))
    return tuple(str(value) for value in values), listing


def gold_of(label: Any, label_is: str, options: Sequence[str], where: str) -> int:
    """The index of the right option, from an index, a number from 1, a letter or a text.

    Raises:
        BadInput: a label that is none of the options.
    """
    text = str(label).strip()
    if label_is == "text":
        if text in [option.strip() for option in options]:
            return [option.strip() for option in options].index(text)
        raise BadInput(f"{where} has label {label!r}, which is none of its options {', '.join(options)}.")
    if label_is == "letter":
        found = ascii_uppercase.find(text.upper()) if len(text) == 1 else -1
        told = f"letters run from A to {ascii_uppercase[len(options) - 1]}"
    else:
        first = int(label_is == "number")
        found = int(text) - first if text.isdecimal() else -1
        told = f"its {len(options)} options count from {first}"
    if not 0 <= found < len(options):
        raise BadInput(f"{where} has label {label!r}; {told}.")
    return found


def texts_of(row: Mapping[str, Any], columns: Sequence[str], match: str, where: str) -> tuple[str, ...]:
    """The accepted answers, each once; whole numbers are written without decimals.

    Raises:
        BadInput: no answer, or one that is to be a number and is none.
    """
    values: list[Any] = []
    for column in columns:
        values += row[column] if isinstance(row[column], list | tuple) else [row[column]]
    given = [str(value).strip() for value in values if value is not None and str(value).strip()]
    if not given:
        raise BadInput(f"{where}: column {', '.join(map(repr, columns))} holds no answer.")
    return tuple(dict.fromkeys(_number(text, where) if match == "number" else text for text in given))


def _number(text: str, where: str) -> str:
    try:
        value = float(text.replace(",", ""))
    except ValueError as error:
        raise BadInput(f'{where}: the answer {text!r} is no number; match = "text" takes any.') from error
    return str(int(value)) if value.is_integer() else repr(value)
