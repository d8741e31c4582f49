"""Ray engine: what the local engine gives, on a cluster whose workers and machines may die."""

import os
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from interlingua.core.engine import map_jobs, session
from interlingua.core.errors import BadInput, InterlinguaError, MissingResource, OutOfRoom, UnknownName
from interlingua.core.jobs import EngineWarning, opened
from interlingua.core.ray_engine import _need, _work


@dataclass(frozen=True)
class Shard:
    name: str
    do: str = "double"
    notes: str = ""


def work(shard):
    if shard.do == "unknown":
        raise UnknownName("recipe", "weschel", ["wechsel"])
    if shard.do == "memory":
        raise MemoryError
    if shard.do == "bug":
        raise ZeroDivisionError("a bug")
    if shard.do == "unpicklable":
        return threading.Lock()
    if shard.do == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if shard.do == "wait once":
        with open(shard.notes, "a") as notes:
            notes.write(f"{os.getpid()}\n")
        if len(pids(shard.notes)) == 1:
            time.sleep(120)
    return shard.name * 2


def where(_):
    time.sleep(0.05)
    return os.getpid(), os.environ["OMP_NUM_THREADS"]


def pids(notes):
    return [int(line) for line in Path(notes).read_text().splitlines()] if Path(notes).exists() else []


