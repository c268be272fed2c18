"""Processes that would make the same thing at once take turns: the second waits, and finds what the first has made.

The system lets go of a lock when its process ends, however that comes about, so nobody waits for the dead.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from .files import PREFIX

if TYPE_CHECKING:
    from filelock import BaseFileLock

LOCK_SUFFIX = ".lock"

POLL_SECONDS = 0.1


@contextmanager
def turn(path: Path, waits: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock of what is to be made at a path; where no lock can be made, do without.

    Parameters
    ----------
    path : Path
    waits : callable
        Called before this waits for another process.
    """
    lock = _lock(path)
    if not _taken_at_once(lock):
        waits()
        lock.acquire(poll_interval=POLL_SECONDS)
    with _let_go(lock):
        yield


@contextmanager
def turn_if_free(path: Path) -> Iterator[bool]:
    """Hold the same lock where nobody does; yield whether that is so. Nobody is waited for."""
    lock = _lock(path)
    if not _taken_at_once(lock):
        yield False
        return
    with _let_go(lock):
        yield True


def lock_of(path: Path) -> Path:
    """Return the file that is locked while something is made at a path."""
    return path.with_name(f"{PREFIX}{path.name}{LOCK_SUFFIX}")


def locked_by(lock: Path) -> Path:
    """Return what is made while a file is locked."""
    return lock.with_name(lock.name.removeprefix(PREFIX).removesuffix(LOCK_SUFFIX))


def _lock(path: Path) -> "BaseFileLock":
    from filelock import FileLock

    return FileLock(lock_of(path), fallback_to_soft=False)


def _taken_at_once(lock: "BaseFileLock") -> bool:
    """Return whether nobody else holds a lock, and hold it where there can be one."""
    from filelock import Timeout

    try:
        Path(lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout:
        return False
    except (OSError, NotImplementedError):  # a folder that may only be read, a full disk, a file system without locks
        return True
    return True


@contextmanager
def _let_go(lock: "BaseFileLock") -> Iterator[None]:
    """Take a lock's file away at the end, before the lock is let go: whoever waits for it goes on with a new one."""
    try:
        yield
    finally:
        if lock.is_locked:
            with suppress(OSError):
                Path(lock.lock_file).unlink(missing_ok=True)
            lock.release()
