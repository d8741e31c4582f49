"""Provenance: versions without imports, and the commit only where it is ours."""

import platform
import shutil
import subprocess
from importlib.metadata import version

import pytest

from interlingua.core.provenance import commit, versions


def test_versions_are_those_installed(run):
    found = versions()
    assert found["python"] == platform.python_version()
    assert (found["torch"], found["numpy"]) == (version("torch"), version("numpy"))
    code = "import sys; from interlingua.core.provenance import versions; versions()"
    assert run(f"{code}; print('torch' in sys.modules)") == "False"


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_commit_of_a_tracked_file_marks_changes(tmp_path):
    def git(*arguments):
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        command = ["git", "-C", str(tmp_path), *who, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    file, other = tmp_path / "runs.py", tmp_path / "installed.py"
    file.write_text("1")
    other.write_text("1")
    assert commit(file) is None
    git("init")
    git("add", "runs.py")
    git("commit", "-m", "first")
    head = git("rev-parse", "HEAD")
    assert commit(file) == head
    file.write_text("2")
    assert commit(file) == f"{head}-dirty"
    assert commit(other) is None


def test_without_git_there_is_no_commit(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert commit() is None
