"""Atomic files: the old one or the new one."""

import os

import pytest

from interlingua.core.errors import BadInput
from interlingua.core.files import write_atomic


def test_text_and_bytes_replace_what_was_there(tmp_path):
    path = tmp_path / "new" / "report.html"
    assert write_atomic(path, "zażółć") == path
    assert path.read_bytes() == "zażółć".encode()
    write_atomic(path, b"\x00\xff")
    assert path.read_bytes() == b"\x00\xff"
    assert os.listdir(path.parent) == ["report.html"]


def test_a_full_disk_leaves_the_old_file_and_no_litter(tmp_path, run):
    path = tmp_path / "run.json"
    path.write_text("old")
    code = """
import resource, sys
from interlingua.core.errors import OutOfRoom
from interlingua.core.files import write_atomic
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_atomic(sys.argv[1], "x" * 5000)
except OutOfRoom as error:
    print(error)
"""
    assert run(code, path).startswith(f"No disk space left for {path}. ")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["run.json"]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match=r"Cannot use .*file.*Not a directory"):
        write_atomic(tmp_path / "file" / "inside" / "x.json", "{}")
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadInput, match=r"Cannot use .*folder: Is a directory"):
        write_atomic(tmp_path / "folder", "{}")
