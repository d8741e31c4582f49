"""The user's cache: bases and scored rows that any run may find again; safe to delete at any time."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from interlingua.core.errors import BadInput
from interlingua.core.faults import translate

_TAG = "CACHEDIR.TAG"
_SIGNATURE = (
    "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of interlingua. https://bford.info/cachedir/\n"
)


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """One file or folder in the cache, and how many bytes it holds."""

    kind: str
    name: str
    bytes: int
    path: Path


def cache_dir(kind: str) -> Path:
    """The folder for one kind of thing (`"bases"`, `"rows"`), made if absent.

    It lies under INTERLINGUA_CACHE, or else where the platform keeps caches. Raises BadInput if a folder of
    that name holds files that are not a cache of ours, or cannot be made; OutOfRoom on a full disk.
    """
    folder = _root() / kind
    tag = folder / _TAG
    try:
        if tag.exists():
            return folder
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not tag.exists():
            raise BadInput(f"{folder} is no cache of ours; set INTERLINGUA_CACHE to another folder.")
        tag.write_text(_SIGNATURE, encoding="utf-8")
    except OSError as error:
        raise translate(error, folder) or _unusable(folder, error) from error
    return folder


def list_cache() -> list[CacheEntry]:
    """All entries, by kind and name."""
    entries = []
    for folder in _kinds():
        for path in sorted(folder.iterdir()):
            if path.name != _TAG:
                entries.append(CacheEntry(folder.name, path.name, _size(path), path))
    return entries


def clear_cache(kind: str | None = None) -> int:
    """Delete all entries, or those of one kind; the bytes that came free.

    Only folders that `cache_dir` made are touched. Raises BadInput where one cannot be deleted.
    """
    freed = 0
    for entry in list_cache():
        if kind in (None, entry.kind):
            try:
                if entry.path.is_dir() and not entry.path.is_symlink():
                    shutil.rmtree(entry.path)
                else:
                    entry.path.unlink()
            except OSError as error:
                raise translate(error, entry.path) or _unusable(entry.path, error) from error
            freed += entry.bytes
    return freed


def _root() -> Path:
    chosen = os.environ.get("INTERLINGUA_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "interlingua"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "interlingua" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "interlingua"


def _kinds() -> list[Path]:
    root = _root()
    return sorted(path.parent for path in root.glob(f"*/{_TAG}")) if root.is_dir() else []


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def _unusable(path: Path, error: OSError) -> BadInput:
    return BadInput(f"Cannot use the cache {path} ({error.strerror}). Set INTERLINGUA_CACHE elsewhere.")
