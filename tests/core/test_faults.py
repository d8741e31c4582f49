"""Faults of the machine become one line of ours; bugs do not."""

import errno
import os
import sqlite3

import numpy as np
import pytest

from interlingua.core.errors import BadInput, InterlinguaError, ModelError, OutOfRoom, RunFolderError
from interlingua.core.faults import translate


def os_error(code, filename="/data/x"):
    return OSError(code, os.strerror(code), filename)


def database_error(name):
    error = sqlite3.OperationalError("told by SQLite")
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("exception", "kind", "told"),
    [
        (MemoryError(), OutOfRoom, "Out of memory"),
        (os_error(errno.ENOMEM), OutOfRoom, "Out of memory"),
        (os_error(errno.ENOSPC), OutOfRoom, "No disk space left for /data/x"),
        (os_error(errno.EDQUOT), OutOfRoom, "No disk space left for /data/x"),
        (os_error(errno.EROFS), BadInput, "Cannot use /data/x: Read-only file system"),
        (os_error(errno.EEXIST), BadInput, "Cannot use /data/x: File exists"),
        (os_error(errno.EACCES), BadInput, "Cannot use /data/x: Permission denied"),
        (RuntimeError("CUDA out of memory. Tried"), OutOfRoom, "Out of memory"),
        (RuntimeError("PytorchStreamWriter failed writing file"), OutOfRoom, "No disk space left"),
        (database_error("SQLITE_FULL"), OutOfRoom, "No disk space left for the ledger"),
        (database_error("SQLITE_IOERR_WRITE"), OutOfRoom, "No disk space left for the ledger"),
        (database_error("SQLITE_CORRUPT_INDEX"), RunFolderError, "the ledger is damaged (told by SQLite)"),
        (database_error("SQLITE_BUSY_SNAPSHOT"), RunFolderError, "Another process holds the ledger"),
        (database_error("SQLITE_READONLY_DBMOVED"), RunFolderError, "Cannot write the ledger"),
    ],
)
def test_faults_are_told_in_one_line(exception, kind, told):
    ours = translate(exception)
    assert type(ours) is kind
    assert str(ours).startswith(told)
    assert "\n" not in str(ours)


@pytest.mark.parametrize(
    "bug",
    [KeyError("x"), RuntimeError("size mismatch"), OSError("no number"), FileNotFoundError(2, "gone", "/x"),
     sqlite3.IntegrityError("a bug of ours"), KeyboardInterrupt()],
)  # fmt: skip
def test_bugs_are_not_faults(bug):
    assert translate(bug) is None


def test_errors_of_ours_come_back_unchanged():
    error = InterlinguaError("ours")
    assert translate(error) is error


def test_a_fault_is_found_behind_the_exception_raised_from_it():
    wrapped = RuntimeError("saving failed")
    wrapped.__cause__ = os_error(errno.ENOSPC, "/runs/model.safetensors")
    assert str(translate(wrapped)).startswith("No disk space left for /runs/model.safetensors.")


def test_numpy_and_torch_running_out_of_memory():
    import torch

    with pytest.raises(MemoryError) as numpy_error:
        np.zeros(2**55)
    with pytest.raises(RuntimeError) as torch_error:
        torch.zeros(2**55)
    for error in (numpy_error.value, torch_error.value, torch.OutOfMemoryError("x")):
        assert isinstance(translate(error), OutOfRoom)


def test_safetensors_damaged_and_disk_full(tmp_path):
    import safetensors.torch
    import torch

    path = tmp_path / "model.safetensors"
    safetensors.torch.save_file({"w": torch.zeros(100)}, path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(Exception, match=r"header|incomplete|Incomplete") as damaged:
        safetensors.torch.load_file(path)
    ours = translate(damaged.value, path)
    assert type(ours) is ModelError
    assert str(path) in str(ours)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_writers_on_a_full_disk():
    import torch

    with pytest.raises(OSError, match="No space left") as plain, open("/dev/full", "wb", buffering=0) as file:
        file.write(b"x")
    with pytest.raises(RuntimeError) as writer:
        torch.save({"w": torch.zeros(100_000)}, "/dev/full")
    for error in (plain.value, writer.value):
        assert isinstance(translate(error), OutOfRoom)
