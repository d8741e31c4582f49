"""LineFiles: parallel text as a file of plain lines per language; lines of one number say the same."""

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput, MissingResource, UnknownName
from interlingua.core.fingerprint import file_fingerprint, fingerprint
from interlingua.data.long_table import ROW, few_of
from interlingua.data.source import DataWarning
from interlingua.languages.language import find

KIND = ".txt"


def line_files(folder: Path) -> dict[str, Path]:
    """The text files of a folder that are called after a language, by its code; the others are no text.

    Raises `BadInput` for two files of one language.
    """
    found: dict[str, Path] = {}
    for path in sorted(folder.glob(f"*{KIND}")):
        if (code := _code(path.stem)) is None:
            warnings.warn(f"{path} is called after no language; left out.", DataWarning, stacklevel=2)
            continue
        if code in found:
            raise BadInput(f"{folder}: {found[code].name} and {path.name} are both {code}; keep one of them.")
        found[code] = path
    return found


class LineFiles:
    """Rows `id`, `lang` and `text` of files of lines, in the one split `train`; ids are line numbers from 1.

    Raises `BadInput` for files of unequal length, which are out of step somewhere, or one without lines.
    """

    splits: tuple[str, ...] = ("train",)

    def __init__(self, title: str, files: Mapping[str, Path]) -> None:
        self.title, self.files, self.languages = title, dict(files), set(files)
        self._lines = {lang: _lines(path) for lang, path in files.items()}
        sizes = {lang: len(lines) for lang, lines in self._lines.items()}
        if len(set(sizes.values())) > 1:
            told = ", ".join(f"{self.files[lang].name} {size:,}" for lang, size in sizes.items())
            raise BadInput(
                f"{title}: files of parallel lines have different lengths ({told}); "
                "make line n say the same in all of them (`interlingua audit` shows where they part)."
            )

    def rows(self, lang: str, split: str) -> list[dict[str, Any]]:
        """The rows of one language. Raises `MissingResource` where there are none."""
        self._check(split)
        if lang not in self._lines:
            raise MissingResource(f"{self.title} has no lines in {lang}; there are {few_of(self.languages)}.")
        lines = enumerate(self._lines[lang])
        return [{"id": f"{at + 1:06d}", "lang": lang, "text": line, ROW: f"{at:05d}"} for at, line in lines]

    def languages_in(self, split: str) -> set[str]:
        """All languages."""
        self._check(split)
        return set(self.languages)

    def common(self, split: str, column: str) -> set[str]:
        """The values of a column, as text, that the rows of every language have."""
        return set.intersection(*({row[column] for row in self.rows(one, split)} for one in self.languages))

    def fingerprint(self) -> str:
        """Hash of what the files hold."""
        return fingerprint({lang: file_fingerprint(path) for lang, path in sorted(self.files.items())})

    def _check(self, split: str) -> None:
        if split not in self.splits:
            raise MissingResource(f"{self.title} has no split {split!r}; plain lines are the split train.")


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: cannot be read as UTF-8 text: {' '.join(str(error).split())}") from error
    if not text.strip():
        raise BadInput(f"{path}: there are no lines in it.")
    return text.removesuffix("\n").split("\n")


def _code(name: str) -> str | None:
    """The code of a language's name or code in any spelling; None for any other word."""
    try:
        return find(name).code
    except (BadInput, UnknownName):
        return None
