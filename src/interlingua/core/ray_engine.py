"""Ray engine: the same function over many jobs, spread over the machines of a Ray cluster."""

import math
import os
import platform
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from interlingua import __version__
from interlingua.core.errors import BadInput, InterlinguaError, MissingResource, OutOfRoom
from interlingua.core.jobs import EngineWarning, Outcome, attempt, name_of, opened
from interlingua.core.ray_cluster import cluster

Job = TypeVar("Job")
Result = TypeVar("Result")

_TRIES = 4
_STOPS = 10
_LOOK_AGAIN = 10.0


def map_on_ray(
    function: Callable[[Job], Result], jobs: Sequence[Job], workers: int, tell: Callable[[int, Result], None]
) -> list[Result]:
    """`[function(job) for job in jobs]` as Ray tasks, `workers` at a time on each machine.

    A job gets the CPUs of the cluster's smallest machine divided by `workers`, and likewise GPUs (one at
    most) where machines have any; larger machines run more jobs. A worker process goes on to the next job,
    so what a function caches is made once per worker. A job whose worker or machine dies is sent again,
    with an `EngineWarning`, three times at most. `tell(index, result)` is called here for each result.
    Relative paths count from this process's folder on every machine that has it, else from the folder in
    which `ray start` was called.

    Raises what `core.engine.map_jobs` says.
    """
    if not jobs:
        return []
    with cluster(workers) as ray:
        need = _need(ray, workers)
        task_of = ray.remote(_work).options(max_retries=0, **need).remote
        send = partial(task_of, function, folder=os.getcwd(), version=__version__)
        results: dict[int, Result] = {}
        tries = dict.fromkeys(range(len(jobs)), 1)
        running = {send(job): index for index, job in enumerate(jobs)}
        try:
            while running:
                ready, _ = ray.wait(list(running), timeout=_LOOK_AGAIN)
                if not ready and not _fitting(ray, need):
                    raise MissingResource(
                        f"No machine of the Ray cluster has {_told(need)} any more, and {len(running)} jobs "
                        "wait. Add one with `ray start`, then try again."
                    )
                for task in ready:
                    index = running.pop(task)
                    name = name_of(jobs[index])
                    outcome = _fetched(ray, task, name, tries[index])
                    if outcome is None:
                        tries[index] += 1
                        running[send(jobs[index])] = index
                        continue
                    results[index] = opened(outcome, name)
                    tell(index, results[index])
        finally:
            _stop(ray, list(running))
    return [results[index] for index in range(len(jobs))]


def _stop(ray: Any, tasks: list[Any]) -> None:
    """End tasks; one that was just on its way to a worker needs telling again."""
    for _ in range(_STOPS):
        if not tasks:
            return
        for task in tasks:
            ray.cancel(task, force=True)
        _, tasks = ray.wait(tasks, num_returns=len(tasks), timeout=1)


def _need(ray: Any, workers: int) -> dict[str, float]:
    """What one job takes so that `workers` of them fill the smallest machine that works."""
    machines = [node["Resources"] for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]
    machines = [held for held in machines if held.get("GPU")] or machines
    if not machines:
        raise MissingResource("No machine of the Ray cluster has a CPU to lend. Add one with `ray start`.")
    need: dict[str, float] = {"num_cpus": max(1, min(held["CPU"] for held in machines) // workers)}
    gpus = min(held.get("GPU", 0) for held in machines)
    if gpus:
        need["num_gpus"] = 1 / math.ceil(workers / gpus)
    return need


def _fitting(ray: Any, need: dict[str, float]) -> bool:
    """Whether some machine could take a job, now or later."""
    wanted = (need["num_cpus"], need.get("num_gpus", 0))
    alive = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    return any(held.get("CPU", 0) >= wanted[0] and held.get("GPU", 0) >= wanted[1] for held in alive)


def _told(need: dict[str, float]) -> str:
    return " and ".join(f"{amount:g} {kind.removeprefix('num_')}" for kind, amount in need.items())


def _fetched(ray: Any, task: Any, name: str, tries: int) -> Outcome | None:
    """What the job came to, or None when its worker died and it may be tried again."""
    faults = ray.exceptions
    kind: type[InterlinguaError] = InterlinguaError
    try:
        outcome: Outcome = ray.get(task)
        return outcome
    except faults.OutOfMemoryError:
        kind, why = OutOfRoom, "its machine ran out of memory"
    except faults.NodeDiedError:
        why = "its machine was lost"
    except (faults.WorkerCrashedError, faults.ObjectLostError):
        why = "its worker died, most often for memory"
    except faults.RayError as error:
        raise _met(error, name) from error
    if tries == _TRIES:
        raise kind(f"{name}: {why}, {tries} times. Use fewer workers, or run it alone to see why.")
    warnings.warn(f"{name}: {why}; try {tries + 1} of {_TRIES}.", EngineWarning, stacklevel=4)
    return None


def _met(error: Exception, name: str) -> Exception:
    """What to raise for a task that did not even get to `attempt`, or whose result could not be sent."""
    _, found, missing = str(error).rpartition("ModuleNotFoundError: ")
    if found:
        missing = missing.strip().split("\n")[0]
        return MissingResource(
            f"{name}: a machine of the Ray cluster lacks code ({missing}). Install the same on every machine."
        )
    return RuntimeError(f"in job {name}\n{error}")


def _work(function: Callable[[Job], Any], job: Job, folder: str, version: str) -> Outcome:
    """The life of one task, in a worker process of the cluster."""
    if version != __version__:
        other = f"{platform.node()} has interlingua {__version__}, the machine that asks has {version}"
        return attempt(_refuse, f"{other}. Install the same version on every machine.")
    if os.path.isdir(folder):
        os.chdir(folder)
    return attempt(function, job)


def _refuse(why: str) -> None:
    raise BadInput(why)
