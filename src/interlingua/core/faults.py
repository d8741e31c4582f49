"""Faults of the machine (memory, disk, damaged files) told as errors of ours, for the outermost handler."""

import errno
import sqlite3
from pathlib import Path

from interlingua.core.errors import BadInput, InterlinguaError, ModelError, OutOfRoom, RunFolderError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST}
_NO_MEMORY = ("out of memory", "DefaultCPUAllocator", "CUBLAS_STATUS_ALLOC_FAILED")
_NO_DISK = (
    "No space left on device",
    "Disk quota exceeded",
    "File too large",
    "PytorchStreamWriter failed",
    "unexpected pos",  # torch.save, when a write came out short
)
_RESUMES = "What was finished is kept; the same command goes on from there."


def translate(exception: BaseException, where: Path | str | None = None) -> InterlinguaError | None:
    """The error of ours that says what went wrong, or None where `exception` is not a fault of the machine.

    Errors of ours come back unchanged; an exception raised `from` a fault counts as that fault. `where` is
    the file in use, which many exceptions do not know. torch and safetensors are told by name, not imported.
    """
    if isinstance(exception, InterlinguaError):
        return exception
    if isinstance(exception, sqlite3.Error):
        return _database(exception, where)
    told = _file(exception, where) if isinstance(exception, OSError) else _library(exception, where)
    if told is None and exception.__cause__ is not None:
        return translate(exception.__cause__, where)
    return told


def _file(error: OSError, where: Path | str | None) -> InterlinguaError | None:
    place = where or error.filename or "a file"
    if error.errno in _FULL:
        return _no_disk(place)
    if error.errno == errno.ENOMEM:
        return _no_memory()
    if error.errno in _CLOSED:
        return BadInput(f"Cannot use {place}: {error.strerror}. Allow it, or choose another place.")
    return None


def _library(error: BaseException, where: Path | str | None) -> InterlinguaError | None:
    text = " ".join(str(error).split())
    weights = type(error).__name__ == "SafetensorError"
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return _no_memory()
    if isinstance(error, RuntimeError) and any(sign in text for sign in _NO_MEMORY):
        return _no_memory()
    if (weights or isinstance(error, RuntimeError)) and any(sign in text for sign in _NO_DISK):
        return _no_disk(where or "a file")
    if weights:
        place = where or "a safetensors file"
        return ModelError(f"The weights in {place} are damaged ({text}). Save or fetch them anew.")
    return None


def _database(error: sqlite3.Error, where: Path | str | None) -> InterlinguaError | None:
    place = where or "the ledger"
    code = getattr(error, "sqlite_errorname", None) or ""
    if code.startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_SHMSIZE")):
        return _no_disk(place)
    if code.startswith("SQLITE_NOMEM"):
        return _no_memory()
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return damaged(place, str(error))
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return RunFolderError(f"Another process holds {place} ({error}). Wait for it or end it.")
    if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")):
        return RunFolderError(f"Cannot write {place} ({error}). Choose a folder that can be written.")
    return None


def damaged(place: Path | str, why: str) -> RunFolderError:
    """The error for a file of a run folder that cannot be read any more."""
    why = " ".join(why.split())
    return RunFolderError(f"{place} is damaged ({why}). Put back a copy of it, or start over with --fresh.")


def _no_disk(place: Path | str) -> OutOfRoom:
    return OutOfRoom(f"No disk space left for {place}. Free some, then try again. {_RESUMES}")


def _no_memory() -> OutOfRoom:
    return OutOfRoom(f"Out of memory. Use a smaller batch or model, or fewer workers. {_RESUMES}")
