"""Words of a specification that differ by language: frames, shots and label words."""

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from interlingua.core.errors import BadInput
from interlingua.languages.language import find

ALL = "*"
"""Key of words that serve all languages."""


class Strict(BaseModel):
    """A part of a specification: unknown keys are refused, nothing is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class FromJson(Strict):
    """Words from a JSON file: `path` leads to them by keys joined with dots, `{lang}` for that of a language.

    `remove` is taken out of a text, `add` put behind it.
    """

    file: str
    path: str
    remove: str = ""
    add: str = ""


_IN_ORDER = Field(union_mode="left_to_right")
Texts = Annotated[str | FromJson | dict[str, str], _IN_ORDER]
"""One text for all languages, or texts by language."""
Labels = Annotated[FromJson | dict[str, str] | dict[str, dict[str, str]], _IN_ORDER]
"""Words by label for all languages, or those by language."""


def texts(setting: Texts, root: Path, title: str) -> dict[str, str]:
    """Language code to text of a setting called `title`; paths of JSON files start at `root`.

    A text that serves all languages, or all others, stands under `ALL`.

    Raises:
        BadInput: a JSON file that lacks such texts.
        UnknownName: a language that nobody knows.
    """
    found = _from_json(setting, root) if isinstance(setting, FromJson) else setting
    return {ALL: found} if isinstance(found, str) else _by_code(found, str, setting, root, title)


def labels(setting: Labels, root: Path, title: str) -> dict[str, dict[str, str]]:
    """Language code to label words by label; words that serve all languages stand under `ALL`.

    Raises:
        BadInput: a JSON file that lacks such words.
        UnknownName: a language that nobody knows.
    """
    found = _from_json(setting, root) if isinstance(setting, FromJson) else setting
    if isinstance(found, dict) and all(isinstance(word, str) for word in found.values()):
        return {ALL: {str(label): str(word) for label, word in found.items()}}
    return _by_code(found, dict, setting, root, title)


def code(lang: str) -> str:
    """The code of a language in any spelling; `ALL` stays."""
    return lang if lang == ALL else find(lang).code


def _by_code(found: Any, kind: type, setting: Any, root: Path, title: str) -> dict[str, Any]:
    if not isinstance(found, dict) or not all(isinstance(value, kind) for value in found.values()):
        where = f"{root / setting.file}: {setting.path!r}" if isinstance(setting, FromJson) else title
        raise BadInput(f"{where} holds no {'text' if kind is str else 'label words'} per language.")
    if "file" in found:
        raise BadInput(
            f"{title}: a JSON file is named by file and path (and remove, add), not {', '.join(found)}."
        )
    by_code = {code(lang): value for lang, value in found.items()}
    if len(by_code) < len(found):
        raise BadInput(f"{title}: {', '.join(found)} name a language twice; write each once.")
    return by_code


def _from_json(setting: FromJson, root: Path) -> Any:
    file = root / setting.file
    try:
        start = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{file}: cannot be read as JSON: {error}") from error
    before, lang, after = setting.path.partition("{lang}")
    found = _walk(start, before, file)
    if not lang:
        return _edited(found, setting)
    if not isinstance(found, dict):
        raise BadInput(f"{file}: {before!r} leads to no table of languages.")
    return {key: _edited(_walk(value, after, file), setting) for key, value in found.items()}


def _walk(value: Any, path: str, file: Path) -> Any:
    for key in filter(None, path.split(".")):
        if not isinstance(value, dict) or key not in value:
            there = ", ".join(list(value)[:8]) if isinstance(value, dict) else "no keys"
            raise BadInput(f"{file}: no key {key!r} on the path {path!r}; there are {there}.")
        value = value[key]
    return value


def _edited(value: Any, setting: FromJson) -> Any:
    return value.replace(setting.remove, "") + setting.add if isinstance(value, str) else value
