"""Engine: results in order, errors with the job's name, nothing left running."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest

from interlingua.core.engine import map_jobs, session
from interlingua.core.errors import BadInput, InterlinguaError, OutOfRoom, UnknownName


@dataclass(frozen=True)
class Arm:
    name: str
    do: str = "double"


def work(arm):
    if arm.do == "unknown":
        raise UnknownName("recipe", "weschel", ["wechsel"])
    if arm.do == "memory":
        raise MemoryError
    if arm.do == "bug":
        raise ZeroDivisionError("a bug")
    if arm.do == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if arm.do == "exit":
        os._exit(7)
    if arm.do == "unpicklable":
        return lambda: None
    if arm.do == "sleep":
        time.sleep(60)
    return arm.name * 2


def threads(_):
    return os.environ["OMP_NUM_THREADS"], os.getpid()


def test_results_come_in_the_order_of_the_jobs():
    arms = [Arm(name) for name in ("shuffled", "reverse", "own")]
    expected = ["shuffledshuffled", "reversereverse", "ownown"]
    assert map_jobs(work, arms) == map_jobs(work, arms, workers=2) == expected
    assert map_jobs(work, []) == map_jobs(work, [], workers=2) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_each_result_is_told_as_soon_as_it_is_known_even_if_a_later_job_fails(workers):
    told = {}
    with pytest.raises(UnknownName):
        map_jobs(
            work, [Arm("own"), Arm("few"), Arm("reverse", "unknown")], workers,
            on_result=lambda index, result: told.update({index: result}),
        )  # fmt: skip
    assert told[0] == "ownown"
    assert told.get(1, "fewfew") == "fewfew"
    assert 2 not in told


@pytest.mark.parametrize("workers", [1, 2])
def test_what_the_listener_raises_stops_the_jobs(workers):
    def full(index, result):
        raise OutOfRoom("No disk space left.")

    started = time.monotonic()
    with pytest.raises(OutOfRoom, match=r"^No disk space left"):
        map_jobs(work, [Arm("own"), Arm("few", "sleep")], workers, on_result=full)
    assert time.monotonic() - started < 30


def test_an_unknown_engine_is_refused():
    with pytest.raises(UnknownName, match=r"No engine called 'rey'\. Did you mean ray\?"):
        map_jobs(work, [Arm("own")], engine="rey")


def test_a_session_of_the_local_engine_changes_nothing():
    with session("local", 2):
        assert map_jobs(work, [Arm("own")]) == ["ownown"]


def test_jobs_share_the_threads_unless_the_user_says_otherwise(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    found = map_jobs(threads, [1, 2], workers=2)
    assert {limit for limit, _ in found} == {str(max(1, os.cpu_count() // 2))}
    assert len({os.getpid(), *(process for _, process in found)}) == 3
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert {limit for limit, _ in map_jobs(threads, [1, 2], workers=2)} == {"3"}


def test_the_share_of_threads_holds_before_the_main_script_is_imported_again(tmp_path, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    script = tmp_path / "study.py"
    script.write_text(
        "import os\n"
        "from interlingua.core.engine import map_jobs\n"
        "AT_IMPORT = os.environ.get('OMP_NUM_THREADS', 'all')\n"
        "def work(job):\n"
        "    return AT_IMPORT\n"
        "if __name__ == '__main__':\n"
        "    print(AT_IMPORT, *map_jobs(work, [1, 2], workers=2))\n"
    )
    told = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stdout
    share = str(max(1, os.cpu_count() // 2))
    assert told.split() == ["all", share, share]


@pytest.mark.parametrize("workers", [1, 2])
def test_errors_of_ours_keep_their_kind_and_gain_the_name_of_the_job(workers):
    with pytest.raises(
        UnknownName, match=r"^reverse: No recipe called 'weschel'\. Did you mean wechsel\?$"
    ) as error:
        map_jobs(work, [Arm("own"), Arm("reverse", "unknown")], workers)
    assert error.value.near == ["wechsel"]


@pytest.mark.parametrize("workers", [1, 2])
def test_faults_of_the_machine_are_told_as_ours(workers):
    with pytest.raises(OutOfRoom, match=r"^reverse: Out of memory\."):
        map_jobs(work, [Arm("own"), Arm("reverse", "memory")], workers)


def test_a_bug_keeps_its_traceback_and_names_the_job():
    arms = [Arm("own"), Arm("reverse", "bug")]
    with pytest.raises(ZeroDivisionError) as error:
        map_jobs(work, arms)
    assert error.value.__notes__ == ["in job reverse"]
    with pytest.raises(RuntimeError, match=r"(?s)in job reverse\n.*in work.*ZeroDivisionError: a bug"):
        map_jobs(work, arms, workers=2)
    with pytest.raises(RuntimeError, match=r"(?s)in job reverse\n.*[Pp]ickle"):
        map_jobs(work, [Arm("own"), Arm("reverse", "unpicklable")], workers=2)


def test_a_job_that_dies_is_noticed_at_once():
    with pytest.raises(OutOfRoom, match=r"^reverse: killed by the system, most often for memory"):
        map_jobs(work, [Arm("own", "sleep"), Arm("reverse", "killed")], workers=2)
    with pytest.raises(InterlinguaError, match=r"^reverse: its process ended with code 7"):
        map_jobs(work, [Arm("own", "sleep"), Arm("reverse", "exit")], workers=2)


def test_no_workers_cannot_work():
    with pytest.raises(BadInput, match="0 workers cannot work"):
        map_jobs(work, [Arm("own")], workers=0)


JOBS = """
import os, sys, time
from interlingua.core.engine import map_jobs

def work(path):
    with open(path, "w") as file:
        file.write(f"{os.getpid()}")
    time.sleep(60)

if __name__ == "__main__":
    try:
        map_jobs(work, sys.argv[1:], workers=2)
    except KeyboardInterrupt:
        print("stopped")
"""


def alive(process):
    """Whether a process still runs: one that waits for its parent to collect it does not."""
    try:
        with open(f"/proc/{process}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="reads /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_the_one_that_started_it(tmp_path, start, sent):
    script, files = tmp_path / "jobs.py", [tmp_path / "one", tmp_path / "two"]
    script.write_text(JOBS)
    code = "import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    parent = start(code, script, *files)
    jobs = []
    deadline = time.monotonic() + 60
    while len(jobs) < 2 and time.monotonic() < deadline:
        jobs = [int(file.read_text()) for file in files if file.exists() and file.read_text()]
        time.sleep(0.02)
    assert len(jobs) == 2
    parent.send_signal(sent)
    parent.wait(timeout=120)
    while any(map(alive, jobs)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(alive, jobs))
    if sent == signal.SIGINT:
        assert parent.stdout.read() == "stopped\n"
