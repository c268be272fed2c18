"""Carries out tasks, here or on a cluster: what is kept is not done again, and a failure stops no other task."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.arguments import MOST_WORKERS
from ..core.errors import InputError
from ..core.progress import Steps, Update
from ..core.terminal import terminal_words
from .results import Results
from .task import End, Task, attempt

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Where:
    """Where tasks are carried out.

    Attributes
    ----------
    workers : int
        Processes of this machine, of one thread each; 1 = this process itself.
    scheduler : str or None
        Address of a running Dask scheduler, whose workers do it instead.
    """

    workers: int = 1
    scheduler: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.workers <= MOST_WORKERS:
            raise InputError(
                f"--workers {self.workers}: work is shared by 1 to {MOST_WORKERS:,} processes; 1 is this one alone."
            )
        if self.scheduler is not None and self.workers > 1:
            raise InputError(
                f"--workers {self.workers} begins processes on this machine and --scheduler {self.scheduler} uses "
                "those of a running cluster; name one of the two."
            )

    @property
    def is_here(self) -> bool:
        """Whether it is this process."""
        return self.workers == 1 and self.scheduler is None


HERE = Where()

Ending = Iterator[tuple[Task, End]]
"""Tasks as they end, each with how."""


class FailedTasksError(InputError):
    """Some tasks failed; the results of all others are kept."""


def carry_out(
    name: str, tasks: Sequence[Task], *, keep: Path | None = None, where: Where = HERE, steps: Steps | None = None
) -> "list[pd.DataFrame]":
    """Return the results of tasks, in their order and the same wherever they are done.

    Parameters
    ----------
    name : str
        What progress calls them together.
    tasks : sequence of Task
    keep : Path, optional
        Folder of a Parquet data set, which gains a file as each task ends. Tasks whose file is there are not done
        again, so that work which was interrupted goes on where it was.
    where : Where
    steps : Steps, optional

    Raises
    ------
    FailedTasksError
        When all others have ended, if some failed.
    InputError
        If there is no such cluster, or the folder cannot be written to.
    """
    steps, results = steps or Steps(), Results(keep)
    found = {task.key: table for task in tasks if (table := results.read(task)) is not None}
    missing = list({task.key: task for task in tasks if task.key not in found}.values())
    if found:
        steps.tell(f"{name}: {len(found)} of {len(found) + len(missing)} are kept in {keep} and not done again")
    failed: dict[str, list[str]] = {}
    with _told(name, missing, where, steps) as ending:
        for task, end in ending:
            if end.table is None:
                failed.setdefault(end.why, []).append(task.name)
                continue
            results.write(task, end.table)
            found[task.key] = end.table
            steps.seconds[task.name] = end.seconds
    if failed:
        raise FailedTasksError(_said(name, failed, len(tasks), keep))
    return [found[task.key] for task in tasks]


@contextmanager
def _told(name: str, tasks: Sequence[Task], where: Where, steps: Steps) -> Iterator[Ending]:
    """Yield tasks as they end, and tell how many have and how long the rest will take."""
    if not tasks:
        yield iter(())
        return
    with steps.step(name) as update, _ending(tasks, where, steps, update) as ending:
        yield _counted(ending, len(tasks), steps, update)


def _counted(ending: Ending, count: int, steps: Steps, update: Update) -> Ending:
    start = time.perf_counter()
    for number, (task, end) in enumerate(ending, start=1):
        yield task, end
        update(number / count)
        left = (time.perf_counter() - start) / number * (count - number)
        rest = f", about {_duration(left)} left" if number < count else ""
        steps.tell(
            f"{task.name}: {'failed' if end.table is None else _duration(end.seconds)} ({number} of {count}{rest})"
        )


@contextmanager
def _ending(tasks: Sequence[Task], where: Where, steps: Steps, update: Update) -> Iterator[Ending]:
    if where.is_here:
        yield ((task, _attempt_here(task, i, len(tasks), update)) for i, task in enumerate(tasks))
        return
    from .cluster import ending_on_cluster

    with ending_on_cluster(tasks, where.workers, where.scheduler, steps) as ending:
        yield ending


def _attempt_here(task: Task, before: int, count: int, update: Update) -> End:
    return attempt(task, lambda share: update((before + share) / count))


def _said(name: str, failed: Mapping[str, Sequence[str]], count: int, keep: Path | None) -> str:
    """Return which tasks failed and why; those with the same reason together."""
    number = sum(len(names) for names in failed.values())
    reasons = " ".join(f"{'; '.join(names)}: {terminal_words(why)}." for why, names in failed.items())
    kept = "" if keep is None else f" The others are kept in {keep}; the same command again does only what is missing."
    return f"{name}: {number} of {count} failed. {reasons}{kept}"


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{seconds:.0f} s" if seconds < 90 else f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"
