"""Jobs, for every engine: their names, what they send home from another process, their share of threads."""

import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from interlingua.core.errors import InterlinguaError
from interlingua.core.faults import translate

Job = TypeVar("Job")


class EngineWarning(UserWarning):
    """Something happened to a job that the user should know, but that the engine mended."""


@dataclass(frozen=True)
class Done:
    """A result on its way home."""

    result: Any


@dataclass(frozen=True)
class Ours:
    """An error of ours on its way home, in parts that survive pickling whatever its constructor takes."""

    kind: type[InterlinguaError]
    message: str
    state: dict[str, Any]


@dataclass(frozen=True)
class Bug:
    """Any other exception: the traceback of the process that met it."""

    trace: str


Outcome = Done | Ours | Bug


def attempt(function: Callable[[Job], Any], job: Job) -> Outcome:
    """What comes of `function(job)`; faults of the machine (`core.faults`) count as errors of ours."""
    try:
        return Done(function(job))
    except Exception as error:
        told = translate(error)
        return Bug(traceback.format_exc()) if told is None else Ours(type(told), str(told), vars(told))


def opened(outcome: Outcome, name: str) -> Any:
    """The result inside; an error of ours, or RuntimeError with a bug's traceback, is raised here."""
    match outcome:
        case Done(result):
            return result
        case Ours(kind, message, state):
            error = kind.__new__(kind, message)
            error.__dict__.update(state)
            raise_led(error, name, None)
        case Bug(trace):
            raise RuntimeError(f"in job {name}\n{trace}")


def name_of(job: object) -> str:
    """How messages call the job: its `name`, else the job as text."""
    return str(getattr(job, "name", job))


def raise_led(error: InterlinguaError, name: str, cause: Exception | None) -> NoReturn:
    """Raise `error` with the job's name before its message."""
    error.args = (f"{name}: {error}",)
    if cause is error:
        raise error
    raise error from cause


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """Environment variables that processes started here find, as they were again afterwards."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def share_of_threads(workers: int) -> dict[str, str]:
    """The variable that holds a process to its share of the processor, unless OMP_NUM_THREADS is set already.

    It belongs into the parent's environment, because a new process imports the main script, and with it
    perhaps torch, before any work of ours: two threads each on two cores made training ten times slower.
    """
    if "OMP_NUM_THREADS" in os.environ:
        return {}
    return {"OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 1) // workers))}
