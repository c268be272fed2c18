"""Tasks on a Dask cluster: processes of this machine, or of a running cluster. The only file that imports Dask."""

import logging
import pickle
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any

from ..core.errors import InputError
from ..core.progress import Steps
from .task import End, Task, attempt, reason

PATIENCE = 20
"""Seconds for which a scheduler may be silent."""

MEMORY_AT_HAND = {"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 2**28}
"""Bytes that a process keeps free for itself. Dask has it give back all but 64 kB at once, but a fit needs a megabyte
for every gradient, and getting that anew from the system took half of the time."""


@contextmanager
def ending_on_cluster(
    tasks: Sequence[Task], workers: int, scheduler: str | None, steps: Steps
) -> Iterator[Iterator[tuple[Task, End]]]:
    """Yield what yields tasks as they end on the workers of a cluster.

    A task whose worker dies is given to another worker, until several have died of it.

    Raises
    ------
    InputError
        If Dask is not installed, or no scheduler answers.
    """
    with _client(workers, scheduler) as client:
        if not client.scheduler_info()["workers"]:
            steps.tell("The cluster has no workers yet; the first one that joins it begins.")
        yield _as_they_end(client, tasks)


def attempt_there(packed: bytes, key: str) -> End:
    """Do a task on a worker, if it is the same task there: the same code, and the same libraries."""
    from ..core.caches import provide_caches

    provide_caches()  # before what compiles is imported
    try:
        task = Task(*pickle.loads(packed))
        if task.key != key:
            raise InputError(
                "a worker has another version of Harmattan or of its libraries, whose results would not be the same. "
                "Install on all machines of the cluster what is installed here"
            )
    except Exception as error:
        return End(why=reason(error))
    return attempt(task)


def _packed(task: Task) -> bytes:
    return pickle.dumps((task.name, task.work, dict(task.given)))


def _as_they_end(client: Any, tasks: Sequence[Task]) -> Iterator[tuple[Task, End]]:
    from distributed import KilledWorker, as_completed

    futures = {_submitted(client, "task", task): task for task in tasks}
    suspects = []
    for future in as_completed(list(futures)):
        task = futures.pop(future)
        if isinstance(future.exception(), KilledWorker):
            suspects.append(task)
        else:
            yield task, _end(future)
    for task in suspects:  # the scheduler blames all that waited where a worker died; alone, each answers for itself
        yield task, _end(_submitted(client, "alone", task))


def _submitted(client: Any, kind: str, task: Task) -> Any:
    return client.submit(attempt_there, _packed(task), task.key, key=f"{kind}-{task.key}")


def _end(future: Any) -> End:
    error = future.exception()
    return future.result() if error is None else End(why=_why_lost(error))


def _why_lost(error: Exception) -> str:
    """Return why a task has no end of its own."""
    from distributed import KilledWorker

    if isinstance(error, KilledWorker):
        return "its worker died again and again while doing it, most often for want of memory"
    return f"the cluster lost it ({reason(error)})"


@contextmanager
def _client(workers: int, scheduler: str | None) -> Iterator[Any]:
    """Yield a client of a running cluster, or of one of this machine that ends with the block."""
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise InputError(
            "Work is shared with other processes and machines by Dask, which is not installed here. Install it with "
            "`pip install 'harmattan[cluster]'`, or leave --workers and --scheduler out to work in this process."
        ) from None
    if scheduler is not None:
        with _answering(Client, scheduler) as client:
            yield client
        return
    with _leaving_interruption_to_us(), dask.config.set(MEMORY_AT_HAND):
        cluster = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            memory_limit=0,  # what tasks need is estimated before they begin
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        )
    with cluster, Client(cluster) as client:
        yield client


@contextmanager
def _leaving_interruption_to_us() -> Iterator[None]:
    """Begin processes that know nothing of Ctrl-C, which a terminal sends to all: we stop, and end them."""
    resource_tracker.ensure_running()  # which lets the signal through where it is begun
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # which threads and processes inherit
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _answering(client: Any, address: str) -> Any:
    try:
        return client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise InputError(
            f"--scheduler {address}: no Dask scheduler answers there ({reason(error)}). Begin one with "
            "`dask scheduler` and name the address that it prints, for instance tcp://10.0.0.5:8786."
        ) from None
