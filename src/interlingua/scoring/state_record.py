"""The record beside hidden states on disk: of which model and texts they are, and that they are whole."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from interlingua.core.errors import RunFolderError
from interlingua.core.files import write_atomic
from interlingua.core.fingerprint import file_fingerprint
from interlingua.scoring.hidden import Position

NAME = "states.json"
_VERSION = 1


def array_file(folder: Path, lang: str, position: str) -> Path:
    """Where the array of a language and position lies."""
    return folder / f"{lang}.{position}.npy"


class Record:
    """What the arrays of a folder were made of, on disk as JSON; languages are added as they are finished."""

    def __init__(self, folder: Path, model: str, positions: Sequence[Position]) -> None:
        """Raises `RunFolderError` for a record of another model or positions, or one that cannot be read."""
        self.folder, self.positions, self.path = folder, positions, folder / NAME
        self.content: dict[str, Any] = {
            "version": _VERSION, "model": model, "positions": list(positions), "languages": {}
        }  # fmt: skip
        if self.path.exists():
            self.content = self._read(model)

    @property
    def languages(self) -> dict[str, Any]:
        """Texts, cuts and files by language."""
        found: dict[str, Any] = self.content["languages"]
        return found

    def holds(self, lang: str, texts: str) -> bool:
        """Whether the states of a language are there and as they were written.

        Raises `RunFolderError` where they are those of other texts.
        """
        known = self.languages.get(lang)
        if known is None:
            return False
        if known["texts"] != texts:
            raise RunFolderError(
                f"{self.folder} holds the states of other texts in {lang}; give another folder."
            )
        paths = {position: array_file(self.folder, lang, position) for position in known["files"]}
        return all(
            path.is_file() and file_fingerprint(path) == known["files"][position]
            for position, path in paths.items()
        )

    def add(self, lang: str, found: dict[str, Any]) -> None:
        """Note a finished language."""
        self.languages[lang] = found
        write_atomic(self.path, json.dumps(self.content, ensure_ascii=False, indent=1))

    def _read(self, model: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
            version, own = found["version"], found["model"]
            held = set(found["positions"])
            parts = [
                (one["texts"], int(one["cut"]), one["files"].keys()) for one in found["languages"].values()
            ]
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise RunFolderError(
                f"{self.path} is damaged; delete {self.folder} and read its states again."
            ) from error
        if version != _VERSION:
            raise RunFolderError(f"{self.path} is of another version of this program; give another folder.")
        if own != model:
            raise RunFolderError(f"{self.folder} holds the states of another model; give another folder.")
        if held != set(self.positions) or any(files != held for *_, files in parts):
            here, asked = (", ".join(sorted(names)) for names in (held, self.positions))
            raise RunFolderError(f"{self.folder} holds states at {here}, not {asked}; give another folder.")
        return found
