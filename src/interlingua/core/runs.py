"""Run folders: one per command and settings, so that the same command again goes on where it stopped."""

import dataclasses
import json
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from interlingua.core.errors import BadInput, RunFolderError
from interlingua.core.faults import damaged, translate
from interlingua.core.files import write_atomic
from interlingua.core.fingerprint import fingerprint
from interlingua.core.ledger import Ledger
from interlingua.core.plain import as_json
from interlingua.core.provenance import commit, versions

_RECORD, _LEDGER = "run.json", "ledger.sqlite"
_OWN = frozenset({"command", "settings", "resumed", "finished", "seconds", "attempts"})
_ABSENT = "(absent)"


class RunFolder:
    """`runs/<command>-<settings hash>/`: `run.json`, the ledger, and whatever else a run writes under `path`.

        with RunFolder.open("demo", {"seed": 0, "world": "lab:tiny"}) as run:
            run.record(seeds=[0], fingerprints={"base": lm.fingerprint()})
            score_choices(lm, items, ledger=run.ledger)
            run.finish()

    `run.json` tells the command, settings, versions and commit, every attempt with its seconds, their sum,
    and the recorded facts. Two processes may share a folder: rows of both are kept, and `run.json` is
    always whole (facts that both record in the same instant may be those of one).
    """

    def __init__(self, path: Path, command: str, settings: Mapping[str, Any], resumed: bool) -> None:
        """Use `RunFolder.open`, which finds and checks the folder."""
        self.path, self.command, self.settings, self.resumed = path, command, dict(settings), resumed
        self._began = time.monotonic()
        self._attempt: dict[str, Any] = {
            "id": secrets.token_hex(4),
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": 0.0,
            "end": "",
            "versions": versions(),
            "commit": commit(),
        }

    @classmethod
    def open(
        cls,
        command: str,
        settings: Mapping[str, Any],
        root: Path | str = Path("runs"),
        name: str | None = None,
        fresh: bool = False,
    ) -> Self:
        """The folder of this command with these settings, made or resumed; `name` renames it.

        `settings` is everything that changes results: dataclasses, mappings, sequences, paths and plain
        values. `fresh` empties the folder first and touches nothing outside it.

        Raises RunFolderError for a folder of other settings (naming them), one that is damaged or that is
        no run folder, or a place that cannot be written; OutOfRoom on a full disk.
        """
        settings = _plain(settings)
        command = command.replace(" ", "-")
        if name is not None and (name != Path(name).name or name in ("", "..")):
            raise BadInput(f"A run's name is one folder name without slashes, not {name!r}.")
        path = Path(root) / (name or f"{command}-{fingerprint(command, settings)}")
        _make(path)
        known = (path / _RECORD).exists()
        if not known and any(not entry.name.endswith(".tmp") for entry in path.iterdir()):
            raise RunFolderError(f"{path} has files but no {_RECORD}: not a run folder. Choose another name.")
        run = cls(path, command, settings, resumed=known and not fresh)
        if run.resumed:
            run._check()
        elif known:
            _empty(path)
        run._save({}, there=None if run.resumed else {})
        return run

    @cached_property
    def ledger(self) -> Ledger:
        """The folder's ledger, opened when first asked for."""
        return Ledger(self.path / _LEDGER)

    @property
    def facts(self) -> dict[str, Any]:
        """What `run.json` says now."""
        return _read(self.path)

    def record(self, **facts: Any) -> None:
        """Merge facts into `run.json`, replacing those of the same name, and bring the seconds up to date.

        Raises BadInput for a name that the folder itself keeps.
        """
        for name in _OWN.intersection(facts):
            raise BadInput(f"A fact cannot be called {name!r}, which the run folder keeps. Rename it.")
        self._save(_plain(facts))

    def kept(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make` gives, in JSON's own types: made once and kept in `parts/<name>.json`.

        Raises what `make` raises, `TypeError` for what has no form in JSON, RunFolderError for a damaged
        file, OutOfRoom on a full disk.
        """
        place = self._part(name)
        if not self.keeps(name):
            place.parent.mkdir(exist_ok=True)
            write_atomic(place, as_json(make()))
        try:
            return json.loads(place.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise damaged(place, str(error)) from error

    def keeps(self, name: str) -> bool:
        """Whether `kept` has made this part."""
        return self._part(name).is_file()

    def finish(self) -> None:
        """Say that the run reached its end."""
        self._attempt["end"] = "finished"
        self._save({})

    def close(self) -> None:
        """Write the seconds and close the ledger; without `finish` the attempt counts as stopped."""
        self._attempt["end"] = self._attempt["end"] or "stopped"
        try:
            self._save({})
        finally:
            if "ledger" in self.__dict__:
                self.ledger.close()

    def __enter__(self) -> Self:
        """The run itself, closed at the end of the `with` block."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close."""
        self.close()

    def _part(self, name: str) -> Path:
        return self.path / "parts" / f"{name}.json"

    def _check(self) -> None:
        """Refuse a folder of another command or other settings."""
        there = self.facts
        found = {"command": there["command"], **dict(_flat(there["settings"]))}
        wanted = {"command": self.command, **dict(_flat(self.settings))}
        pairs = {key: (found.get(key, _ABSENT), wanted.get(key, _ABSENT)) for key in found | wanted}
        differ = [f"{key} {old} there, {new} here" for key, (old, new) in pairs.items() if old != new]
        if differ:
            told = "; ".join(differ)
            raise RunFolderError(
                f"{self.path} has other settings: {told}. Choose another name, or add --fresh."
            )

    def _save(self, facts: Mapping[str, Any], there: Mapping[str, Any] | None = None) -> None:
        there = self.facts if there is None else there
        others = [past for past in there.get("attempts", []) if past["id"] != self._attempt["id"]]
        for past in others:
            if not past["end"]:
                past.update(end="killed", seconds=max(past["seconds"], self._worked_since(past["started"])))
        self._attempt["seconds"] = round(time.monotonic() - self._began, 2)
        attempts = [*others, self._attempt]
        content = {
            **there,
            **facts,
            "command": self.command,
            "settings": self.settings,
            "resumed": self.resumed,
            "finished": self._attempt["end"] == "finished",
            "seconds": round(sum(attempt["seconds"] for attempt in attempts), 2),
            "attempts": attempts,
        }
        try:
            write_atomic(self.path / _RECORD, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
        except BadInput as error:
            raise RunFolderError(str(error)) from error

    def _worked_since(self, started: str) -> float:
        """Seconds from `started` to the last file written: the time of an attempt that was killed."""
        last = 0.0
        for entry in self.path.rglob("*"):
            with suppress(FileNotFoundError):  # another process may just have replaced it
                last = max(last, entry.stat().st_mtime)
        return round(last - datetime.fromisoformat(started).timestamp(), 2)


def _make(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        told = translate(error, path)
        if told is None or isinstance(told, BadInput):
            told = RunFolderError(f"Cannot make {path} ({error.strerror}). Choose another place for runs.")
        raise told from error


def _empty(path: Path) -> None:
    """Remove what a run wrote, all but `run.json`, which the new run replaces.

    A sound ledger is cleared, not removed: another process may have it open.
    """
    kept = {_RECORD}
    if (path / _LEDGER).exists():
        with suppress(RunFolderError), Ledger(path / _LEDGER) as ledger:  # a damaged ledger is removed
            ledger.clear()
            kept |= {_LEDGER, f"{_LEDGER}-wal", f"{_LEDGER}-shm"}
    for entry in path.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name not in kept:
            entry.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Any]:
    record = path / _RECORD
    try:
        content = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise damaged(record, str(error)) from error
    if not isinstance(content, dict) or not _OWN.issubset(content):
        raise damaged(record, "it is no record of a run")
    return content


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """The value as JSON would give it back, so that what is compared is what is stored."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(value), default=_simple))
    return plain


def _simple(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, Path):
        return str(value)
    raise BadInput(f"A setting cannot be a {type(value).__qualname__}; give text, numbers, lists or dicts.")


def _flat(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in settings.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
