"""Engine: the same function over many jobs, here or in several local processes, results in order."""

import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, TypeVar

from interlingua.core.errors import BadInput, InterlinguaError, OutOfRoom, UnknownName
from interlingua.core.faults import translate
from interlingua.core.jobs import Bug, attempt, environment, name_of, opened, raise_led, share_of_threads
from interlingua.core.ray_cluster import cluster
from interlingua.core.ray_engine import map_on_ray

Job = TypeVar("Job")
Result = TypeVar("Result")
ENGINES = ("local", "ray")


def map_jobs(
    function: Callable[[Job], Result],
    jobs: Sequence[Job],
    workers: int = 1,
    engine: str = "local",
    on_result: Callable[[int, Result], None] | None = None,
) -> list[Result]:
    """`[function(job) for job in jobs]`, up to `workers` jobs at a time on each machine.

    Engine "local" is this machine: with one worker everything runs in this process, otherwise each job gets
    a fresh one, which shares the processor's threads with the others. Engine "ray" spreads the jobs over a
    Ray cluster (`core.ray_engine`), where a job whose worker or node dies is sent again, three times at most.
    In other processes `function`, jobs and results must be picklable.

    `on_result(index, result)` is called here for each job as soon as its result is known. The first error
    stops all jobs, and so does ctrl-C: what was handed to `on_result`, or written to ledgers, is kept.

    Raises the job's own error of ours, led by the job's name (`job.name`, else the job as text), faults of
    the machine among them (`core.faults`); OutOfRoom for a job that the system killed; RuntimeError with
    the traceback for a bug in another process; BadInput for fewer than one worker; UnknownName for another
    engine; MissingResource for a Ray that is not there.
    """
    if workers < 1:
        raise BadInput(f"{workers} workers cannot work; give 1 or more.")
    if engine not in ENGINES:
        raise UnknownName("engine", engine, ENGINES)
    tell = on_result or _nobody
    if engine == "ray":
        return map_on_ray(function, jobs, workers, tell)
    if workers == 1 or len(jobs) <= 1:
        return [_here(function, index, job, tell) for index, job in enumerate(jobs)]
    return _in_processes(function, jobs, min(workers, len(jobs)), tell)


@contextmanager
def session(engine: str = "local", workers: int = 1) -> Iterator[None]:
    """Several calls of `map_jobs` in this block use one Ray cluster and its workers; nothing else changes.

    What a function keeps in its process (a loaded model) is then found again by the next call.
    """
    if engine == "ray":
        with cluster(workers):
            yield
    else:
        yield


def _nobody(index: int, result: object) -> None:
    """The listener where none is given."""


def _here(
    function: Callable[[Job], Result], index: int, job: Job, tell: Callable[[int, Result], None]
) -> Result:
    try:
        result = function(job)
    except Exception as error:
        told = translate(error)
        if told is None:
            error.add_note(f"in job {name_of(job)}")
            raise
        raise_led(told, name_of(job), error)
    tell(index, result)
    return result


def _in_processes(
    function: Callable[[Job], Result], jobs: Sequence[Job], workers: int, tell: Callable[[int, Result], None]
) -> list[Result]:
    results: dict[int, Result] = {}
    waiting = list(enumerate(jobs))[::-1]
    running: dict[Connection, tuple[int, SpawnProcess]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                index, job = waiting.pop()
                pipe, process = _started(function, job, workers)
                running[pipe] = index, process
            for ready in connection.wait(list(running)):
                assert isinstance(ready, Connection)
                index, process = running.pop(ready)
                results[index] = _received(ready, process, name_of(jobs[index]))
                tell(index, results[index])
    finally:
        for pipe, (_, process) in running.items():
            process.kill()
            process.join()
            pipe.close()
    return [results[index] for index in range(len(jobs))]


def _started(function: Callable[[Job], Result], job: Job, workers: int) -> tuple[Connection, SpawnProcess]:
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    work = pickle.dumps((function, job))
    process = context.Process(target=_work, args=(sender, work), name=name_of(job))
    with environment(**share_of_threads(workers)):
        process.start()
    sender.close()
    return receiver, process


def _received(pipe: Connection, process: SpawnProcess, name: str) -> Any:
    """The job's result, or its error raised here."""
    try:
        outcome = pickle.loads(pipe.recv_bytes())
    except EOFError:
        outcome = None
    finally:
        pipe.close()
        process.join()
    if outcome is not None:
        return opened(outcome, name)
    code = process.exitcode or 0
    if code == -signal.SIGKILL:
        raise OutOfRoom(f"{name}: killed by the system, most often for memory. Use fewer workers.")
    raise InterlinguaError(f"{name}: its process ended with code {code}. Run it alone to see why.")


def _work(pipe: Connection, work: bytes) -> None:
    """The life of one process: it ends with its job, with its parent, or when the parent kills it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        function, job = pickle.loads(work)
        answer = pickle.dumps(attempt(function, job))
    except Exception:  # code that cannot be imported here, or a result that cannot be sent
        answer = pickle.dumps(Bug(traceback.format_exc()))
    pipe.send_bytes(answer)
    pipe.close()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
