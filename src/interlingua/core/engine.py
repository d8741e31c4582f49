"""Engine: the same function over many jobs, here or in several local processes, results in order."""

import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, NoReturn, TypeVar

from interlingua.core.errors import BadInput, InterlinguaError, OutOfRoom
from interlingua.core.faults import translate

Job = TypeVar("Job")
Result = TypeVar("Result")


@dataclass(frozen=True)
class _Ours:
    """An error of ours on its way home, in parts that survive pickling whatever its constructor takes."""

    kind: type[InterlinguaError]
    message: str
    state: dict[str, Any]


@dataclass(frozen=True)
class _Bug:
    """Any other exception: the traceback of the process that met it."""

    trace: str


def map_jobs(function: Callable[[Job], Result], jobs: Sequence[Job], workers: int = 1) -> list[Result]:
    """`[function(job) for job in jobs]`, in up to `workers` processes at a time.

    With one worker everything runs in this process. Otherwise each job gets a fresh one, which shares the
    processor's threads with the others; `function`, jobs and results must be picklable. The first error
    stops all jobs, and so does ctrl-C: what they wrote to their ledgers is kept.

    Raises the job's own error of ours, led by the job's name (`job.name`, else the job as text), faults of
    the machine among them (`core.faults`); OutOfRoom for a job that the system killed; RuntimeError with
    the traceback for a bug in another process; BadInput for fewer than one worker.
    """
    if workers < 1:
        raise BadInput(f"{workers} workers cannot work; give 1 or more.")
    if workers == 1 or len(jobs) <= 1:
        return [_here(function, job) for job in jobs]
    results: dict[int, Result] = {}
    waiting = list(enumerate(jobs))[::-1]
    running: dict[Connection, tuple[int, SpawnProcess]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                index, job = waiting.pop()
                pipe, process = _started(function, job, min(workers, len(jobs)))
                running[pipe] = index, process
            for ready in connection.wait(list(running)):
                assert isinstance(ready, Connection)
                index, process = running.pop(ready)
                results[index] = _received(ready, process, jobs[index])
    finally:
        for pipe, (_, process) in running.items():
            process.kill()
            process.join()
            pipe.close()
    return [results[index] for index in range(len(jobs))]


def _here(function: Callable[[Job], Result], job: Job) -> Result:
    try:
        return function(job)
    except Exception as error:
        told = translate(error)
        if told is None:
            error.add_note(f"in job {_name(job)}")
            raise
        _raise_led(told, _name(job), error)


def _started(function: Callable[[Job], Result], job: Job, workers: int) -> tuple[Connection, SpawnProcess]:
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, pickle.dumps((function, job))), name=_name(job))
    with _share_of_threads(workers):
        process.start()
    sender.close()
    return receiver, process


@contextmanager
def _share_of_threads(workers: int) -> Iterator[None]:
    """Processes started here use their share of the processor, unless OMP_NUM_THREADS says otherwise.

    Set in the parent, because a new process imports the main script, and with it perhaps torch, before any
    work of ours: two threads each on two cores made training ten times slower.
    """
    if "OMP_NUM_THREADS" in os.environ:
        yield
        return
    os.environ["OMP_NUM_THREADS"] = str(max(1, (os.cpu_count() or 1) // workers))
    try:
        yield
    finally:
        del os.environ["OMP_NUM_THREADS"]


def _received(pipe: Connection, process: SpawnProcess, job: object) -> Any:
    """The job's result, or its error raised here."""
    try:
        answer = pickle.loads(pipe.recv_bytes())
    except EOFError:
        answer = None
    finally:
        pipe.close()
        process.join()
    if isinstance(answer, _Ours):
        error = answer.kind.__new__(answer.kind, answer.message)
        error.__dict__.update(answer.state)
        _raise_led(error, _name(job), None)
    if isinstance(answer, _Bug):
        raise RuntimeError(f"in job {_name(job)}\n{answer.trace}")
    if answer is None:
        code = process.exitcode or 0
        if code == -signal.SIGKILL:
            raise OutOfRoom(f"{_name(job)}: killed by the system, most often for memory. Use fewer workers.")
        raise InterlinguaError(f"{_name(job)}: its process ended with code {code}. Run it alone to see why.")
    return answer[0]


def _work(pipe: Connection, work: bytes) -> None:
    """The life of one process: it ends with its job, with its parent, or when the parent kills it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        function, job = pickle.loads(work)
        answer = pickle.dumps((function(job),))
    except Exception as error:
        told = translate(error)
        answer = pickle.dumps(
            _Bug(traceback.format_exc()) if told is None else _Ours(type(told), str(told), vars(told))
        )
    pipe.send_bytes(answer)
    pipe.close()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _name(job: object) -> str:
    return str(getattr(job, "name", job))


def _raise_led(error: InterlinguaError, name: str, cause: Exception | None) -> NoReturn:
    """Raise `error` with the job's name before its message."""
    error.args = (f"{name}: {error}",)
    if cause is error:
        raise error
    raise error from cause