def alive(process):
    try:
        with open(f"/proc/{process}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(processes):
    """All these have ended, or do so now."""
    deadline = time.monotonic() + 30
    while any(map(alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, processes))


@pytest.fixture(scope="module")
def variables():
    """Ray's files in a folder of their own (the paths of its sockets must be short), loopback alone."""
    folder = tempfile.mkdtemp(prefix="ray", dir="/tmp")
    yield {"RAY_TMPDIR": folder, "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def two_workers(variables):
    """One local cluster of two workers for all tests of this file that do not end it."""
    if not find_spec("ray"):
        pytest.skip("needs the extra 'ray', which is not installed")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        with session("ray", 2):
            yield


@pytest.mark.usefixtures("two_workers")
def test_results_are_those_of_the_local_engine_in_the_order_of_the_jobs():
    shards = [Shard(name) for name in ("shuffled", "reverse", "own", "few", "base")]
    told = {}
    expected = map_jobs(work, shards)
    assert map_jobs(work, shards, 2, "ray", lambda index, result: told.update({index: result})) == expected
    assert told == dict(enumerate(expected))
    assert map_jobs(work, [], 2, "ray") == []


@pytest.mark.usefixtures("two_workers")
def test_two_workers_share_the_jobs_and_the_processor():
    found = Counter(map_jobs(where, range(20), 2, "ray"))
    assert len({process for process, _ in found}) == 2
    assert {threads for _, threads in found} == {os.environ["OMP_NUM_THREADS"]}
    assert os.getpid() not in {process for process, _ in found}


@pytest.mark.usefixtures("two_workers")
def test_relative_paths_count_from_the_folder_of_the_one_who_asks(tmp_path, monkeypatch):
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        monkeypatch.chdir(folder)
        assert map_jobs(os.path.abspath, ["data"], 2, "ray") == [str(folder / "data")]


@pytest.mark.usefixtures("two_workers")
def test_a_cluster_of_our_own_listens_to_this_machine_alone():
    heard = [
        connection.laddr.ip
        for process in psutil.Process().children(recursive=True)
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(heard) >= 4
    assert {address.removeprefix("::ffff:") for address in heard} == {"127.0.0.1"}


@pytest.mark.usefixtures("two_workers")
def test_a_killed_worker_costs_one_more_try_and_changes_no_result(tmp_path):
    notes = tmp_path / "notes"
    shards = [Shard("own"), Shard("reverse", "wait once", str(notes)), Shard("few"), Shard("base")]
    killed = []

    def kill():
        deadline = time.monotonic() + 60
        while not pids(notes) and time.monotonic() < deadline:
            time.sleep(0.02)
        os.kill(pids(notes)[0], signal.SIGKILL)
        killed.extend(pids(notes))

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.warns(EngineWarning) as told:
        results = map_jobs(work, shards, 2, "ray")
    killer.join()
    assert results == map_jobs(work, [Shard(shard.name) for shard in shards])
    assert [str(warning.message) for warning in told] == [
        "reverse: its worker died, most often for memory; try 2 of 4."
    ]
    ran = pids(notes)
    assert len(ran) == len(set(ran)) == 2
    assert killed == ran[:1]
    gone(ran[:1])


@pytest.mark.usefixtures("two_workers")
def test_a_job_that_always_dies_is_given_up():
    with (
        pytest.warns(EngineWarning) as told,
        pytest.raises(InterlinguaError, match=r"^reverse: its worker died, most often for memory, 4 times\."),
    ):
        map_jobs(work, [Shard("own"), Shard("reverse", "killed")], 2, "ray")
    assert len(told) == 3


@pytest.mark.usefixtures("two_workers")
def test_errors_of_ours_come_home_as_from_the_local_engine_and_stop_all(tmp_path):
    for do in ("unknown", "memory"):
        notes = tmp_path / do
        shards = [Shard("few", "wait once", str(notes)), Shard("reverse", do)]
        with pytest.raises(InterlinguaError) as local:
            map_jobs(work, shards[1:])
        with pytest.raises(type(local.value)) as error:
            map_jobs(work, shards, 2, "ray")
        assert str(error.value) == str(local.value)
        assert {**vars(error.value)} == {**vars(local.value)}
        gone(pids(notes))


@pytest.mark.usefixtures("two_workers")
def test_a_bug_comes_with_the_traceback_of_the_worker():
    with pytest.raises(RuntimeError, match=r"(?s)^in job reverse\n.*in work\n.*ZeroDivisionError: a bug"):
        map_jobs(work, [Shard("own"), Shard("reverse", "bug")], 2, "ray")
    with pytest.raises(RuntimeError, match=r"(?s)^in job reverse\n.*cannot pickle"):
        map_jobs(work, [Shard("own"), Shard("reverse", "unpicklable")], 2, "ray")


@pytest.mark.usefixtures("two_workers")
def test_what_the_listener_raises_stops_the_jobs(tmp_path):
    def full(index, result):
        raise OutOfRoom("No disk space left.")

    notes = tmp_path / "notes"
    with pytest.raises(OutOfRoom, match="No disk space left"):
        map_jobs(work, [Shard("few", "wait once", str(notes)), Shard("own")], 2, "ray", full)
    gone(pids(notes))


@pytest.mark.usefixtures("two_workers")
def test_code_that_a_machine_lacks_is_named(tmp_path, monkeypatch):
    (tmp_path / "only_here.py").write_text("def work(job):\n    return job\n")
    monkeypatch.syspath_prepend(tmp_path)
    import only_here

    with pytest.raises(MissingResource, match=r"^7: a machine .* lacks code \(No module named 'only_here'\)"):
        map_jobs(only_here.work, [7], 1, "ray")


def test_another_version_on_a_machine_is_refused():
    with pytest.raises(BadInput, match=r"^own: .* has interlingua .*, the machine that asks has 0\.0\.1\."):
        opened(_work(work, Shard("own"), os.getcwd(), "0.0.1"), "own")


class Nodes:
    """As much of Ray as tells what machines there are."""

    def __init__(self, *held):
        self.held = held

    def nodes(self):
        return [{"Alive": alive, "Resources": resources} for alive, resources in self.held]


def test_a_job_takes_its_share_of_the_smallest_machine():
    head, small, large = (True, {"memory": 1.0}), (True, {"CPU": 8.0}), (True, {"CPU": 64.0, "GPU": 4.0})
    gone = (False, {"CPU": 2.0})
    assert _need(Nodes(head, small, gone), 1) == {"num_cpus": 8}
    assert _need(Nodes(small, (True, {"CPU": 16.0})), 3) == {"num_cpus": 2}
    assert _need(Nodes(small), 20) == {"num_cpus": 1}
    assert _need(Nodes(small, large), 2) == {"num_cpus": 32, "num_gpus": 1}
    assert _need(Nodes(large), 6) == {"num_cpus": 10, "num_gpus": 0.5}
    with pytest.raises(MissingResource, match="No machine of the Ray cluster has a CPU to lend"):
        _need(Nodes(head, gone), 1)


TWO_MACHINES = """
import sys, threading, time, warnings
from pathlib import Path
import ray
from ray.cluster_utils import Cluster
from interlingua.core.engine import map_jobs

def work(job):
    name, folder, lost = job
    here = ray.get_runtime_context().get_node_id()
    with (folder / name).open("a") as notes:
        notes.write(here + "\\n")
    while here == lost or not (folder / "go").exists():
        time.sleep(0.05)
    return name * 2

def lose():
    while not any(lost.node_id in notes.read_text() for notes in folder.glob("?")):
        time.sleep(0.05)
    cluster.remove_node(lost, allow_graceful=False)
    (folder / "go").touch()

folder = Path(sys.argv[1])
small = {"num_cpus": 1, "object_store_memory": 80_000_000}
cluster = Cluster(initialize_head=True, head_node_args={**small, "include_dashboard": False})
lost = cluster.add_node(**small)
threading.Thread(target=lose, daemon=True).start()
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always", UserWarning)
    print(*map_jobs(work, [(name, folder, lost.node_id) for name in "abc"], engine="ray"), lost.node_id)
print(*(warning.message for warning in told))
cluster.shutdown()
"""


def test_a_lost_machine_costs_one_more_try(tmp_path, run, variables):
    if not find_spec("ray"):
        pytest.skip("needs the extra 'ray', which is not installed")
    quiet = {"RAY_ADDRESS": "", "RAY_DEDUP_LOGS_SKIP_REGEX": "^"}  # the script imports Ray before we can
    out = run(TWO_MACHINES, tmp_path, **{**variables, **quiet})
    results, told = out.split("\n")
    *results, lost = results.split()
    assert results == ["aa", "bb", "cc"]
    ran = {name: (tmp_path / name).read_text().split() for name in "abc"}
    (again,) = (name for name in "abc" if len(ran[name]) == 2)
    assert ran[again][0] == lost != ran[again][1]
    assert told.startswith(f"('{again}', ")
    assert told.endswith("): its machine was lost; try 2 of 4.")
    assert lost not in {node for name in "abc" if name != again for node in ran[name]}


STOPPED = """
import os, sys, time
from interlingua.core.engine import map_jobs

def work(path):
    with open(path, "w") as file:
        file.write(f"{os.getpid()}\\n")
    time.sleep(120)

try:
    map_jobs(work, sys.argv[1:], 2, "ray")
except KeyboardInterrupt:
    print("stopped")
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="reads /proc")
def test_ctrl_c_ends_all(tmp_path, start, variables):
    if not find_spec("ray"):
        pytest.skip("needs the extra 'ray', which is not installed")
    files = [tmp_path / "one", tmp_path / "two"]
    parent = start(STOPPED, *files, **variables)
    deadline = time.monotonic() + 60
    while not all(map(pids, files)) and time.monotonic() < deadline:
        time.sleep(0.05)
    jobs = [process for file in files for process in pids(file)]
    assert len(jobs) == 2
    parent.send_signal(signal.SIGINT)
    out, err = parent.communicate(timeout=60)
    assert (out, err) == ("stopped\n", "")
    gone(jobs)
