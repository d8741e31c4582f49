"""Jobs: outcomes survive the way home, the environment is as it was."""

import os
import pickle

import pytest

from interlingua.core.errors import OutOfRoom, UnknownName
from interlingua.core.jobs import Bug, Done, attempt, environment, name_of, opened, share_of_threads


def fail(error):
    raise error


def test_outcomes_survive_the_way_home():
    assert opened(pickle.loads(pickle.dumps(attempt(str, 7))), "job") == "7"
    assert attempt(str, 7) == Done("7")
    with pytest.raises(UnknownName, match=r"^job: No recipe called 'weschel'") as error:
        opened(
            pickle.loads(pickle.dumps(attempt(fail, UnknownName("recipe", "weschel", ["wechsel"])))), "job"
        )
    assert error.value.near == ["wechsel"]
    with pytest.raises(OutOfRoom, match=r"^job: Out of memory"):
        opened(attempt(fail, MemoryError()), "job")
    bug = attempt(fail, ZeroDivisionError("a bug"))
    assert isinstance(bug, Bug)
    with pytest.raises(RuntimeError, match=r"(?s)^in job job\nTraceback.*ZeroDivisionError: a bug"):
        opened(bug, "job")


def test_a_job_is_called_by_its_name_else_as_text():
    assert name_of(7) == "7"
    assert name_of(UnknownName("recipe", "weschel", [])) == "weschel"


def test_the_environment_is_as_it_was(monkeypatch):
    monkeypatch.setenv("SOME_NAME", "before")
    monkeypatch.delenv("OTHER_NAME", raising=False)
    with environment(SOME_NAME="within", OTHER_NAME="new"):
        assert (os.environ["SOME_NAME"], os.environ["OTHER_NAME"]) == ("within", "new")
    assert os.environ["SOME_NAME"] == "before"
    assert "OTHER_NAME" not in os.environ


def test_a_process_gets_its_share_of_threads_unless_the_user_said_otherwise(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    assert share_of_threads(3) == {}
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert share_of_threads(3) == {"OMP_NUM_THREADS": "2"}
    assert share_of_threads(20) == {"OMP_NUM_THREADS": "1"}
