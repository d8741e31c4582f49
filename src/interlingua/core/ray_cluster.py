"""Ray cluster: the one to use, found or started, quiet, and closed to the network where it is our own."""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from interlingua.core.errors import MissingResource
from interlingua.core.jobs import environment, share_of_threads

_PATIENCE = 10.0
_OBJECTS = 100_000_000


@contextmanager
def cluster(workers: int) -> Iterator[Any]:
    """The module `ray`, connected to a cluster.

    That is the one this process is connected to already, else that of RAY_ADDRESS, else one that
    `ray start` has started on this machine, else one started here for `workers` workers and ended
    afterwards, which listens to this machine alone. RAY_ADDRESS=local always starts one.

    Raises MissingResource where Ray is not installed or the cluster does not answer.
    """
    with _same_signals():
        ray, ours = _connected(workers)
        try:
            yield ray
        finally:
            if ours:
                ray.shutdown(wait_for_processes=True)


def _connected(workers: int) -> tuple[Any, bool]:
    """The module `ray`, and whether it was connected here."""
    address = _address()
    own = _own(workers) if address == "local" else {}
    with environment(RAY_USAGE_STATS_ENABLED="0", RAY_DEDUP_LOGS_SKIP_REGEX="^", **own), _quiet():
        try:
            import ray
        except ImportError as error:
            raise MissingResource(
                "Ray is not installed: pip install '.[ray]' in the checkout, or use --engine local."
            ) from error
        if ray.is_initialized():
            return ray, False
        size: dict[str, Any] = {}
        if own:
            size = {"num_cpus": workers, "object_store_memory": _OBJECTS, "include_dashboard": False}
        try:
            ray.init(address=address, logging_level=logging.ERROR, log_to_driver=False, **size)
        except BaseException as error:
            ray.shutdown(wait_for_processes=True)
            if not isinstance(error, ConnectionError | RuntimeError | ValueError | ray.exceptions.RayError):
                raise
            raise _no_cluster(address, " ".join(str(error).split())[:300]) from error
        return ray, True


def _address() -> str:
    """Where the cluster is; asked here first, because Ray would wait for a minute and end the process."""
    given = os.environ.get("RAY_ADDRESS")
    if not given:
        noted = Path(os.environ.get("RAY_TMPDIR") or "/tmp") / "ray" / "ray_current_cluster"
        left = noted.read_text().strip() if noted.is_file() else ""
        return left if left and _silence(left) is None else "local"
    why = None if given in {"local", "auto"} else _silence(given)
    if why is not None:
        raise _no_cluster(given, why)
    return given


def _silence(address: str) -> str | None:
    """Why nobody answers at `host:port` or `ray://host:port`; None where somebody does."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if not host or not port.isdecimal():
        return "an address is HOST:PORT"
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()
    except (OSError, OverflowError) as error:
        return getattr(error, "strerror", None) or str(error)
    return None


def _no_cluster(address: str, why: str) -> MissingResource:
    if address == "local":
        return MissingResource(
            f"Ray could not start a cluster here ({why}). Try again, or use --engine local."
        )
    return MissingResource(
        f"No Ray cluster at {address} ({why}). Start it with `ray start`, or set RAY_ADDRESS=local "
        "for one of this run alone."
    )


def _own(workers: int) -> dict[str, str]:
    """What the processes of a cluster of this run find: our import path, their threads, loopback alone."""
    return {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # everywhere: listen to 127.0.0.1, not to the network
        **share_of_threads(workers),
    }


@contextmanager
def _quiet() -> Iterator[None]:
    logger = logging.getLogger("ray")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


@contextmanager
def _same_signals() -> Iterator[None]:
    """Ray answers SIGTERM its own way, and would go on doing so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
